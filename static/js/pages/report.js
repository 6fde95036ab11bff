// /w/<slug>/report: how it went. The facts come with the page; "Print" gives the same on paper.

import {loadCatalogue, t} from '../i18n.js'
import {Report, prepared} from '../stage/report.js'
import {Notice, Rehearsal} from '../ui.js'
import {html, render} from '../vendor.js'

const root = document.querySelector('#app')

async function facts() {
  const given = document.querySelector('#facts')
  if (given) return JSON.parse(given.textContent)
  const answer = await fetch(`/w/${document.documentElement.dataset.webinar}/report.json`, {headers: {accept: 'application/json'}})
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

await loadCatalogue()
try {
  const report = prepared(await facts())
  render(html`<${Rehearsal} /><${Report} report=${report} />`, root)
} catch (error) {
  console.error(error)
  render(html`<div class="page"><${Notice} icon="octagon-alert" title=${t('The report could not be read.')}>${t('Load the page again.')}<//></div>`, root)
}
root.removeAttribute('aria-busy')
document.documentElement.dataset.ready = 'true'
