// The middle column: what is on air with its own clock, the queue in its order, and how far the time reaches.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { clockText, lengthText } from "../format.js";
import { Sign } from "../ui.js";
import { Sortable } from "../../vendor/sortablejs/sortable.js";
import { Btn, I, Menu, Refusal, useKept, useSecond, online } from "./bits.js";
import { beforeId, budget, byTalk, speakerNames } from "./derive.js";
import { editorOf, rowMenu } from "./card.js";
import { air, busy, clearAir, fair, land, move, next, nudge, reorder, shown, suggestNext } from "./moves.js";
import { Panel } from "./panel.js";
import { act, clearRefusal, column, current, link, panel, refusals, select } from "./store.js";
import { at, standing } from "./strip.js";

const FIRST = 60; // rows drawn at once; nobody drags through more

export function QueueColumn() {
  const view = link.view.value;
  const ids = view.queue.order;
  const [all, setAll] = useState(false);
  const drawn = useMemo(() => (all ? ids : ids.slice(0, FIRST)), [ids, all]);
  shown.queue = view.live ? [view.live, ...drawn] : drawn;
  const scroller = useRef(null);
  const chosen = current.value.queue;
  useLayoutEffect(() => {
    if ((!chosen || !(ids.includes(chosen) || chosen === view.live)) && (ids.length || view.live)) current.value = { ...current.value, queue: ids[0] || view.live };
  });
  useEffect(() => {
    const onBring = (event) => {
      if (event.detail.list !== "queue") return;
      const row = scroller.current.querySelector(`[data-id="${CSS.escape(event.detail.id)}"]`);
      if (row) row.scrollIntoView({ block: "nearest" });
    };
    document.addEventListener("desk:bring", onBring);
    return () => document.removeEventListener("desk:bring", onBring);
  }, []);
  const byVotes = () => reorder(ids.slice().sort((a, b) => view.questions[b].votes - view.questions[a].votes || view.questions[a].n - view.questions[b].n));
  const suggested = view.suggest && view.questions[view.suggest];
  return html`<section class="col col--queue" aria-label=${t("Queue")} data-column="queue" tabindex="-1">
    <header><h2>${t("Queue")}</h2><span class="n num">${ids.length}</span><span class="sp"></span>
      <span class="meta each num" title=${view.webinar.settings.each_s ? t("Set in the settings") : t("Learned from the answers so far")}>${t("{time} each", { time: lengthText(view.queue.each_s || 150) })}</span>
      <${Menu} label=${t("Order of the queue")} icon="list-filter" kind="bare" only server items=${[
        { label: t("By votes"), icon: "arrow-up", run: byVotes, disabled: ids.length < 2 },
        { label: t("By talk"), hint: t("In the order of the agenda"), icon: "calendar", run: () => reorder(ids.slice().sort(byTalk(view))), disabled: ids.length < 2 },
        { label: t("Fair order"), hint: t("Who has had least of the floor first, then votes"), icon: "users", run: fair, disabled: ids.length < 2 },
        null,
        { label: t("Suggest next"), hint: suggested ? t("No. {n} for a fair floor", { n: suggested.n }) : t("Nothing to suggest"), icon: "user-check", disabled: !suggested || view.suggest === ids[0], run: suggestNext },
      ]} />
      <${Btn} label=${t("Fair order")} icon="users" className="fair" disabled=${ids.length < 2} why=${t("Works with two questions in the queue.")} onClick=${fair} />
    </header>
    <div class="rail"><${Refusal} place="queue" /></div>
    <div class="list" ref=${scroller} onPointerDown=${() => { column.value = "queue"; }}>
      <${OnAir} view=${view} />
      <${Call} view=${view} />
      <${Hands} view=${view} />
      <${QueueRows} view=${view} ids=${drawn} />
      ${ids.length > drawn.length ? html`<div class="pad"><${Btn} label=${n("{n} more", "{n} more", ids.length - drawn.length)} server=${false} onClick=${() => setAll(true)} /></div>` : null}
      ${ids.length ? null : html`<p class="pad meta">${t("Queue a question with Q. It is then public, and its place here is what the debate takes next.")}</p>`}
    </div></section>`;
}

function OnAir({ view }) {
  const id = view.live;
  const now = useSecond(view.live_since || 0);
  const s = standing(view, now);
  const q = id && view.questions[id];
  const open = panel.value && q && panel.value.id === id && panel.value.place !== "done" ? panel.value : null;
  if (!q) {
    const debate = s.list.find(([key, slot]) => slot.kind === "debate" && s.projected.slots[key] && ["next", "later"].includes(s.projected.slots[key].state));
    const running = s.slot && s.slot.kind === "debate";
    return html`<div class="airless">${I("radio", false)} <span>${running ? t("Nothing on air.") : debate ? t("Nothing on air. Debate at about {time}.", { time: at(view, s.projected.slots[debate[0]].expected_start_at) }) : t("Nothing on air.")}</span><span class="sp"></span>
      ${running && view.queue.order.length ? html`<${Btn} label=${t("Put the first on air")} icon="radio" kind="air" kbd="N" onClick=${next} />` : null}</div>`;
  }
  const total = budget(view, id);
  const since = view.live_since || now;
  const left = total - (now - since) / 1000;
  const words = left >= 0 ? t("left of {time}", { time: lengthText(total) }) : t("over {time}", { time: lengthText(total) });
  const selected = current.value.queue === id;
  return html`<section class=${`air ${selected && column.value === "queue" ? "is-sel" : ""}`} aria-label=${t("On air")} data-id=${id} data-list="queue" tabindex=${selected ? 0 : -1} aria-current=${selected && column.value === "queue" ? "true" : undefined}
      onPointerDown=${() => select("queue", id)} onFocusIn=${() => select("queue", id)}><div class="top"><${Sign}>${t("On air")}<//><span class="meta"><span>${t("No. {n}", { n: q.n })}</span>${q.aloud ? html`<span>${I("mic")} ${t("aloud")}</span>` : null}</span><span class=${`own num ${left < 0 ? "is-over" : ""}`}>${left < 0 ? I("hourglass") : null} ${clockText(left)} <small>${words}</small></span></div>
    <p class="text" lang=${q.lang || undefined} dir="auto">${q.text}</p>
    <div class="meta">${q.name ? html`<span>${q.name}</span>` : null}<span>${q.to && q.to.length ? t("to {names}", { names: speakerNames(view, q.to, true).join(", ") }) : t("to all speakers")}</span><span>${n("{n} vote", "{n} votes", q.votes)}</span></div>
    <div class="acts"><${Btn} label=${view.queue.order.length ? t("Answered, next") : t("Answered")} icon="check" kind="air" kbd="N" small=${false} onClick=${next} /><${Btn} label=${t("Off air")} icon="undo-2" small=${false} onClick=${clearAir} /><span class="sp"></span><${Menu} label=${t("More for question {n}", { n: q.n })} icon="ellipsis" only kind="bare" items=${rowMenu(view, id, q)} /></div>
    ${open ? html`<${Panel} ...${open} />` : null}</section>`;
}

function Call({ view }) {
  const q = view.call && view.questions[view.call];
  if (!q || view.timer.phase === "ended") return null;
  return html`<div class="called">${I("mic")}<span class="clip"><b>${q.name ? t("{name} is called up", { name: q.name }) : t("Who asked no. {n} is called up", { n: q.n })}</b></span><span class="sp"></span><${Btn} label=${t("Take the call back")} kind="bare" onClick=${() => act("question:uncall", {}, { place: "queue" })} /></div>`;
}

function Hands({ view }) {
  const hands = view.hands;
  if (!hands || !hands.open) return null;
  return html`<section class="hands" aria-label=${t("Show of hands")}><div class="top">${I("hand")} <b class="clip">${hands.text}</b><span class="sp"></span><${Btn} label=${t("Close")} onClick=${() => act("hands:close", {}, { place: "queue" })} /></div><${HandBars} hands=${hands} /></section>`;
}

export function HandBars({ hands }) {
  const most = Math.max(1, ...hands.counts);
  const total = hands.counts.reduce((sum, count) => sum + count, 0);
  return html`<ul class="bars">${hands.answers.map((answer, i) => html`<li key=${i}><span class="clip">${answer}</span><b class="num">${hands.counts[i]}<small>${total ? ` ${Math.round((100 * hands.counts[i]) / total)} %` : ""}</small></b><i style=${{ "--w": `${(100 * hands.counts[i]) / most}%` }}></i></li>`)}</ul>`;
}

// --- the rows ---------------------------------------------------------------------------------------------------------

/** How many of the queue fit into what is left of the debate, with what there is to say about it. */
function reach(view, now) {
  const s = standing(view, now);
  const running = s.slot && s.slot.kind === "debate" ? s.id : null;
  const debate = running || (s.list.find(([id, slot]) => slot.kind === "debate" && s.projected.slots[id] && ["next", "later"].includes(s.projected.slots[id].state)) || [])[0];
  if (!debate) return null;
  const slot = view.slots[debate];
  const p = s.projected.slots[debate];
  const length = running ? Math.max(0, (view.timer.deadline_at - (view.timer.phase === "paused" ? view.timer.paused_at : now)) / 1000) : (p.expected_end_at - p.expected_start_at) / 1000;
  let left = length;
  if (running && view.live) left -= Math.max(0, budget(view, view.live) - (now - (view.live_since || now)) / 1000);
  let fits = 0;
  let sum = 0;
  for (const id of view.queue.order) {
    sum += budget(view, id);
    if (sum > left) break;
    fits += 1;
  }
  let before = 0;
  sum = 0;
  for (const id of view.queue.order) {
    sum += budget(view, id);
    if (sum > slot.duration_s) break;
    before += 1;
  }
  return { debate, running, length: Math.floor(length), left, fits, before, wrapup: s.list.find(([id, other]) => other.kind === "wrapup" && !other.skip && s.projected.slots[id] && ["next", "later"].includes(s.projected.slots[id].state)) };
}

function QueueRows({ view, ids }) {
  const list = useRef(null);
  const rects = useRef(new Map());
  const dragging = useRef(false);
  const [epoch, setEpoch] = useState(0);
  const keep = useKept();
  const now = useSecond();
  const far = reach(view, now);
  const cutAt = far && far.fits < view.queue.order.length ? Math.min(far.fits, ids.length) : -1;

  useEffect(() => {
    const sortable = Sortable.create(list.current, {
      handle: ".grip", draggable: ".qr", animation: 0, forceFallback: true, fallbackTolerance: 4, ghostClass: "qr--ghost", chosenClass: "qr--chosen", dragClass: "qr--drag", direction: "vertical",
      onStart: () => { dragging.current = true; },
      onEnd: (event) => {
        dragging.current = false;
        const id = event.item.dataset.id;
        const placed = [...list.current.querySelectorAll(".qr")].map((row) => row.dataset.id);
        const to = placed.indexOf(id);
        // The rows belong to Preact: put the moved one back where it was, and let the view's own order move it.
        const rows = [...list.current.children].filter((row) => row !== event.item);
        list.current.insertBefore(event.item, rows[event.oldIndex] || null);
        const order = link.view.value.queue.order;
        if (event.oldDraggableIndex !== event.newDraggableIndex && order.includes(id)) move(id, beforeId(order, id, to));
        setEpoch((count) => count + 1);
      },
    });
    return () => sortable.destroy();
  }, []);

  // A new order slides: each row starts where it was. Never while something is dragged.
  useLayoutEffect(() => {
    const rows = [...list.current.querySelectorAll(".qr, .cut")];
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || dragging.current;
    const next = new Map();
    for (const row of rows) {
      const id = row.dataset.id || "cut";
      const top = row.offsetTop - list.current.offsetTop;
      next.set(id, top);
      const was = rects.current.get(id);
      if (was === undefined) { if (id !== "cut") land(id, row); }
      else if (was !== top && !still && row.animate && Math.abs(was - top) < 2000) row.animate([{ transform: `translateY(${was - top}px)` }, { transform: "none" }], { duration: 320, easing: "cubic-bezier(.2,0,0,1)" });
    }
    rects.current = next;
  }, [ids, cutAt, epoch]);

  const rows = [];
  ids.forEach((id, index) => {
    if (index === cutAt) rows.push(html`<${Cut} key="cut" view=${view} far=${far} />`);
    const out = cutAt >= 0 && index >= cutAt;
    const total = view.queue.order.length;
    rows.push(keep(id, [view.questions[id], index, out, total, view.speakers, view.slots, view.call, view.presence && view.presence.moderators], () => html`<${QueueRow} key=${id} id=${id} index=${index} out=${out} total=${total} />`));
  });
  return html`<ol ref=${list} data-epoch=${epoch} aria-label=${t("Questions in the queue")}>${rows}</ol>`;
}

function QueueRow({ id, index, out, total }) {
  const view = link.view.peek();
  const q = view.questions[id];
  if (!q) return null;
  const selected = current.value.queue === id;
  const refused = refusals.value[id];
  const editor = editorOf(view, id);
  const open = panel.value && panel.value.id === id && panel.value.place !== "done" ? panel.value : null;
  const moving = busy.value[id];
  const keys = (event) => {
    if (event.target.tagName === "INPUT" || event.target.tagName === "TEXTAREA") return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      if (event.altKey || event.target.classList.contains("grip")) { event.preventDefault(); event.stopPropagation(); nudge(id, event.key === "ArrowUp" ? -1 : 1); }
    }
  };
  return html`<li class=${["qr", out && "is-out", selected && column.value === "queue" && "is-sel", editor && "is-edited", moving && "is-moving", open && "has-panel"].filter(Boolean).join(" ")} data-id=${id} data-list="queue" tabindex=${selected ? 0 : -1} aria-current=${selected && column.value === "queue" ? "true" : undefined}
      onPointerDown=${() => select("queue", id)} onFocusIn=${() => select("queue", id)} onKeyDown=${keys}>
    <button type="button" class="grip" disabled=${!online()} aria-label=${t("Drag question {n}, or move it with the arrow keys", { n: q.n })}>${I("grip-vertical", false)}</button><span class="pos num">${index + 1}</span>
    <div><p class="two" lang=${q.lang || undefined} dir="auto" title=${q.text}>${q.text}</p>
      <div class="line">${refused ? html`<div class="meta clip refused" role="alert"><b title=${refused.message}>${refused.message}</b></div><${Btn} label=${t("Leave it")} kind="bare" server=${false} onClick=${() => clearRefusal(id)} />` : html`<div class="meta clip">${editor ? html`<span class="editor">${I("pencil")} ${t("{name} is editing", { name: editor })}</span>` : null}${queueMeta(view, q)}</div>`}
        <${Btn} label=${t("Up")} icon="arrow-up" only kind="bare" disabled=${index === 0} onClick=${() => nudge(id, -1)} />
        <${Btn} label=${t("Down")} icon="arrow-down" only kind="bare" disabled=${index === total - 1} onClick=${() => nudge(id, 1)} />
        <${Menu} label=${t("More for question {n}", { n: q.n })} icon="ellipsis" only kind="bare" items=${rowMenu(view, id, q)} />
        <${Btn} label=${t("Put on air")} icon="radio" kbd=${index === 0 ? "N" : null} act="air" disabled=${!!moving} onClick=${() => air(id)} /></div></div>
    ${open ? html`<${Panel} ...${open} />` : null}</li>`;
}

function queueMeta(view, q) {
  const to = q.to && q.to.length ? speakerNames(view, q.to, true).join(", ") : t("all speakers");
  const out = [html`<span class="num">${n("{n} vote", "{n} votes", q.votes)}</span>`, html`<span>${q.name ? t("{name} to {to}", { name: q.name, to }) : t("to {names}", { names: to })}</span>`];
  if (q.budget_s) out.push(html`<span class="num">${I("timer")} ${lengthText(q.budget_s)}</span>`);
  if (q.aloud) out.push(html`<span>${I("mic")} ${t("aloud")}</span>`);
  if (q.starred) out.push(html`<span>${I("star")} ${t("starred")}</span>`);
  if (q.offers && q.offers.length) out.push(html`<span>${t("{names} can answer", { names: q.offers.flatMap((slot) => speakerNames(view, (view.slots[slot] || {}).speakers, true)).join(", ") })}</span>`);
  return out;
}

/** The line beyond which the time does not reach, with two ways to make more fit. */
function Cut({ view, far }) {
  const count = view.queue.order.length;
  const one = far.fits + 1; // one more than now
  // Room for all of them if each still gets a minute, else for as many as a minute each allows.
  const trimTo = Math.max(60, Math.floor(far.left / count / 5) * 5);
  const trimmable = trimTo < (view.queue.each_s || 150) && Math.floor(far.left / trimTo) > far.fits;
  const wrap = far.wrapup;
  const spare = wrap && (far.running || !wrap[1].fixed) ? Math.max(0, wrap[1].duration_s - 60) : 0;
  let missing = -far.left;
  for (let i = 0; i < one && i < count; i++) missing += budget(view, view.queue.order[i]);
  const borrow = Math.min(spare, Math.max(60, Math.ceil(missing / 60) * 60));
  const trim = () => act("question:trim", { seconds: trimTo }, { place: "queue" });
  const give = () => act("agenda:borrow", { slot: wrap[0], seconds: borrow }, { place: "queue" });
  const words = far.running
    ? n("{time} left: {n} of {m}", "{time} left: {n} of {m}", far.fits, { time: lengthText(far.length), m: count })
    : far.before > far.fits ? n("Debate {time}: {n} question instead of {m}", "Debate {time}: {n} questions instead of {m}", far.fits, { time: lengthText(far.length), m: far.before }) : t("Debate {time}: {n} of {m}", { time: lengthText(far.length), n: far.fits, m: count });
  return html`<li class="cut">${I("timer", false)}<span class="cut-words"><b>${t("Fits until here")}</b><span class="num clip">${words}</span></span><span class="sp"></span>
    ${trimmable ? html`<${Btn} label=${t("Trim to {time}", { time: lengthText(trimTo) })} onClick=${trim} />` : null}
    ${borrow > 0 ? html`<${Btn} label=${t("Borrow {time}", { time: lengthText(borrow) })} onClick=${give} />` : null}</li>`;
}

