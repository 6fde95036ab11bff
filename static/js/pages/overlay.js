// /w/<slug>/overlay?style=bar|block&show=auto|question|speaker&hold=seconds: a browser source for OBS and the like.
// Nothing but the lower third is painted; when the connection is lost, what was on air stays on air.

import {connect} from '../connect.js'
import {loadCatalogue, t} from '../i18n.js'
import {LowerThird, lowerThird, useChange} from '../stage/overlay.js'
import {useMoment} from '../stage/parts.js'
import {useReports} from '../stage/reports.js'
import {html, render, useEffect, useRef} from '../vendor.js'

const page = document.documentElement.dataset
const query = new URLSearchParams(location.search)
const style = query.get('style') === 'block' ? 'block' : 'bar'
const show = ['question', 'speaker'].includes(query.get('show')) ? query.get('show') : 'auto'
const hold = Math.max(0, Number(query.get('hold')) || 0)

function App({connection}) {
  const view = connection.view.value
  const drawn = useRef(null)
  const now = useMoment(connection)
  useReports(connection, () => drawn.current, 'overlay')
  useEffect(() => {
    requestAnimationFrame(() => (drawn.current = Math.round(connection.now())))
  })
  const [item, leaving] = useChange(view ? lowerThird(view, now, {show, hold}) : null)
  return html`<div class="over">
    ${page.rehearsal && html`<span class="rehearsal-mark">${t('Rehearsal')}</span>`}
    ${item && html`<${LowerThird} key=${item.key} ...${{item, leaving, style}} code=${view?.webinar.join_code} />`}
  </div>`
}

await loadCatalogue()
const connection = connect({webinar: page.webinar, role: 'screen'})
render(html`<${App} connection=${connection} />`, document.querySelector('#app'))
page.ready = 'true'
