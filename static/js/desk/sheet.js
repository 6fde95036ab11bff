// What opens over the desk for a while: a modal dialog with a head that stays, from the side on a phone.
import { html } from "../vendor.js";
import { t } from "../i18n.js";
import { Dialog } from "../ui.js";
import { Btn } from "./bits.js";

export function Sheet({ title, onClose, wide, actions, children }) {
  return html`<${Dialog} class=${`sheet-desk ${wide ? "sheet-desk--wide" : ""}`} onClose=${onClose} title=${html`<span class="sheet-title">${title}</span>`}>
    <div class="sheet-acts">${actions}<${Btn} label=${t("Close")} icon="x" only kind="bare" server=${false} onClick=${onClose} /></div>
    <div class="sheet-body">${children}</div><//>`;
}
