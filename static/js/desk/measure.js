// How many lines a text takes at a width. Row heights are known before a row is drawn, so that 10,000 rows
// need no layout and no row ever changes its height under the pointer.

let context = null;
let fontKey = "";
const words = new Map();
const lines = new Map();

function pen(font) {
  if (!context) context = document.createElement("canvas").getContext("2d");
  if (font !== fontKey) {
    fontKey = font;
    words.clear();
    lines.clear();
    context.font = font;
  }
  return context;
}

function wordWidth(word) {
  let known = words.get(word);
  if (known === undefined) {
    known = context.measureText(word).width;
    if (words.size > 50000) words.clear();
    words.set(word, known);
  }
  return known;
}

/** Forget everything measured: the font has arrived or its size has changed. */
export function forget() {
  fontKey = "";
}

/** Lines of `text` in `font` (a canvas font) at `width` px, broken greedily as browsers do; at most `most`. */
export function linesOf(text, font, width, most = 6) {
  pen(font);
  const key = `${Math.round(width)}\n${text}`;
  let known = lines.get(key);
  if (known !== undefined) return Math.min(known, most);
  const space = wordWidth(" ");
  known = 1;
  let used = 0;
  for (const word of text.split(/\s+/)) {
    if (!word) continue;
    const w = wordWidth(word);
    if (used && used + space + w > width) {
      known += 1;
      used = 0;
    }
    if (w > width) {
      // A word longer than the line breaks anywhere.
      known += Math.ceil(w / width) - 1;
      used = w % width;
    } else {
      used += (used ? space : 0) + w;
    }
    if (known > 12) break;
  }
  if (lines.size > 60000) lines.clear();
  lines.set(key, known);
  return Math.min(known, most);
}

/** The user's text size as a factor of the default, so that heights given in rem can be computed. */
export function rem() {
  if (!factor) factor = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1;
  return factor;
}

let factor = 0;
if (typeof addEventListener === "function") addEventListener("resize", () => { factor = 0; });
