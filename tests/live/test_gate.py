"""Where a command is let in: forbidden, invalid, rate_limited, in this order; what is not named is refused."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from moderator.domain.commands import RULES, Role
from moderator.domain.refusal import Refused
from moderator.live.gate import admit, digest, read
from moderator.live.identity import Caller
from moderator.live.limits import PER_MINUTE, Limits

ROLES: tuple[Role, ...] = get_args(Role)

# As the contract's table of events and the house's additions have it. Whoever changes a rule changes it here too.
ATTENDEE = {
    "clock", "question:similar", "question:ask", "question:edit", "question:withdraw", "question:vote",
    "question:unvote", "question:flag", "hands:answer",
}  # fmt: skip
SPEAKER = {
    "clock", "question:similar", "report", "question:offer", "question:draft", "message:seen", "speaker:signal",
}  # fmt: skip
SCREEN = {"clock", "question:similar", "report"}
NOT_MODERATOR = {
    "question:withdraw", "question:vote", "question:unvote", "question:flag", "hands:answer", "report",
    "question:offer", "question:draft", "message:seen", "speaker:signal",
}  # fmt: skip
CONTRACT = """
    clock question:ask question:edit question:withdraw question:vote question:unvote question:similar question:approve
    question:dismiss question:restore question:queue question:unqueue question:answer question:star question:unstar
    question:move question:air question:next question:clear question:merge question:unmerge question:label
    question:address question:flag timer:start timer:next timer:previous timer:pause timer:resume timer:end timer:add
    agenda:replace agenda:edit agenda:add agenda:move agenda:remove qa:open qa:close qa:auto settings:change
    message:send message:clear hands:ask hands:close hands:answer message:seen speaker:signal undo
""".split()

GOOD: dict[str, dict[str, Any]] = {
    "clock": {"t0": 1},
    "question:similar": {"text": "x"},
    "question:ask": {"text": "x"},
    "question:edit": {"question": "q1", "text": "x"},
    "question:move": {"question": "q1", "before": None},
    "question:order": {"questions": ["q1"]},
    "question:merge": {"question": "q1", "into": "q2"},
    "question:label": {"question": "q1", "labels": []},
    "question:address": {"question": "q1", "to": []},
    "question:budget": {"question": "q1", "seconds": 60},
    "question:draft": {"question": "q1", "text": "x"},
    "question:trim": {"seconds": 60},
    "timer:add": {"seconds": 60},
    "agenda:edit": {"slot": "talk1"},
    "agenda:move": {"slot": "talk1", "before": None},
    "agenda:remove": {"slot": "talk1"},
    "agenda:settle": {"how": "debate"},
    "agenda:borrow": {"seconds": 60},
    "message:send": {"text": "x"},
    "message:seen": {"message": "m1"},
    "hands:ask": {"text": "x", "answers": ["a", "b"]},
    "hands:answer": {"answer": 0},
    "speaker:signal": {"signal": "ready"},
}
NO_PAYLOAD = {
    "question:next", "question:clear", "question:uncall", "timer:start", "timer:next", "timer:previous", "timer:pause",
    "timer:resume", "timer:end", "agenda:replace", "agenda:add", "qa:open", "qa:close", "qa:auto", "settings:change",
    "message:clear", "hands:close", "undo", "presence", "report",
}  # fmt: skip


def good(type: str) -> dict[str, Any]:
    return GOOD.get(type, {} if type in NO_PAYLOAD else {"question": "q1"})


def caller(role: Role) -> Caller:
    return Caller("moss", role, role, "talk1" if role == "speaker" else None)


def code(role: Role, type: str, payload: Any) -> str:
    try:
        admit(caller(role), type, payload, Limits())
    except Refused as refused:
        return refused.code
    return "ok"


def allowed(role: Role) -> set[str]:
    return {
        "attendee": ATTENDEE, "speaker": SPEAKER, "screen": SCREEN, "organiser": set(),
        "moderator": set(RULES) - NOT_MODERATOR,
    }[role]  # fmt: skip


def test_every_command_of_the_contract_is_there() -> None:
    assert set(CONTRACT) <= set(RULES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("type", sorted(RULES))
def test_everybody_may_do_what_the_table_says_and_nothing_else(type: str, role: Role) -> None:
    expected = "ok" if type in allowed(role) else "forbidden"
    assert code(role, type, good(type)) == expected


@pytest.mark.parametrize("type", sorted(RULES))
def test_forbidden_comes_before_invalid(type: str) -> None:
    for role in ROLES:
        expected = "invalid" if type in allowed(role) else "forbidden"
        assert code(role, type, {**good(type), "nonsense": 1}) == expected
        assert code(role, type, [1]) == expected


@pytest.mark.parametrize("type", sorted(RULES))
def test_every_field_has_one_type(type: str) -> None:
    rule = RULES[type]
    assert read(rule, {**good(type), "id": "abcdefgh", "base": 3}).id == "abcdefgh"
    bad_ids = ("short", "x" * 65, "with space", "ünïcödes", "abcdefgh\n", 12345678)
    for bad in [*({"id": id} for id in bad_ids), {"base": -1}, {"base": "3"}, {"base": 1.5}, {"base": 2**70}]:
        with pytest.raises(Refused) as refused:
            read(rule, {**good(type), **bad})
        assert (refused.value.code, refused.value.field) == ("invalid", next(iter(bad)))
    for name in good(type):
        with pytest.raises(Refused) as refused:
            read(rule, {**good(type), name: {"wrong": []}})
        assert refused.value.code == "invalid"
        assert (refused.value.field or "").split("[")[0] == name


def test_a_missing_and_an_unknown_field_are_named() -> None:
    with pytest.raises(Refused) as refused:
        read(RULES["question:merge"], {"question": "q1"})
    assert refused.value.field == "into"
    with pytest.raises(Refused) as refused:
        read(RULES["question:merge"], {"question": "q1", "into": "q2", "by": "me"})
    assert refused.value.field == "by"
    with pytest.raises(Refused) as refused:
        read(RULES["agenda:edit"], {"slot": "s1", "duration_s": 0})
    assert refused.value.field == "duration_s"


@pytest.mark.parametrize("type", ["", "question", "question:", "Question:ask", "connect", "disconnect", "create", "*"])
def test_what_is_no_command_is_invalid_for_all(type: str) -> None:
    for role in ROLES:
        assert code(role, type, {}) == "invalid"


def test_what_is_invalid_does_not_count_against_the_limit() -> None:
    limits = Limits()
    for _ in range(300):
        with pytest.raises(Refused, match="cannot be read"):
            admit(caller("attendee"), "question:vote", {}, limits)
    admit(caller("attendee"), "question:vote", {"question": "q1"}, limits)


def test_limits_are_counted_per_identity_and_webinar_and_say_when_to_come_back() -> None:
    limits = Limits()
    for _ in range(PER_MINUTE["ask"].amount):
        limits.check("ask", "attendee", "moss", "ada")
    with pytest.raises(Refused) as refused:
        limits.check("ask", "attendee", "moss", "ada")
    assert refused.value.code == "rate_limited"
    assert 1 <= (refused.value.retry_after_s or 0) <= 61
    limits.check("ask", "attendee", "moss", "ben")
    limits.check("ask", "attendee", "fern", "ada")
    limits.check("vote", "attendee", "moss", "ada")


def test_limits_allow_what_the_contract_promises_attendees() -> None:
    assert PER_MINUTE["ask"].amount >= 10
    assert PER_MINUTE["vote"].amount >= 60
    assert {rule.limit for rule in RULES.values()} <= set(PER_MINUTE)


def test_every_kept_command_has_a_digest_that_leaves_id_and_base_aside() -> None:
    for type, rule in RULES.items():
        one = read(rule, {**good(type), "id": "abcdefgh", "base": 3})
        other = read(rule, good(type))
        assert digest(type, one) == digest(type, other)
        msgspec.json.encode(one)
    assert digest("question:star", read(RULES["question:star"], {"question": "q1"})) != digest(
        "question:unstar", read(RULES["question:unstar"], {"question": "q1"})
    )
