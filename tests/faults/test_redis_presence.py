"""Attendees are counted once, whatever worker their tabs are on: two servers, one Redis."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Connect, Serve
from tests.support.redis import Redis
from tests.support.server import Server

pytestmark = pytest.mark.server

WAIT_S = 20


def counted(attendees: int, moderators: int) -> Any:
    return lambda client: (
        client.view["counts"]["attendees"] == attendees and len(client.view["presence"]["moderators"]) == moderators
    )


def peak(server: Server) -> int | None:
    answer = server.get(
        f"/w/{server.webinar}/report.json", headers={"Authorization": f"Bearer {server.key('moderator')}"}
    )
    found: int | None = answer.json()["facts"].get("attendees_peak")
    return found


def until(true: Callable[[], bool], seconds: float = WAIT_S) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_whoever_has_tabs_on_two_workers_is_counted_once_and_so_is_the_peak(
    redis: Redis, serve: Serve, connect: Connect
) -> None:
    one = serve("--redis", redis.url)
    two = serve("--redis", redis.url, data=one.data)
    key = one.key("moderator")
    desks = [connect(one, "moderator"), connect(two, "moderator", key=key)]

    def all_count(n: int) -> None:
        for desk in desks:
            desk.wait_for(counted(n, len(desks)), timeout=WAIT_S, what=f"{n} attendees and {len(desks)} moderators")

    both = one.join()
    tabs = [connect(server, "attendee", attendee=both) for server in (one, two)]
    others = [connect(server, "attendee", attendee=one.join()) for server in (one, one, two)]
    all_count(4)
    tabs[0].disconnect()  # the tab at the other worker stays
    others[2].disconnect()
    # A worker that comes later hears of the peak as well.
    three = serve("--redis", redis.url, data=one.data)
    desks.append(connect(three, "moderator", key=key))
    all_count(3)
    assert [peak(server) for server in (one, two, three)] == [4, 4, 4]

    # One that is killed takes its audience with it, not the peak; what Redis loses of this is told again.
    one.kill9()
    desks.pop(0)
    redis.client().delete(*[name for name in redis.client().scan_iter() if b":presence:" in name])
    all_count(1)
    assert peak(two) == peak(three) == 4

    # Everybody goes: the workers put nothing up any more, and remember. What one that died put up is removed.
    for client in (tabs[1], *desks):
        client.disconnect()
    board = f"{{moderator}}:presence:{two.webinar}"
    until(lambda: redis.client().exists(board) == 0)
    redis.client().hset(board, "long-dead", '{"at":1,"comings":1,"peak":[0,0,99],"part":{}}')
    desks[0].connect()
    until(lambda: not redis.client().hexists(board, "long-dead"))
    assert peak(two) == peak(three) == 4
