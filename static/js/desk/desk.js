// The desk as a whole: clock above, three columns always in sight, the last line below; on a phone, tabs.
import { html, render, useEffect } from "../vendor.js";
import { t } from "../i18n.js";
import { Announcer, Skeleton, Refused } from "../ui.js";
import { AgendaDialog } from "./agenda.js";
import { Btn, Refusal, useMedia } from "./bits.js";
import { buckets } from "./derive.js";
import { Deeds, EndDialog, HandsDialog, Help, Palette, Settings } from "./dialogs.js";
import { DoneColumn, MessageBox } from "./done.js";
import { listen } from "./keys.js";
import { LastLine } from "./last.js";
import { next } from "./moves.js";
import { LinksDialog, PreflightDialog } from "./preflight.js";
import { QueueColumn } from "./queue.js";
import { RehearsalLine, WipeDialog } from "./rehearsal.js";
import { Quick, ReviewColumn } from "./review.js";
import { column, dialog, link, phoneTab, use } from "./store.js";
import { Clock, Controls, Ribbon, standing, Top, Verdict } from "./strip.js";

const DIALOGS = { agenda: AgendaDialog, palette: Palette, help: Help, deeds: Deeds, settings: Settings, hands: HandsDialog, end: EndDialog, preflight: PreflightDialog, links: LinksDialog, wipe: WipeDialog };

function Dialogs() {
  const open = dialog.value;
  const Part = open && DIALOGS[open.name];
  return Part ? html`<${Part} key=${open.name} ...${open} onClose=${() => { dialog.value = null; }} />` : null;
}

function useSizeName() {
  const phone = useMedia("(max-width: 640px)");
  const tablet = useMedia("(max-width: 1100px)");
  const small = useMedia("(max-width: 1299px)");
  return phone ? "phone" : tablet ? "tablet" : small ? "small" : "desk";
}

function Desk() {
  const view = link.view.value;
  const status = link.status.value;
  const size = useSizeName();
  useEffect(listen, []);
  useEffect(() => {
    if (view) document.title = `${view.webinar.title}: ${t("Dashboard")}`;
  }, [view && view.webinar.title]);
  if (!view) return html`<main class="desk-wait">${status.refused ? html`<${Refused} status=${status} retry=${link.retry} />` : html`<${Skeleton} rows=${6} />`}</main>`;
  return html`<div class=${`desk desk--${size}`} data-offline=${status.online === false ? "true" : undefined}>
    <a class="skip" href="#desk-columns">${t("To the questions")}</a>
    ${size === "phone" ? html`<${PhoneDesk} view=${view} />` : html`<${WideDesk} size=${size} />`}
    <${Dialogs} /><${Announcer} /></div>`;
}

function WideDesk({ size }) {
  return html`<div class="desk-head"><${RehearsalLine} /><${Top} compact=${false} /></div>
    <${Clock} compact=${size !== "desk"} />
    <section class="plan" aria-label=${t("Plan")}><div><${Ribbon} /></div><${Verdict} /></section>
    <main class="cols" id="desk-columns"><${ReviewColumn} size=${size} /><${QueueColumn} /><div class="third"><${DoneColumn} /><${MessageBox} /></div></main>
    <${LastLine} />`;
}

function PhoneDesk({ view }) {
  const all = buckets(view);
  const tab = phoneTab.value;
  const tabs = [["review", t("Review"), all.review.length], ["queue", t("Queue"), view.queue.order.length], ["done", t("Done"), null], ["show", t("Show"), null]];
  return html`<div class="desk-head"><${RehearsalLine} /><${Top} compact=${true} /></div>
    <${Clock} compact phone />
    <nav class="tabs" aria-label=${t("Parts of the desk")}>${tabs.map(([name, word, count]) => html`<button type="button" key=${name} class="coltab" aria-current=${tab === name ? "true" : undefined} onClick=${() => { phoneTab.value = name; if (name !== "show") column.value = name; }}>${word}${count === null ? null : html` <span class="n num">${count}</span>`}</button>`)}</nav>
    <main class="cols" id="desk-columns">${tab === "review" ? html`<${ReviewColumn} size="phone" phone />` : tab === "queue" ? html`<${QueueColumn} />` : tab === "done" ? html`<${DoneColumn} />` : html`<div class="show list"><${PhoneShow} view=${view} /></div>`}</main>
    <${LastLine} docked><${Btn} label=${view.live ? t("Answered, next") : t("Next on air")} icon=${view.live ? "check" : "radio"} kind="air" small=${false} className="dock-next" disabled=${!view.live && !view.queue.order.length} why=${t("The queue is empty.")} onClick=${next} /><//>
    <${Refusal} place=${tab === "queue" ? "" : "queue"} className="dock-err" />`;
}

/** On a phone the rest of the desk stands on a tab of its own: clock, plan, message. */
function PhoneShow({ view }) {
  return html`<${Controls} view=${view} s=${standing(view, link.now())} docked /><section class="plan" aria-label=${t("Plan")}><div><${Ribbon} /></div><${Verdict} /></section><${MessageBox} /><${Quick} />`;
}

/** Draws the desk into `root` for a connection of connect.js. */
export function start(connection, root) {
  use(connection);
  root.removeAttribute("aria-busy");
  render(html`<${Desk} />`, root);
}

