"""Every command: what it takes, and that nothing else gets in."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from moderator.domain import commands as c
from moderator.domain import decide as deciding
from moderator.domain import questions


def commands() -> set[type[c.Command]]:
    """The leaves of the tree of commands."""

    def leaves(of: type[c.Command]) -> set[type[c.Command]]:
        found = set()
        for sub in of.__subclasses__():
            found |= leaves(sub) or {sub}
        return found

    return leaves(c.Command)


def test_every_command_is_in_the_table_once() -> None:
    payloads = [rule.payload for rule in c.RULES.values()]
    assert set(payloads) == commands()
    assert len(payloads) == len(set(payloads))


def test_every_command_that_is_kept_is_decided_somewhere() -> None:
    decided = {*deciding._PLAIN, *deciding._ANSWERING, c.AgendaReplace}
    decided |= {rule.payload for rule in c.RULES.values() if issubclass(rule.payload, c.Bulk)}
    assert {rule.payload for rule in c.RULES.values() if rule.kept} == decided


def test_every_move_of_a_question_is_a_command_for_the_same_roles() -> None:
    for move, rule in questions.MOVES.items():
        assert c.RULES[move].roles == rule.roles, move


def test_only_moderators_actions_can_be_taken_back() -> None:
    for type, rule in c.RULES.items():
        if rule.undoable:
            assert "moderator" in rule.roles, type
            assert rule.kept, type


def test_the_organiser_sends_no_command() -> None:
    assert all("organiser" not in rule.roles for rule in c.RULES.values())


@pytest.mark.parametrize("type", sorted(c.RULES))
def test_no_command_takes_a_field_that_it_does_not_have(type: str) -> None:
    for field in ("by", "actor", "role", "state", "votes", "seq", "at", "__class__"):
        if field not in c.RULES[type].payload.__struct_fields__:
            with pytest.raises(msgspec.ValidationError, match=r"unknown field|required field"):
                msgspec.convert({field: 1}, c.RULES[type].payload)


@pytest.mark.parametrize(
    ("type", "payload"),
    [
        ("question:ask", {"text": 1}),
        ("question:ask", {"text": "x", "aloud": 1}),
        ("question:ask", {"text": "x", "to": "p1"}),
        ("question:ask", {"text": "x", "to": [1]}),
        ("question:ask", {"text": "x", "source": "letter"}),
        ("question:ask", {"text": "x" * 1_000_001}),
        ("question:vote", {"question": ""}),
        ("question:vote", {"question": "x" * 65}),
        ("question:vote", {"question": 7}),
        ("question:approve", {"questions": []}),
        ("question:approve", {"questions": ["q1"] * 1001}),
        ("question:move", {"question": "q1"}),
        ("question:budget", {"question": "q1", "seconds": 9}),
        ("question:budget", {"question": "q1", "seconds": 3601}),
        ("timer:add", {"seconds": 1.5}),
        ("timer:add", {"seconds": "60"}),
        ("timer:add", {"seconds": 86_401}),
        ("timer:add", {"seconds": True}),
        ("timer:start", {"replan": "yes"}),
        ("agenda:edit", {"slot": "s1", "duration_s": 0}),
        ("agenda:edit", {"slot": "s1", "duration_s": 86_401}),
        ("agenda:edit", {"slot": "s1", "kind": "party"}),
        ("agenda:edit", {"slot": "s1", "speakers": [{"affiliation": "x"}]}),
        ("agenda:edit", {"slot": "s1", "speakers": [{"name": "x", "admin": True}]}),
        ("agenda:edit", {"slot": "s1", "links": [{"title": "x"}]}),
        ("agenda:move", {"slot": "s1"}),
        ("agenda:settle", {"how": "magic"}),
        ("settings:change", {"max_length": 49}),
        ("settings:change", {"max_length": 2001}),
        ("settings:change", {"moderation": "none"}),
        ("message:send", {"text": "x", "level": "shout"}),
        ("hands:ask", {"text": "x", "answers": ["one"]}),
        ("hands:ask", {"text": "x", "answers": ["1", "2", "3", "4", "5", "6"]}),
        ("hands:answer", {"answer": 5}),
        ("hands:answer", {"answer": -1}),
        ("speaker:signal", {"signal": "hello"}),
        ("undo", {"of": -1}),
        ("clock", {"t0": "now"}),
        ("report", {"delay_ms": -1}),
    ],
)
def test_what_is_out_of_bounds_is_no_command(type: str, payload: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(payload, c.RULES[type].payload)


def test_a_commands_own_fields_cannot_be_changed() -> None:
    command = msgspec.convert({"question": "q1"}, c.Vote)
    with pytest.raises(AttributeError):
        command.question = "q2"  # type: ignore[misc]
