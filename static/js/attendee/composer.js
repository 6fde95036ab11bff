// Writing a question: a sheet that ends where the keyboard begins. What is typed is never lost.

import {length} from '../format.js'
import {n, t} from '../i18n.js'
import {Button, Icon, State, toast} from '../ui.js'
import {html, useEffect, useLayoutEffect, useRef, useState} from '../vendor.js'
import {change, composer, connection, cut, discard, draft, name, rename, send, toggleVote, vote} from './state.js'
import {newId} from '../connect.js'
import {shortName, whyClosed} from './words.js'

const COUNT_FROM = 50 // characters left
const SIMILAR_FROM = 12 // characters typed
const SIMILAR_WAIT_MS = 400
const PATIENCE_MS = 4_000 // then it is kept and the sheet does not stand in the way

export function Composer({view}) {
  const mode = composer.value
  return mode && html`<${Sheet} key=${mode.mode + (mode.id ?? '')} mode=${mode} view=${view} />`
}

function Sheet({mode, view}) {
  const editing = mode.mode === 'edit'
  const {settings} = view.webinar
  const limit = settings.max_length
  const [edited, setEdited] = useState(mode.text ?? '')
  const [state, set] = useState('writing') // writing, sending
  const [error, setError] = useState(null)
  const [choosing, choose] = useState(false)
  const box = useRef(null), area = useRef(null), alive = useRef(true)
  const text = editing ? edited : draft.value.text
  const left = limit - length(text.trim())
  const closed = view.qa.state === 'closed'
  const similar = useSimilar(editing ? '' : text, view)
  const needsName = !editing && settings.names === 'required'

  useLayoutEffect(() => {
    const opener = document.activeElement, dialog = box.current
    dialog.showModal()
    area.current.focus()
    area.current.setSelectionRange(text.length, text.length)
    return () => {
      alive.current = false
      dialog.close()
      if (opener?.isConnected) opener.focus({preventScroll: true})
    }
  }, [])

  const close = () => (composer.value = null)
  const write = event => {
    setError(null)
    if (editing) setEdited(event.target.value)
    else change({text: event.target.value})
  }

  async function submit(event) {
    event?.preventDefault()
    if (state === 'sending') return
    if (!text.trim()) return fail({field: 'text', message: t('Write your question first.')})
    if (left < 0) return fail({field: 'text', message: n('Too long by {n} character', 'Too long by {n} characters', -left)})
    if (needsName && !name.value.trim()) return fail({field: 'name', message: t('The host asks for your name.')})
    set('sending')
    setError(null)
    const ack = editing ? await send('question:edit', {question: mode.id, text}, {timeout: 15_000}) : await ask()
    if (!ack) return // kept: the sheet is closed
    if (ack.ok) {
      close()
      const open = (ack.question?.state ?? 'review') !== 'review'
      toast(editing ? t('Changed.') : open ? t('Public now. Others can vote.') : t('Received. A moderator reads it now.'), {ms: 4_000})
    } else if (alive.current) {
      set('writing')
      fail(ack.error)
    }
  }

  /** Sends the question; resolves to its ack, or to null when it is kept for later. */
  async function ask() {
    const {to, aloud} = draft.value
    const sent = draft.value, id = newId()
    const payload = {text, lang: document.documentElement.lang, ...(to.length && {to}), ...(aloud && {aloud}),
      ...(settings.names !== 'off' && name.value.trim() && {name: name.value.trim()})}
    const patience = cut.value ? 0 : PATIENCE_MS
    let given = false
    const answer = send('question:ask', payload, {keep: true, id}).then(ack => {
      if (ack.ok) {
        if (draft.value === sent) change({text: '', to: [], aloud: false})
        if (given) toast(t('Received. A moderator reads it now.'), {ms: 4_000})
      } else if (!given) {
        discard(id) // it stays in the sheet
      }
      return ack
    })
    const ack = await Promise.race([answer, new Promise(done => setTimeout(done, patience, null))])
    if (ack) return ack
    given = true
    change({text: '', to: [], aloud: false})
    close()
    toast(connection.status.value.online ? t('Sending') : t('Kept on this phone, not sent yet'), {ms: 4_000})
    return null
  }

  function fail(problem) {
    setError(problem)
    ;(problem.field === 'name' ? box.current.querySelector('#ask-name') : area.current)?.focus()
  }

  const key = event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  const chosen = draft.value.to.filter(id => view.speakers[id])
  const speakers = Object.entries(view.speakers)
  const textError = left < 0 ? n('Too long by {n} character', 'Too long by {n} characters', -left)
    : error && error.field !== 'name' ? message(error) : null
  const nameField = !editing && settings.names !== 'off'
  const sendButton = html`<button type="submit" class="btn btn--main" aria-busy=${state === 'sending'} disabled=${closed}>
    <${Icon} name="send-horizontal" /> ${state === 'sending' ? t('Sending') : editing ? t('Save') : t('Send')}</button>`
  return html`<dialog ref=${box} class="sheet" aria-labelledby="ask-h" onCancel=${event => { event.preventDefault(); close() }}
      onClick=${event => event.target === box.current && close()} onKeyDown=${key}>
    <form onSubmit=${submit} novalidate>
      <div class="head"><h2 id="ask-h">${editing ? t('Edit your question') : t('Ask a question')}</h2>
        <${Button} kind="bare" icon="x" label=${editing ? t('Close, keep it as it was') : t('Close, keep the draft')} onClick=${close} /></div>
      <div><label class="vh" for="ask-text">${t('Your question')}</label>
        <textarea id="ask-text" class="field" ref=${area} value=${text} onInput=${write} enterkeyhint="enter" autocapitalize="sentences"
          aria-invalid=${textError ? 'true' : undefined} aria-describedby="ask-under"></textarea>
        <div class="under" id="ask-under">${textError && html`<span class="state state--bad" role="alert"><${Icon} name="octagon-alert" small /> ${textError}</span>`}
          ${!textError && closed && html`<${State} icon="lock">${t('Questions are closed')}. ${whyClosed(view)}<//>`}
          ${left >= 0 && left <= COUNT_FROM && html`<span class="meta num">${n('{n} character left', '{n} characters left', left)}</span>`}</div></div>
      <div class="rest">
        ${similar && html`<${Similar} view=${view} id=${similar} />`}
        ${!editing && html`<div class="opts">
          ${speakers.length > 0 && html`<${Button} icon="users" aria-expanded=${choosing} onClick=${() => choose(!choosing)}>
            ${chosen.length ? t('to {names}', {names: chosen.map(id => shortName(view, id)).join(', ')}) : t('All speakers')}<//>`}
          <${Button} icon="mic" pressed=${draft.value.aloud} onClick=${() => change({aloud: !draft.value.aloud})}>${t('Ask it aloud')}<//></div>
        ${choosing && html`<fieldset class="whom"><legend class="vh">${t('For whom')}</legend>${speakers.map(([id, person]) => html`
          <label key=${id}><input type="checkbox" class="check" checked=${chosen.includes(id)}
            onChange=${() => change({to: chosen.includes(id) ? chosen.filter(other => other !== id) : [...chosen, id]})} />
            <span>${person.name}${person.affiliation && html`<br /><span class="meta">${person.affiliation}</span>`}</span></label>`)}</fieldset>`}
        ${draft.value.aloud && html`<p class="meta">${t('When it is your turn, this phone tells you to get ready.')}</p>`}`}
      </div>
      <div class="opts send">${nameField && html`<div class="name"><label class="vh" for="ask-name">${needsName ? t('Your name') : t('Your name, if you like')}</label>
          <input id="ask-name" class="field" autocomplete="name" maxlength="80" value=${name.value} required=${needsName}
            placeholder=${needsName ? t('Your name') : t('Your name, if you like')} aria-invalid=${error?.field === 'name' ? 'true' : undefined}
            aria-describedby=${error?.field === 'name' ? 'ask-name-error' : undefined} onInput=${event => { setError(null); rename(event.target.value) }} />
          ${error?.field === 'name' && html`<div class="state state--bad" id="ask-name-error" role="alert">${message(error)}</div>`}</div>`}
        ${sendButton}</div>
    </form></dialog>`
}

/** The refusal in words. The server speaks the page's language; the rest is for when it did not answer. */
function message({code, message: said, retry_after_s: wait}) {
  if (code === 'rate_limited') return n('Too many at once. Try again in {n} second.', 'Too many at once. Try again in {n} seconds.', wait ?? 10)
  return said || t('Not saved. Try again.')
}

function Similar({view, id}) {
  const question = view.questions[id]
  const {voted, votes} = vote(id, question, view.me)
  return html`<div class="similar" role="status"><span><b>${n('Already asked, {n} vote.', 'Already asked, {n} votes.', votes)}</b>${' '}
      <span class="two" lang=${question.language}>${question.text}</span></span>
    <${Button} icon=${voted ? 'check' : 'chevron-up'} pressed=${voted} disabled=${cut.value} onClick=${() => toggleVote(id)}>${voted ? t('Voted') : t('Vote')}<//></div>`
}

/** The public question most like the text, a moment after typing stopped; null when there is none. */
function useSimilar(text, view) {
  const [found, setFound] = useState(null)
  useEffect(() => {
    if (length(text.trim()) < SIMILAR_FROM || cut.value) {
      setFound(null)
      return
    }
    let current = true
    const timer = setTimeout(async () => {
      const ack = await send('question:similar', {text}, {once: true, timeout: 3_000})
      if (current) setFound(ack.ok ? ack.questions[0]?.question ?? null : null)
    }, SIMILAR_WAIT_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [text])
  const question = found && view.questions[found]
  return question && question.state !== 'answered' && !view.me.questions[found] ? found : null
}
