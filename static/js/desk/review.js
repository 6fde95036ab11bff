// The first column: Review and Public, with search, filter, order, bulk moves, and the line for questions from elsewhere.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { Empty, Skeleton } from "../ui.js";
import { Btn, I, Menu, Refusal, online, useKept } from "./bits.js";
import { arrange, buckets, facets, filterCount, firstName, NO_FILTER, shortTitle, slotList } from "./derive.js";
import { Card, cardHeight } from "./card.js";
import { forget, rem } from "./measure.js";
import { approve, dismiss, likeliest, queue, shown, tickedWord } from "./moves.js";
import { bring, Rows, useBusy, useSize, useStill } from "./rows.js";
import { act, bulk, column, current, filter, filtering, link, order, panel, remember, say, search, searching, select, tab, ticked } from "./store.js";
import { deedText, kindWord, languageName } from "./words.js";

function heads(view) {
  const all = buckets(view);
  return [["review", t("Review"), all.review.length], ["public", t("Public"), all.public.length]];
}

export function ReviewColumn({ size, phone }) {
  const view = link.view.value;
  const list = tab.value;
  const root = useRef(null);
  const scroller = useRef(null);
  const measure = useSize(scroller);
  const busy = useBusy(root.current ? root : scroller);
  const [fonts, setFonts] = useState(0);
  useEffect(() => {
    let on = true;
    if (document.fonts && document.fonts.ready) document.fonts.ready.then(() => { if (on) { forget(); setFonts((count) => count + 1); } });
    return () => { on = false; };
  }, []);

  const all = buckets(view)[list];
  const how = { filter: filter.value, search: search.value, order: order.value };
  const narrowed = how.search.trim() || filterCount(how.filter);
  // Who is where in the list by votes may change with each vote; the keys below are what that order depends on.
  const ids = useMemo(() => arrange(all, view, how), [all, how.filter, how.search, how.order, narrowed || how.order !== "oldest" ? view.questions : null]);
  const still = useStill(ids, busy, `${list} ${how.search} ${how.order} ${JSON.stringify(how.filter)}`);
  const scale = rem();
  const heights = useRef({ key: "", map: new Map() });
  const key = `${measure.width} ${size} ${scale} ${fonts}`;
  if (heights.current.key !== key) heights.current = { key, map: new Map() };
  const heightOf = (id) => {
    const q = view.questions[id];
    if (!q) return 0;
    const mark = heights.current.map.get(id);
    const same = mark && mark.text === q.text && mark.similar === q.similar;
    // A similar question that is settled meanwhile does not make its neighbour's row shrink: the height stays as it was.
    if (same) return mark.height;
    const height = cardHeight({ ...q, id }, measure.width || 400, size, scale);
    heights.current.map.set(id, { text: q.text, similar: q.similar, height });
    return height;
  };
  shown[list] = still.shown;
  const keep = useKept();
  const moderators = view.presence && view.presence.moderators;
  const card = (id, place) => {
    const q = view.questions[id];
    const ghost = ghostWord(view, id, list);
    const like = q && q.similar && q.similar.length ? likeliest(id) : null;
    return keep(`${list}${id}`, [q, place.index, place.total, place.top, place.height, size, measure.width, scale, ghost, like && view.questions[like], moderators, view.speakers, view.slots, view.call],
      () => html`<${Card} key=${id} id=${id} list=${list} place=${place} size=${size} width=${measure.width} scale=${scale} ghost=${ghost} />`);
  };

  // The first row is the current one when none is; before it is seen, since a key may come at once.
  const chosen = current.value[list];
  useLayoutEffect(() => {
    if ((!chosen || !still.shown.includes(chosen)) && still.shown.length) current.value = { ...current.value, [list]: still.shown[0] };
  });
  const listed = useRef(list);
  useLayoutEffect(() => {
    if (listed.current === list) return;
    listed.current = list;
    ticked.value = new Set(); // ticks of the other list are out of sight: no move shall reach them
  }, [list]);
  useEffect(() => {
    const onBring = (event) => { if (event.detail.list === list) bring(scroller.current, event.detail.id); };
    document.addEventListener("desk:bring", onBring);
    return () => document.removeEventListener("desk:bring", onBring);
  }, [list]);

  // What came in below the edge of what is seen counts as new until it has been seen.
  const [seen, setSeen] = useState(() => new Set(all));
  const fresh = useNew(all, seen, list);
  const waiting = still.fresh.length;
  const below = useMemo(() => {
    const here = new Set(still.shown);
    return new Set(fresh.filter((id) => here.has(id)));
  }, [fresh, still.shown]);
  useEffect(() => {
    const el = scroller.current;
    if (!el || !below.size) return undefined;
    const look = () => {
      const edge = el.getBoundingClientRect();
      const now = [];
      for (const row of el.querySelectorAll("[data-id]")) {
        if (!below.has(row.dataset.id)) continue;
        const at = row.getBoundingClientRect();
        if (at.top < edge.bottom - 24 && at.bottom > edge.top) now.push(row.dataset.id);
      }
      if (now.length) setSeen((was) => new Set([...was, ...now]));
    };
    const timer = setTimeout(look, 60);
    el.addEventListener("scroll", look, { passive: true });
    return () => { clearTimeout(timer); el.removeEventListener("scroll", look); };
  }, [below]);
  const count = waiting + below.size;
  const reveal = () => {
    const first = still.fresh[0] || below.values().next().value;
    still.reveal();
    setSeen(new Set(all));
    requestAnimationFrame(() => {
      if (first) { bring(scroller.current, first); select(list, first); }
    });
  };

  return html`<section class="col col--review" aria-label=${list === "review" ? t("Review") : t("Public")} data-column=${list} tabindex="-1" ref=${root}>
    <header>${heads(view).map(([name, word, total]) => (phone ? null : html`<button type="button" key=${name} class="coltab" aria-current=${list === name ? "true" : undefined} onClick=${() => { tab.value = name; column.value = "review"; }}>${word} <span class="n num">${total}</span></button>`))}
      ${phone ? html`<${Menu} label=${list === "review" ? t("Review {n}", { n: buckets(view).review.length }) : t("Public {n}", { n: buckets(view).public.length })} kind="bare" align="start" items=${heads(view).map(([name, word, total]) => ({ label: `${word} ${total}`, checked: list === name, run: () => { tab.value = name; } }))} />` : null}
      <span class="sp"></span>
      ${count ? html`<${Btn} label=${t("{n} new", { n: count })} icon=${order.value === "oldest" ? "arrow-down" : "arrow-up"} className="new" server=${false} onClick=${reveal} />` : null}
      <${Btn} label=${t("Filter and order")} icon="list-filter" only kind="bare" server=${false} pressed=${filtering.value || filterCount(filter.value) > 0} expanded=${filtering.value} onClick=${() => { filtering.value = !filtering.value; }} />
      <${Btn} label=${t("Search")} icon="search" only kind="bare" kbd="/" server=${false} pressed=${searching.value} onClick=${() => { searching.value = !searching.value; if (!searching.value) search.value = ""; }} />
    </header>
    <div class="rail">
      ${searching.value ? html`<${SearchLine} found=${ids.length} />` : null}
      ${filtering.value ? html`<${FilterLine} view=${view} />` : null}
      ${ticked.value.size ? html`<${BulkLine} list=${list} ids=${still.shown} />` : null}
      <${Refusal} place="bulk" />
    </div>
    <div class="list" ref=${scroller} onPointerDown=${() => { column.value = "review"; }}>
      ${still.shown.length ? html`<${Rows} ids=${still.shown} heightOf=${heightOf} version=${`${key} ${view.questions === null}`} scroller=${scroller} size=${measure} hold=${panel.value ? panel.value.id : chosen}
        label=${list === "review" ? t("Questions in review") : t("Public questions")}
        row=${card} />`
        : html`<${None} view=${view} list=${list} narrowed=${narrowed} />`}
    </div>
    ${phone ? null : html`<${Quick} />`}
    <div class="vh" role="status" aria-live="polite">${count ? n("{n} new question", "{n} new questions", count) : ""}</div>
  </section>`;
}

/** Ids that came in after the page was opened and have not been seen yet. */
function useNew(all, seen, list) {
  const start = useRef({});
  const base = start.current[list] || (start.current[list] = new Set(all));
  return useMemo(() => all.filter((id) => !base.has(id) && !seen.has(id)), [all, seen, base]);
}

function ghostWord(view, id, list) {
  const q = view.questions[id];
  const state = list === "review" ? "review" : "public";
  if (!q || q.state === state) return null;
  const deeds = Object.values(view.deeds || {}).filter((deed) => deed.question === id).sort((a, b) => b.seq - a.seq);
  const who = deeds[0] && deeds[0].by ? firstName(deeds[0].by) : "";
  const p = { name: who };
  const words = {
    public: who ? t("{name} approved it", p) : t("Approved meanwhile"), queued: who ? t("{name} queued it", p) : t("Queued meanwhile"), live: t("On air now"),
    answered: t("Answered meanwhile"), dismissed: who ? t("{name} dismissed it", p) : t("Dismissed meanwhile"), merged: who ? t("{name} merged it", p) : t("Merged meanwhile"),
    withdrawn: t("Taken back by who asked"), review: t("Back in review"),
  };
  return words[q.state] || t("Moved on meanwhile");
}

function None({ view, list, narrowed }) {
  if (!view) return html`<div class="pad"><${Skeleton} rows=${4} /></div>`;
  if (narrowed) return html`<div class="pad"><${Empty} title=${t("Nothing found")}>${t("No question matches.")} <${Btn} label=${t("Show all")} server=${false} onClick=${() => { search.value = ""; filter.value = NO_FILTER; }} /><//></div>`;
  if (list === "public") return html`<div class="pad"><${Empty} title=${t("Nothing public yet")}>${t("Questions that you approve appear here, and on every phone, where others vote for them.")}<//></div>`;
  const asked = Object.keys(view.questions).length;
  return html`<div class="pad"><${Empty} title=${asked ? t("All read") : t("No questions yet")}>${asked ? t("The next one appears here.") : t("The first one appears here. People join with the code {code}.", { code: view.webinar.join_code })}<//></div>`;
}

function SearchLine({ found }) {
  const field = useRef(null);
  useLayoutEffect(() => { if (field.current) field.current.focus(); }, []);
  const [text, setText] = useState(search.value);
  const timer = useRef(0);
  useEffect(() => { if (search.value !== text && !timer.current) setText(search.value); }, [search.value]);
  const set = (value) => {
    setText(value);
    clearTimeout(timer.current);
    // The letter is drawn first, the list a moment later: typing never waits for 10,000 questions.
    timer.current = setTimeout(() => { timer.current = 0; search.value = value; }, 30);
  };
  return html`<div class="searchline">${I("search")}<input id="desk-search" class="field" type="search" ref=${field} value=${text} aria-label=${t("Search questions, names, labels, numbers")} placeholder=${t("Words, a name, a number")} onInput=${(event) => set(event.target.value)}
    onKeyDown=${(event) => {
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); search.value = ""; searching.value = false; const row = document.querySelector('[data-list][tabindex="0"]'); if (row) row.focus(); }
      if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); const row = document.querySelector(`[data-list="${tab.value}"][data-id]`); if (row) row.focus(); }
    }} /><span class="meta num" role="status">${search.value.trim() ? n("{n} found", "{n} found", found) : ""}</span></div>`;
}

function Pick({ label, value, choices, onChange }) {
  return html`<label class="pick"><span class="label">${label}</span><select class="field" value=${value} onChange=${(event) => onChange(event.target.value)}>${choices.map(([key, word]) => html`<option key=${key} value=${key} selected=${key === value}>${word}</option>`)}</select></label>`;
}

function FilterLine({ view }) {
  const f = filter.value;
  const set = (part) => { filter.value = Object.freeze({ ...f, ...part }); };
  const found = useMemo(() => facets(view), [view.questions]);
  const any = ["", t("all")];
  return html`<div class="filterline" role="group" aria-label=${t("Filter and order")}>
    <${Pick} label=${t("Order")} value=${order.value} onChange=${(value) => { order.value = value; remember("order", value); }} choices=${[["oldest", t("Oldest first")], ["newest", t("Newest first")], ["votes", t("Most votes")], ["talk", t("By talk")]]} />
    <${Pick} label=${t("Speaker")} value=${f.speaker} onChange=${(speaker) => set({ speaker })} choices=${[any, ...Object.entries(view.speakers).map(([id, who]) => [id, who.name])]} />
    <${Pick} label=${t("Asked during")} value=${f.slot} onChange=${(slot) => set({ slot })} choices=${[any, ...slotList(view).map(([id, slot]) => [id, shortTitle(slot.title, slot.kind, kindWord(slot.kind))])]} />
    <${Pick} label=${t("Language")} value=${f.lang} onChange=${(lang) => set({ lang })} choices=${[any, ...found.langs.map(([lang, count]) => [lang, `${languageName(lang)} (${count})`])]} />
    <${Pick} label=${t("Label")} value=${f.label} onChange=${(label) => set({ label })} choices=${[any, ...found.labels.map(([label, count]) => [label, `${label} (${count})`])]} />
    <div class="chips">${[["starred", t("Starred"), "star"], ["aloud", t("Aloud"), "mic"], ["votes", t("Has votes"), "arrow-up"], ["flagged", t("Flagged"), "flag"], ["similar", t("Similar"), "merge"]].map(([key, word, icon]) => html`<${Btn} key=${key} label=${word} icon=${icon} server=${false} pressed=${f[key]} onClick=${() => set({ [key]: !f[key] })} />`)}
      ${filterCount(f) ? html`<${Btn} label=${t("Show all")} kind="bare" server=${false} onClick=${() => { filter.value = NO_FILTER; }} />` : null}</div></div>`;
}

function BulkLine({ list, ids }) {
  const [text, setText] = useState("");
  const mode = bulk.value;
  const labelling = mode === "label";
  const dismissing = mode === "dismiss";
  const choose = (what) => { bulk.value = mode === what ? null : what; };
  const field = useRef(null);
  useLayoutEffect(() => { if (mode && field.current) field.current.focus(); }, [mode]);
  // Ticks belong to the list they were made in, and the line above it goes with the last one.
  useEffect(() => () => { bulk.value = null; }, []);
  const chosen = [...ticked.value];
  const hidden = chosen.length - ids.filter((id) => ticked.value.has(id)).length;
  const all = ids.length && ids.every((id) => ticked.value.has(id));
  const label = async (event) => {
    event.preventDefault();
    const word = text.trim();
    if (!word) return;
    const ack = await act("question:label", { questions: chosen, labels: [word], how: "add" }, { place: "bulk" });
    if (ack.ok) { setText(""); bulk.value = null; say(t("Labelled")); }
  };
  const reject = async (event) => {
    event.preventDefault();
    const ack = await dismiss(chosen, text.trim());
    if (ack && ack.ok) { setText(""); bulk.value = null; }
  };
  const escape = (event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); bulk.value = null; } };
  return html`<div class="bulkline" role="group" aria-label=${t("What is ticked")}><b>${tickedWord(chosen.length)}</b>${hidden ? html`<span class="meta">${t("{n} of them not in sight", { n: hidden })}</span>` : null}<span class="sp"></span>
    <${Btn} label=${all ? t("None") : t("All")} kind="bare" server=${false} onClick=${() => { ticked.value = all ? new Set() : new Set(ids.slice(0, 1000)); }} />
    ${list === "review" ? html`<${Btn} label=${t("Approve")} kbd="A" onClick=${() => approve(chosen)} />` : null}
    <${Btn} label=${t("Queue")} kbd="Q" onClick=${() => queue(chosen)} />
    <${Btn} label=${t("Label")} kbd=${labelling ? null : "L"} pressed=${labelling} onClick=${() => choose("label")} />
    <${Btn} label=${t("Dismiss")} kbd=${dismissing ? null : "D"} pressed=${dismissing} onClick=${() => choose("dismiss")} />
    <${Btn} label=${t("Untick all")} icon="x" only kind="bare" server=${false} onClick=${() => { ticked.value = new Set(); }} />
    ${labelling ? html`<form class="row" onSubmit=${label} onKeyDown=${escape}><input class="field" ref=${field} value=${text} maxlength="40" onInput=${(event) => setText(event.target.value)} aria-label=${t("Label for all that is ticked")} placeholder=${t("Label")} /><${Btn} label=${t("Label")} kind="main" type="submit" /></form>` : null}
    ${dismissing ? html`<form class="row" onSubmit=${reject} onKeyDown=${escape}><input class="field" ref=${field} value=${text} maxlength="500" onInput=${(event) => setText(event.target.value)} aria-label=${t("Reason, shown to who asked; may stay empty")} placeholder=${t("Reason for who asked, if any")} /><${Btn} label=${t("Dismiss {n}", { n: chosen.length })} kind="main" type="submit" /></form>` : null}</div>`;
}

const SOURCES = [["chat", "message-square"], ["phone", "phone"], ["room", "users"]];

/** A line for what comes from the call's chat, the phone or the room: type, Enter, next. */
export function Quick() {
  const [text, setText] = useState("");
  const [source, setSource] = useState("chat");
  const [whose, setWhose] = useState(false);
  const [name, setName] = useState("");
  const [to, setTo] = useState("");
  const [sending, setSending] = useState(false);
  const [added, setAdded] = useState("");
  const timer = useRef(0);
  const field = useRef(null);
  const { speakers, webinar } = link.view.value;
  const most = webinar.settings.max_length || 300;
  const left = most - [...text].length;
  const send = async (event) => {
    event.preventDefault();
    const words = text.trim();
    if (!words || left < 0) { field.current.focus(); return; }
    if (sending || !online()) return;
    setSending(true);
    const fields = { ...(whose && name.trim() ? { name: name.trim() } : {}), ...(whose && speakers[to] ? { to: [to] } : {}) };
    const ack = await act("question:ask", { text: words, source, ...fields }, { place: "quick" });
    setSending(false);
    if (ack.ok) {
      setText("");
      setName(""); // the next one is somebody else's, and most likely to somebody else
      setTo("");
      const n = ack.question && ack.question.n;
      const words = n === undefined ? t("Added") : t("Added as no. {n}", { n });
      say(words);
      setAdded(words);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setAdded(""), 4000);
    }
    if (field.current) field.current.focus();
  };
  const names = { chat: t("From the chat"), phone: t("By phone"), room: t("From the room") };
  return html`<form class="quick" onSubmit=${send}>
    <${Refusal} place="quick" />
    ${whose ? html`<div class="row whose"><input class="field" value=${name} maxlength="80" onInput=${(event) => setName(event.target.value)} aria-label=${t("Who asks")} placeholder=${t("Who asks")} disabled=${webinar.settings.names === "off"} />
      <select class="field" aria-label=${t("For whom")} value=${to} onChange=${(event) => setTo(event.target.value)}><option value="">${t("All speakers")}</option>${Object.entries(speakers).map(([id, who]) => html`<option key=${id} value=${id} selected=${id === to}>${who.name}</option>`)}</select></div>` : null}
    <div class="row"><span class="seg" role="group" aria-label=${t("Where it comes from")}>${SOURCES.map(([key, icon]) => html`<button type="button" key=${key} class="btn btn--s btn--icon" aria-label=${names[key]} title=${names[key]} aria-pressed=${String(source === key)} onClick=${() => setSource(key)}>${I(icon)}</button>`)}</span>
    <input class="field" ref=${field} value=${text} onInput=${(event) => setText(event.target.value)} aria-label=${t("Add a question, {where}", { where: names[source] })} placeholder=${added || t("Add a question")} aria-invalid=${left < 0 ? "true" : undefined} />
    ${left < 50 ? html`<span class="meta num">${left < 0 ? t("Too long by {n} characters", { n: -left }) : left}</span>` : null}
    <${Btn} label=${t("Who asks, and for whom")} icon="users" only kind="bare" server=${false} pressed=${whose} expanded=${whose} onClick=${() => setWhose(!whose)} />
    <${Btn} label=${t("Add")} type="submit" /></div></form>`;
}
