// What stands over a row while a question is edited, dismissed, merged, labelled, answered. It covers the rows below and
// moves none of them. Escape closes it; what was typed is kept until it is sent.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor.js";
import { t, n } from "../i18n.js";
import { lengthText } from "../format.js";
import { Btn } from "./bits.js";
import { arrange, budget, fold, NO_FILTER, speakerNames } from "./derive.js";
import { dismiss, mergeInto, question } from "./moves.js";
import { act, closePanel, link, refusals } from "./store.js";
import { stateWord } from "./words.js";

const drafts = new Map(); // `${kind}:${id}` -> what was typed

function useDraft(kind, id, initial) {
  const key = `${kind}:${id}`;
  const [value, set] = useState(() => (drafts.has(key) ? drafts.get(key) : initial));
  return [value, (next) => { drafts.set(key, next); set(next); }, () => drafts.delete(key)];
}

function Frame({ title, id, children, wide, text }) {
  const ref = useRef(null);
  useLayoutEffect(() => {
    const el = ref.current;
    const field = el.querySelector("[data-first]") || el.querySelector("textarea, input, button");
    if (field) field.focus({ preventScroll: true });
    el.scrollIntoView({ block: "nearest" });
  }, []);
  const back = () => {
    closePanel();
    requestAnimationFrame(() => {
      const row = document.querySelector(`[data-list][data-id="${CSS.escape(id)}"]`);
      if (row && document.activeElement === document.body) row.focus({ preventScroll: true });
    });
  };
  return html`<div class=${`panel ${wide ? "panel--wide" : ""}`} role="group" aria-label=${title} ref=${ref} onPointerDown=${(event) => event.stopPropagation()}
    onKeyDown=${(event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); back(); } }}>
    <div class="panel-head"><b>${title}</b><${Btn} label=${t("Close")} icon="x" only kind="bare" server=${false} onClick=${back} /></div>${text ? html`<p class="panel-text" lang=${text.lang || undefined} dir="auto">${text.text}</p>` : null}${children}</div>`;
}

export function Panel({ kind, id, place }) {
  const q = question(id);
  if (!q) return null;
  const parts = { edit: EditPanel, dismiss: DismissPanel, merge: MergePanel, label: LabelPanel, address: AddressPanel, answer: AnswerPanel, budget: BudgetPanel };
  const Part = parts[kind];
  return Part ? html`<${Part} id=${id} q=${q} place=${place} />` : null;
}

/** The words of a conflict: who changed it, when, what stands now. */
function Conflict({ refused, mine, onTheirs, onMine }) {
  const current = (refused.error && refused.error.current) || {};
  const who = current.by || t("Somebody");
  const text = current.text || (typeof current === "string" ? current : "");
  return html`<div class="err err--conflict" role="alert"><b>${current.by ? t("{name} changed this meanwhile", { name: who }) : t("This was changed meanwhile")}</b>
    ${text ? html`<span>“${text}”</span>` : html`<span>${refused.message}</span>`}
    <div class="row">${text ? html`<${Btn} label=${t("Take theirs")} server=${false} onClick=${() => onTheirs(text)} />` : null}<${Btn} label=${t("Keep mine")} onClick=${onMine} /></div></div>`;
}

function EditPanel({ id, q }) {
  const [text, setText, forgetDraft] = useDraft("edit", id, q.text);
  const [base] = useState(() => link.seq());
  const [sending, setSending] = useState(false);
  const seen = useRef(q.text);
  const refused = refusals.value[`edit:${id}`];
  const most = link.view.value.webinar.settings.max_length || 300;
  const left = most - [...text].length;
  useEffect(() => {
    link.send("presence", { editing: id }, { once: true });
    return () => { link.send("presence", { editing: null }, { once: true }); };
  }, [id]);
  const save = async (from) => {
    if (!text.trim() || left < 0) return;
    setSending(true);
    const ack = await act("question:edit", { question: id, text: text.trim(), ...(from === undefined ? {} : { base: from }) }, { place: `edit:${id}` });
    setSending(false);
    if (ack.ok) { forgetDraft(); closePanel(); }
  };
  const theirs = q.text !== seen.current && q.text !== text;
  return html`<${Frame} title=${t("Edit no. {n}", { n: q.n })} id=${id}>
    <textarea class="field" data-first rows="4" lang=${q.lang || undefined} dir="auto" aria-label=${t("Text of the question")} aria-invalid=${left < 0 ? "true" : undefined} value=${text} onInput=${(event) => setText(event.target.value)}
      onKeyDown=${(event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); save(base); } }}></textarea>
    ${left < 50 ? html`<span class="meta num counter">${left < 0 ? t("Too long by {n} characters", { n: -left }) : t("{n} characters left", { n: left })}</span>` : null}
    ${theirs && !refused ? html`<div class="err err--conflict"><b>${t("This was changed meanwhile")}</b><span>“${q.text}”</span><div class="row"><${Btn} label=${t("Take theirs")} server=${false} onClick=${() => { setText(q.text); seen.current = q.text; }} /></div></div>` : null}
    ${refused ? (refused.error.code === "conflict" ? html`<${Conflict} refused=${refused} onTheirs=${(now) => { setText(now); seen.current = now; }} onMine=${() => save(link.seq())} />` : html`<div class="err" role="alert"><b>${refused.message}</b></div>`) : null}
    ${q.original && q.original !== q.text ? html`<p class="meta">${t("First wording: {text}", { text: q.original })}</p>` : null}
    <div class="row"><span class="sp"></span><${Btn} label=${t("Cancel")} kind="bare" server=${false} onClick=${() => { forgetDraft(); closePanel(); }} /><${Btn} label=${sending ? t("Saving") : t("Save")} kind="main" busy=${sending} disabled=${!text.trim() || left < 0} onClick=${() => save(base)} /></div>
  </${Frame}>`;
}

const REASONS = () => [t("Already answered"), t("Not about this webinar"), t("Answered by mail"), t("No time left")];

function DismissPanel({ id, q }) {
  const [reason, setReason, forgetDraft] = useDraft("dismiss", id, "");
  const go = async (why) => {
    closePanel();
    const ack = await dismiss([id], why.trim());
    if (ack && ack.ok) forgetDraft();
  };
  return html`<${Frame} title=${t("Dismiss no. {n}", { n: q.n })} id=${id} text=${q}>
    <div class="chips">${REASONS().map((why) => html`<${Btn} key=${why} label=${why} onClick=${() => go(why)} />`)}</div>
    <form class="row" onSubmit=${(event) => { event.preventDefault(); go(reason); }}>
      <input class="field" data-first value=${reason} maxlength="500" onInput=${(event) => setReason(event.target.value)} aria-label=${t("Reason, shown to who asked; may stay empty")} placeholder=${t("Reason for who asked, if any")} />
      <${Btn} label=${t("Dismiss")} kbd="↵" kind="main" type="submit" /></form>
    <p class="meta">${t("Who asked sees the reason. After the debate everybody sees how often each was given.")}</p>
  </${Frame}>`;
}

function MergePanel({ id, q, place }) {
  const [search, setSearch] = useState("");
  const view = link.view.value;
  const found = useMemo(() => {
    const rank = { live: 0, queued: 1, public: 2, answered: 3, review: 4 };
    const open = Object.keys(view.questions).filter((other) => other !== id && rank[view.questions[other].state] !== undefined);
    if (!search.trim()) {
      const similar = (q.similar || []).filter((other) => open.includes(other));
      if (similar.length) return similar.slice(0, 6);
      const words = new Set(fold(q.text).match(/\p{L}{5,}/gu) || []);
      const near = (other) => [...words].filter((word) => fold(view.questions[other].text).includes(word)).length;
      return open.map((other) => [near(other), other]).filter(([hits]) => hits > 0).sort((a, b) => b[0] - a[0]).slice(0, 6).map(([, other]) => other);
    }
    return arrange(open, view, { filter: NO_FILTER, search, order: "votes" }).slice(0, 8);
  }, [search, view.questions, id]);
  const go = (into) => { closePanel(); mergeInto(id, into); };
  return html`<${Frame} title=${t("Merge no. {n} into", { n: q.n })} id=${id} text=${q}>
    <form onSubmit=${(event) => { event.preventDefault(); if (found[0]) go(found[0]); }}><input class="field" data-first type="search" value=${search} onInput=${(event) => setSearch(event.target.value)} aria-label=${t("Find the question by words or number")} placeholder=${t("Words or number")} /></form>
    <ul class="found">${found.map((other) => html`<li key=${other}><button type="button" onClick=${() => go(other)}><span class="two" lang=${view.questions[other].lang || undefined} dir="auto">${view.questions[other].text}</span><span class="meta"><span class="num">${t("No. {n}", { n: view.questions[other].n })}</span><span>${stateWord(view.questions[other].state)}</span><span>${n("{n} vote", "{n} votes", view.questions[other].votes, { n: view.questions[other].votes })}</span></span></button></li>`)}
      ${found.length ? null : html`<li class="meta">${search ? t("Nothing found.") : t("Nothing similar. Search by words or number.")}</li>`}</ul>
    <p class="meta">${t("Votes are counted once per voter. Everybody who asked follows the merged question.")}</p>
  </${Frame}>`;
}

function LabelPanel({ id, q }) {
  const view = link.view.value;
  const [text, setText] = useState("");
  const known = useMemo(() => {
    const all = new Set();
    for (const other in view.questions) for (const label of view.questions[other].labels || []) all.add(label);
    return [...all].sort();
  }, [view.questions]);
  const has = q.labels || [];
  // One at a time, so that what another moderator does to the other labels meanwhile stays.
  const set = (label, how) => act("question:label", { question: id, labels: [label], how }, { place: id });
  const add = async (event) => {
    event.preventDefault();
    const label = text.trim();
    if (!label) { closePanel(); return; }
    const ack = has.includes(label) ? { ok: true } : await set(label, "add");
    if (ack.ok) setText("");
  };
  const flip = (label) => set(label, has.includes(label) ? "remove" : "add");
  return html`<${Frame} title=${t("Labels of no. {n}", { n: q.n })} id=${id} text=${q}>
    ${known.length ? html`<div class="chips">${known.map((label) => html`<${Btn} key=${label} label=${label} pressed=${has.includes(label)} onClick=${() => flip(label)} />`)}</div>` : null}
    <form class="row" onSubmit=${add}>
      <input class="field" data-first value=${text} maxlength="40" onInput=${(event) => setText(event.target.value)} aria-label=${t("New label")} placeholder=${t("New label")} /><${Btn} label=${t("Add")} kind="main" type="submit" /></form>
    <p class="meta">${t("Attendees never see labels.")}</p>
  </${Frame}>`;
}

function AddressPanel({ id, q }) {
  const view = link.view.value;
  const to = q.to || [];
  const set = (next) => act("question:address", { question: id, to: next }, { place: id });
  return html`<${Frame} title=${t("No. {n} is for", { n: q.n })} id=${id} text=${q}>
    <div class="chips"><${Btn} label=${t("All speakers")} pressed=${!to.length} onClick=${() => set([])} />${Object.entries(view.speakers).map(([key, who]) => html`<${Btn} key=${key} label=${who.name} pressed=${to.includes(key)} onClick=${() => set(to.includes(key) ? to.filter((other) => other !== key) : [...to, key])} />`)}</div>
  </${Frame}>`;
}

function AnswerPanel({ id, q }) {
  const [text, setText, forgetDraft] = useDraft("answer", id, q.answer || q.draft || "");
  const view = link.view.value;
  const send = async () => {
    const ack = await act("question:answer", text.trim() ? { question: id, text: text.trim() } : { question: id }, { place: `answer:${id}` });
    if (ack.ok) { forgetDraft(); closePanel(); }
  };
  const refused = refusals.value[`answer:${id}`];
  return html`<${Frame} title=${t("Answer no. {n} in writing", { n: q.n })} id=${id} text=${q}>
    ${q.draft ? html`<p class="meta">${t("{name} wrote a draft", { name: speakerNames(view, q.to).join(", ") || t("A speaker") })}</p>` : null}
    <textarea class="field" data-first rows="5" value=${text} onInput=${(event) => setText(event.target.value)} aria-label=${t("Answer, shown to everybody")}></textarea>
    ${refused ? html`<div class="err" role="alert"><b>${refused.message}</b></div>` : null}
    <div class="row"><span class="sp"></span>${q.state === "answered" ? null : html`<${Btn} label=${t("Answered, no text")} kind="bare" onClick=${async () => { const ack = await act("question:answer", { question: id }, { place: `answer:${id}` }); if (ack.ok) { forgetDraft(); closePanel(); } }} />`}<${Btn} label=${t("Publish the answer")} kind="main" disabled=${!text.trim()} onClick=${send} /></div>
  </${Frame}>`;
}

function BudgetPanel({ id, q }) {
  const view = link.view.value;
  const each = view.queue.each_s;
  const now = budget(view, id);
  const set = (seconds) => { act("question:budget", { question: id, seconds }, { place: id }); closePanel(); };
  const choices = [...new Set([60, 90, 120, 150, 180, 240, 300, now])].sort((a, b) => a - b);
  return html`<${Frame} title=${t("Time for no. {n}", { n: q.n })} id=${id} text=${q}>
    <div class="chips"><${Btn} label=${t("As all others, {time}", { time: lengthText(each) })} pressed=${!q.budget_s} onClick=${() => set(null)} />${choices.map((seconds) => html`<${Btn} key=${seconds} label=${lengthText(seconds)} pressed=${q.budget_s === seconds} onClick=${() => set(seconds)} />`)}</div>
  </${Frame}>`;
}

