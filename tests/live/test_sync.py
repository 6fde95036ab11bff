"""The sync rule: snapshot at a, then every patch up to b, equals a fresh snapshot at b, for every role."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.live import views
from moderator.live.patches import Gone, compose, diff, merge
from tests.domain.acts import ASKING, ATTENDEES, MOVING, QUICK, Act, acts, everything, peopled, play
from tests.support import merge as independent

from .hall import Client, Hall, stopped_clock

TOKEN = re.compile(r"\[[a-z]+-\d+\]")

PLACES = (
    ("attendee", None, ATTENDEES[0]),
    ("attendee", None, ATTENDEES[0]),  # the same person on a second device
    ("attendee", None, ATTENDEES[1]),
    ("attendee", None, ATTENDEES[2]),
    ("attendee", None, ATTENDEES[3]),
    ("moderator", None, None),
    ("moderator", None, None),
    ("speaker", "talk1", None),
    ("speaker", "talk2", None),
    ("screen", None, None),
)


class Meeting:
    """People who come, go, come back and lose frames, while things happen."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.here: dict[int, Client] = {}
        self.away: dict[int, Client] = {}
        hall.wire.watch = self.watch

    def watch(self, client: Client, text: str) -> None:
        """Nothing is in a frame that is not in the view of whoever gets it, and nobody's name in the log is."""
        if client.role != "moderator":
            held = json.dumps(self.hall.fresh(client), ensure_ascii=False)
            assert set(TOKEN.findall(text)) <= set(TOKEN.findall(held)), (client.role, text)
        for attendee in ATTENDEES:
            assert attendee not in text

    def come(self, place: int, lost: int) -> None:
        """Connect, or come back with what was held before the last `lost` frames."""
        if place in self.here:
            return
        client = self.away.pop(place, None)
        if client is None:
            role, slot, attendee = PLACES[place]
            client = Client(role, slot=slot, attendee=attendee)
            self.hall.enter(client)
        elif lost > 6:
            self.hall.enter(client)  # with nothing: it was closed
        else:
            client.seq, client.view = client.past[max(0, len(client.past) - 1 - lost)]
            client.past = [(client.seq, client.view)]
            self.hall.enter(client, client.seq)
        self.here[place] = client

    def go(self, place: int) -> None:
        client = self.here.pop(place, None)
        if client is not None:
            self.hall.leave(client)
            self.away[place] = client

    def restart(self) -> None:
        for place in list(self.here):
            self.away[place] = self.here.pop(place)
        self.hall.open_audience()


Step = tuple[str, Any]


def steps(commands: st.SearchStrategy[Act]) -> st.SearchStrategy[list[Step]]:
    place = st.integers(0, len(PLACES) - 1)
    return st.lists(
        st.one_of(
            st.tuples(st.just("commit"), st.lists(commands, min_size=1, max_size=4)),
            st.tuples(st.just("commit"), st.lists(commands, min_size=1, max_size=4)),
            st.tuples(st.just("commit"), st.lists(commands, min_size=1, max_size=1)),
            st.tuples(st.just("wait"), st.sampled_from((0.005, 0.03, 0.15, 30.0))),
            st.tuples(st.just("come"), st.tuples(place, st.integers(0, 8))),
            st.tuples(st.just("go"), place),
            st.tuples(st.just("settle"), st.none()),
            st.tuples(st.just("restart"), st.integers(0, 4)),
        ),
        min_size=15,  # Hypothesis makes lists of about twice that
        max_size=60,
    )


def hold_meeting(played: list[Step], at_the_start: range) -> None:
    with stopped_clock(ring=6) as clock:
        hall = Hall(peopled(), clock)
        meeting = Meeting(hall)
        for place in at_the_start:
            meeting.come(place, 0)
        for what, how in played:
            if what == "commit":
                hall.commit([partial(_sent, act) for act in how])
            elif what == "wait":
                clock.advance(how)
            elif what == "come":
                meeting.come(*how)
            elif what == "go":
                meeting.go(how)
            elif what == "restart":
                if how == 0:
                    meeting.restart()
            else:
                hall.settle()
        hall.settle()
        for place in range(len(PLACES)):
            meeting.come(place, 3)
        hall.settle()


def _sent(act: Act, state: Any) -> Any:
    return play(state, act)


@settings(max_examples=60, phases=QUICK)
@given(steps(everything()))
def test_snapshot_and_patches_equal_a_fresh_snapshot_whatever_is_sent(played: list[Step]) -> None:
    hold_meeting(played, range(len(PLACES)))


@settings(max_examples=50, phases=QUICK)
@given(steps(st.one_of(acts(*ASKING), acts(*MOVING), acts("undo", "merge", "unmerge", "dismiss", "restore"))))
def test_they_do_when_many_questions_come_and_go_and_few_people_are_there(played: list[Step]) -> None:
    hold_meeting(played, range(0, len(PLACES), 3))


# ---- the laws of patches ----

leaf = st.one_of(st.integers(0, 3), st.booleans(), st.text("xy", max_size=1), st.lists(st.integers(0, 1), max_size=2))


def _with(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """As in views, what a name stands for is an object always (capitals) or never."""
    leaves = st.dictionaries(st.sampled_from("ab"), leaf, max_size=2)
    objects = st.dictionaries(st.sampled_from("CD"), inner, max_size=2)
    return st.builds(lambda one, other: {**one, **other}, leaves, objects)


views_ = st.recursive(_with(st.just({})), _with, max_leaves=8)


def bare(patch: Any) -> Any:
    """As it goes over the wire."""
    if isinstance(patch, Gone):
        return None
    return {key: bare(value) for key, value in patch.items()} if isinstance(patch, dict) else patch


@given(views_, views_)
def test_a_diff_takes_one_view_to_the_other(before: Any, after: Any) -> None:
    patch = diff(before, after)
    assert merge(before, patch) == after
    assert independent.merge(before, bare(patch)) == after
    assert (patch == {}) == (not independent.difference(before, after))


patches_ = st.recursive(
    st.one_of(leaf, st.none()), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=12
)


@given(views_, patches_)
def test_merging_is_the_one_of_the_rfc(view: Any, patch: Any) -> None:
    assert merge(view, patch) == independent.merge(view, patch)


@given(st.lists(views_, min_size=2, max_size=6), st.data())
def test_composed_patches_serve_whoever_holds_any_view_on_the_way(way: list[Any], data: st.DataObject) -> None:
    patches = [diff(a, b) for a, b in pairwise(way)]
    start = data.draw(st.integers(0, len(patches) - 1))
    composed: Any = {}
    for patch in patches[start:]:
        composed = compose(composed, patch)
    for held in way[start:]:
        assert independent.merge(held, bare(composed)) == way[-1]


@given(st.lists(views_, min_size=4, max_size=6), st.integers(1, 4))
def test_composing_in_parts_does_the_same(way: list[Any], cut: int) -> None:
    patches = [diff(a, b) for a, b in pairwise(way)]
    first: Any = {}
    for patch in patches[:cut]:
        first = compose(first, patch)
    second: Any = {}
    for patch in patches[cut:]:
        second = compose(second, patch)
    for held in way:
        assert independent.merge(held, bare(compose(first, second))) == way[-1]


# ---- who gets a frame, and when ----


@pytest.fixture
def hall() -> Any:
    with stopped_clock() as clock:
        yield Hall(peopled(), clock)


def everybody(hall: Hall) -> list[Client]:
    clients = [Client(role, slot=slot, attendee=attendee) for role, slot, attendee in PLACES]
    for client in clients:
        hall.enter(client)
    hall.clock.advance(5)
    for client in clients:
        client.frames.clear()
    return clients


def tell(hall: Hall, act: Act) -> None:
    hall.commit([partial(_sent, act)])


def roles_with_frames(clients: list[Client]) -> set[str]:
    return {client.slot or client.role for client in clients if client.frames}


def test_a_role_whose_view_did_not_change_gets_no_frame(hall: Hall) -> None:
    clients = everybody(hall)
    tell(hall, ("star", 0, 0, 0))
    hall.clock.advance(5)
    assert roles_with_frames(clients) == {"moderator"}


def test_a_question_in_review_sends_nothing_to_the_hall_and_the_stage(hall: Hall) -> None:
    clients = everybody(hall)
    tell(hall, ("ask", 0, 0, 1))
    hall.clock.advance(5)
    assert {(c.role, c.attendee) for c in clients if c.frames} == {
        ("moderator", None), ("attendee", ATTENDEES[0])
    }  # fmt: skip
    mine = [client.frames for client in clients if client.attendee == ATTENDEES[0]]
    for frames in mine:
        assert [set(frame["patch"]) for frame in frames] == [{"me"}]
        assert frames[0]["from"] == frames[0]["seq"]


def test_a_message_to_one_slot_goes_to_its_speakers_and_the_moderators_only(hall: Hall) -> None:
    clients = everybody(hall)
    tell(hall, ("message", 2, 0, 0))
    hall.clock.advance(5)
    assert roles_with_frames(clients) == {"moderator", "talk1"}


def test_nothing_is_sent_because_time_passes(hall: Hall) -> None:
    clients = everybody(hall)
    tell(hall, ("start", 0, 0, 9))
    hall.clock.advance(1)
    for client in clients:
        client.frames.clear()
    hall.clock.advance(3 * 3600)
    assert roles_with_frames(clients) == set()


def test_attendees_get_at_most_one_frame_per_100_ms_the_first_at_once(hall: Hall) -> None:
    clients = everybody(hall)
    attendee = next(client for client in clients if client.attendee == ATTENDEES[3])
    for n in range(200):
        tell(hall, ("settings", 0, n % 10, 4))
        if n == 0:
            assert len(attendee.frames) == 1
        hall.clock.advance(0.005)
    assert 9 <= len(attendee.frames) <= 11
    hall.settle()


def test_moderators_hear_of_votes_every_20_ms_and_of_anything_else_at_once(hall: Hall) -> None:
    clients = everybody(hall)
    moderator = next(client for client in clients if client.role == "moderator")
    for n in range(40):  # in 100 ms
        tell(hall, ("vote" if n % 2 == 0 else "unvote", 3, 1, 0))
        hall.clock.advance(0.0025)
    assert 4 <= len(moderator.frames) <= 7
    moderator.frames.clear()
    tell(hall, ("ask", 0, 0, 1))
    assert len(moderator.frames) == 1


def test_whoever_lost_the_last_frames_gets_what_they_alone_see_as_well(hall: Hall) -> None:
    """The shared frame arrived, the connection broke, and the attendee's own did not: it must not be lost."""
    client = Client("attendee", attendee=ATTENDEES[1])
    hall.enter(client)
    hall.clock.advance(1)
    tell(hall, ("approve", 0, 0, 0))  # q4 and so everybody's view
    hall.clock.advance(1)
    hall.commit([partial(_sent, ("vote", 1, 0, 0)), partial(_sent, ("queue", 1, 2, 0))])
    hall.clock.advance(1)
    for seq, view in client.past:
        again = Client("attendee", attendee=ATTENDEES[1])
        again.view, again.seq = view, seq
        hall.enter(again, seq)
        hall.settle()


def test_the_floor_follows_whom_an_answered_question_is_addressed_to(hall: Hall) -> None:
    moderator = Client("moderator")
    hall.enter(moderator)
    for act in (("air", 0, 2, 0), ("next", 0, 0, 0), ("address", 0, 2, 1)):  # q2, to lovelace
        tell(hall, act)
        hall.show.now += 60_000
        hall.settle()
    assert moderator.view["floor"]["lovelace"]["questions"] == 1
    tell(hall, ("queue", 0, 3, 0))
    tell(hall, ("address", 0, 3, 0))
    hall.settle()


def test_a_since_of_the_future_or_of_another_log_gets_a_snapshot(hall: Hall) -> None:
    client = Client("screen")
    hall.enter(client)
    held = client.seq
    client.frames = []
    hall.enter(client, held + 1)
    assert "view" in client.frames[0]


def test_a_returning_moderator_gets_presence_right(hall: Hall) -> None:
    first, second = Client("moderator"), Client("moderator")
    hall.enter(first)
    hall.clock.advance(5)
    hall.enter(second)
    hall.clock.advance(5)
    assert len(first.view["presence"]["moderators"]) == 2
    hall.leave(first)
    hall.leave(second)
    hall.clock.advance(5)
    hall.enter(first, first.seq)
    hall.clock.advance(5)
    assert list(first.view["presence"]["moderators"]) == [first.sid]
    assert first.view["counts"]["attendees"] == 0


def test_attendees_are_never_told_of_presence(hall: Hall) -> None:
    clients = everybody(hall)
    hall.enter(Client("attendee", attendee="somebody"))
    hall.clock.advance(5)
    assert roles_with_frames(clients) == {"moderator"}
    assert "presence" not in clients[0].view
    assert "attendees" not in clients[0].view["counts"]


def test_views_hold_no_null_and_the_containers_always(hall: Hall) -> None:
    def nulls(value: Any, path: str = "") -> list[str]:
        if value is None:
            return [path]
        if isinstance(value, dict):
            return [found for key, inner in value.items() for found in nulls(inner, f"{path}.{key}")]
        return []

    for role, slot, attendee in PLACES:
        view = views.view(hall.state, role, hall.now(), slot=slot, attendee=attendee)
        assert nulls(view) == []
        assert {"slots", "questions", "speakers", "queue"} <= set(view)
        if role == "attendee":
            assert {"questions", "votes"} <= set(view["me"])
