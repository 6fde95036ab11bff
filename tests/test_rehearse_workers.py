"""A rehearsal on the log in Redis, with two workers: bots come, and the wipe reaches everybody, the bots as well."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Connect, Serve
from tests.support.client import assert_in_sync
from tests.support.redis import BINARY, Redis
from tests.support.server import ROOT, environment, run

pytestmark = [pytest.mark.server, pytest.mark.skipif(BINARY is None, reason="redis-server is not installed")]

PLAN = "Moss\n09:00 - 09:30 Welcome\n09:30 - 10:30 Debate\n"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tmp_path / "redis", fsync="everysec")
    server.start()
    yield server
    server.finish()


def until(true: Callable[[], object], seconds: float = 20) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_the_wipe_of_a_rehearsal_reaches_both_workers_and_sends_the_bots_away(
    redis: Redis, serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    server = serve("--redis", redis.url, "--workers", "2")
    at = ["--data", str(server.data), "--redis", redis.url]
    plan = tmp_path / "plan.txt"
    plan.write_text(PLAN)
    assert "2 slots" in run("import", plan, "--webinar", "moss", "--rehearsal", *at).stdout
    again = run("import", plan, "--webinar", "moss", "--rehearsal", *at, check=False)
    assert (again.returncode, "already" in again.stderr) == (2, True)
    links = {one["webinar"]: one for one in json.loads(run("links", "--json", *at).stdout)}["moss"]
    key = links["moderator"].rsplit("/k/", 1)[1]
    for _ in range(8):  # until both workers know it
        until(lambda: server.get("/w/moss").status_code == 200)
    desks = [connect(server, "moderator", webinar="moss", key=key) for _ in range(6)]  # both workers have some
    assert all(desk.view["webinar"]["rehearsal"] for desk in desks)

    arguments = ["rehearse", "moss", "--attendees", "40", "--minutes", "40", "--speed", "40", *at]
    bots = subprocess.Popen(
        [sys.executable, str(ROOT / "run.py"), *arguments], env=environment(), cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        for desk in desks:
            desk.wait_for(
                lambda client: client.view["counts"]["attendees"] >= 20 and len(client.view["questions"]) >= 2,
                timeout=40,
            )
        desks[0].do("timer:start")
        wiped = server.post("/w/moss/moderator/wipe-rehearsal", headers={"Authorization": f"Bearer {key}"})
        assert wiped.json()["ok"], wiped.text
        said, _ = bots.communicate(timeout=40)
    finally:
        bots.kill()
        bots.wait()
    assert bots.returncode == 0, said
    assert "left when the rehearsal was wiped" in said

    for desk in desks:
        until(lambda desk=desk: not desk.connected)  # type: ignore[misc]
        desk.connect()
    for desk in desks:
        desk.wait_for(lambda client: client.seq >= wiped.json()["seq"], timeout=20)
        assert "rehearsal" not in desk.view["webinar"]
        assert desk.view["timer"]["phase"] == "before"
        assert len(desk.view["questions"]) <= 3  # what was on its way in that very moment
        assert_in_sync(desk, timeout=20)
    refused = run("rehearse", "moss", "--wipe", *at, check=False)
    assert (refused.returncode, "no rehearsal" in refused.stderr) == (2, True)
    again_links = {one["webinar"]: one for one in json.loads(run("links", "--json", *at).stdout)}["moss"]
    assert again_links == links
    # The server's side of it, from the terminal: another webinar, beside the running workers.
    run("import", plan, "--webinar", "again", "--rehearsal", *at)
    assert "as it was planned" in run("rehearse", "again", "--wipe", *at).stdout
