"""How often one identity may do what: never more than so much within any minute, and always so much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.refusal import Refused
from moderator.live.limits import PER_MINUTE, WINDOW_S, Limits, Windows

KEY = ("vote", "moss", "somebody")


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@given(st.lists(st.integers(0, 400), max_size=80), st.integers(1, 6))
def test_never_more_and_never_fewer_than_the_limit_in_any_window(steps: list[int], most: int) -> None:
    clock = Clock()
    windows = Windows(clock)
    taken: list[float] = []
    for step in steps:
        clock.at += step / 10
        recent = [at for at in taken if at > clock.at - WINDOW_S]
        wait = windows.wait(KEY, most)
        assert (wait == 0) == (len(recent) < most)
        if wait == 0:
            taken.append(clock.at)


def test_who_waits_as_long_as_was_said_may_go_on() -> None:
    clock = Clock()
    windows = Windows(clock)
    for _ in range(3):
        assert windows.wait(KEY, 3) == 0
        clock.at += 10.3
    wait = windows.wait(KEY, 3)
    assert wait == 30  # 60 - 30.9, rounded up
    clock.at += wait
    assert windows.wait(KEY, 3) == 0


def test_one_does_not_use_up_what_another_may_do() -> None:
    windows = Windows(Clock())
    assert windows.wait(KEY, 1) == 0
    assert windows.wait(KEY, 1) > 0
    assert windows.wait(("vote", "moss", "somebody else"), 1) == 0
    assert windows.wait(("ask", "moss", "somebody"), 1) == 0


def test_who_does_nothing_for_a_minute_is_forgotten() -> None:
    clock = Clock()
    windows = Windows(clock)
    for number in range(100):
        windows.wait(("vote", "moss", str(number)), 5)
    clock.at += 2 * WINDOW_S
    windows.wait(KEY, 5)
    assert len(windows) == 1


def test_one_too_many_is_refused_with_the_time_to_wait() -> None:
    limits = Limits()
    for _ in range(PER_MINUTE["ask"].amount):
        limits.check("ask", "attendee", "moss", "somebody")
    with pytest.raises(Refused) as refused:
        limits.check("ask", "attendee", "moss", "somebody")
    assert refused.value.code == "rate_limited"
    assert 1 <= (refused.value.retry_after_s or 0) <= 60
