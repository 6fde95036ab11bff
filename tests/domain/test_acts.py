"""Any commands in any order: the state keeps its promises, and the log gives it back."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain import events as e
from moderator.domain import evolve
from moderator.domain.refusal import Refused
from moderator.domain.replay import Replay
from moderator.live import views

from .acts import ATTENDEES, QUICK, Act, everything, peopled, play
from .show import MINUTE, T0, Show


def do(show: Show, act: Act) -> None:
    sent = play(show.state, act)
    with suppress(Refused):
        show.send(sent.role, sent.actor, sent.type, at_slot=sent.slot, agenda=sent.agenda, **sent.payload)


@settings(max_examples=120, phases=QUICK)
@given(st.lists(st.tuples(everything(), st.integers(0, 4)), min_size=15, max_size=60))
def test_whatever_is_sent_the_state_keeps_its_promises_and_the_log_gives_it_back(
    played: list[tuple[Act, int]],
) -> None:
    show = peopled()  # `Show.keep` checks every state
    for act, minutes in played:
        do(show, act)
        show.now += minutes * MINUTE
    again = evolve.blank("moss")
    replay = Replay("moss")
    for seq, at, body in show.log:
        again, _ = evolve.fold(again, e.decode(body), seq, at)
        replay.add(e.decode(body), seq, at)
    assert again == show.state
    assert replay.finish() == evolve.replace(again, created_at=T0)
    assert msgspec.json.encode(show.view()) == msgspec.json.encode(views.view(again, "moderator", show.now))
    for attendee in ATTENDEES:
        show.view("attendee", attendee=attendee)
