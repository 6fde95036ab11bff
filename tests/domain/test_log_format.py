"""What stands in the log: every event comes back as it was, and so does every action."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain import events as e
from moderator.domain import evolve
from moderator.domain.agenda import Link, Slot, Speaker
from moderator.domain.state import Settings

from .show import created

TYPES: tuple[type[e.Event], ...] = get_args(e.AnyEvent)

SLOT = Slot("s1", "Mosses", "talk", 1, 600, ("p1",), True, True, True, 60, 30, 10, (Link("Slides", "https://a.b/c"),))
FULL: list[e.AnyEvent] = [
    created(),
    e.KeysRotated("moderator"),
    e.Asked("q1", 1, "Is it\nso? 👩‍🔬", "hash", "review", 5, "Ada", ("p1",), True, "fr", "phone", "s1", 7, ("q0",)),
    e.Edited("q1", "Better?", True),
    e.Voted("q1", "hash"),
    e.Unvoted("q1", "hash"),
    e.Flagged("q1", "hash"),
    e.Placed("q1", "answered", 6, "Late", "Yes."),
    e.QueueOrdered(("q1", "q2")),
    e.Noted("q1", True, ("hard",), ("p1",), None, ("s1",), "Draft"),
    e.Merged("q1", "q2"),
    e.Unmerged("q1"),
    e.Called("q1"),
    e.AgendaChanged([SLOT], ["s2"], ["s1"], [Speaker("p1", "Ada", "Dr", "Ockham")], 1, 2),
    e.SlotBegan("s1", 3, 600),
    e.RunChanged(300),
    e.WentBack(),
    e.Paused(4),
    e.Resumed(5),
    e.TimeAdded(-60),
    e.Ended(9),
    e.QaSet("closed"),
    e.SettingsChanged(Settings(moderation="post", each_s=60, auto_next=True)),
    e.MessageSent("m1", "all", "Louder", "urgent", 8),
    e.MessageCleared(),
    e.MessageSeen("s1", 9),
    e.HandsAsked("h1", "Who?", ("Me", "You"), 9),
    e.HandsClosed(),
    e.HandsAnswered("hash", 1),
    e.Signalled("s1", "none", 9),
    e.Undone(7),
    e.Forgotten(),
    e.Rehearsed(),
    e.Wiped(created(), Settings(moderation="post"), "closed", {"moderator": 2}),
]


def test_every_event_is_tried_here_has_a_tag_of_its_own_and_is_folded_somewhere() -> None:
    assert {type(event) for event in FULL} == set(TYPES)
    tags = [type_.__struct_config__.tag for type_ in TYPES]
    assert len(set(tags)) == len(tags)
    assert set(evolve._EVOLVE) == set(TYPES)


@pytest.mark.parametrize("event", FULL, ids=lambda event: type(event).__name__)
def test_an_event_comes_back_as_it_was(event: e.AnyEvent) -> None:
    [action] = e.decode(e.encode([e.Action("moderator", "host", [event])]))
    assert action.events == [event]
    assert [type(getattr(action.events[0], name)) for name in event.__struct_fields__] == [
        type(getattr(event, name)) for name in event.__struct_fields__
    ]


def test_a_field_that_was_left_alone_is_told_from_one_that_was_emptied() -> None:
    untouched, emptied = e.Noted("q1"), e.Noted("q1", budget_s=None, to=())
    [action] = e.decode(e.encode([e.Action("moderator", "host", [untouched, emptied])]))
    assert action.events == [untouched, emptied]
    assert action.events[0].budget_s is msgspec.UNSET  # type: ignore[union-attr]
    assert action.events[1].budget_s is None  # type: ignore[union-attr]


answers = st.dictionaries(st.text(max_size=5), st.one_of(st.integers(0, 9), st.text(max_size=5)), max_size=3)


@given(st.one_of(st.none(), answers), st.booleans())
def test_an_action_comes_back_with_its_id_and_its_first_answer(answer: dict[str, Any] | None, named: bool) -> None:
    action = e.Action(
        "moderator", "undo", [e.Undone(3)], by="Olga", question="q1", slot="s1", id="abcdefgh", digest="d"
    )
    if answer is not None:
        action = msgspec.structs.replace(action, answer=msgspec.Raw(msgspec.json.encode(answer)))
    if not named:
        action = msgspec.structs.replace(action, by="", question=None, slot=None, id=None, digest=None)
    [back] = e.decode(e.encode([action]))
    assert msgspec.json.decode(back.answer) == (answer or {})
    for name in ("actor", "type", "events", "by", "question", "slot", "id", "digest"):
        assert getattr(back, name) == getattr(action, name)


def test_what_is_not_said_takes_no_room() -> None:
    body = e.encode([e.Action("attendee-hash", "question:vote", [e.Voted("q1", "attendee-hash")])])
    assert len(body) < 120


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"c":[{"a":"x","t":"y","e":[{"e":"unheard-of"}]}]}', b"\xff"])
def test_what_is_no_commit_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        e.decode(body)
