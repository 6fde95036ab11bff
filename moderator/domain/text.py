"""What people type, made harmless and comparable. Pure."""

from __future__ import annotations

import re
import unicodedata

from .refusal import N_, Refused

# Embeddings, overrides and isolates can turn a line around for whoever reads it next to others; plain marks
# (U+200E, U+200F) cannot and are needed in mixed text. Source: Unicode UAX #9, section 2.
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u180e\ufff9\ufffa\ufffb"
_DROP = {ord(c): None for c in _BIDI + _INVISIBLE}
_DROP.update({c: None for c in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0)) if c != 0x85})
_DROP.update(dict.fromkeys(range(0xE0000, 0xE0080)))
_BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
# More than a few marks on one letter are a way to paint over the neighbours' lines.
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


def clean(text: str, *, limit: int, field: str, lines: bool = False, required: bool = True) -> str:
    """The text without control, invisible and bidirectional override characters, in NFC, white space folded.

    `limit` counts code points. Raises `Refused("invalid")` with `field` when nothing is left (and `required`), when it
    is too long, or when it is no text (lone surrogates).
    """
    if len(text) > 4 * limit + 4096:
        raise too_long(len(text), limit, field)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("invalid", N_("This text has characters that cannot be stored."), field=field) from None
    text = unicodedata.normalize("NFC", _BREAKS.sub("\n", text).translate(_DROP))
    text = _SPACES.sub(" ", _MARKS.sub(r"\1", text))
    text = _LINES.sub("\n" if lines else " ", text).strip()
    if required and not text:
        raise Refused("invalid", N_("Write something first."), field=field)
    if len(text) > limit:
        raise too_long(len(text), limit, field)
    return text


def too_long(length: int, limit: int, field: str) -> Refused:
    return Refused("invalid", N_("Too long by {n} characters."), field=field, n=length - limit)


_WORD = re.compile(r"\w+", re.UNICODE)


def folded(text: str) -> str:
    """Lower case without accents or punctuation, words sorted: what two wordings of one question share."""
    # Letters that only look like capitals (𝔸) become some when they are taken apart, and so do a few once more.
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(sorted(_WORD.findall(plain)))
