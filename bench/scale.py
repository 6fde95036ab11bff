"""What a command costs as questions pile up: at 100 questions, and at 10,000 with 200,000 votes.

    python bench/scale.py [--questions N] [--votes N] [--repeats N]

Each sample is all the server does for a command but the disk and the sockets: decide, fold, bring the views of
attendees, moderators and one speaker up to date, encode their patches. Prints the medians, how they grow, and how large
a snapshot is. Exits 1 if a command costs three times as much at the larger size, or an attendee's snapshot is 60 kB.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
from questions import texts

from moderator.domain import events as e
from moderator.domain import evolve
from moderator.domain.agenda import Slot, Speaker
from moderator.domain.commands import RULES
from moderator.domain.decide import decide
from moderator.domain.draft import Changed
from moderator.domain.questions import Context
from moderator.domain.similar import SimilarIndex
from moderator.live.patches import Channel, Window

T0 = 1_594_103_400_000
GOAL_RATIO = 3.0
GOAL_BYTES = 60_000
_encoder = msgspec.json.Encoder(enc_hook=lambda value: None)


class Show:
    """A webinar with its views, as a room keeps them."""

    def __init__(self, questions: int, votes: int) -> None:
        slots = [
            Slot(f"s{n}", f"Talk {n}", "talk", T0 + n * 600_000, 600, (f"p{n}",)) for n in range(8)
        ] + [Slot("debate", "Debate", "debate", T0 + 4_800_000, 1800, flex=True)]  # fmt: skip
        people = [Speaker(f"p{n}", f"Speaker {n}", "Dr", "Institute of Process Engineering") for n in range(8)]
        first = e.Created("bench", "Bench", "Europe/Brussels", T0, slots[-1].planned_end_at, "BENCH", slots, people)
        self.state, _ = evolve.fold(evolve.blank("bench"), [e.Action("host", "create", [first])], 1, T0)
        chance = random.Random(1)
        self.similar = SimilarIndex()
        made: list[e.AnyEvent] = []
        for n, text in enumerate(texts(questions), 1):
            made.append(e.Asked(f"q{n}", n, text, f"author-{n % 1000}", "review", T0 + n, to=(f"p{n % 8}",)))
            if n % 10:
                made.append(e.Placed(f"q{n}", "answered" if n % 10 == 1 else "public", T0 + n))
        seen = [n for n in range(1, questions + 1) if n % 10]
        each: dict[int, set[int]] = {}
        for _ in range(votes):
            question, voter = chance.choice(seen), chance.randrange(1000, 11_000)
            if voter not in each.setdefault(question, set()):
                each[question].add(voter)
                made.append(e.Voted(f"q{question}", f"attendee-{voter}"))
        self.state, _ = evolve.fold(self.state, [e.Action("host", "host", made)], 2, T0)
        for question_ in self.state.questions.values():
            self.similar.put(question_)
        self.window = Window(self.state)
        roles = (("attendee", None), ("moderator", None), ("speaker", "s1"))
        self.channels = [Channel(role, slot, self.state, T0) for role, slot in roles]
        self.sent = 0

    def send(self, role: Any, actor: str, type: str, **payload: Any) -> float:
        """The seconds it took."""
        begun = time.perf_counter()
        command = msgspec.convert(payload, RULES[type].payload)
        seq = self.state.seq + 1
        context = Context(T0, seq, role, actor, None, self.similar.ids)
        made, _ = decide(self.state, type, command, context)
        actions = [e.Action(actor, type, made)]
        e.encode(actions)
        self.state, changed = evolve.fold(self.state, actions, seq, T0)
        for id in changed.questions:
            self.similar.put(self.state.questions[id])
        self.window.update(self.state, changed.questions)
        for channel in self.channels:
            channel.advance(self.state, changed, self.window, T0)
            _encoder.encode(channel.take()[1])
        took = time.perf_counter() - begun
        assert made
        assert isinstance(changed, Changed)
        return took

    def costs(self, repeats: int) -> dict[str, float]:
        """Median microseconds per command. What finds near duplicates is measured by bench/similar.py."""
        public = [id for id, question in self.state.questions.items() if question.state == "public"][:repeats]
        review = [id for id, question in self.state.questions.items() if question.state == "review"][:repeats]
        find, self.similar.find = self.similar.find, lambda text, limit=5: []  # type: ignore[method-assign]
        took = {
            "ask": [self.send("attendee", f"new-{n}", "question:ask", text=f"Is it {n}?") for n in range(repeats)],
            "vote": [self.send("attendee", f"late-{n}", "question:vote", question=id) for n, id in enumerate(public)],
            "approve": [self.send("moderator", "moderator", "question:approve", question=id) for id in review],
        }  # fmt: skip
        self.similar.find = find  # type: ignore[method-assign]
        return {name: statistics.median(samples) * 1e6 for name, samples in took.items()}

    def sizes(self) -> dict[str, int]:
        return {channel.role: len(_encoder.encode(channel.view)) for channel in self.channels}


def main() -> int:
    parser = argparse.ArgumentParser(description="Time commands at two sizes.")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--votes", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=300)
    options = parser.parse_args()
    small = Show(100, 2000)
    large = Show(options.questions, options.votes)
    before, after = small.costs(options.repeats), large.costs(options.repeats)
    worst = 0.0
    for name in before:
        ratio = after[name] / before[name]
        worst = max(worst, ratio)
        print(
            f"{name:>8}: {before[name]:7.0f} µs at 100, {after[name]:7.0f} µs at {options.questions:,}  x {ratio:.2f}"
        )
    sizes = large.sizes()
    print("snapshot:", ", ".join(f"{role} {size / 1000:,.1f} kB" for role, size in sizes.items()))
    met = worst < GOAL_RATIO and sizes["attendee"] < GOAL_BYTES
    print(f"goals: under x {GOAL_RATIO:g}, attendee under {GOAL_BYTES // 1000} kB: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
