// The debate on a speaker's screen: the question on air, how long this answer may take, how long the debate.

import {clockText, lengthText} from '../format.js'
import {t} from '../i18n.js'
import {Icon, Sign, TimeWord} from '../ui.js'
import {html} from '../vendor.js'
import {useFit} from './fit.js'
import {glyphs} from './parts.js'
import {byLine} from './words.js'

export function Debate({view, question, clock, paused}) {
  const box = useFit(5, `${question.id} ${question.text} ${question.name ?? ''}`)
  const answer = question.left_s == null ? null : clockText(question.left_s)
  const by = byLine(view, question)
  return html`<div class="sp-debate">
    <div class="what" ref=${box}>
      <${Sign}>${t('On air')}<//>
      <p class="q-on" lang=${question.language || undefined}>${question.text}</p>
      ${by && html`<p class="by">${by}</p>`}
    </div>
    <div class="side">
      ${answer != null && html`<div data-time=${question.state}>
        <span class="label">${t('This answer')}</span>
        <span class="d num" role="timer" aria-live="off" data-glyphs=${glyphs(answer)}>${answer}</span>
        ${question.state === 'overtime'
    ? html`<span class="word"><${Icon} name="hourglass" /> ${t('over {time}', {time: lengthText(question.budget_s)})}</span>`
    : html`<span class="label">${t('left of {time}', {time: lengthText(question.budget_s)})}</span>`}
      </div>`}
      <div data-time=${clock.state}>
        <span class="label">${t('Debate')}</span>
        <span class="d2 num" role="timer" aria-live="off">${clockText(clock.left_s)}</span>
        ${clock.state !== 'normal' && html`<${TimeWord} state=${clock.state} class="word" />`}
      </div>
    </div>
  </div>`
}
