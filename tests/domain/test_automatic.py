"""What the clock does by itself, when that was asked for."""

from __future__ import annotations

import re

from moderator.domain.automatic import Due, due
from moderator.domain.commands import RULES
from moderator.live.gate import read

from .show import MINUTE, T0, Show

SIX_HOURS = 360 * MINUTE


def ahead(show: Show) -> list[Due]:
    return list(due(show.state, show.now))


def types(show: Show) -> list[str]:
    return [one.type for one in ahead(show)]


def test_nothing_happens_by_itself_unless_it_was_asked_for() -> None:
    show = Show()
    assert ahead(show) == []
    show.mod("timer:start")
    show.now += 90 * MINUTE
    assert ahead(show) == []


def test_it_starts_at_the_planned_time_but_not_a_long_time_after() -> None:
    show = Show(auto_start=True)
    show.now = T0 - 90 * 24 * 60 * MINUTE
    assert [(one.at, one.type, one.payload) for one in ahead(show)] == [(T0, "timer:start", {})]
    show.now = T0 + SIX_HOURS - 1
    assert types(show) == ["timer:start"]
    show.now = T0 + SIX_HOURS
    assert ahead(show) == []
    show.now = T0
    show.mod("timer:start")
    assert ahead(show) == []


def test_it_goes_on_at_the_deadline_and_not_while_paused() -> None:
    show = Show(auto_next=True)
    show.mod("timer:start")
    assert [(one.at, one.type) for one in ahead(show)] == [(T0 + 5 * MINUTE, "timer:next")]
    show.mod("timer:pause")
    assert ahead(show) == []
    show.now += MINUTE
    show.mod("timer:resume")
    assert [one.at for one in ahead(show)] == [T0 + 6 * MINUTE]
    show.mod("timer:end")
    assert ahead(show) == []


def test_the_webinar_does_not_end_by_itself() -> None:
    show = Show(auto_next=True)
    show.mod("timer:start", slot="debate")
    assert types(show) == ["timer:next"]
    show.mod("agenda:edit", slot="wrapup", skip=True)
    assert ahead(show) == []
    show.mod("timer:start", slot="wrapup")
    assert ahead(show) == []


def test_a_slot_that_was_returned_to_does_not_go_on_at_once_and_one_with_time_added_does_later() -> None:
    show = Show(auto_next=True)
    show.mod("timer:start")
    first = ahead(show)[0].id
    show.now += 5 * MINUTE
    show.mod("timer:next")
    show.mod("timer:previous")
    assert ahead(show)[0].id == first  # done already, by its id
    show.mod("timer:add", seconds=120)
    assert ahead(show)[0].id != first
    assert ahead(show)[0].at == T0 + 7 * MINUTE


def test_speakers_are_told_when_time_runs_out() -> None:
    show = Show(auto_messages=True)
    show.mod("timer:start", slot="talk1")
    marks = {one.payload["text"]: (one.at - T0) // MINUTE for one in ahead(show)}
    assert marks == {"2 minutes": 8, "Last minute": 9, "Please come to the end": 10}
    assert {one.payload["to"] for one in ahead(show)} == {"talk1"}
    assert [one.payload["level"] for one in ahead(show)] == ["info", "warn", "urgent"]


def test_a_mark_that_was_passed_long_ago_is_not_told() -> None:
    show = Show(auto_messages=True)
    show.mod("timer:start", slot="talk1")
    show.mod("timer:add", seconds=-500)  # 100 s are left: the warning's moment was before the start
    assert [one.payload["text"] for one in ahead(show)] == ["Last minute", "Please come to the end"]
    show.now += 3 * MINUTE
    assert ahead(show) == []


def test_what_falls_due_is_a_command_that_can_be_sent() -> None:
    show = Show(auto_start=True, auto_next=True, auto_messages=True)
    found = ahead(show)
    show.mod("timer:start")
    found += ahead(show)
    assert {one.type for one in found} == {"timer:start", "timer:next", "message:send"}
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert re.fullmatch(r"[A-Za-z0-9_-]{8,64}", one.id)
        read(RULES[one.type], {**one.payload, "id": one.id, "base": 1})
