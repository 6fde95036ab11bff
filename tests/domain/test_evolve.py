"""Folding: however a history is cut into commits and runs, the same state comes of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain import events as e
from moderator.domain import evolve
from moderator.domain.draft import Changed

from .acts import QUICK
from .show import ADA, BEN, Show

VOTES = st.lists(
    st.tuples(st.sampled_from((*["vote"] * 4, "unvote", "again", "flag")), st.integers(1, 4), st.integers(0, 5)),
    min_size=2,
    max_size=40,
)


def begun() -> Show:
    show = Show()
    for author in (ADA, BEN, ADA, BEN):
        show.public(author)
    show.mod("question:merge", question="q4", into="q3")
    return show


@settings(max_examples=80, phases=QUICK)
@given(VOTES)
def test_a_run_of_votes_is_folded_as_each_of_them_is(played: list[tuple[str, int, int]]) -> None:
    show = begun()
    actions = []
    cast: set[tuple[str, str]] = set()
    for what, n, voter in played:
        id, by = f"q{n}", f"voter-{voter}"
        made: list[e.AnyEvent] = []
        if what == "vote" and (id, by) not in cast:
            cast.add((id, by))
            made = [e.Voted(id, by)]
        elif what == "unvote" and (id, by) in cast:
            cast.discard((id, by))
            made = [e.Unvoted(id, by)]
        elif what == "flag":
            made = [e.Flagged(id, by)]
        kind = "vote" if what == "again" else what
        actions.append(e.Action(by, f"question:{kind}", made, question=id))

    seq, at = show.state.seq + 1, show.now
    together, changed = evolve.fold(show.state, actions, seq, at)
    apart, each = show.state, Changed()
    for action in actions:
        apart, touched = evolve.fold_action(apart, action, seq, at)
        each.add(touched)
    apart = evolve.replace(apart, seq=seq)

    assert together == apart
    assert (changed.questions, changed.attendees, changed.fields) == (each.questions, each.attendees, each.fields)
