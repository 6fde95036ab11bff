"""Questions that say the same: near duplicates by the letters of their words, in any language."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from .state import Question
from .text import folded

CUTOFF = 72.0  # per cent; below that, wordings share little more than their language
FOUND = 5
_OUT = frozenset(("dismissed", "withdrawn", "merged"))


class SimilarIndex:
    """The folded texts of the questions that can still be merged into, for one pass in C over all of them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._of: dict[str, str] = {}  # the texts as they were asked

    def put(self, question: Question) -> None:
        """Take a question in as it is now, or out when nothing can be merged into it any more."""
        if question.state in _OUT:
            self._texts.pop(question.id, None)
            self._of.pop(question.id, None)
        elif self._of.get(question.id) != question.text:  # most of the time it only got a vote
            self._of[question.id] = question.text
            self._texts[question.id] = folded(question.text)

    def find(self, text: str, limit: int = FOUND) -> list[tuple[str, int]]:
        """(question id, score in per cent) of the most similar, best first."""
        wanted = folded(text)
        if len(wanted) < 4:
            return []
        found = process.extract(wanted, self._texts, scorer=fuzz.ratio, score_cutoff=CUTOFF, limit=limit)
        return [(id, round(score)) for _, score, id in found]

    def ids(self, text: str) -> tuple[str, ...]:
        return tuple(id for id, _ in self.find(text))
