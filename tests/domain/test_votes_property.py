"""Votes are exact under any interleaving: each voter once per question that stands, whatever is merged with what."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain.refusal import Refused

from .acts import QUICK
from .show import Show

VOTERS = tuple(f"voter-{n}" for n in range(4))
QUESTIONS = tuple(f"q{n}" for n in range(1, 6))
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ("vote", "vote", "vote", "unvote", "merge", "unmerge", "withdraw", "dismiss", "restore", "undo")
        ),
        st.sampled_from(QUESTIONS),
        st.sampled_from(QUESTIONS),
        st.sampled_from(VOTERS),
    ),
    min_size=15,
    max_size=50,
)


class Model:
    """Sets of voters by question, and which question each stands for."""

    def __init__(self) -> None:
        self.voters: dict[str, set[str]] = {id: set() for id in QUESTIONS}

    def group(self, show: Show, id: str) -> set[str]:
        target = show.q(id).merged_into or id
        return {target, *show.q(target).merged}

    def vote(self, show: Show, id: str, voter: str) -> None:
        group = self.group(show, id)
        if not any(voter in self.voters[one] for one in group):
            self.voters[show.q(id).merged_into or id].add(voter)

    def unvote(self, show: Show, id: str, voter: str) -> None:
        for one in self.group(show, id):
            self.voters[one].discard(voter)

    def votes(self, show: Show, id: str) -> int:
        return len(set().union(*(self.voters[one] for one in {id, *show.q(id).merged})))


@settings(max_examples=80, phases=QUICK)
@given(steps)
def test_votes_are_exact_whatever_happens_in_between(played: list[tuple[str, str, str, str]]) -> None:
    show, model = Show(), Model()
    for id in QUESTIONS:
        show.public(f"author-{id}")
    for what, id, other, voter in played:
        with suppress(Refused):
            if what in ("vote", "unvote"):
                show.att(voter, f"question:{what}", question=id)
                getattr(model, what)(show, id, voter)
            elif what == "merge":
                show.mod("question:merge", question=id, into=other)
            elif what == "withdraw":
                show.att(f"author-{id}", "question:withdraw", question=id)
            elif what == "undo":
                show.mod("undo")
            else:
                show.mod(f"question:{what}", question=id)
    for id in QUESTIONS:
        assert show.q(id).votes == model.votes(show, id), id
        assert set(show.q(id).voters) == model.voters[id], id
    for voter in VOTERS:
        mine = {show.q(id).merged_into or id for id in QUESTIONS if voter in model.voters[id]}
        assert set(show.view("attendee", attendee=voter)["me"]["votes"]) == mine
    standing = [id for id in QUESTIONS if show.q(id).merged_into is None]
    assert show.view()["counts"]["votes"] == sum(model.votes(show, id) for id in standing)


@settings(max_examples=60, phases=QUICK)
@given(steps.map(lambda played: [step for step in played if step[0] in ("vote", "unvote", "merge")]))
def test_once_all_is_unmerged_everybody_has_what_was_given_to_it(played: list[tuple[str, str, str, str]]) -> None:
    show, model = Show(), Model()
    for id in QUESTIONS:
        show.public(f"author-{id}")
    for what, id, other, voter in played:
        with suppress(Refused):
            if what == "merge":
                show.mod("question:merge", question=id, into=other)
            else:
                show.att(voter, f"question:{what}", question=id)
                getattr(model, what)(show, id, voter)
    for id in QUESTIONS:
        if show.q(id).state == "merged":
            show.mod("question:unmerge", question=id)
    assert {id: show.q(id).votes for id in QUESTIONS} == {id: len(model.voters[id]) for id in QUESTIONS}
    assert {show.q(id).state for id in QUESTIONS} == {"public"}
