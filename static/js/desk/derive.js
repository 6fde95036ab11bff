// What the desk shows, computed from the view. Pure functions; what is cached is keyed by identity or by text,
// so a patch that touches one question of 10,000 costs one pass over the ids and nothing per text.

import { changedKeys } from "../merge.js";

const BUCKET = { review: "review", public: "public", answered: "done", dismissed: "done", merged: "done", withdrawn: "done" };

let held = { questions: null, deeds: null, found: { review: [], public: [], done: [] } };

/**
 * Ids of the questions by column: {review, public, done}, in the order in which they were asked (done: latest first).
 * A column that a patch does not touch keeps its array, so that lists compare it by identity: a vote costs one pass
 * over the ids and nothing else.
 */
export function buckets(view) {
  const { questions, deeds } = view;
  if (questions === held.questions && deeds === held.deeds) return held.found;
  const few = held.questions && changedKeys(held.questions, questions);
  if (few && few.size <= 32) return stepped(questions, deeds, few);
  const before = held.questions || {};
  const touched = new Set(held.questions ? [] : ["review", "public", "done"]);
  if (questions !== held.questions) {
    const ids = Object.keys(questions);
    const count = ids.length;
    for (const id of ids) {
      const was = before[id];
      const now = questions[id];
      if (was === now) continue;
      if (!was || was.state !== now.state) {
        touched.add(BUCKET[now.state]);
        if (was) touched.add(BUCKET[was.state]);
        else held.size = (held.size || 0) + 1;
      } else if (was.answered_at !== now.answered_at) touched.add("done");
    }
    if (count !== held.size) {
      for (const name of ["review", "public", "done"]) touched.add(name);
      held.size = count;
    }
  }
  if (deeds !== held.deeds && held.found.done.length) touched.add("done");
  const found = { ...held.found };
  if (touched.has("review") || touched.has("public") || touched.has("done")) {
    const fresh = { review: [], public: [], done: [] };
    for (const id in questions) {
      const name = BUCKET[questions[id].state];
      if (name && touched.has(name)) fresh[name].push(id);
    }
    const byNumber = (a, b) => questions[a].n - questions[b].n;
    if (touched.has("review")) found.review = fresh.review.sort(byNumber);
    if (touched.has("public")) found.public = fresh.public.sort(byNumber);
    if (touched.has("done")) found.done = bySettled(fresh.done, questions, deeds);
  }
  held = { questions, deeds, found, size: held.size };
  return found;
}

/** The same after a patch that touches a few questions: no pass over all of them. */
function stepped(questions, deeds, few) {
  const before = held.questions;
  const found = { ...held.found };
  let size = held.size || 0;
  let resort = deeds !== held.deeds && found.done.length > 0;
  for (const id of few) {
    const was = before[id];
    const now = questions[id];
    if (was === now) continue;
    size += !!now - !!was;
    const from = was && BUCKET[was.state];
    const to = now && BUCKET[now.state];
    if (from === to) {
      resort = resort || (to === "done" && (was.answered_at !== now.answered_at || was.state !== now.state));
      continue;
    }
    if (from) found[from] = found[from].filter((other) => other !== id);
    if (to === "done") {
      found.done = [...found.done, id];
      resort = true;
    } else if (to) found[to] = placed(found[to], id, questions);
  }
  if (resort) found.done = bySettled(found.done, questions, deeds);
  held = { questions, deeds, found, size };
  return found;
}

/** A list in the order of the numbers with one more in its place. */
function placed(list, id, questions) {
  const { n } = questions[id];
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (questions[list[middle]].n < n) low = middle + 1;
    else high = middle;
  }
  return [...list.slice(0, low), id, ...list.slice(low)];
}

function bySettled(list, questions, deeds) {
  const settled = settledAt(deeds);
  const when = new Map(list.map((id) => [id, settled[id] || questions[id].answered_at || questions[id].asked_at || 0]));
  return list.slice().sort((a, b) => when.get(b) - when.get(a) || questions[b].n - questions[a].n);
}

function settledAt(deeds) {
  const at = {};
  for (const key in deeds || {}) {
    const deed = deeds[key];
    if (deed.question && !deed.undone && /^question:(dismiss|merge|answer|air|next)$/.test(deed.type)) {
      at[deed.question] = Math.max(at[deed.question] || 0, deed.at);
    }
  }
  return at;
}

const folded = new Map();

/** Text without accents and capitals, for searching; remembered per text. */
export function fold(text) {
  let known = folded.get(text);
  if (known === undefined) {
    known = text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase();
    if (folded.size > 60000) folded.clear();
    folded.set(text, known);
  }
  return known;
}

const haystacks = new WeakMap();

function haystack(question) {
  let known = haystacks.get(question);
  if (known === undefined) {
    known = `${fold(question.text)} ${question.name ? fold(question.name) : ""} ${(question.labels || []).map(fold).join(" ")} ${question.n}`;
    haystacks.set(question, known);
  }
  return known;
}

export const NO_FILTER = Object.freeze({ speaker: "", slot: "", lang: "", label: "", starred: false, aloud: false, votes: false, flagged: false, similar: false });

export function filterCount(filter) {
  return Object.values(filter).filter(Boolean).length;
}

/** A predicate for questions that match the filter and every word of the search. */
export function matcher(filter, search) {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const tests = [];
  if (filter.speaker) tests.push((q) => (q.to || []).includes(filter.speaker));
  if (filter.slot) tests.push((q) => q.slot === filter.slot);
  if (filter.lang) tests.push((q) => q.lang === filter.lang);
  if (filter.label) tests.push((q) => (q.labels || []).includes(filter.label));
  if (filter.starred) tests.push((q) => q.starred);
  if (filter.aloud) tests.push((q) => q.aloud);
  if (filter.votes) tests.push((q) => q.votes > 0);
  if (filter.flagged) tests.push((q) => q.flags > 0);
  if (filter.similar) tests.push((q) => q.similar && q.similar.length > 0);
  // A number with or without “no.” finds the question of that number first of all.
  const number = words.length === 1 && /^#?\d+$/.test(words[0]) ? Number(words[0].replace("#", "")) : null;
  if (words.length) {
    tests.push((q) => {
      if (number !== null && q.n === number) return true;
      const hay = haystack(q);
      return words.every((word) => hay.includes(word));
    });
  }
  if (!tests.length) return null;
  return (q) => tests.every((test) => test(q));
}

/** The ids of a column in the order asked for: "oldest", "newest", "votes" or "talk". */
export function arrange(ids, view, { filter, search, order }) {
  const questions = view.questions;
  const matches = matcher(filter, search);
  let shown = matches ? ids.filter((id) => matches(questions[id])) : ids;
  if (order === "newest") shown = shown.slice().reverse();
  else if (order === "votes") shown = shown.slice().sort((a, b) => questions[b].votes - questions[a].votes || questions[a].n - questions[b].n);
  else if (order === "talk") shown = shown.slice().sort(byTalk(view));
  return shown;
}

export function byTalk(view) {
  const place = (id) => {
    const slot = view.slots[view.questions[id].slot];
    return slot ? slot.order : 1e6;
  };
  const questions = view.questions;
  return (a, b) => place(a) - place(b) || (questions[a].slot_offset_s || 0) - (questions[b].slot_offset_s || 0) || questions[a].n - questions[b].n;
}

/** Every label, language and slot that questions have, for the filter: [[value, count]]. */
export function facets(view) {
  const labels = new Map();
  const langs = new Map();
  const slots = new Map();
  for (const id in view.questions) {
    const q = view.questions[id];
    if (q.lang) langs.set(q.lang, (langs.get(q.lang) || 0) + 1);
    if (q.slot) slots.set(q.slot, (slots.get(q.slot) || 0) + 1);
    for (const label of q.labels || []) labels.set(label, (labels.get(label) || 0) + 1);
  }
  const most = (map) => [...map].sort((a, b) => b[1] - a[1]);
  return { labels: most(labels), langs: most(langs), slots: [...slots] };
}

/** Slots in the agenda's order: [[id, slot]]. */
export function slotList(view) {
  return Object.entries(view.slots).sort((a, b) => a[1].order - b[1].order);
}

const HONORIFICS = /^(mr|mrs|ms|dr|prof|sir|dra?|ing|herr|frau|m|mme)\.?\s+/i;

/** The name one would call out across the room: the last word of it, which most programmes use. */
export function lastName(name) {
  const words = (name || "").replace(HONORIFICS, "").trim().split(/\s+/);
  return words[words.length - 1] || "";
}

export function firstName(name) {
  return (name || "").replace(HONORIFICS, "").trim().split(/\s+/)[0] || "";
}

/** A short name of a slot for the ribbon and the meta lines: what stands before brackets or a colon, at most `most` words. */
export function shortTitle(title, kind, kindWord, most = 3) {
  if (kind && kind !== "talk" && kindWord) return kindWord;
  const head = title.split(/[([:–—]/)[0].trim() || title;
  const words = head.split(/\s+/);
  return words.length > most ? `${words.slice(0, most).join(" ")}${most > 2 ? "…" : ""}` : head;
}

/** Who speaks, each once, with the screens that are open for any of their slots: [{id, name, slots, screens}]. */
export function people(view) {
  const out = new Map();
  const open = (view.presence && view.presence.speakers) || {};
  for (const [id, slot] of slotList(view)) {
    if (slot.kind === "break") continue;
    for (const who of slot.speakers) {
      if (!view.speakers[who]) continue;
      if (!out.has(who)) out.set(who, { id: who, name: view.speakers[who].name, slots: [], screens: [] });
      const person = out.get(who);
      person.slots.push(id);
      for (const screen of open[id] || []) person.screens.push(screen);
    }
  }
  return [...out.values()];
}

export function speakerNames(view, ids, short) {
  return (ids || []).map((id) => view.speakers[id]).filter(Boolean).map((s) => (short ? lastName(s.name) : s.name));
}

/** Seconds that a question may take: its own budget or the queue's. */
export function budget(view, id) {
  const q = view.questions[id];
  return (q && q.budget_s) || view.queue.each_s || 150;
}

/** Where a dragged question lands: the id before which it goes, null for the end. */
export function beforeId(order, id, to) {
  const rest = order.filter((other) => other !== id);
  return to >= rest.length ? null : rest[Math.max(0, to)];
}

/** The order by fairness: each time the speaker who has had least of the floor, then votes. */
export function fairOrder(view, order) {
  const floor = {};
  for (const id in view.speakers) floor[id] = (view.floor && view.floor[id] ? view.floor[id].seconds : 0);
  const rest = order.slice();
  const out = [];
  while (rest.length) {
    const cost = (id) => {
      const to = view.questions[id].to || [];
      return to.length ? Math.min(...to.map((s) => floor[s] || 0)) : Math.min(...Object.values(floor), Infinity);
    };
    let best = 0;
    for (let i = 1; i < rest.length; i++) {
      const a = cost(rest[i]);
      const b = cost(rest[best]);
      const qa = view.questions[rest[i]];
      const qb = view.questions[rest[best]];
      if (a < b || (a === b && (qa.votes > qb.votes || (qa.votes === qb.votes && qa.n < qb.n)))) best = i;
    }
    const [id] = rest.splice(best, 1);
    out.push(id);
    const to = view.questions[id].to || [];
    for (const s of to) floor[s] = (floor[s] || 0) + budget(view, id) / to.length;
  }
  return out;
}
