"""The log under the real server: refused twice, read beside it, whole after a kill."""

from __future__ import annotations

import pytest

from moderator.log.lock import holder
from moderator.log.sqlite import open_reader
from tests.conftest import Connect, Serve
from tests.support.client import assert_in_sync
from tests.support.server import Server, free_port, run

pytestmark = pytest.mark.server


def test_a_second_server_on_the_same_data_is_refused_in_one_line(server: Server) -> None:
    done = run("serve", "--port", str(free_port()), "--host", "127.0.0.1", "--data", server.data, check=False)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert str(server.pid) in done.stderr
    assert server.get("/readyz").status_code == 200


def test_commands_find_the_running_server_and_read_beside_it(server: Server) -> None:
    who = holder(server.data)
    assert who is not None
    assert who.pid == server.pid
    assert who.url.startswith("http")

    reader = open_reader(server.data)
    assert reader.webinars() == [server.webinar]
    assert reader.last(server.webinar) >= 1
    reader.close()


def test_kill_9_keeps_every_acknowledged_question_and_the_clock(serve: Serve, connect: Connect) -> None:
    server = serve()
    moderator = connect(server, "moderator")
    attendee = connect(server, "attendee")
    moderator.do("timer:start")
    texts = [f"What about substance number {number}?" for number in range(5)]
    for text in texts:
        attendee.do("question:ask", {"text": text})
    moderator.wait_for(lambda client: all(client.question(text) for text in texts))
    before = moderator.view

    server.kill9()
    server.start()
    moderator.disconnect()
    moderator.connect()
    attendee.disconnect()
    attendee.connect()

    assert {question["text"] for question in moderator.view["questions"].values()} >= set(texts)
    assert moderator.view["timer"]["deadline_at"] == before["timer"]["deadline_at"]
    assert moderator.epoch == attendee.epoch
    assert_in_sync(moderator)
    assert_in_sync(attendee)


def test_it_stops_cleanly_and_finds_everything_again(serve: Serve, connect: Connect) -> None:
    server = serve()
    attendee = connect(server, "attendee")
    attendee.do("question:ask", {"text": "Is this kept?"})
    epoch = attendee.epoch

    server.restart()
    attendee.disconnect()
    attendee.connect()

    assert attendee.epoch == epoch
    assert attendee.question("Is this kept?")
