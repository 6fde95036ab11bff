"""What the way through Redis adds: how much later a screen on another worker sees what one on the sender's worker sees.

    python bench/hop.py [ROUNDS]

Starts a redis-server and two servers on it, sends moderators' commands to the first, and measures at one moderator's
screen on each of them. Prints milliseconds: from sending to the patch, p50 and p99, here and there, and the difference.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.client import Client
from tests.support.redis import Redis
from tests.support.server import Server


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(rounds: int, folder: Path, fsync: str) -> None:
    """Print one line."""
    redis = Redis(folder / "redis", fsync=fsync)
    redis.start()
    one = Server(folder / "one", "--redis", redis.url)
    two = Server(folder / "two", "--redis", redis.url, data=folder / "one" / "data")
    try:
        one.start()
        two.start()
        auth = {"webinar": one.webinar, "role": "moderator", "key": one.key("moderator")}
        sender, here, there = (Client(server.base, auth).connect() for server in (one, one, two))
        sender.do("timer:start")
        took: dict[str, list[float]] = {"here": [], "there": []}
        for _ in range(rounds):
            time.sleep(0.03)
            began = time.monotonic()
            seq = sender.do("timer:add", {"seconds": 1})["seq"]
            for name, client in (("here", here), ("there", there)):
                client.wait_for(lambda client: client.seq >= seq, what="the patch")  # noqa: B023
                took[name].append(1000 * (client.frames[-1].at - began))
        added = [b - a for a, b in zip(took["here"], took["there"], strict=True)]
        print(
            f"appendfsync {fsync}: "
            + ", ".join(
                f"{name} p50 {quantile(values, 0.5):.2f} p99 {quantile(values, 0.99):.2f}"
                for name, values in (*took.items(), ("added", added))
            )
            + f", mean added {statistics.fmean(added):.2f} ms"
        )
        for client in (sender, here, there):
            client.disconnect()
    finally:
        one.finish()
        two.finish()
        redis.finish()


if __name__ == "__main__":
    for kept in ("always", "everysec"):
        with tempfile.TemporaryDirectory() as scratch:
            measure(int(sys.argv[1]) if len(sys.argv) > 1 else 300, Path(scratch), kept)
