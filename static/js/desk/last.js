// The last line: what was done last, with Undo; without a connection it says so, and since when.
import { html } from "../vendor.js";
import { t } from "../i18n.js";
import { clockText, timeOfDayWithSeconds } from "../format.js";
import { Btn, I, useSecond } from "./bits.js";
import { deedList, lastDeed, undo } from "./moves.js";
import { clearRefusal, dialog, link, refusals } from "./store.js";
import { deedText } from "./words.js";

export function LastLine({ docked, children }) {
  const view = link.view.value;
  const status = link.status.value;
  const deed = lastDeed(view);
  const latest = deedList(view)[0] || null;
  const refused = refusals.value.last || refusals.value.top;
  const place = refusals.value.last ? "last" : "top";
  const told = deed || latest;
  return html`<footer class=${`last ${docked ? "last--docked" : ""}`} aria-label=${t("Last action")}>
    <${Btn} label=${t("Undo")} icon="undo-2" kbd=${docked ? null : "Z"} act="undo" small=${!docked} disabled=${!deed} why=${t("Nothing to take back.")} onClick=${() => undo(deed)} />
    ${children}
    ${status.online === false ? html`<${Offline} status=${status} />`
      : refused ? html`<span class="last-refused" role="alert">${I("triangle-alert")} <b class="clip">${refused.message}</b><${Btn} label=${t("Close")} icon="x" only kind="bare" server=${false} onClick=${() => clearRefusal(place)} /></span>`
      : told ? html`<button type="button" class="last-deed clip" aria-haspopup="dialog" onClick=${() => { dialog.value = { name: "deeds" }; }}><span class="meta num">${timeOfDayWithSeconds(told.at, view.webinar.timezone)}</span> <span role="status">${deedText(view, told)}</span></button>`
      : html`<span class="meta">${t("Every action can be taken back here.")}</span>`}
    <span class="sp"></span>
    ${docked ? null : html`<span class="keys"><span><kbd>J</kbd><kbd>K</kbd> ${t("move")}</span><span><kbd>A</kbd> ${t("approve")}</span><span><kbd>Q</kbd> ${t("queue")}</span><span><kbd>N</kbd> ${t("next")}</span><button type="button" class="allkeys" onClick=${() => { dialog.value = { name: "help" }; }}><kbd>?</kbd> ${t("all keys")}</button></span>`}
  </footer>`;
}

function Offline({ status }) {
  const now = useSecond(status.since || 0);
  const words = status.refused ? status.refused.message || t("This link is no longer valid. Ask the host for a new one.") : status.since ? t("No connection for {time}", { time: clockText(Math.max(0, (now - status.since) / 1000)) }) : t("No connection");
  return html`<span class="state offline" role="status">${I("wifi-off")} <b aria-live="off">${words}</b> <span class="clip">${t("The clock goes on by itself. Buttons work again when the connection is back.")}</span>${link.retry ? html`<${Btn} label=${t("Try now")} kind="bare" server=${false} onClick=${() => link.retry()} />` : null}</span>`;
}
