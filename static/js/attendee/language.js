// Language and colours, chosen once and kept.

import {lang, t} from '../i18n.js'
import {Button, Dialog, Icon, theme} from '../ui.js'
import {html, useState} from '../vendor.js'
import {settings} from './state.js'

const page = document.documentElement.dataset

/** The language's own name: "Deutsch". */
function ownName(code) {
  try {
    const name = new Intl.DisplayNames([code], {type: 'language'}).of(code)
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1)
  } catch {
    return code
  }
}

export function Language({view}) {
  const [colours, choose] = useState(theme.get())
  const offered = (page.languages || '').split(/[\s,]+/).filter(Boolean)
  const codes = [...new Set([lang, ...(offered.length ? offered : view.webinar.languages ?? []), 'en'])].sort()
  const close = () => (settings.value = false)
  const pick = value => () => {
    theme.set(value)
    choose(value)
  }
  return html`<${Dialog} title=${t('Language and colours')} onClose=${close} actions=${html`<${Button} kind="main" onClick=${close}>${t('Done')}<//>`}>
    <div class="choose"><h4>${t('Language')}</h4>
      ${codes.map(code => html`<a key=${code} class="btn btn--bare" lang=${code} hreflang=${code} aria-current=${code === lang ? 'true' : undefined}
        href=${`?lang=${code}`}>${ownName(code)}${code === lang && html`<${Icon} name="check" />`}</a>`)}
      <h4>${t('Colours')}</h4>
      <div class="seg" role="group" aria-label=${t('Colours')}>
        ${[['', t('As the system')], ['light', t('Light')], ['dark', t('Dark')]].map(([value, word]) =>
          html`<${Button} pressed=${colours === value} onClick=${pick(value)}>${word}<//>`)}</div></div><//>`
}
