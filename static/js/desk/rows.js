// A list of which only what is seen is in the page, and that never moves what is under the pointer or the focus.
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor.js";
import { t } from "../i18n.js";
import { mine } from "./store.js";

const OVERSCAN = 300; // px drawn beyond the edges, so that scrolling shows no blank

/**
 * Keeps a list still while somebody works in it. `ids` is how the list should be; what is returned is what to show:
 * {shown, fresh, reveal}. While `busy`, rows that others took away stay (as ghosts), the order stands, and new ones
 * wait, unless they come at the end, where they move nothing.
 */
export function useStill(ids, busy, key) {
  const state = useRef({ shown: ids, key, ids });
  const [, again] = useState(0);
  const kept = state.current;
  if (kept.key !== key || !busy) {
    kept.shown = ids;
    kept.fresh = [];
    kept.key = key;
  } else if (kept.ids !== ids || kept.dirty) {
    const now = new Set(ids);
    const had = new Set(kept.shown);
    const stay = kept.shown.filter((id) => now.has(id) || !mine.has(id));
    const tail = [];
    const added = ids.filter((id) => !had.has(id));
    for (let i = ids.length - 1; i >= 0 && !had.has(ids[i]); i--) tail.unshift(ids[i]);
    const atEnd = new Set(tail);
    const own = added.filter((id) => !atEnd.has(id) && mine.has(id));
    if (own.length) {
      // What this page itself brought back goes to its place: the moderator is looking for it.
      const next = ids.filter((id) => had.has(id) || atEnd.has(id) || mine.has(id));
      kept.shown = next;
    } else {
      kept.shown = tail.length ? stay.concat(tail) : stay.length === kept.shown.length ? kept.shown : stay;
    }
    const visible = new Set(kept.shown);
    kept.fresh = added.filter((id) => !visible.has(id));
  }
  kept.ids = ids;
  kept.dirty = false;
  return {
    shown: kept.shown,
    fresh: kept.fresh || [],
    reveal: () => {
      kept.shown = ids;
      kept.fresh = [];
      kept.dirty = true;
      again((n) => n + 1);
    },
  };
}

/** Whether the pointer or the focus is inside an element; `touchend` counts as leaving after a moment. */
export function useBusy(ref) {
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const el = ref.current;
    if (!el) return undefined;
    let inside = false;
    let focused = false;
    let timer = 0;
    const tell = () => setBusy(inside || focused);
    const enter = (event) => {
      clearTimeout(timer);
      inside = true;
      if (event.pointerType === "touch") timer = setTimeout(() => { inside = false; tell(); }, 3000);
      tell();
    };
    const leave = () => { clearTimeout(timer); inside = false; tell(); };
    const focusIn = () => { focused = true; tell(); };
    const focusOut = (event) => { focused = el.contains(event.relatedTarget); tell(); };
    el.addEventListener("pointerenter", enter);
    el.addEventListener("pointerdown", enter);
    el.addEventListener("pointerleave", leave);
    el.addEventListener("focusin", focusIn);
    el.addEventListener("focusout", focusOut);
    return () => {
      clearTimeout(timer);
      el.removeEventListener("pointerenter", enter);
      el.removeEventListener("pointerdown", enter);
      el.removeEventListener("pointerleave", leave);
      el.removeEventListener("focusin", focusIn);
      el.removeEventListener("focusout", focusOut);
    };
  }, []);
  return busy;
}

/** Width and height of an element, followed. */
export function useSize(ref) {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const el = ref.current;
    if (!el) return undefined;
    const read = () => setSize((was) => (was.width === el.clientWidth && was.height === el.clientHeight ? was : { width: el.clientWidth, height: el.clientHeight }));
    read();
    const observer = new ResizeObserver(read);
    observer.observe(el);
    return () => observer.disconnect();
  }, []);
  return size;
}

function firstBelow(tops, y) {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tops[middle + 1] > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The list itself. `heightOf(id)` in px, `row(id, {index, total, top, height})` gives an <li>, `scroller` is the ref of the
 * scrolling element, `size` its measure, `hold` the id that must not move (the current or the hovered row), `show` an id to bring into sight.
 */
export function Rows({ ids, heightOf, version, row, scroller, size, hold, label, className }) {
  const [top, setTop] = useState(0);
  const tops = useMemo(() => {
    const sums = new Float64Array(ids.length + 1);
    for (let i = 0; i < ids.length; i++) sums[i + 1] = sums[i] + heightOf(ids[i]);
    return sums;
  }, [ids, version]);
  const total = tops[ids.length];
  useEffect(() => {
    const el = scroller.current;
    if (!el) return undefined;
    let waiting = 0;
    const read = () => {
      waiting = 0;
      setTop(el.scrollTop);
    };
    const onScroll = () => {
      if (!waiting) waiting = requestAnimationFrame(read);
    };
    el.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(waiting);
      el.removeEventListener("scroll", onScroll);
    };
  }, []);

  // What was held (or else what stands first) stays where it was when rows above it come or go.
  useLayoutEffect(() => {
    const el = scroller.current;
    if (!el) return;
    const was = el.laidRows;
    el.laidRows = { ids, tops };
    if (!was || was.ids === ids || !el.scrollTop) return;
    const y = el.scrollTop;
    let at = hold ? was.ids.indexOf(hold) : -1;
    if (at < 0 || was.tops[at + 1] <= y || was.tops[at] >= y + el.clientHeight) at = firstBelow(was.tops, y);
    for (; at < was.ids.length; at += 1) {
      const index = ids.indexOf(was.ids[at]);
      if (index < 0) continue;
      const moved = tops[index] - was.tops[at];
      if (moved) {
        el.scrollTop = y + moved;
        setTop(el.scrollTop);
      }
      return;
    }
  }, [tops]);

  const from = firstBelow(tops, Math.max(0, top - OVERSCAN));
  const to = Math.min(ids.length, firstBelow(tops, top + (size.height || 800) + OVERSCAN) + 1);
  const drawn = [];
  for (let i = from; i < to; i++) drawn.push(row(ids[i], { index: i, total: ids.length, top: tops[i], height: tops[i + 1] - tops[i] }));
  // The row that has the focus stays in the page even when it is scrolled away, so that the focus is not lost.
  const focusIndex = hold ? ids.indexOf(hold) : -1;
  if (focusIndex >= 0 && (focusIndex < from || focusIndex >= to)) {
    const i = focusIndex;
    const extra = row(ids[i], { index: i, total: ids.length, top: tops[i], height: tops[i + 1] - tops[i] });
    if (i < from) drawn.unshift(extra);
    else drawn.push(extra);
  }
  return html`<ul class=${`rows ${className || ""}`} aria-label=${label} style=${{ height: `${total}px` }}>${drawn}</ul>`;
}

/** Scrolls a row fully into sight, with no more movement than needed; also one that is not drawn yet. */
export function bring(el, id) {
  const laid = el && el.laidRows;
  const index = laid ? laid.ids.indexOf(id) : -1;
  if (index < 0) return;
  const top = laid.tops[index];
  const bottom = laid.tops[index + 1];
  if (top < el.scrollTop) el.scrollTop = top;
  else if (bottom > el.scrollTop + el.clientHeight) el.scrollTop = bottom - el.clientHeight;
}

export function newWord(count) {
  return t("{n} new", { n: count });
}
