// The lower third of a video: the question on air, or who is speaking. Pure choice first, then the drawing.

import {t} from '../i18n.js'
import {html, useLayoutEffect, useRef, useState} from '../vendor.js'
import {lines} from './fit.js'
import {byLine} from './words.js'

/**
 * What the overlay shows: {key, kind: 'question'|'speaker', …} or null.
 * @param show 'question', 'speaker' or 'auto' (the question, else the speakers of the running slot)
 * @param hold seconds for which names stay after the slot began; 0: as long as it runs
 */
export function lowerThird(view, now, {show = 'auto', hold = 0} = {}) {
  const question = view.live ? view.questions?.[view.live] : null
  if (question && show !== 'speaker') return {key: `q ${view.live} ${question.text}`, kind: 'question', text: question.text, lang: question.language, by: byLine(view, question)}
  if (show === 'question') return null
  const {phase, slot: id, started_at} = view.timer
  const slot = phase === 'running' || phase === 'paused' ? view.slots[id] : null
  const people = (slot?.speakers ?? []).map(each => view.speakers[each]).filter(Boolean)
  if (!people.length || (hold && now - started_at > hold * 1000)) return null
  return {key: `s ${id} ${JSON.stringify(people)}`, kind: 'speaker', people}
}

/** The new one comes when the old one has gone: out 200 ms, in 320 ms. Returns [what is drawn, is it leaving]. */
export function useChange(wanted, leave_ms = 200) {
  const [drawn, setDrawn] = useState(wanted)
  const [leaving, setLeaving] = useState(false)
  const latest = useRef(wanted)
  latest.current = wanted
  useLayoutEffect(() => {
    if (drawn?.key === wanted?.key) return void (setLeaving(false), setDrawn(wanted))
    if (!drawn) return void setDrawn(wanted)
    setLeaving(true)
    const timer = setTimeout(() => {
      setLeaving(false)
      setDrawn(latest.current)
    }, leave_ms)
    return () => clearTimeout(timer)
  }, [wanted?.key, wanted?.by])
  return [drawn, leaving]
}

/** Steps down while the text takes more than three lines, and further while it would leave the safe area. */
function useSteps(key) {
  const ref = useRef(null)
  useLayoutEffect(() => {
    const box = ref.current
    if (!box) return
    const measure = () => {
      delete box.dataset.step
      const text = box.querySelector('p')
      for (let step = 0; step <= 3; step += 1) {
        if (step) box.dataset.step = step
        const room = innerHeight * (box.classList.contains('lt--bar') ? 0.5 : 0.62)
        // Three lines at the first size; from then on as many as the lower half holds.
        if ((step ? box.offsetHeight <= room : lines(text) <= 3) && box.scrollWidth <= innerWidth) break
      }
    }
    measure()
    document.fonts?.ready.then(measure)
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [key])
  return ref
}

// Its own drawing of the sign's icon: an overlay may be loaded alone, years apart from the other pages.
const Radio = () => html`<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M16.247 7.761a6 6 0 0 1 0 8.478M19.075 4.933a10 10 0 0 1 0 14.134M4.925 19.067a10 10 0 0 1 0-14.134M7.753 16.239a6 6 0 0 1 0-8.478" /><circle cx="12" cy="12" r="2" /></svg>`

export function LowerThird({item, leaving, style, code}) {
  const ref = useSteps(`${item.key} ${item.by ?? ''} ${style}`)
  const away = leaving ? ' is-leaving' : ''
  const sign = html`<span class="sign"><${Radio} />${t('Question')}</span>`
  if (item.kind === 'speaker') {
    return html`<section ref=${ref} class=${`lt lt--block lt--name${away}`}><div class="panel">${item.people.map(each => html`<div>
      <p>${each.name}</p>${(each.affiliation || each.title) && html`<div class="by">${each.affiliation || each.title}</div>`}</div>`)}</div></section>`
  }
  if (style === 'block') {
    return html`<section ref=${ref} class=${`lt lt--block${away}`}>${sign}<div class="panel">
      <p lang=${item.lang || undefined}>${item.text}</p>${item.by && html`<div class="by">${item.by}</div>`}</div></section>`
  }
  return html`<section ref=${ref} class=${`lt lt--bar${away}`}><div class="row">${sign}${item.by && html`<span class="by">${item.by}</span>`}</div>
    <p lang=${item.lang || undefined}>${item.text}</p><div class="join">${t('Vote and ask')}<b>${code}</b></div></section>`
}
