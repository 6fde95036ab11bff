"""The next state in the making: collects what an event changes, and which parts of the views that touches."""

from __future__ import annotations

from typing import Any

from immutables import Map
from msgspec.structs import replace

from .state import Attendee, Question, Webinar

REAL_ANSWER_S = 15  # what was on air for less was passed over, and tells nothing about how long answers take


class Changed:
    """What a fold touched: question and attendee ids, and the names of the state's fields."""

    __slots__ = ("anew", "attendees", "fields", "questions")

    def __init__(self) -> None:
        self.anew = False  # everything, questions that are gone included: no patch leads there
        self.questions: set[str] = set()
        self.attendees: set[str] = set()
        self.fields: set[str] = set()

    def add(self, other: Changed) -> None:
        self.questions |= other.questions
        self.attendees |= other.attendees
        self.fields |= other.fields
        self.anew |= other.anew

    def __bool__(self) -> bool:
        return bool(self.questions or self.attendees or self.fields)


class Draft:
    """One or more events applied to `base`; `state` is what has come of it so far."""

    __slots__ = ("changed", "seq", "state")

    def __init__(self, base: Webinar, seq: int, changed: Changed | None = None) -> None:
        self.state = base
        self.seq = seq
        self.changed = changed if changed is not None else Changed()

    def set(self, **fields: Any) -> None:
        self.state = replace(self.state, **fields)
        self.changed.fields.update(fields)

    def question(self, id: str, **fields: Any) -> Question:
        """Change a question, and with it what is counted over all questions."""
        before = self.state.questions[id]
        return self.put(before, replace(before, **fields))

    def put(self, before: Question | None, after: Question) -> Question:
        state = self.state
        fields: dict[str, Any] = {"questions": state.questions.set(after.id, after)}
        if before is None or before.state != after.state:
            tally = state.tally
            if before is not None:
                tally = tally.set(before.state, tally[before.state] - 1)
            fields["tally"] = tally.set(after.state, tally.get(after.state, 0) + 1)
        old_reason = before.reason if before is not None else ""
        if after.reason != old_reason:
            reasons = state.reasons
            for reason, step in ((old_reason, -1), (after.reason, 1)):
                if reason:
                    count = reasons.get(reason, 0) + step
                    reasons = reasons.set(reason, count) if count else reasons.delete(reason)
            fields["reasons"] = reasons
        if after.on_air != (before is not None and before.on_air):
            others = tuple(id for id in state.aired if id != after.id)
            fields["aired"] = (*others, after.id) if after.on_air else others
        votes = _counted(after) - (_counted(before) if before is not None else 0)
        if votes:
            fields["votes"] = state.votes + votes
        counts = list(state.answered)
        for one, step in ((before, -1), (after, 1)):
            if one is not None and one.state == "answered" and one.on_air:
                counts[0] += step
                if one.air_s >= REAL_ANSWER_S:
                    counts[1] += step
                    counts[2] += step * one.air_s
        if tuple(counts) != state.answered:
            fields["answered"] = tuple(counts)
        self.state = replace(state, **fields)
        self.changed.questions.add(after.id)
        self.changed.fields.update(fields)
        if after.by is not None:
            self.changed.attendees.add(after.by)
        if (
            before is not None
            and before.merged
            and (before.state, before.answer, before.text) != (after.state, after.answer, after.text)
        ):
            for other in before.merged:  # they follow
                self.changed.questions.add(other)
                author = state.questions[other].by
                if author is not None:
                    self.changed.attendees.add(author)
        return after

    def attendee(self, id: str, **fields: Any) -> None:
        attendees = self.state.attendees
        before = attendees.get(id) or Attendee()
        self.state = replace(self.state, attendees=attendees.set(id, replace(before, **fields)))
        self.changed.attendees.add(id)

    def recount(self, id: str) -> None:
        """Votes of a question with those of the merged ones, each voter once."""
        question = self.state.questions[id]
        if not question.merged:
            votes = len(question.voters)
        else:
            everybody: set[str] = set(question.voters)
            for other in question.merged:
                everybody.update(self.state.questions[other].voters)
            votes = len(everybody)
        if votes != question.votes:
            self.question(id, votes=votes)


def _counted(question: Question) -> int:
    """The votes that stand for themselves: those of a merged question are in its target's."""
    return question.votes if question.merged_into is None else 0


def without(map: Map[str, Any], key: str) -> Map[str, Any]:
    return map.delete(key) if key in map else map
