// Planned against actual, and the questions of each minute, on one time axis: SVG drawn to the width that there is.

import {signedText, timeOfDay} from '../format.js'
import {n, t} from '../i18n.js'
import {html, useLayoutEffect, useRef, useState} from '../vendor.js'

const MINUTE = 60_000
const STEPS_MIN = [1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440]
const ON_TIME_S = 5

/** Instants for grid lines, at least `least` pixels apart: [ms]. */
export function ticks(from, to, width, least = 84) {
  const wanted = ((to - from) / MINUTE) * (least / Math.max(1, width))
  const step = (STEPS_MIN.find(each => each >= wanted) ?? STEPS_MIN.at(-1)) * MINUTE
  const out = []
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) out.push(at)
  return out
}

/** Round numbers for the height of bars: [0, half, top] with whole halves where they can be. */
export function heights(most) {
  const top = most <= 1 ? 1 : most % 2 ? most + 1 : most
  return top === 1 ? [0, 1] : [0, top / 2, top]
}

/** {from, to} of everything that is drawn, whole minutes. */
export function span(slots) {
  const all = slots.flatMap(slot => [slot.planned_start_at, slot.planned_end_at, slot.actual_start_at, slot.actual_end_at]).filter(Number.isFinite)
  return {from: Math.floor(Math.min(...all) / MINUTE) * MINUTE, to: Math.ceil(Math.max(...all) / MINUTE) * MINUTE}
}

export function useWidth(otherwise = 1200) {
  const ref = useRef(null)
  const [width, setWidth] = useState(otherwise)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const measure = () => box.clientWidth && setWidth(box.clientWidth)
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}

export function layout(width) {
  const narrow = width < 640
  return {narrow, width, left: narrow ? 0 : Math.min(220, Math.round(width * 0.17)), right: narrow ? 4 : 76, row: narrow ? 54 : 39}
}

const clip = (text, room) => {
  const most = Math.floor(room / 8.2)
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…` : text
}

/**
 * @param slots [{title, planned_start_at, planned_end_at, actual_start_at?, actual_end_at?}]
 * @param aired [{from, to}] when questions were on air
 */
export function PlanChart({slots, aired, zone, width}) {
  const {narrow, left, right, row} = layout(width)
  const {from, to} = span(slots)
  const x = at => left + ((at - from) / (to - from || 1)) * (width - left - right - (narrow ? 56 : 20))
  const top = 22, height = top + slots.length * row + 8
  const grid = ticks(from, to, width - left - right)
  return html`<svg class="chart" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${t('Planned and actual time of each slot')}>
    ${grid.map(at => html`<line class="grid" x1=${x(at)} x2=${x(at)} y1=${top} y2=${height - 4} /><text x=${x(at)} y="13"
      text-anchor=${x(at) < 20 ? 'start' : 'middle'}>${timeOfDay(at, zone)}</text>`)}
    ${slots.map((slot, index) => {
    const y = top + index * row + (narrow ? 22 : 9)
    const ran = slot.actual_start_at != null && slot.actual_end_at != null
    const planned = (slot.planned_end_at - slot.planned_start_at) / 1000
    const actual = ran ? (slot.actual_end_at - slot.actual_start_at) / 1000 : 0
    const over = actual - planned
    const due = ran ? Math.min(slot.actual_end_at, slot.actual_start_at + planned * 1000) : 0
    const air = ran ? aired.map(({from: a, to: b}) => [Math.max(a, slot.actual_start_at), Math.min(b, slot.actual_end_at)]).filter(([a, b]) => b > a) : []
    return html`<g><title>${slot.title}</title>
      <text class="name" x="0" y=${narrow ? y - 6 : y + 18}>${clip(slot.title, narrow ? width - 70 : left - 10)}</text>
      <rect class="planned" x=${x(slot.planned_start_at)} y=${y + 0.5} width=${Math.max(1, x(slot.planned_end_at) - x(slot.planned_start_at))} height="10" rx="2" />
      ${ran && html`<rect class="actual" x=${x(slot.actual_start_at)} y=${y + 13} width=${Math.max(1, x(due) - x(slot.actual_start_at))} height="12" rx="2" />`}
      ${ran && over > 0 && html`<rect class="over" x=${x(due) + 1} y=${y + 13} width=${Math.max(1, x(slot.actual_end_at) - x(due) - 1)} height="12" rx="1" />`}
      ${air.map(([a, b]) => html`<rect class="aired" x=${x(a)} y=${y + 13} width=${Math.max(1, x(b) - x(a) - 1)} height="12" />`)}
      <text class=${`dev${ran && over >= ON_TIME_S ? ' is-over' : ''}`} x=${width} y=${narrow ? y - 6 : y + 18} text-anchor="end">${!ran ? (slot.state === 'skipped' ? t('left out') : '')
  : Math.abs(over) < ON_TIME_S ? t('on time') : signedText(over)}</text></g>`
  })}
  </svg>`
}

/** @param minutes [{at, count}], one per minute that had any */
export function AskedChart({slots, minutes, zone, width}) {
  const {narrow, left, right} = layout(width)
  const {from, to} = span(slots)
  const x = at => left + ((at - from) / (to - from || 1)) * (width - left - right - (narrow ? 56 : 20))
  const shown = minutes.filter(({at}) => at >= from - MINUTE && at < to)
  const outside = minutes.filter(({at}) => !(at >= from - MINUTE && at < to)).reduce((sum, {count}) => sum + count, 0)
  const most = Math.max(1, ...shown.map(({count}) => count))
  const steps = heights(most)
  const base = 128, tall = 96
  const y = count => base - (count / steps.at(-1)) * tall
  const wide = Math.max(1, (x(from + MINUTE) - x(from)) * 0.8)
  let last = -Infinity
  const begins = slots.filter(slot => slot.actual_start_at != null).map(slot => {
    const at = x(slot.actual_start_at)
    const named = at - last >= 66
    if (named) last = at
    return {slot, at, named}
  })
  begins.forEach((begin, index) => {
    const next = begins.slice(index + 1).find(each => each.named)
    begin.room = (next ? next.at : width - right) - begin.at - 8
  })
  return html`<svg class="chart" viewBox=${`0 0 ${width} 156`} role="img" aria-label=${t('Questions asked in each minute')}>
    <text class="name" x="0" y="14">${t('Questions')}</text><text x=${narrow ? 84 : 0} y=${narrow ? 14 : 32}>${t('each minute')}</text>
    ${outside > 0 && html`<text x=${width} y="14" text-anchor="end">${n('{n} more before or after', '{n} more before or after', outside)}</text>`}
    ${steps.map(count => html`<line class="grid" x1=${left} x2=${x(to)} y1=${y(count)} y2=${y(count)} /><text x=${narrow ? x(to) + 8 : left - 10} y=${y(count) + 4}
      text-anchor=${narrow ? 'start' : 'end'}>${count}</text>`)}
    ${shown.map(({at, count}) => html`<rect class="asked" x=${x(Math.max(at, from))} y=${y(count)} width=${wide} height=${base - y(count)} rx="1"><title>${timeOfDay(at, zone)}: ${count}</title></rect>`)}
    ${begins.map(({slot, at, named, room}) => html`<line class="tick" x1=${at} x2=${at} y1=${base} y2=${base + 7} />
      ${named && html`<text x=${at} y=${base + 22}>${clip(slot.title, room)}</text>`}`)}
  </svg>`
}
