"""How long the projection of an agenda takes: 10, 100 and 1,000 slots, in Python.

    python bench/projection.py [--repeats N]

Prints the median of the repeats, and how it grows per tenfold agenda (10.0 is linear). Two agendas: an ordinary one
(talks with a debate in every ten slots and a fixed break in every thirty), and the worst one for sharing, where every
slot is flex, each with a least of its own that it falls below. Exits 1 if 10 ordinary slots take 50 µs or more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from moderator.domain.agenda import Kind, Slot
from moderator.domain.timer import Run, Timer, project

GOAL_US = 50
T0 = 1_594_104_000_000


def ordinary(count: int) -> list[Slot]:
    slots = []
    for index in range(count):
        kind: Kind = "debate" if index % 10 == 8 else "break" if index % 30 == 29 else "talk"
        start = T0 + index * 900_000
        slots.append(Slot(f"s{index}", "", kind, start, 900, flex=kind == "debate", fixed=kind == "break"))
    return slots


def sharing(count: int) -> list[Slot]:
    return [
        Slot(f"s{index}", "", "debate", T0 + index * 900_000, 900, flex=True, min_s=900 - index % 600)
        for index in range(count)
    ]


def median_us(slots: list[Slot], repeats: int) -> float:
    """The first slot runs, five minutes late; each sample is the mean of enough calls to be measurable."""
    timer = Timer("running", (Run(slots[0].id, T0 + 300_000, 900),))
    ends_at, now = slots[-1].planned_end_at, T0 + 600_000
    calls = max(1, 2000 // len(slots))
    samples = []
    for _ in range(repeats):
        begun = time.perf_counter_ns()
        for _ in range(calls):
            project(slots, timer, ends_at, now)
        samples.append((time.perf_counter_ns() - begun) / calls / 1000)
    return statistics.median(samples)


def main() -> int:
    parser = argparse.ArgumentParser(description="Time the projection of an agenda.")
    parser.add_argument("--repeats", type=int, default=51)
    repeats = parser.parse_args().repeats
    ten = 0.0
    for name, make in (("ordinary", ordinary), ("sharing", sharing)):
        before = 0.0
        for count in (10, 100, 1000):
            took = median_us(make(count), repeats)
            growth = f"   x {took / before:.1f} for 10 times the slots" if before else ""
            print(f"{name:>9} {count:>5} slots  {took:>9.1f} µs  {took / count:>6.2f} µs a slot{growth}")
            if name == "ordinary" and count == 10:
                ten = took
            before = took
    print(f"goal: under {GOAL_US} µs for 10 slots: {'met' if ten < GOAL_US else 'missed'}")
    return 0 if ten < GOAL_US else 1


if __name__ == "__main__":
    sys.exit(main())
