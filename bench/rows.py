"""The measurements, each on servers of its own."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

import socketio
import stage
from stage import HERE, Load, Ours, Peer, Process


@dataclass
class Delivery:
    """One server's turn at sending the same event to everybody."""

    cpu_us: float  # of the server, per delivery, without what the same audience costs while nothing is sent
    idle_ms: float  # of the server per second, while nothing is sent: pings and their answers
    last_ms: float  # from the first client that had it to the last, median over the patches
    bytes: float  # of one frame's payload
    kb: float  # resident memory per idle client


def deliver(name: str, clients: int, size: int, patches: int, idle_s: float = 3) -> Delivery:
    """So many events to so many clients, one each 250 ms or slower."""
    server: Ours | Peer = Ours() if name == "ours" else Peer(name, size)
    try:
        before = server.rss_kb()
        load = Load(server.port, server.hello, server.hellos(clients))
        try:
            load.line("in")
            time.sleep(1.2)  # the wave is over
            kb = (server.rss_kb() - before) / clients
            if isinstance(server, Ours):
                server.do("timer:start")
                load.line("round")
            server.send(0)
            load.line("round")
            time.sleep(0.3)
            load.count()
            began, at = server.cpu_s(), time.monotonic()
            time.sleep(idle_s)
            idle = (server.cpu_s() - began) / (time.monotonic() - at)
            began, started = server.cpu_s(), time.monotonic()
            last = []
            for number in range(1, patches + 1):
                at = time.monotonic()
                server.send(number)
                words = load.line("round")
                last.append((float(words[6]) - float(words[3])) * 1000)
                time.sleep(max(0.0, 0.25 - (time.monotonic() - at)))
            cpu = server.cpu_s() - began - idle * (time.monotonic() - started)
            frames, size_of_all = load.count()
            return Delivery(
                cpu / patches / clients * 1e6,
                idle * 1000,
                sorted(last)[len(last) // 2],
                size_of_all / max(1, frames),
                kb,
            )
        finally:
            load.stop()
    finally:
        server.stop()
        if isinstance(server, Ours):
            server.forget()


def _votes(words: list[str]) -> dict[str, float]:
    facts = dict(zip(words[::2], words[1::2], strict=True))
    return {
        "votes": float(facts["votes"]),
        "refused": float(facts["refused"]) + float(facts["lost"]),
        "rate": float(facts["votes"]) / float(facts["seconds"]),
        "p50": float(facts["p50"]) * 1000,
        "p99": float(facts["p99"]) * 1000,
    }


def votes(clients: int, questions: int, seconds: float) -> dict[str, float]:
    """As many votes as it takes, 200 under way at any moment; acks come after the fsync."""
    server = Ours()
    try:
        load = Load(server.port, server.hello, server.hellos(clients))
        try:
            load.line("in")
            ids = ",".join(server.questions(questions))
            time.sleep(1.5)
            load.say(f"flood 200 1 1 {ids}")
            load.line("votes")
            began = server.cpu_s()
            load.say(f"flood 200 {seconds} 1 {ids}")
            found = _votes(load.line("votes"))
            return {**found, "cpu_us": (server.cpu_s() - began) / max(1, found["votes"]) * 1e6}
        finally:
            load.stop()
    finally:
        server.stop()
        server.forget()


def group_commits(clients: int, under_way: list[int], seconds: float) -> list[dict[str, float]]:
    """The same with so many votes under way, in turn: what one commit holds, and how long it takes."""
    server = Ours()
    try:
        load = Load(server.port, server.hello, server.hellos(clients))
        try:
            load.line("in")
            ids = ",".join(server.questions(20))
            time.sleep(1.5)
            found = []
            for count in under_way:
                before = server.metrics()
                load.say(f"flood {count} {seconds} 1 {ids}")
                one = _votes(load.line("votes"))
                spent = {name: value - before.get(name, 0) for name, value in server.metrics().items()}
                commits = max(1.0, spent["webinar_commit_seconds_count"])
                one["batch"] = spent["webinar_commit_commands_sum"] / commits
                one["commit_ms"] = spent["webinar_commit_seconds_sum"] / commits * 1000
                found.append(one)
            return found
        finally:
            load.stop()
    finally:
        server.stop()
        server.forget()


def asked_in_a_storm(clients: int, seconds: int) -> dict[str, float]:
    """Each attendee votes within so many seconds; meanwhile others ask, and a moderator's socket is told."""
    server = Ours()
    try:
        load = Load(server.port, server.hello, server.hellos(clients))
        askers = Load(server.port, server.hello, [*server.hellos(20), server.moderator()], nice=-5)
        try:
            load.line("in")
            askers.line("in")
            ids = ",".join(server.questions(20))
            time.sleep(1.5)
            load.say(f"storm {clients / seconds} {seconds} 1 {ids}")
            askers.say(f"ask {seconds * 18} 50")
            told = askers.line("asked")
            facts = dict(zip(told[2::2], told[3::2], strict=True))
            storm = _votes(load.line("votes"))
            return {
                "p50": float(facts["p50"]) * 1000,
                "p99": float(facts["p99"]) * 1000,
                "votes": storm["votes"],
                "vote_p99": storm["p99"],
            }
        finally:
            load.stop()
            askers.stop()
    finally:
        server.stop()
        server.forget()


def joins(clients: int) -> dict[str, float]:
    """So many join, 200 handshakes under way; then the server is killed and started again, and all come back."""
    server = Ours()
    try:
        server.questions(50)
        load = Load(server.port, server.hello, server.hellos(clients))
        try:
            began = server.cpu_s()
            at = float(load.line("begin")[1])
            took = float(load.line("in")[2]) - at
            cpu = server.cpu_s() - began
            load.say("back")
            time.sleep(0.2)
            at = time.monotonic()
            server.stop(signal.SIGKILL)
            server = server.again()
            up = time.monotonic() - at
            back = float(load.line("in")[2]) - at
            return {"rate": clients / took, "cpu_us": cpu / clients * 1e6, "up_s": up, "back_s": back}
        finally:
            load.stop()
    finally:
        server.stop()
        server.forget()


def countdown(clients: int, seconds: int) -> int:
    """Events in so many seconds of a countdown that runs; pings are none."""
    server = Ours()
    try:
        load = Load(server.port, server.hello, server.hellos(clients))
        try:
            load.line("in")
            server.do("timer:start")
            load.line("round")
            time.sleep(1)
            load.count()
            time.sleep(seconds)
            load.say("events")
            return int(load.line("events")[1])
        finally:
            load.stop()
    finally:
        server.stop()
        server.forget()


def never_reads(count: int) -> dict[str, Any]:
    """One client stops reading while another reads; the fan-out alone, for a webinar makes ten patches a second."""
    ours = _never_reads(count, "")
    stock = _never_reads(count, "stock")
    return {**ours, "stock_kb": stock["grew_kb"]}


def _never_reads(count: int, fanout: str) -> dict[str, Any]:
    port = stage.free_port()
    server = Process(["env", f"MODERATOR_FANOUT={fanout}", sys.executable, HERE / "numbered.py", str(port)])
    try:
        stalled = Load(port, 1, ["40"])
        stalled.line("in")
        stalled.say("stall 1")
        got: list[int] = []
        client = socketio.Client()
        client.on("number", lambda data: got.append(data["n"]) if "n" in data else None)
        client.connect(f"http://127.0.0.1:{port}", transports=["websocket"])
        before = client.call("here", {}, timeout=30)
        for _ in range(count // 1000):  # in steps that the other one keeps up with
            client.call("numbers", {"count": 1000, "size": 600}, timeout=120)
        give_up = time.monotonic() + 30
        while len(got) < count and time.monotonic() < give_up:
            time.sleep(0.05)
        after = client.call("here", {}, timeout=30)
        client.disconnect()
        stalled.stop()
        return {
            "grew_kb": after["kb"] - before["kb"],
            "cut": after["clients"] < before["clients"],
            "got": len(got) if sorted(got) == list(range(1, count + 1)) else -len(got),
        }
    finally:
        server.stop()
