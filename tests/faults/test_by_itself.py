"""Two workers that each watch the clock do once what is to happen by itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import Connect, Serve
from tests.support.client import Client, assert_in_sync
from tests.support.pair import sample_seen_at
from tests.support.redis import Redis

pytestmark = pytest.mark.server


def test_a_start_by_itself_happens_once_whichever_worker_is_first(
    redis: Redis, serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    """Both see at the same instant that it is time, for the start and for the next slot."""
    plan = tmp_path / "plan.txt"
    plan.write_text(sample_seen_at(datetime.fromisoformat("2020-07-07T08:29:52+02:00")))
    one = serve("--redis", redis.url, "--agenda", plan)
    two = serve("--redis", redis.url, data=one.data)
    moderator = connect(one, "moderator")
    screen = Client(two.base, {"webinar": one.webinar, "role": "screen", "key": one.key("screen")}).connect()
    slots = sorted(moderator.view["slots"], key=lambda id: int(moderator.view["slots"][id]["order"]))
    moderator.do("agenda:edit", {"slot": slots[0], "duration_s": 2})
    moderator.do("settings:change", {"auto_start": True, "auto_next": True})
    for client in (moderator, screen):
        client.wait_for(lambda client: client.view["timer"].get("slot") == slots[1], timeout=30)
    deeds = [deed["type"] for deed in moderator.view["deeds"].values()]
    assert (deeds.count("timer:start"), deeds.count("timer:next")) == (1, 1), deeds
    first = moderator.view["slots"][slots[0]]
    assert 1500 < first["actual_end_at"] - first["actual_start_at"] < 6000
    assert_in_sync(screen)
    screen.close()
