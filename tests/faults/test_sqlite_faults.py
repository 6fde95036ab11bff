"""The embedded log under a disk that fills up and after a power cut at any moment."""

from __future__ import annotations

import resource
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from moderator.log.sqlite import open_log
from tests.conftest import Connect
from tests.support.client import assert_in_sync
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
