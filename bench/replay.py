"""How long a start takes to read a long history back: 500,000 events in the embedded log.

    python bench/replay.py [--events N] [--attendees N]

One question for every 400 votes, 25 commands to a commit, each vote by somebody who has not cast it yet. Beside it, the
bare reading of the same rows by SQLite. What is timed is what the server does with a webinar before it serves it.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from moderator.domain import events as e
from moderator.domain.agenda import Slot
from moderator.live.limits import Limits
from moderator.live.room import Room
from moderator.log.base import Commit
from moderator.log.sqlite import open_log

T0 = 1_594_103_400_000
BATCH = 25


def history(events: int, attendees: int, at: int) -> list[Commit]:
    """A webinar's commits."""
    chance = random.Random(1)
    slots = [Slot("s1", "Debate", "debate", T0, 3600)]
    first = e.Created("bench", "Bench", "Europe/Brussels", T0, T0 + 3_600_000, "BENCH", slots, [])
    commits = [Commit(1, at, e.encode([e.Action("host", "create", [first])]))]
    cast: set[tuple[str, str]] = set()
    actions: list[e.Action] = []
    questions = 0
    for number in range(events):
        by, id, digest = f"{chance.randrange(attendees):022d}", f"{number:016d}", "0123456789abcdef"
        question = f"q{chance.randrange(questions) + 1}" if questions else ""
        if questions < 20 or number % 400 == 0 or (question, by) in cast:
            questions += 1
            question = f"q{questions}"
            asked = e.Asked(question, questions, f"What follows from point {questions}?", by, "public", at)
            actions.append(e.Action(by, "question:ask", [asked], question=question, id=id, digest=digest))
        else:
            cast.add((question, by))
            voted = e.Voted(question, by)
            actions.append(e.Action(by, "question:vote", [voted], question=question, id=id, digest=digest))
        if len(actions) == BATCH or number == events - 1:
            commits.append(Commit(len(commits) + 1, at, e.encode(actions)))
            actions = []
    return commits


def main() -> None:
    parser = argparse.ArgumentParser(description="Time reading a long history back.")
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--attendees", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        log = open_log(scratch)
        log.adopt("bench", history(options.events, options.attendees, log.now()))
        began = time.perf_counter()
        size = sum(len(commit.body) for commit in log.read("bench"))
        bare = time.perf_counter() - began
        began = time.perf_counter()
        room = Room("bench", log, lambda lang, text, **params: text, Limits())
        took = time.perf_counter() - began
        assert room.state.votes + room.state.last_n == options.events
        print(
            f"{options.events:,} events in {room.seq:,} commits, {room.state.last_n:,} questions, {size / 1e6:.0f} MB: "
            f"{took:.2f} s ({took / options.events * 1e6:.1f} µs each), {took / bare:.0f} times the bare reading"
        )
        log.close()


if __name__ == "__main__":
    main()
