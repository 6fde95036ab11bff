"""What kind of slot a title names, in the languages of Europe. Pure."""

from __future__ import annotations

import re

from moderator.domain.agenda import KINDS, Kind

from .model import plain
from .words import ANYWHERE, KIND_ENDINGS, KIND_PHRASES, KIND_QUALIFIERS, THE_END

_QA = re.compile(r"\bq\s?(?:&|\+|and|/|n|und|et|y)\s?a\b|\bq&as\b|\bf\s?&\s?a\b|\bqa\b")
# "Opening the black box", "Closing the loop", "Lunch atlas": the word is not the part of the day.
_NOT_ONES = frozenset("the a an up to for your our new data on".split())
_EVENT = frozenset("event webinar session meeting conference day seminar workshop discussion debate floor".split())
_WEAK = frozenset(
    (
        "coffee|lunch|cafe|networking|kaffee|koffie|comida|dinar|open floor|close|questions|conclusion|sos|fika|"
        "opening|closing|chiusura|vita|impuls|apertura|tip|gesprach"
    ).split("|")
)
_ORDER: tuple[Kind, ...] = ("debate", "break", "wrapup", "welcome", "intro", "talk")


def kind_of(title: str) -> Kind:
    """The kind that a title names: what it begins with, else a sure word in it; "talk" when it names none."""
    text = _QA.sub(" q&a ", plain(title).replace("’", "'"))
    words = re.findall(r"q&a|[^\W_]+(?:['·][^\W_]+)*", text)[:12]
    if not words:
        return "talk"
    starts = [0]
    while starts[-1] < min(3, len(words) - 1) and words[starts[-1]] in KIND_QUALIFIERS:
        starts.append(starts[-1] + 1)
    best: tuple[int, Kind] | None = None
    for start in starts:
        for count in range(min(5, len(words) - start), 0, -1):
            phrase = " ".join(words[start : start + count])
            for kind in _ORDER:
                if (
                    phrase in KIND_PHRASES[kind]
                    and _stands(phrase, words[start + count :])
                    and (not best or count > best[0])
                ):
                    best = (count, kind)
        # "Opening remarks and debate" is a welcome, "Final debate" a debate: an adjective alone does not decide.
        adjective = best and words[start] in KIND_QUALIFIERS and best[0] == 1 and len(words) > start + 1
        if best and start == starts[0] and best[1] != "talk" and not adjective:
            return best[1]
    if best:
        for word in words[starts[-1] : starts[-1] + 2]:
            if word in ANYWHERE and best[1] in ("wrapup", "welcome"):
                return ANYWHERE[word]
        return best[1]
    for word in words[:3]:
        for ending, kind in KIND_ENDINGS:
            if word.endswith(ending) and len(words) <= 6:
                return kind
    for n, word in enumerate(words[:8]):
        if word in ANYWHERE and ((ANYWHERE[word] == "debate" and n < 5) or len(words) <= 4):
            return ANYWHERE[word]
    return "talk"


def _stands(phrase: str, after: list[str]) -> bool:
    if not after:
        return True
    if phrase in ("opening", "closing", "break", "welcome", "close", "questions", "open floor"):
        if after[0] in _NOT_ONES:
            return any(word in _EVENT for word in after[1:3]) or (phrase == "welcome" and after[0] in ("to", "the"))
        return not (phrase == "questions" and after[0] == "of")
    if phrase in _WEAK and phrase not in ("apertura", "chiusura", "conclusion"):
        return len(after) <= 2 and after[0] in (
            "and",
            "und",
            "et",
            "y",
            "e",
            "en",
            "i",
            "oraz",
            "&",
            "q&a",
            "with",
            "break",
        )
    return True


def kind_named(text: str) -> Kind | None:
    """The kind that a cell names in full ("debate", "Pausa", "Keynote"); None when it names none that we know."""
    key = plain(text).strip().rstrip(".:")
    if key in KINDS:
        return key
    key = _QA.sub("q&a", key).replace("-", " ")
    for kind in _ORDER:
        if key in KIND_PHRASES[kind]:
            return kind
    return None


def is_the_end(title: str) -> bool:
    """ "End", "Fin del webinar": a time that ends the slot before it and is no slot of its own."""
    return plain(title).strip(" .!–-") in THE_END
