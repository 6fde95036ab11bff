"""Folds a whole history. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from immutables import Map
from msgspec.structs import replace

from . import events as e
from .evolve import blank, fold_action, one_vote
from .state import Attendee, Webinar


class Replay:
    """What `fold` makes of the commits one after the other, in a fraction of the time, since nobody looks in between.

    Most of a long history are votes. Each is in the state twice: with its question, and with whoever cast it. Here the
    second is left out until the end and made from the first, since nothing that is folded reads it.
    """

    def __init__(self, slug: str) -> None:
        self._state = blank(slug)
        self._seq = 0
        self._votes: dict[str, list[str]] = {}
        """Votes that are not in the state yet: the voters by question."""

    def add(self, actions: Sequence[e.Action], seq: int, at: int) -> bool:
        """Fold commit `seq`. Returns whether everything began anew with it."""
        anew = False
        for action in actions:
            vote = one_vote(action)
            if vote is not None:
                self._votes.setdefault(vote.question, []).append(vote.by)
            else:
                if action.type != "question:ask":  # whoever asks neither reads votes nor changes them
                    self._count()
                self._state, changed = fold_action(self._state, action, seq, at)
                anew |= changed.anew
        self._seq = seq
        if not self._state.created_at:
            self._state = replace(self._state, created_at=at)
        return anew

    def _count(self) -> None:
        """Put the votes that wait into the state."""
        if not self._votes:
            return
        state, counted = self._state, 0
        questions = state.questions.mutate()
        for id, voters in self._votes.items():
            question = questions[id]
            everybody = question.voters.update(dict.fromkeys(voters, True))
            questions[id] = replace(question, voters=everybody, votes=question.votes + len(voters))
            counted += len(voters) if question.merged_into is None else 0  # else the target's votes hold them
        self._state = replace(state, questions=questions.finish(), votes=state.votes + counted)
        self._votes.clear()

    def finish(self) -> Webinar:
        """The state after the last commit."""
        self._count()
        votes: dict[str, dict[str, bool]] = {}
        for question in self._state.questions.values():
            for voter in question.voters:
                votes.setdefault(voter, {})[question.id] = True
        attendees = self._state.attendees.mutate()
        for id in {*self._state.attendees, *votes}:
            one = attendees.get(id) or Attendee()
            attendees[id] = replace(one, votes=Map(votes.get(id, {})))
        return replace(self._state, seq=self._seq, attendees=attendees.finish())
