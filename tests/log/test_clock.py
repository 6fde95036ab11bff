from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.log.clock import LogClock, RehearsalClock, parse_instant, running_ns

SECOND = 1_000_000_000
START_MS = 1_594_103_400_000


class Machine:
    """A wall clock that can be set, and one that only runs."""

    def __init__(self) -> None:
        self.wall = START_MS * 1_000_000
        self.running = 5 * SECOND

    def pass_time(self, seconds: float, drift: float = 0.0) -> None:
        """`drift`: seconds by which the wall clock runs ahead meanwhile."""
        self.running += round(seconds * SECOND)
        self.wall += round((seconds + drift) * SECOND)

    def set_wall(self, by_s: float) -> None:
        self.wall += round(by_s * SECOND)

    def clock(self) -> LogClock:
        return LogClock(lambda: self.wall, lambda: self.running)

    def wall_ms(self) -> int:
        return self.wall // 1_000_000


def test_it_tells_wall_time() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.pass_time(90.5)

    assert clock.now() == START_MS + 90_500


def test_it_follows_through_a_suspend() -> None:
    machine = Machine()
    clock = machine.clock()

    machine.pass_time(3600)  # both clocks count the time asleep

    assert clock.now() == START_MS + 3_600_000


@pytest.mark.parametrize("step", [1.9, -1.9, 0.5, -0.5])
def test_a_small_step_is_taken_up_by_at_most_50_ms_per_second(step: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.set_wall(step)

    shown = [clock.now()]
    for _ in range(40):
        machine.pass_time(1)
        shown.append(clock.now())

    assert shown[0] == START_MS
    assert all(950 <= later - earlier <= 1050 for earlier, later in pairwise(shown))
    assert shown[1] - START_MS == 1000 + (50 if step > 0 else -50)
    assert shown[-1] == machine.wall_ms()


@pytest.mark.parametrize("step", [2.0, -2.0, 3600.0, -3600.0])
def test_a_large_step_is_followed_at_once(step: float) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.pass_time(10)
    clock.now()

    machine.set_wall(step)

    assert clock.now() == machine.wall_ms()


def test_it_runs_on_from_a_step_back_instead_of_waiting_at_the_last_instant() -> None:
    machine = Machine()
    clock = machine.clock()
    before = clock.now()
    machine.set_wall(-600)

    machine.pass_time(1)

    assert clock.now() == before - 599_000


@given(
    st.lists(
        st.tuples(
            st.floats(0, 30, allow_nan=False),
            st.floats(-0.4, 0.4, allow_nan=False),
        ),
        max_size=30,
    )
)
def test_it_never_runs_backwards_while_the_wall_clock_only_drifts(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock = machine.clock()
    last = clock.now()
    off = 0.0
    for passed, drift in steps:
        machine.pass_time(passed, drift)
        off += drift
        if abs(off) > 1.9:
            return
        now = clock.now()
        assert now >= last
        assert abs(now - machine.wall_ms()) < 2000
        last = now


def test_the_real_clock_runs_forward() -> None:
    clock = LogClock()
    shown = [clock.now() for _ in range(2000)]

    assert shown == sorted(shown)


def test_a_rehearsal_starts_at_its_instant_and_runs_on() -> None:
    machine = Machine()
    clock = RehearsalClock(parse_instant("2020-07-07T08:29:00+02:00"), lambda: machine.running)

    assert clock.now() == 1_594_103_340_000
    machine.set_wall(500)
    machine.pass_time(61.25)

    assert clock.now() == 1_594_103_340_000 + 61_250
    assert clock.rehearsal
    assert not LogClock().rehearsal


def test_a_rehearsal_may_start_before_what_the_log_holds() -> None:
    assert RehearsalClock(0, running_ns).now() < 1000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2020-07-07T08:30:00+02:00", 1_594_103_400_000),
        ("2020-07-07T06:30:00Z", 1_594_103_400_000),
        (" 2020-07-07 08:30+02:00 ", 1_594_103_400_000),
        ("2020-07-07T06:30:00.250+00:00", 1_594_103_400_250),
        ("1969-12-31T23:59:59Z", -1000),
    ],
)
def test_it_reads_an_instant(text: str, ms: int) -> None:
    assert parse_instant(text) == ms


@pytest.mark.parametrize("text", ["", "now", "08:30", "2020-07-07", "2020-07-07T08:30:00", "2020-13-07T08:30:00Z"])
def test_it_refuses_what_is_no_instant_and_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"\+02:00|add one"):
        parse_instant(text)
