"""The embedded log under a disk that fills up and after a power cut at any moment."""

from __future__ import annotations

import json
import resource
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from moderator.log.mark import FILE as ACKED
from moderator.log.sqlite import open_log
from tests.conftest import Connect
from tests.support.client import Client, assert_in_sync
from tests.support.server import Server

pytestmark = pytest.mark.server


def test_a_full_disk_refuses_what_it_cannot_keep_and_is_whole_again_when_there_is_room(
    server: Server, connect: Connect
) -> None:
    moderator = connect(server, "moderator")
    attendee = connect(server, "attendee")
    moderator.do("settings:change", {"moderation": "post"})
    kept = [attendee.do("question:ask", {"text": f"Before it was full, number {n}?"})["seq"] for n in range(3)]

    wal = server.data / "log.sqlite3-wal"
    answers: list[dict[str, Any]] = []
    _, hard = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
    try:
        # Half of this one may stand in the file, so its answer waits until the truth is known.
        attendee.post("question:ask", {"text": "Is there room for number 0?", "id": "no-room-0"}, answers.append)
        moderator.wait_for(lambda client: "log" in client.view["presence"], what="the dashboard's word")
        for n in (1, 2, 3):
            ack = attendee.send("question:ask", {"text": f"Is there room for number {n}?", "id": f"no-room-{n}"})
            assert ack["error"]["code"] == "unavailable"
        assert answers == []
        assert server.get("/readyz").status_code == 503
        assert server.get("/healthz").status_code == 200
        assert server.get(f"/w/{server.webinar}").status_code == 200
        newcomer = connect(server, "attendee")
        assert len(newcomer.view["questions"]) == 3
    finally:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (hard, hard))

    give_up = time.monotonic() + 10
    while server.get("/readyz").status_code != 200:
        assert time.monotonic() < give_up
        time.sleep(0.1)
    attendee.wait_for(lambda client: answers, what="the answer")
    assert answers[0]["ok"]
    assert answers[0]["seq"] == kept[-1] + 1
    ack = attendee.do("question:ask", {"text": "Is there room for number 1?", "id": "no-room-1"})
    assert ack["seq"] == kept[-1] + 2  # the refused ones left nothing behind
    moderator.wait_for(lambda client: "log" not in client.view["presence"], what="the end of it")
    assert_in_sync(moderator)
    assert_in_sync(attendee)


def test_a_power_cut_at_any_byte_leaves_a_whole_prefix_with_everything_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    log = open_log(folder)
    log.create("acids", b"1", 1)
    wal = folder / "log.sqlite3-wal"
    ends = {1: wal.stat().st_size}  # seq -> how much of the file was there when it was acknowledged
    for seq in range(2, 12):
        log.append("acids", seq, b"%d " % seq * 700, seq)
        ends[seq] = wal.stat().st_size
    image = tmp_path / "image"
    image.mkdir()
    for name in ("log.sqlite3", "log.sqlite3-wal"):
        shutil.copy(folder / name, image / name)
    log.close()
    whole = (image / "log.sqlite3-wal").read_bytes()

    started = 0
    for cut in sorted({*range(ends[1], len(whole) + 1, 797), *ends.values(), *(end - 1 for end in ends.values())}):
        if cut < ends[1]:
            continue
        (image / "log.sqlite3-wal").write_bytes(whole[:cut])
        after = tmp_path / f"cut-{cut}"
        shutil.copytree(image, after)
        opened = open_log(after)
        found = [commit.seq for commit in opened.read("acids")]
        acknowledged = max(seq for seq, end in ends.items() if end <= cut)
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= acknowledged
        opened.append("acids", len(found) + 1, b"it goes on", 99)
        opened.close()
        shutil.rmtree(after)
        started += 1
    assert started > 40


FILES = ("log.sqlite3", "log.sqlite3-wal", ACKED)
FRAME = 24 + 4096


def lay(image: Path, to: Path, wal: int) -> None:
    """Put the files of an image into a directory, the write-ahead log cut."""
    (to / "log.sqlite3-shm").unlink(missing_ok=True)
    for name in FILES:
        shutil.copy(image / name, to / name)
    (to / "log.sqlite3-wal").write_bytes((image / "log.sqlite3-wal").read_bytes()[:wal])


def newest_after(image: Path, probe: Path, wal: int) -> int:
    """The last commit that SQLite finds in an image cut there; 0 if there is no log any more."""
    probe.mkdir(exist_ok=True)
    lay(image, probe, wal)
    connection = sqlite3.connect(probe / "log.sqlite3")
    try:
        return int(connection.execute("SELECT max(seq) FROM commits").fetchone()[0] or 0)
    except sqlite3.OperationalError:  # not even the tables
        return 0
    finally:
        connection.close()


def test_a_crash_that_took_acknowledged_commits_is_said_and_nobody_takes_the_new_ones_for_the_lost(
    server: Server, connect: Connect, tmp_path: Path
) -> None:
    connect(server, "moderator").do("settings:change", {"moderation": "post"})
    attendee = connect(server, "attendee")
    acked = [attendee.do("question:ask", {"text": f"Acknowledged, number {n}?"})["seq"] for n in range(8)]
    attendee.wait_for(lambda client: client.seq >= acked[-1])
    server.kill9()
    attendee.disconnect()
    image = tmp_path / "image"
    image.mkdir()
    for name in FILES:
        shutil.copy(server.data / name, image / name)
    size = (image / "log.sqlite3-wal").stat().st_size
    # Whole frames, and a part of the one that follows.
    cuts = [cut for end in range(32, size + 1, FRAME) for cut in (end, end + 2000)]
    found = {cut: newest_after(image, tmp_path / "probe", cut) for cut in cuts}
    lossy = [cut for cut in cuts if 0 < found[cut] < acked[-1]]
    chosen = [0, lossy[-1], lossy[-2], lossy[len(lossy) // 2]]
    found[0] = newest_after(image, tmp_path / "probe", 0)
    assert len(lossy) > 6

    epochs = {attendee.epoch}
    for cut in chosen:
        last = found[cut]
        lay(image, server.data, cut)
        before = len(server.stdout), len(server.stderr)
        server.start()
        told = [line for line in server.stdout[before[0] :].splitlines() if line.startswith("Lost: ")]
        logged = [json.loads(line) for line in server.stderr[before[1] :].splitlines() if line.startswith("{")]
        assert len(told) == 1
        assert [line["event"] for line in logged if line["logger"] == "moderator.log"] == [told[0][6:]]
        if last:
            which = f"commit {acked[-1]}" if last + 1 == acked[-1] else f"commits {last + 1} to {acked[-1]}"
            assert f"lacks {which} of {server.webinar}, acknowledged between" in told[0]
        else:
            assert f"held {server.webinar} up to commit {acked[-1]}" in told[0]

        other = connect(server, "attendee")
        assert len(other.view["questions"]) <= max(0, last - 2)
        while other.do("question:ask", {"text": f"In its place, {other.seq}?"})["seq"] < acked[-1] + 1:
            pass
        back = Client(server.base, attendee.auth)
        back.epoch, back.seq, back.view = attendee.epoch, attendee.seq, attendee.view
        back.connect()
        assert [frame.event for frame in back.frames[:1]] == ["snapshot"]
        assert_in_sync(back)
        assert_in_sync(other)
        epochs.add(back.epoch)
        back.close()
        server.kill9()
    assert len(epochs) == 1 + len(chosen)

    said = server.stdout.count("Lost: ")
    server.start()
    assert server.stdout.count("Lost: ") == said
