"""The tests' own tools: that they work, and above all that they notice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import socketio
from werkzeug.serving import ThreadedWSGIServer

from moderator.programme import SAMPLE, read_text
from tests.conftest import Connect, Serve
from tests.support.browser import Pages
from tests.support.client import Client, RefusedError, assert_in_sync
from tests.support.merge import difference, merge, timeless
from tests.support.pair import Pair, sample_seen_at
from tests.support.server import Server


class Stage:
    """A Socket.IO server of a few lines that speaks the contract, and breaks it on request."""

    def __init__(self) -> None:
        self.io = socketio.Server(async_mode="threading", cors_allowed_origins="*")
        self.view: dict[str, Any] = {"slots": {}, "questions": {}, "speakers": {}, "queue": {"order": []}}
        self.seq = 1
        self.io.on("connect", self.on_connect)
        self.io.on("question:ask", self.on_ask)
        self.server = ThreadedWSGIServer("127.0.0.1", 0, socketio.WSGIApp(self.io, self.page))
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def page(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html")])
        if environ["PATH_INFO"] == "/bad":
            return [b'<link rel="icon" href="data:,"><script>console.error("it went wrong"); nowhere()</script>']
        return [b'<link rel="icon" href="data:,"><p>well</p>']

    def on_connect(self, sid: str, environ: Any, auth: dict[str, Any]) -> None:
        if auth.get("key") != "secret":
            raise socketio.exceptions.ConnectionRefusedError("No.", {"code": "forbidden", "message": "No."})
        self.io.emit("snapshot", {"epoch": "e", "seq": self.seq, "now": 1, "view": self.view}, to=sid)

    def on_ask(self, sid: str, question: dict[str, Any]) -> dict[str, Any]:
        self.change({"questions": {"q1": {"text": question["text"]}}})
        return {"ok": True, "seq": self.seq}

    def change(self, patch: dict[str, Any], told: dict[str, Any] | None = None, since: int | None = None) -> None:
        since = self.seq if since is None else since
        self.seq += 1
        self.view = merge(self.view, patch)
        body = {"epoch": "e", "from": since, "seq": self.seq, "now": 1, "patch": patch if told is None else told}
        self.io.emit("patch", body)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    thread = threading.Thread(target=stage.server.serve_forever)
    thread.start()
    yield stage
    stage.server.shutdown()
    thread.join()
    stage.server.server_close()


def client_of(stage: Stage, **auth: Any) -> Client:
    return Client(stage.base, {"webinar": "show", "role": "moderator", "key": "secret", **auth})


def test_a_client_keeps_its_view_through_patches(stage: Stage) -> None:
    client = client_of(stage).connect()

    ack = client.do("question:ask", {"text": "Why?"})
    client.wait_for(lambda client: client.seq >= ack["seq"])

    assert client.view["questions"] == {"q1": {"text": "Why?"}}
    assert [frame.event for frame in client.frames] == ["snapshot", "patch"]
    assert client.question("Why?") == "q1"
    assert_in_sync(client)
    client.close()


def test_a_client_learns_why_it_was_refused(stage: Stage) -> None:
    with pytest.raises(RefusedError) as refusal:
        client_of(stage, key="guessed").connect()

    assert refusal.value.code == "forbidden"


def test_a_client_notices_a_patch_that_says_too_little(stage: Stage) -> None:
    client = client_of(stage).connect()

    stage.change({"live": "q1"}, told={})
    client.wait_for(lambda client: client.seq == 2)

    with pytest.raises(AssertionError, match="live: absent, 'q1'"):
        assert_in_sync(client, timeout=0.3)
    client.close()


def test_a_client_notices_a_gap(stage: Stage) -> None:
    client = client_of(stage).connect()

    stage.change({"live": "q1"}, since=5)
    client.wait_for(lambda client: client.seq == 2)

    with pytest.raises(AssertionError, match="from 5 to a view at 1"):
        client.close()


def test_waiting_in_vain_says_what_came(stage: Stage) -> None:
    client = client_of(stage).connect()

    with pytest.raises(AssertionError, match=r"in vain for a miracle(.|\n)*snapshot"):
        client.wait_for(lambda client: client.seq > 99, timeout=0.1, what="a miracle")
    client.close()


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a"], {"a": 1}, {"a": 1}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_follows_the_rfc(target: Any, patch: Any, result: Any) -> None:
    assert merge(target, patch) == result


def test_what_depends_on_now_is_not_compared() -> None:
    one = {"slots": {"a": {"title": "A", "expected_start_at": 1}}, "timer": {"over_s": 1, "phase": "running"}}
    other = {"slots": {"a": {"title": "A", "expected_start_at": 2}}, "timer": {"over_s": 2, "phase": "running"}}

    assert difference(timeless(one), timeless(other)) == []
    other["timer"]["phase"] = "paused"  # type: ignore[index]
    assert difference(timeless(one), timeless(other)) == ["timer.phase: 'running', 'paused'"]
    assert difference({"n": 1}, {"n": True}) == ["n: 1, True"]


@pytest.mark.browser
def test_a_page_that_complains_fails_the_test(pages: Pages, stage: Stage) -> None:
    noticing = Pages(pages.browser)

    noticing.open(stage.base + "/bad", size="phone")

    with pytest.raises(AssertionError, match=r"it went wrong(.|\n)*nowhere is not defined"):
        noticing.finish()


@pytest.mark.browser
def test_a_complaint_that_was_expected_does_not(pages: Pages, stage: Stage) -> None:
    pages.expect("it went wrong")
    pages.expect("nowhere is not defined")

    assert pages.open(stage.base + "/bad").url == stage.base + "/bad"


@pytest.mark.browser
def test_pages_and_socket_clients_work_side_by_side(pages: Pages, stage: Stage) -> None:
    page = pages.open(stage.base + "/", size="phone", theme="dark")
    client = client_of(stage).connect()

    client.do("question:ask", {"text": "Why?"})
    client.wait_for(lambda client: client.question("Why?"))

    assert page.inner_text("p") == "well"
    assert page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]")[1] is True
    client.close()


def test_a_server_that_prints_a_traceback_is_reported(tmp_path: Path) -> None:
    server = Server(tmp_path)
    (tmp_path / "stderr").write_text("fine\nTraceback (most recent call last):\n")

    with pytest.raises(AssertionError, match="Traceback"):
        server.finish()
    server.forgiven.append("Traceback")
    server.finish()


@pytest.mark.parametrize("apart", [True])
def test_the_moderator_of_a_pair_is_at_another_worker_than_everybody_else(serve: Serve, connect: Connect) -> None:
    pair = serve()
    assert isinstance(pair, Pair)
    first, second, attendee = connect(pair, "moderator"), connect(pair, "moderator", name="Marta"), connect(pair)

    assert pair.pid != pair.desk.pid
    assert first.base == pair.desk.base != pair.base == second.base == attendee.base
    links = pair.links
    assert links["moderator"].startswith(pair.desk.base + "/k/")
    assert all(link.startswith(pair.base + "/") for link in (links["attendee"], *links["speakers"].values()))
    first.do("timer:start")
    for client in (second, attendee):
        client.wait_for(lambda client: client.view["timer"]["phase"] == "running")


@pytest.mark.parametrize("hour", range(24))
def test_the_moved_sample_begins_as_soon_whatever_the_time_of_day_is(hour: int) -> None:
    then, now = datetime.fromisoformat("2020-07-07T08:25:00+02:00"), datetime(2026, 12, 31, hour, 59, 58, tzinfo=UTC)
    planned, moved = read_text(SAMPLE.read_text(), then.date()), read_text(sample_seen_at(then, now), date(2020, 1, 1))

    assert moved.starts_at == (now + timedelta(minutes=5)).timestamp() * 1000
    assert moved.notes == planned.notes
    assert [slot.duration_s for slot in moved.slots] == [slot.duration_s for slot in planned.slots]
