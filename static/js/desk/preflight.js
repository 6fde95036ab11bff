// Before the show: every screen that is connected, its clock, its power, a test message, the log; green, or what to do.
// And the links that the moderator copies and sends.
import { html, useEffect, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { timeOfDayWithSeconds } from "../format.js";
import { Btn, I, Refusal, useSecond } from "./bits.js";
import { people, slotList, speakerNames } from "./derive.js";
import { signalWord } from "./strip.js";
import { Sheet } from "./sheet.js";
import { act, link, say } from "./store.js";
import { ago } from "./words.js";

const AGAIN_MS = 10000; // how often the log is asked while the dialog is open
const OLD_MS = 30000; // a screen that has drawn nothing for so long is asleep or lost

/** What is wrong with a screen, in words that say what to do; an empty list is green. */
export function troubles(screen, now) {
  const out = [];
  if (!screen.drawn_at) out.push(t("It has not drawn anything yet: reload its page."));
  else if (now - screen.drawn_at > OLD_MS) out.push(t("It drew {time} ago: wake it up.", { time: ago(now - screen.drawn_at) }));
  if (screen.delay_ms > 1000) out.push(t("Slow line, {n} ms: move nearer to the network.", { n: Math.round(screen.delay_ms) }));
  if (screen.visible === false) out.push(t("Another window covers it: bring it to the front."));
  const power = powerOf(screen.power);
  if (power.low) out.push(t("Battery at {n} %: plug it in.", { n: power.percent }));
  return out;
}

function powerOf(power) {
  if (power === undefined || power === null || power === "") return { word: "" };
  const percent = typeof power === "number" ? Math.round(power <= 1 ? power * 100 : power) : Number((/(\d+)\s*%?/.exec(power) || [])[1]);
  const plugged = typeof power === "string" && /charg|mains|plug|ac\b/i.test(power);
  if (Number.isNaN(percent)) return { word: String(power) };
  return { percent, low: !plugged && percent < 30, word: plugged ? t("{n} %, plugged in", { n: percent }) : t("{n} %, on battery", { n: percent }) };
}

// Tenths of a second; what is less is none, with no sign.
const offText = (ms) => ((Math.round(ms / 100) || 0) / 10).toFixed(1).replace("-", "−");

function ScreenFacts({ screen, now }) {
  const power = powerOf(screen.power);
  return html`<span class="meta num">${screen.delay_ms === undefined ? null : html`<span>${t("delay {n} ms", { n: Math.round(screen.delay_ms) })}</span>`}${screen.offset_ms === undefined ? null : html`<span>${t("own clock {n} s off, corrected", { n: offText(screen.offset_ms) })}</span>`}${screen.drawn_at ? html`<span>${t("drew {time} ago", { time: ago(now - screen.drawn_at) })}</span>` : null}${power.word ? html`<span>${power.word}</span>` : null}</span>`;
}

// "Projector", and with several of a kind which one.
function kindOf(screen, screens) {
  const word = { overlay: t("Overlay"), greenroom: t("Green room") }[screen.kind] || t("Projector");
  const alike = screens.filter((one) => (one.kind || "screen") === (screen.kind || "screen"));
  return alike.length > 1 ? `${word} ${alike.indexOf(screen) + 1}` : word;
}

function Line({ good, title, children, what }) {
  return html`<li class=${good === undefined ? "" : good ? "is-good" : "is-bad"}>${I(good === undefined ? "info" : good ? "circle-check" : "triangle-alert", false)}<div><b>${title}</b>${children}${(what || []).map((words, i) => html`<p key=${i}>${words}</p>`)}</div></li>`;
}

export function PreflightDialog({ onClose }) {
  const view = link.view.value;
  const now = useSecond();
  const presence = view.presence || {};
  const [health, setHealth] = useState(null);
  const [test, setTest] = useState(null);
  const check = async () => {
    const from = performance.now();
    try {
      const answer = await fetch("/readyz", { cache: "no-store" });
      const body = await answer.json().catch(() => ({}));
      setHealth({ ok: answer.ok, ms: Math.round(performance.now() - from), body: answer.ok ? "" : String(body.reason || body.message || body.log || "") });
    } catch {
      setHealth({ ok: false, ms: 0, body: t("The server does not answer.") });
    }
  };
  useEffect(() => {
    check();
    const again = setInterval(check, AGAIN_MS);
    return () => clearInterval(again);
  }, []);
  const speakers = people(view);
  const screens = presence.screens || [];
  const { message } = view;
  const tested = test && message && message.id === test;
  const send = async () => {
    const ack = await act("message:send", { to: "speakers", text: t("Test. Please tap Seen."), level: "info" }, { place: "preflight" });
    if (ack.ok) setTest(ack.message && (ack.message.id || ack.message) || (link.view.value.message || {}).id || "sent");
  };
  const seen = (slots) => (message && message.seen ? Math.max(0, ...slots.map((slot) => message.seen[slot] || 0)) : 0);
  const missing = speakers.filter((who) => !who.screens.length).length;
  // Screens of slots that name nobody.
  const known = new Set(speakers.flatMap((who) => who.slots));
  const nameless = Object.entries(presence.speakers || {}).filter(([id]) => !known.has(id));
  const all = [...speakers.flatMap((who) => who.screens), ...nameless.flatMap(([, list]) => list), ...screens];
  const bad = all.filter((one) => troubles(one, now).length).length;
  const wrong = presence.log || (health && !health.ok ? health.body || t("Look at the server's output.") : "");
  const offset = link.offset.value;
  const delay = link.delay.value;
  const { online } = link.status.value;
  const fine = online && health && !wrong && !missing && !bad;
  // The worst first; a webinar without a projector is none the worse.
  const verdict = fine ? t("Everything is ready.") : !online ? t("No connection") : wrong ? t("The log is not well.") : missing ? n("{n} speaker screen is not connected.", "{n} speaker screens are not connected.", missing) : bad ? n("{n} screen needs a hand.", "{n} screens need a hand.", bad) : t("Checking");
  return html`<${Sheet} title=${t("Preflight")} wide onClose=${onClose}>
    <p class=${`verdict ${fine ? "is-good" : "is-bad"}`} role="status">${I(fine ? "circle-check" : "triangle-alert", false)} <b>${verdict}</b></p>
    <${Refusal} place="preflight" />
    <div class="pre-grid"><section><h4>${t("Speaker screens")}</h4><ul class="checks">${speakers.map((who) => {
      const what = who.screens.flatMap((one) => troubles(one, now));
      const when = seen(who.slots);
      const signals = who.slots.filter((id) => view.signals && view.signals[id]);
      return html`<${Line} key=${who.id} good=${who.screens.length && !what.length} title=${who.name} what=${who.screens.length ? what : [t("Not connected. Send the link, or ask to reload the page.")]}><span class="meta">${who.slots.map((id) => html`<span>${view.slots[id].title}</span>`)}</span>
        ${who.screens.map((one, i) => html`<${ScreenFacts} key=${i} screen=${one} now=${now} />`)}
        ${signals.map((id) => html`<span class="state" key=${id}>${I("hand")} ${signalWord(view, id, view.signals[id].signal)}</span>`)}
        ${when ? html`<span class="state">${I("check-check")} ${t("message seen, {time}", { time: timeOfDayWithSeconds(when, view.webinar.timezone) })}</span>` : test && who.screens.length ? html`<span class="meta">${t("test message not seen yet")}</span>` : null}<//>`;
    })}${nameless.flatMap(([id, list]) => list.map((one, i) => html`<${Line} key=${`${id} ${i}`} good=${!troubles(one, now).length} title=${(view.slots[id] || {}).title || t("Every slot")} what=${troubles(one, now)}><${ScreenFacts} screen=${one} now=${now} /><//>`))}</ul>
      <div class="row"><${Btn} label=${test ? t("Send the test message again") : t("Send a test message to all speakers")} icon="send-horizontal" small=${false} onClick=${send} />${tested ? html`<${Btn} label=${t("Clear")} kind="bare" onClick=${() => { act("message:clear", {}, { place: "preflight" }); setTest(null); }} />` : null}</div></section>
    <section><h4>${t("Projector and overlay")}</h4><ul class="checks">${screens.length ? screens.map((one, i) => html`<${Line} key=${i} good=${!troubles(one, now).length} title=${kindOf(one, screens)} what=${troubles(one, now)}><${ScreenFacts} screen=${one} now=${now} /><//>`) : html`<${Line} title=${t("None connected")} what=${[t("Open the screen link on the projector's computer; the overlay link goes into the streaming program.")]} />`}</ul>
      <h4>${t("This desk and the server")}</h4><ul class="checks">
        <${Line} good=${online} title=${online ? t("Connected") : t("No connection")}><span class="meta num">${delay === null ? null : html`<span>${t("delay {n} ms", { n: Math.round(delay) })}</span>`}${offset === null ? null : html`<span>${t("own clock {n} s off, corrected", { n: offText(offset) })}</span>`}</span><//>
        <${Line} good=${health && !wrong} title=${wrong ? t("The log is not well") : !health ? t("Asking the log") : t("The log can be written")} what=${wrong ? [wrong] : []}>${health && !wrong ? html`<span class="meta num">${t("answered in {n} ms", { n: health.ms })}</span>` : null}<//>
        <${Line} good title=${view.qa.state === "open" ? t("Questions open") : t("Questions closed")}><span class="meta">${n("{n} attendee is here", "{n} attendees are here", view.counts.attendees || 0)}</span><//></ul>
      <div class="row"><${Btn} label=${t("Check again")} icon="refresh-cw" server=${false} onClick=${check} /></div></section></div><//>`;
}

// --- links ------------------------------------------------------------------------------------------------------------

function Copy({ label, url, about }) {
  const [done, setDone] = useState(false);
  const field = useRef(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      field.current.select();
      document.execCommand("copy");
    }
    setDone(true);
    say(t("Copied"));
    setTimeout(() => setDone(false), 2000);
  };
  return html`<li class="copy"><div><b>${label}</b>${about ? html`<span class="meta">${about}</span>` : null}<input class="field num" ref=${field} readonly value=${url} aria-label=${t("Link: {name}", { name: label })} onFocus=${(event) => event.target.select()} /></div>
    <${Btn} label=${done ? t("Copied") : t("Copy")} icon=${done ? "check" : "copy"} small=${false} server=${false} describe=${t("Copy the link: {name}", { name: label })} onClick=${copy} /><a class="btn btn--bare" href=${url} target="_blank" rel="noopener">${t("Open")}</a></li>`;
}

export function LinksDialog({ onClose }) {
  const view = link.view.value;
  const slug = encodeURIComponent(view.webinar.slug);
  const [links, setLinks] = useState(null);
  const [wrong, setWrong] = useState("");
  const load = async () => {
    try {
      const answer = await fetch(`/w/${slug}/moderator/links.json`, { cache: "no-store", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      setLinks(await answer.json());
      setWrong("");
    } catch {
      setWrong(t("The links could not be read. Try again."));
    }
  };
  useEffect(() => { load(); }, []);
  return html`<${Sheet} title=${t("Links and QR")} wide onClose=${onClose}>
    ${wrong ? html`<div class="err" role="alert"><b>${wrong}</b><div class="row"><${Btn} label=${t("Try again")} onClick=${load} /></div></div>` : null}
    ${links ? html`<div class="pre-grid pre-grid--links"><section><h4>${t("For attendees")}</h4><ul>
        <${Copy} label=${t("Attendees")} url=${links.attendee} about=${t("Put it into the invitation and the call's chat. Code {code}.", { code: view.webinar.join_code })} /></ul>
        <figure class="qr-figure"><img src=${`/w/${slug}/qr.svg`} alt=${t("QR code of the attendee link")} width="200" height="200" /></figure>
        <h4>${t("For the room and the stream")}</h4><ul>
        <${Copy} label=${t("Projector")} url=${links.screen} about=${t("Full screen on the projector's computer.")} />
        ${links.overlay ? html`<${Copy} label=${t("Overlay")} url=${links.overlay} about=${t("Browser source of the streaming program, 1920 × 1080.")} />` : null}</ul>
        <h4>${t("For moderators")}</h4><ul><${Copy} label=${t("Moderators")} url=${links.moderator} about=${t("Whoever has it can do everything you can.")} /></ul></section>
      <section><h4>${t("For speakers, one each")}</h4><ul>${slotList(view).filter(([id]) => links.speakers[id]).map(([id, slot]) => html`<${Copy} key=${id} label=${speakerNames(view, slot.speakers).join(", ") || slot.title} about=${slot.speakers.length ? slot.title : ""} url=${links.speakers[id]} />`)}</ul>
        <h4>${t("After the show")}</h4><ul class="plainlinks"><li><a href=${`/w/${slug}/report`}>${t("Report")}</a></li>${["json", "csv", "xlsx", "ics", "md"].map((format) => html`<li key=${format}><a href=${`/api/v1/webinars/${slug}/export.${format}`} download>${t("Export as {format}", { format: format.toUpperCase() })}</a></li>`)}</ul></section></div>` : wrong ? null : html`<p class="meta">${t("Reading the links")}</p>`}<//>`;
}
