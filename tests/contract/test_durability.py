"""An ack with `ok` means durable: it survives kill -9, and so do ids, tokens, the clock and the epoch."""

from __future__ import annotations

import os
import stat
import threading
import time
from typing import Any

import pytest

from tests.conftest import Connect, Serve
from tests.contract.stage import quiet, refused, same
from tests.support.client import Client, RefusedError, assert_in_sync
from tests.support.server import Server

pytestmark = pytest.mark.server


@pytest.fixture
def house(serve: Serve) -> Server:
    return serve("--join-limit", "0")


def again(client: Client) -> Client:
    """The same identity after the server came back."""
    return Client(client.base, {k: v for k, v in client.auth.items() if k != "since"}).connect()


def test_what_was_acked_survives_kill_9(house: Server, connect: Connect) -> None:
    desk, asker, voter = connect(house, "moderator"), connect(house), connect(house)
    first = asker.do("question:ask", {"text": "Still there?", "id": "ask-0000001"})
    id = first["question"]["id"]
    desk.do("question:approve", {"question": id})
    voter.do("question:vote", {"question": id})
    desk.do("timer:start", {"replan": True})
    desk.do("timer:add", {"seconds": 77})
    paused = desk.do("timer:pause", {"id": "pause-00001"})
    last = desk.do("question:queue", {"question": id})
    house.kill9()
    before = {"desk": desk, "asker": asker, "voter": voter}
    epoch, timer = desk.epoch, desk.view["timer"]
    house.start()

    desk = again(before["desk"])
    assert desk.epoch == epoch and desk.seq == last["seq"]
    assert desk.view["questions"][id]["votes"] == 1 and desk.view["queue"]["order"] == [id]
    told = ("phase", "slot", "started_at", "deadline_at", "paused_at", "added_s")
    assert {name: desk.view["timer"].get(name) for name in told} == {
        "phase": "paused",
        "slot": timer["slot"],
        "started_at": timer["started_at"],
        "deadline_at": timer["started_at"] + (timer["duration_s"] + 77) * 1000,
        "paused_at": desk.view["timer"]["paused_at"],
        "added_s": 77,
    }
    asker = again(before["asker"])
    assert asker.view["me"]["questions"][id]["state"] == "queued"
    assert asker.send("question:ask", {"text": "Still there?", "id": "ask-0000001"}) == first
    refused(asker.send("question:ask", {"text": "Another?", "id": "ask-0000001"}), "conflict")
    assert desk.send("timer:pause", {"id": "pause-00001"}) == paused
    voter = again(before["voter"])
    assert voter.view["me"]["votes"] == {id: True}
    for client in (desk, asker, voter):
        client.close()


def test_coming_back_after_a_restart_is_in_sync(house: Server, connect: Connect) -> None:
    desk, asker = connect(house, "moderator"), connect(house)
    id = asker.do("question:ask", {"text": "Mine?"})["question"]["id"]
    asker.wait_for(lambda c: id in c.view["me"]["questions"])
    quiet(desk, asker)
    house.kill9()
    house.start()
    for client in (desk, asker):
        client.disconnect()
        client.connect()
        assert_in_sync(client)
    desk.do("question:approve", {"question": id})
    asker.wait_for(lambda c: id in c.view["questions"])


def test_a_hundred_at_once_and_kill_9_in_the_middle(house: Server, connect: Connect) -> None:
    clients = [connect(house) for _ in range(10)]
    acked: list[tuple[str, str]] = []
    lock = threading.Lock()

    def taken(text: str) -> Any:
        def done(ack: dict[str, Any]) -> None:
            with lock:
                acked.append((text, ack["question"]["id"] if ack["ok"] else str(ack)))

        return done

    for n in range(10):
        for who, client in enumerate(clients):
            text = f"Question {n} of {who}?"
            client.post("question:ask", {"text": text, "id": f"ask-{n}-of-{who}"}, taken(text))
    give_up = time.monotonic() + 10
    while len(acked) < 30 and time.monotonic() < give_up:
        time.sleep(0.002)
    house.kill9()
    with lock:
        kept = list(acked)
    assert len(kept) >= 30
    house.start()
    desk = connect(house, "moderator")
    there = {id: question["text"] for id, question in desk.view["questions"].items()}
    assert {id: text for text, id in kept}.items() <= there.items()
    assert sorted(int(id[1:]) for id in there) == list(range(1, len(there) + 1))
    # Sent again with the same ids, each stands there once.
    for who, old in enumerate(clients):
        client = again(old)
        for n in range(10):
            ack = client.do("question:ask", {"text": f"Question {n} of {who}?", "id": f"ask-{n}-of-{who}"})
            assert (f"Question {n} of {who}?", ack["question"]["id"]) in kept or (
                f"Question {n} of {who}?"
            ) not in dict(kept)
        client.close()
    final = again(desk)
    assert sorted(q["text"] for q in final.view["questions"].values()) == sorted(
        f"Question {n} of {who}?" for n in range(10) for who in range(10)
    )
    final.close()


def test_sigterm_ends_within_five_seconds_with_clients_connected_and_keeps_all(house: Server, connect: Connect) -> None:
    desk, polling = connect(house, "moderator"), connect(house, "attendee", transport="polling")
    polling.do("question:ask", {"text": "Before the end?"})
    view = again(desk).view
    began = time.monotonic()
    assert house.stop() == 0
    assert time.monotonic() - began < 5
    house.start()
    after = again(desk)
    same(after.view, {**view})
    after.close()


def test_tokens_and_keys_survive_a_restart_but_not_another_secret(house: Server, connect: Connect) -> None:
    secret = house.data / "secret"
    assert stat.S_IMODE(os.stat(secret).st_mode) == 0o600
    attendee, links = connect(house), dict(house.links)
    house.restart()
    again(attendee).close()
    assert house.read_links() == links
    house.stop()
    secret.unlink()
    house.start()
    with pytest.raises(RefusedError) as refusal:
        Client(house.base, attendee.auth).connect()
    assert refusal.value.code == "forbidden"
    assert house.read_links()["moderator"] != links["moderator"]
    assert stat.S_IMODE(os.stat(secret).st_mode) == 0o600
