"""The product against the floor: one command, one table.

    python bench/run.py [--quick] [--clients N] [--rounds N] [--only ROW …] [--json FILE]

All servers run one after the other on one core, the load client on the other, in interleaved rounds; the figures are
medians over the rounds. See docs/performance.md for what each row means.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rows
import stage

Row = tuple[str, str, str, str]  # what, the figure, its peers and ratios, the goal


def machine() -> str:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    load = Path("/proc/loadavg").read_text().split()[0]
    return (
        f"{model}, {len(stage.CORES)} cores (server on {stage.SERVER_CORE}, clients on {stage.CLIENT_CORE}), "
        f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, Node {node or 'absent'}, "
        f"load {load} at the start"
    )


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.raw: dict[str, Any] = {}

    def add(self, what: str, figure: str, peers: str, goal: str) -> None:
        self.rows.append((what, figure, peers, goal))
        print(f"  {what}: {figure}  [{peers}]  goal {goal}", file=sys.stderr, flush=True)

    def show(self) -> str:
        head: Row = ("what", "ours", "peers, ratios", "goal")
        lines = ["| " + " | ".join(head) + " |", "|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def fanout(table: Table, clients: int, rounds: int, patches: int = 0) -> None:
    """Rows 1 and 2, and memory: the same patch to everybody, by each server in turn."""
    found: dict[str, list[rows.Delivery]] = {}
    size = 0
    names = ["ours", "c", "node", "stock"] if (stage.PEERS / "node_modules").exists() else ["ours", "c", "stock"]
    for _ in range(rounds):
        for name in names:
            one = rows.deliver(
                name, clients, size or 300, patches=patches or max(5, 40_000 // clients), idle_s=1 if patches else 3
            )
            size = size or round(one.bytes)
            found.setdefault(name, []).append(one)
    table.raw[f"fanout {clients}"] = {name: [vars(one) for one in many] for name, many in found.items()}
    cpu = {name: median([one.cpu_us for one in many]) for name, many in found.items()}
    last = {name: median([one.last_ms for one in many]) for name, many in found.items()}
    idle = {name: median([one.idle_ms for one in many]) for name, many in found.items()}
    memory = {name: median([one.kb for one in many]) for name, many in found.items()}

    def against(figures: dict[str, float], form: str) -> str:
        return ", ".join(
            f"{name} {figures[name]:{form}} ({figures['ours'] / figures[name]:.2f} ×)"
            for name in names[1:]
            if figures[name]
        )

    table.add(
        f"CPU µs per delivery, {size} bytes to {clients:,}",
        f"{cpu['ours']:.1f}",
        against(cpu, ".1f"),
        "0.75 × node, 1.6 × c",
    )
    table.add(f"ms to the last of {clients:,}", f"{last['ours']:.0f}", against(last, ".0f"), "faster than node")
    table.add(
        f"CPU ms per second of {clients:,} idle attendees",
        f"{idle['ours']:.1f}",
        against({**idle, "c": 0, "node": 0}, ".1f"),
        "",
    )
    table.add("kB per idle attendee", f"{memory['ours']:.1f}", against({**memory, "c": 0}, ".1f"), "≤ 40")


def storm(table: Table, clients: int, rounds: int, seconds: int) -> None:
    asked = [rows.asked_in_a_storm(clients, seconds) for _ in range(rounds)]
    table.raw["asked"] = asked
    table.add(
        f"question asked → moderator, ms, while {clients:,} vote within {seconds} s",
        f"p50 {median([one['p50'] for one in asked]):.1f}, p99 {median([one['p99'] for one in asked]):.1f}",
        "",
        "p50 ≤ 3, p99 ≤ 25",
    )


def votes(table: Table, clients: int, rounds: int, seconds: float) -> None:
    few = [rows.votes(clients, 20, seconds) for _ in range(rounds)]
    many = [rows.votes(clients, 200, seconds) for _ in range(rounds)]
    table.raw["votes"] = {"few": few, "many": many}
    table.add(
        f"durable votes per second, {clients:,} attendees, 200 under way",
        f"{median([one['rate'] for one in few]):,.0f}",
        f"ack p50 {median([one['p50'] for one in few]):.0f} ms, p99 {median([one['p99'] for one in few]):.0f} ms; "
        f"{median([one['cpu_us'] for one in few]):.0f} µs of CPU per vote",
        "≥ 4,000, p99 ≤ 100 ms",
    )
    ratio = median([one["cpu_us"] for one in many]) / median([one["cpu_us"] for one in few])
    table.add("cost per vote with 10 × the questions (200)", f"{ratio:.2f} ×", "", "≤ 1.3 ×")


UNDER_WAY = [1, 10, 50, 200, 800]


def commits(table: Table, clients: int, rounds: int, seconds: float) -> None:
    """Group commit: how it grows with what waits."""
    found = [rows.group_commits(clients, UNDER_WAY, seconds) for _ in range(rounds)]
    table.raw["commits"] = found
    for number, count in enumerate(UNDER_WAY):
        one = {name: median([each[number][name] for each in found]) for name in found[0][number]}
        table.add(
            f"group commit, {count} votes under way",
            f"{one['rate']:,.0f} votes/s, ack p50 {one['p50']:.1f} ms, p99 {one['p99']:.1f} ms",
            f"{one['batch']:.1f} in a commit that takes {one['commit_ms']:.2f} ms",
            "",
        )


def joins(table: Table, clients: int, rounds: int) -> None:
    found = [rows.joins(clients) for _ in range(rounds)]
    table.raw["joins"] = found
    table.add(
        f"joins with snapshot per second, {clients:,}",
        f"{median([one['rate'] for one in found]):,.0f}",
        f"{median([one['cpu_us'] for one in found]):.0f} µs of CPU each",
        "≥ 1,500",
    )
    table.add(
        f"kill -9 and restart: all {clients:,} back, s",
        f"{median([one['back_s'] for one in found]):.1f}",
        f"{median([one['up_s'] for one in found]):.1f} s of it until the server serves; the official client's back-off",
        "≤ 6",
    )


def quiet(table: Table, clients: int, seconds: int) -> None:
    frames = rows.countdown(clients, seconds)
    table.raw["countdown"] = frames
    table.add(f"frames in {seconds} s of a running countdown, {clients:,} attendees", str(frames), "", "0")


def slow(table: Table, count: int) -> None:
    found = rows.never_reads(count)
    table.raw["slow"] = found
    table.add(
        f"a reader that never reads, {count:,} patches",
        f"{found['grew_kb'] / 1000:+.1f} MB, {'cut' if found['cut'] else 'NOT cut'}",
        f"the other one had {found['got']:,} in order; stock {found['stock_kb'] / 1000:+.1f} MB",
        "flat, cut",
    )


def main() -> None:
    options = argparse.ArgumentParser(description="The product against the floor.")
    options.add_argument("--quick", action="store_true", help="a pass in under a minute")
    options.add_argument("--clients", type=int, default=5000)
    options.add_argument("--most", type=int, default=10_000, help="for the time to the last client")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--only", nargs="*", default=[], help="fanout, most, storm, votes, commits, joins, quiet, slow"
    )
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    clients = 1000 if chosen.quick else chosen.clients
    rounds = 1 if chosen.quick else chosen.rounds
    stage.build()
    table = Table()
    about = machine()
    print(about, file=sys.stderr)
    began = time.monotonic()
    parts: dict[str, Callable[[], None]] = {
        "fanout": lambda: fanout(table, clients, rounds, 6 if chosen.quick else 0),
        "most": lambda: fanout(table, chosen.most, 1),
        "storm": lambda: storm(table, clients, rounds, 3 if chosen.quick else 10),
        "votes": lambda: votes(table, 1000, rounds, 1.5 if chosen.quick else 5),
        "commits": lambda: commits(table, 2000, rounds, 2),
        "joins": lambda: joins(table, clients, rounds),
        "quiet": lambda: quiet(table, clients, 2 if chosen.quick else 10),
        "slow": lambda: slow(table, 3_000 if chosen.quick else 20_000),
    }
    if chosen.quick or chosen.most <= clients:
        del parts["most"]
    if chosen.quick:
        del parts["commits"]
    for name, part in parts.items():
        if not chosen.only or name in chosen.only:
            part()
    print(f"{about}; {rounds} round(s), {time.monotonic() - began:.0f} s\n")
    print(table.show())
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": about, "rows": table.rows, "raw": table.raw}, indent=1))


if __name__ == "__main__":
    main()
