"""How long it takes to find questions that say the same, among 10,000.

    python bench/similar.py [--questions N] [--searches N]

Prints the median and the slowest of the searches: with a question that is another wording of one there, with one that
is new, and with a few first words, as while somebody types. Exits 1 if a median is 5 ms or more.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from questions import texts

from moderator.domain.similar import SimilarIndex
from moderator.domain.state import Question

GOAL_MS = 5.0


def main() -> int:
    parser = argparse.ArgumentParser(description="Time the search for near duplicates.")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--searches", type=int, default=100)
    options = parser.parse_args()

    there = texts(options.questions)
    index = SimilarIndex()
    begun = time.perf_counter()
    for n, text in enumerate(there, 1):
        index.put(Question(f"q{n}", n, text, None, "public", 0))
    taken = (time.perf_counter() - begun) / len(there) * 1e6
    print(
        f"{len(there):,} questions of {statistics.mean(map(len, there)):.0f} characters; {taken:.1f} µs to take one in"
    )

    step = max(1, len(there) // options.searches)
    other_wordings = [" ".join(["So:", *text.split()[1:]]) for text in there[::step]]
    searches = {
        "another wording": other_wordings,
        "a new one": texts(options.searches, seed=8),
        "the first words": [" ".join(text.split()[:4]) for text in there[::step]],
    }
    worst = 0.0
    for name, wanted in searches.items():
        took, found = [], 0
        for text in wanted[: options.searches]:
            begun = time.perf_counter()
            found += bool(index.find(text))
            took.append((time.perf_counter() - begun) * 1000)
        median = statistics.median(took)
        worst = max(worst, median)
        print(f"{name:>16}: median {median:6.2f} ms, slowest {max(took):6.2f} ms, found for {found} of {len(took)}")
    print(f"goal: under {GOAL_MS:g} ms: {'met' if worst < GOAL_MS else 'missed'}")
    return 0 if worst < GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
