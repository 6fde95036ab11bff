"""Running the agenda: start anywhere, go on, go back, pause, add time, end."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.agenda import Slot

from .show import AGENDA, MINUTE, T0, Show

HOUR = 60 * MINUTE


@pytest.fixture
def show() -> Show:
    return Show()


def states(show: Show) -> dict[str, str]:
    return {id: slot["state"] for id, slot in show.view()["slots"].items()}


def starts(show: Show) -> list[int]:
    return [(slot.planned_start_at - T0) // MINUTE for slot in show.state.agenda()]


def test_it_begins_with_the_first_slot(show: Show) -> None:
    assert show.mod("timer:start") == {}
    timer = show.view()["timer"]
    assert (timer["phase"], timer["slot"], timer["started_at"]) == ("running", "welcome", T0)
    assert timer["deadline_at"] == T0 + 5 * MINUTE
    assert states(show) == {
        "welcome": "now", "talk1": "next", "talk2": "later", "debate": "later", "wrapup": "later",
    }  # fmt: skip
    assert show.no("timer:start").code == "conflict"


def test_it_begins_with_the_first_slot_that_is_not_skipped(show: Show) -> None:
    show.mod("agenda:edit", slot="welcome", skip=True)
    show.mod("timer:start")
    assert states(show)["welcome"] == "skipped"
    assert show.state.timer.trail[-1].slot == "talk1"


@pytest.mark.parametrize("slot", ["welcome", "talk2", "debate", "wrapup"])
def test_it_begins_anywhere_and_what_was_passed_over_is_skipped(show: Show, slot: str) -> None:
    show.mod("timer:start", slot=slot)
    here = [one.id for one in AGENDA].index(slot)
    assert list(states(show).values())[:here] == ["skipped"] * here
    assert states(show)[slot] == "now"


def test_it_jumps_in_the_middle_and_back_on_a_fresh_clock(show: Show) -> None:
    show.mod("timer:start")
    show.now += 2 * MINUTE
    show.mod("timer:start", slot="talk2")
    show.now += 3 * MINUTE
    show.mod("timer:start", slot="talk1")
    assert show.view()["timer"]["started_at"] == show.now
    assert states(show) == {
        "welcome": "done", "talk1": "now", "talk2": "next", "debate": "later", "wrapup": "later",
    }  # fmt: skip
    show.mod("timer:start", slot="talk1")
    assert len(show.state.timer.trail) == 4


def test_a_skipped_slot_that_is_started_is_wanted(show: Show) -> None:
    show.mod("agenda:edit", slot="talk1", skip=True)
    show.mod("timer:start", slot="talk1")
    assert show.view()["slots"]["talk1"]["skip"] is False


def test_next_passes_over_what_is_skipped_and_ends_after_the_last(show: Show) -> None:
    show.mod("agenda:edit", slot="talk2", skip=True)
    show.mod("timer:start")
    ran = ["welcome"]
    for _ in range(3):
        show.now += 5 * MINUTE
        show.mod("timer:next")
        ran.append(show.state.timer.trail[-1].slot)
    assert ran == ["welcome", "talk1", "debate", "wrapup"]
    show.mod("timer:next")
    view = show.view()
    assert view["timer"]["phase"] == "ended"
    assert "slot" not in view["timer"]
    assert states(show)["talk2"] == "skipped"
    assert show.no("timer:next").code == "conflict"


def test_previous_gives_the_slot_its_clock_back_as_if_it_had_not_been_left(show: Show) -> None:
    show.mod("timer:start")
    show.now += MINUTE
    show.mod("timer:add", seconds=30)
    before = show.view()["timer"]
    show.mod("timer:next")
    show.now += MINUTE
    show.mod("timer:previous")
    after = show.view()["timer"]
    for name in ("slot", "started_at", "deadline_at", "added_s", "duration_s", "phase"):
        assert after[name] == before[name], name
    assert "actual_end_at" not in show.view()["slots"]["welcome"]
    show.now += MINUTE
    show.mod("timer:next")
    assert show.view()["timer"]["started_at"] == show.now  # fresh


def test_previous_returns_into_the_pause_that_was_left(show: Show) -> None:
    show.mod("timer:start")
    show.now += MINUTE
    show.mod("timer:pause")
    show.mod("timer:next")
    show.mod("timer:previous")
    assert show.view()["timer"]["phase"] == "paused"
    assert show.view()["timer"]["paused_at"] == T0 + MINUTE


def test_previous_after_the_end_reopens_the_last_slot(show: Show) -> None:
    show.mod("timer:start", slot="wrapup")
    show.mod("timer:end")
    show.mod("timer:previous")
    assert (show.state.timer.phase, show.state.timer.trail[-1].slot) == ("running", "wrapup")


def test_previous_has_nowhere_to_go_from_the_first_run(show: Show) -> None:
    assert show.no("timer:previous").code == "conflict"
    show.mod("timer:start", slot="talk2")
    assert show.no("timer:previous").code == "conflict"


def test_previous_into_a_slot_that_was_removed_is_a_conflict(show: Show) -> None:
    show.mod("timer:start", slot="talk2")
    show.mod("timer:start", slot="talk1")
    show.mod("agenda:remove", slot="talk2")
    assert show.no("timer:previous").code == "conflict"


def test_the_deadline_stands_still_while_paused_and_moves_when_resumed(show: Show) -> None:
    show.mod("timer:start")
    show.now += MINUTE
    show.mod("timer:pause")
    assert show.view()["timer"]["deadline_at"] == T0 + 5 * MINUTE
    show.now += 10 * MINUTE
    view = show.view()
    assert view["timer"]["deadline_at"] == T0 + 5 * MINUTE
    assert view["slots"]["welcome"]["expected_end_at"] == T0 + 15 * MINUTE
    assert show.no("timer:pause").code == "conflict"
    show.mod("timer:resume")
    assert show.view()["timer"]["deadline_at"] == T0 + 15 * MINUTE
    assert show.no("timer:resume").code == "conflict"


def test_time_is_added_and_taken_even_below_zero(show: Show) -> None:
    show.mod("timer:start")
    show.mod("timer:add", seconds=60)
    assert show.view()["timer"]["deadline_at"] == T0 + 6 * MINUTE
    show.mod("timer:add", seconds=-600)
    timer = show.view()["timer"]
    assert (timer["deadline_at"], timer["added_s"]) == (T0 - 4 * MINUTE, -540)
    before = show.state
    show.mod("timer:add", seconds=0)
    assert show.state is before


@pytest.mark.parametrize("move", ["timer:next", "timer:pause", "timer:resume", "timer:end", "timer:add"])
def test_before_the_start_and_after_the_end_the_clock_cannot_be_moved(show: Show, move: str) -> None:
    payload = {"seconds": 60} if move == "timer:add" else {}
    assert show.no(move, **payload).code == "conflict"
    show.mod("timer:start")
    show.mod("timer:end")
    assert show.no(move, **payload).current == {"phase": "ended"}


def test_an_unknown_slot_is_not_found(show: Show) -> None:
    assert show.no("timer:start", slot="nowhere").code == "not_found"


@pytest.mark.parametrize(
    ("late_ms", "replan", "moved"),
    [
        (20 * MINUTE, None, False), (6 * HOUR, None, False), (6 * HOUR + 1, None, True), (-7 * HOUR, None, True),
        (7 * HOUR, False, False), (20 * MINUTE, True, True), (-20 * MINUTE, True, True), (400 * 24 * HOUR, None, True),
    ],
)  # fmt: skip
def test_the_plan_moves_when_asked_for_or_when_it_is_more_than_six_hours_away(
    show: Show, late_ms: int, replan: bool | None, moved: bool
) -> None:
    show.now = T0 + late_ms
    payload: dict[str, Any] = {} if replan is None else {"replan": replan}
    answer = show.mod("timer:start", **payload)
    shift = late_ms if moved else 0
    assert answer == ({"replanned": True} if moved else {})
    view = show.view()
    assert (view["webinar"]["starts_at"], view["webinar"]["ends_at"]) == (T0 + shift, T0 + 50 * MINUTE + shift)
    assert view["slots"]["wrapup"]["planned_start_at"] == T0 + 45 * MINUTE + shift
    if moved:
        assert view["timer"]["over_s"] == 0


def test_replan_in_the_middle_puts_that_slot_on_time(show: Show) -> None:
    show.now += 3 * MINUTE
    show.mod("timer:start", slot="talk1", replan=True)
    assert show.state.slots["talk1"].planned_start_at == show.now
    assert starts(show) == [-2, 3, 13, 23, 43]


def test_the_debate_gives_what_the_talks_took(show: Show) -> None:
    show.mod("timer:start")
    for _ in range(3):
        show.now += 7 * MINUTE
        show.mod("timer:next")
    # 21 minutes after the start: four minutes early, which the debate takes up.
    assert show.view()["timer"]["duration_s"] == (45 - 21) * 60
    assert show.view()["timer"]["over_s"] == 0


def test_fixed_slots_wait_for_their_time_in_the_projection_but_not_for_next(show: Show) -> None:
    show.mod("agenda:edit", slot="talk2", fixed=True)
    show.mod("timer:start", slot="talk1")
    assert show.view()["slots"]["talk2"]["expected_start_at"] == T0 + 15 * MINUTE
    show.mod("timer:next")
    assert show.view()["slots"]["talk2"]["actual_start_at"] == T0


@pytest.mark.parametrize("type", ["timer:next", "timer:pause", "timer:end", "timer:add", "timer:previous"])
def test_what_the_sender_did_not_see_is_a_conflict(show: Show, type: str) -> None:
    show.mod("timer:start")
    seen = show.state.seq
    show.mod("timer:next")
    payload = {"seconds": 60} if type == "timer:add" else {}
    refused = show.no(type, base=seen, **payload)
    assert (refused.code, refused.current) == ("conflict", {"phase": "running", "slot": "talk1"})
    show.mod(type, base=show.state.seq, **payload)


def test_questions_close_when_the_wrapup_starts_and_open_when_it_is_gone_back_from(show: Show) -> None:
    def qa() -> tuple[str, str | None]:
        part = show.view("attendee")["qa"]
        return part["state"], part.get("reason")

    assert qa() == ("open", None)
    show.now += 10 * HOUR  # planned dates do not decide
    assert qa() == ("open", None)
    show.mod("timer:start", slot="debate", replan=True)
    assert qa() == ("open", None)
    show.mod("timer:next")
    assert qa() == ("closed", "wrapup")
    show.mod("timer:previous")
    assert qa() == ("open", None)
    show.mod("timer:next")
    show.mod("qa:open")
    assert qa() == ("open", None)
    show.mod("timer:end")
    assert qa() == ("open", None)
    show.mod("qa:auto")
    assert qa() == ("closed", "ended")
    show.mod("timer:previous")
    show.mod("qa:close")
    assert qa() == ("closed", "by_moderator")


def test_a_webinar_over_midnight_and_a_long_overrun_need_no_special_case() -> None:
    show = Show(tuple(replace(slot, planned_start_at=slot.planned_start_at + 15 * HOUR) for slot in AGENDA))
    show.now = T0 + 15 * HOUR
    show.mod("timer:start")
    show.now += 25 * HOUR
    view = show.view()
    assert view["timer"]["over_s"] > 24 * 3600
    show.mod("timer:next")
    assert show.view()["slots"]["welcome"]["actual_end_at"] == show.now


def test_an_agenda_where_all_is_skipped_has_nothing_to_start() -> None:
    show = Show((Slot("only", "Only", "talk", T0, 600, skip=True),))
    assert show.no("timer:start").code == "conflict"
    show.mod("timer:start", slot="only")
