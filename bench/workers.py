"""Two workers against one on the same Redis: frames delivered and durable votes, per second.

    python bench/workers.py [--clients N] [--seconds N] [--share F] [--rounds N]

Redis and the load client need processor time of their own, and on two cores two workers cannot have both. So each run
of votes is made twice: with nothing held back, and with every worker held to the share F of a core (a control group of
the system; needs root), which leaves the same room for everything else in both runs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stage import Load, build

from moderator.live.identity import Identities, load_secret
from tests.support.client import Client
from tests.support.redis import Redis
from tests.support.server import Server

PERIOD_US = 5_000
UNDER_WAY = 400
VOTERS = 1500


def cpu_s(pid: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def held(pids: list[int], share: float) -> Iterator[bool]:
    """Inside, each of the processes gets so much of a core at most. False: this system does not let us."""
    old = Path("/sys/fs/cgroup/cpu")
    made: list[Path] = []
    try:
        for pid in pids:
            group = (old if old.is_dir() else old.parent) / f"moderator-bench-{pid}"
            group.mkdir()
            made.append(group)
            quota = int(PERIOD_US * share)
            if old.is_dir():
                (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
                (group / "cpu.cfs_quota_us").write_text(str(quota))
            else:
                (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
            (group / "cgroup.procs").write_text(str(pid))
        able = True
    except OSError:
        able = False
    try:
        yield able
    finally:
        for group in made:
            with contextlib.suppress(OSError):
                for pid in (group / "cgroup.procs").read_text().split():
                    (group.parent / "cgroup.procs").write_text(pid)
                group.rmdir()


class Stage:
    """A server with so many workers, a Redis of its own, and an audience."""

    def __init__(self, workers: int, clients: int, folder: Path) -> None:
        self.redis = Redis(folder / "redis", fsync="everysec")
        self.redis.start()
        options = ("--redis", self.redis.url, "--workers", str(workers), "--join-limit", "0")
        self.server = Server(folder / "server", *options).start()
        while workers > 1 and f"{workers} workers" not in self.server.stdout:
            time.sleep(0.05)
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        self.workers = [int(pid) for pid in children] if workers > 1 else [self.server.pid]
        slug = self.server.webinar
        self.moderator = Client(
            self.server.base, {"webinar": slug, "role": "moderator", "key": self.server.key("moderator")}
        ).connect()
        asked = [self.moderator.do("question:ask", {"text": f"What of {n}?", "source": "room"}) for n in range(40)]
        self.questions = ",".join(ack["question"]["id"] for ack in asked)
        self.seq = self.moderator.do("question:approve", {"questions": self.questions.split(",")})["seq"]
        identities = Identities(load_secret(self.server.data, {}))
        hello = '40{"webinar":"%s","role":"attendee","attendee":"%s"}'
        self.load = Load(self.server.port, 1, [hello % (slug, identities.mint_attendee(slug)) for _ in range(clients)])
        os.sched_setaffinity(self.load.process.pid, range(os.cpu_count() or 1))
        self.load.line("in")
        time.sleep(1)
        self.load.count()

    def finish(self) -> None:
        self.load.stop()
        self.moderator.disconnect()
        self.server.finish()
        self.redis.finish()

    def shares(self, work: Callable[[], float]) -> tuple[float, str]:
        """What it returned, and how much of a core everybody took meanwhile."""
        pids = [*self.workers, self.redis.pid, self.load.process.pid]
        before, began = [cpu_s(pid) for pid in pids], time.monotonic()
        found = work()
        took = time.monotonic() - began
        spent = [f"{100 * (cpu_s(pid) - was) / took:.0f} %" for pid, was in zip(pids, before, strict=True)]
        return found, f"of a core: workers {', '.join(spent[:-2])}, Redis {spent[-2]}, clients {spent[-1]}"

    def deliveries(self, seconds: float) -> float:
        """Frames per second while the moderator changes the clock 25 times a second."""
        stop = threading.Event()

        def change() -> None:
            number = 0
            while not stop.wait(0.04):
                number += 1
                self.moderator.post("timer:add", {"seconds": 60 if number % 2 else -60}, lambda ack: None)

        self.moderator.do("timer:start")
        self.load.count()
        thread = threading.Thread(target=change)
        began = time.monotonic()
        thread.start()
        time.sleep(seconds)
        frames, _ = self.load.count()
        took = time.monotonic() - began
        stop.set()
        thread.join()
        return frames / took

    def votes(self, seconds: float) -> float:
        """Acknowledged votes per second."""
        self.load.say(f"flood {UNDER_WAY} {seconds} {self.seq} {self.questions}")
        said = self.load.line("votes")
        facts = dict(zip(said[::2], said[1::2], strict=False))
        assert facts["refused"] == "0", f"{facts['refused']} votes were refused: more clients, or fewer seconds"
        self.p99 = float(facts["p99"]) * 1000
        return float(facts["votes"]) / float(facts["seconds"])


@contextlib.contextmanager
def staged(workers: int, clients: int) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as scratch:
        stage = Stage(workers, clients, Path(scratch))
        try:
            yield stage
        finally:
            stage.finish()


def main() -> None:
    parser = argparse.ArgumentParser(description="Two workers against one.")
    parser.add_argument("--clients", type=int, default=6000)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    build()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    found: dict[str, dict[int, list[float]]] = {}

    def note(what: str, workers: int, rate: float, shares: str, more: str = "") -> None:
        found.setdefault(what, {}).setdefault(workers, []).append(rate)
        print(f"{what}, {workers} worker(s): {rate:,.0f} per second{more}; {shares}", flush=True)

    for _ in range(options.rounds):
        for workers in (1, 2):
            with staged(workers, options.clients) as stage:
                rate, shares = stage.shares(lambda stage=stage: stage.deliveries(options.seconds))
                note("frames delivered", workers, rate, shares)
            # Few clients, who get as many frames from one worker as from two: frames are fewer where they take longer.
            with staged(workers, VOTERS) as stage:
                rate, shares = stage.shares(lambda stage=stage: stage.votes(options.seconds))
                note("votes", workers, rate, shares, f", p99 {stage.p99:.0f} ms")
                with held(stage.workers, options.share) as able:
                    if able:
                        rate, shares = stage.shares(lambda stage=stage: stage.votes(options.seconds))
                        what = f"votes, {options.share:g} of a core each"
                        note(what, workers, rate, shares, f", p99 {stage.p99:.0f} ms")
    for what, rates in found.items():
        one, two = (statistics.median(rates[n]) for n in (1, 2))
        print(f"{what}: {two:,.0f} with two workers, {one:,.0f} with one, {two / one:.2f} times as many")


if __name__ == "__main__":
    main()
