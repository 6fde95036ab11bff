// /w/<slug>/report: how it went. The facts come with the page; "Print" gives the same on paper.

import {loadCatalogue, t} from '../i18n.js'
import {Report, prepared} from '../stage/report.js'
import {Notice, Rehearsal} from '../ui.js'
import {html, render} from '../vendor.js'

const root = document.querySelector('#app')

async function facts() {
  const given = document.querySelector('#facts')
  if (given) return JSON.parse(given.textContent)
  const answer = await fetch(`/w/${page.webinar}/report.json`, {headers: {accept: 'application/json'}})
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

// Paper is light, whatever the screen is.
const page = document.documentElement.dataset
let theme = null
function onPaper(printing) {
  if (printing && theme === null) {
    theme = page.theme ?? ''
    page.theme = 'light'
  } else if (!printing && theme !== null) {
    if (theme) page.theme = theme
    else delete page.theme
    theme = null
  }
}
window.addEventListener('beforeprint', () => onPaper(true))
window.addEventListener('afterprint', () => onPaper(false))
const paper = matchMedia('print')
paper.addEventListener('change', () => onPaper(paper.matches))
onPaper(paper.matches)

await loadCatalogue()
try {
  const report = prepared(await facts())
  render(html`<${Rehearsal} /><${Report} report=${report} />`, root)
} catch (error) {
  console.error(error)
  render(html`<div class="page"><${Notice} icon="octagon-alert" title=${t('The report could not be read.')}>${t('Load the page again.')}<//></div>`, root)
}
root.removeAttribute('aria-busy')
page.ready = 'true'
