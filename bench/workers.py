"""Two workers against one on the same Redis: votes that are durable and frames that are delivered, per second.

    python bench/workers.py [CLIENTS [SECONDS]]

Nothing is pinned: Redis and the load client take their share of the same cores, and it is said how much that was, since
on two cores two workers cannot have two of them.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from stage import Load, build

from moderator.live.identity import Identities, load_secret
from tests.support.client import Client
from tests.support.redis import Redis
from tests.support.server import Server


def cpu_s(pid: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(workers: int, clients: int, seconds: int, folder: Path) -> None:
    """Print one line."""
    redis = Redis(folder / "redis", fsync="everysec")
    redis.start()
    server = Server(folder / "server", "--redis", redis.url, "--workers", str(workers), "--join-limit", "0")
    try:
        server.start()
        while workers > 1 and f"{workers} workers" not in server.stdout:
            time.sleep(0.05)
        identities = Identities(load_secret(server.data, {}))
        auth = {"webinar": server.webinar, "role": "moderator", "key": server.key("moderator")}
        moderator = Client(server.base, auth).connect()
        ids = [moderator.do("question:ask", {"text": f"What of point {n}?", "source": "room"}) for n in range(40)]
        questions = [ack["question"]["id"] for ack in ids]
        seq = moderator.do("question:approve", {"questions": questions})["seq"]
        moderator.disconnect()
        hellos = [
            f'40{{"webinar":"{server.webinar}","role":"attendee","attendee":"{identities.mint_attendee(server.webinar)}"}}'
            for _ in range(clients)
        ]
        load = Load(server.port, 1, hellos)
        os.sched_setaffinity(load.process.pid, range(os.cpu_count() or 1))
        load.line("in")
        load.count()
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        pids = [int(pid) for pid in children] if workers > 1 else [server.pid]
        before = [cpu_s(pid) for pid in (*pids, redis.pid, load.process.pid)]
        began = time.monotonic()
        load.say(f"flood {clients} {seconds} {seq} {','.join(questions)}")
        said = load.line("votes")
        took = time.monotonic() - began
        frames, _ = load.count()
        spent = [after - b for after, b in zip(map(cpu_s, (*pids, redis.pid, load.process.pid)), before, strict=True)]
        shares = [f"{100 * one / took:.0f} %" for one in spent]
        facts = dict(zip(said[::2], said[1::2], strict=False))
        rate, p50, p99 = float(facts["votes"]) / float(facts["seconds"]), float(facts["p50"]), float(facts["p99"])
        print(
            f"{workers} worker(s), {clients} clients: {rate:,.0f} votes/s, {frames / took:,.0f} frames/s, "
            f"p50 {1000 * p50:.0f} ms p99 {1000 * p99:.0f} ms, refused {facts['refused']}; "
            f"of a core: workers {', '.join(shares[:-2])}, Redis {shares[-2]}, clients {shares[-1]}",
            flush=True,
        )
        load.stop()
    finally:
        server.finish()
        redis.finish()


if __name__ == "__main__":
    build()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    given = [int(argument) for argument in sys.argv[1:]]
    for number in (1, 2):
        with tempfile.TemporaryDirectory() as scratch:
            measure(number, *(given + [300, 5][len(given) :]), Path(scratch))  # type: ignore[arg-type]
