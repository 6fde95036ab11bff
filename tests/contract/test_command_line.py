"""Section 1: commands, options, exit codes, and what they print."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Connect, Serve
from tests.contract.stage import PROGRAMME, refused
from tests.support.client import Client, RefusedError
from tests.support.server import ROOT, Server, environment, free_port, run

pytestmark = [pytest.mark.server, pytest.mark.embedded("commands on a shared log have tests of their own")]

TEXT = """Clay and kilns
7 July 2020
10:00 Welcome
10:10 Firing at home - Ana Mar
10:40 Debate
11:00-11:10 Close
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data that no server works on: a webinar made by `import`. Tests that change it copy it."""
    data = tmp_path_factory.mktemp("filled") / "data"
    programme = data.parent / "clay.txt"
    programme.write_text(TEXT)
    run("import", programme, "--data", data)
    return data


def one_line(*arguments: Any, env: dict[str, str] | None = None) -> str:
    """What a command that must fail says: one line on stderr, exit code 2, soon."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, arguments)],
        cwd=ROOT,
        env={**environment(), **(env or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2, (arguments, done.returncode, done.stdout, done.stderr)
    assert done.stderr.count("\n") == 1 and done.stderr.strip(), done.stderr
    return done.stderr


def test_links_as_json_has_these_keys_and_every_slot(filled: Path) -> None:
    links = json.loads(run("links", "--json", "--data", filled).stdout)
    assert list(links) == ["webinar", "base", "attendee", "moderator", "screen", "speakers"]
    assert links["webinar"] == "clay-and-kilns" and not links["base"].endswith("/")
    assert len(links["speakers"]) == 4
    urls = [links["moderator"], links["screen"], *links["speakers"].values()]
    assert all(re.fullmatch(re.escape(links["base"]) + r"/k/[A-Za-z0-9_-]{22,}", url) for url in urls)
    assert links["attendee"].startswith(links["base"] + "/")


def test_several_webinars_are_an_array_oldest_first(filled: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("second", "first"):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps({**PROGRAMME, "title": name.title(), "date": "2020-07-07"}))
        run("import", file, "--data", data)
    assert [one["webinar"] for one in json.loads(run("links", "--json", "--data", data).stdout)] == ["second", "first"]
    one = json.loads(run("links", "--json", "--data", data, "--webinar", "first").stdout)
    assert one["webinar"] == "first"
    assert "nowhere" in one_line("links", "--json", "--data", data, "--webinar", "nowhere")


def test_people_are_told_the_links_with_a_qr_code_and_the_organisers_key(filled: Path) -> None:
    told = run("links", "--data", filled).stdout
    links = json.loads(run("links", "--json", "--data", filled).stdout)
    for url in (links["attendee"], links["moderator"], links["screen"], *links["speakers"].values()):
        assert url in told
    assert "█" in told and "rganiser" in told


def test_agenda_makes_a_webinar_in_place_of_the_sample(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "clay.txt"
    file.write_text(TEXT)
    server = serve("--agenda", file)
    listed = server.get("/api/v1/webinars").json()["webinars"]
    assert [one["slug"] for one in listed] == ["clay-and-kilns"]
    assert listed[0]["timezone"] == "Europe/Brussels"
    starts = datetime(2020, 7, 7, 10, tzinfo=ZoneInfo("Europe/Brussels"))
    assert listed[0]["starts_at"] == starts.timestamp() * 1000
    server.restart()  # the log holds it: nothing is made anew
    assert len(server.get("/api/v1/webinars").json()["webinars"]) == 1


def test_without_date_and_zone_it_is_today_in_brussels_and_is_said(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "today.txt"
    file.write_text("Today\n10:00 Welcome\n10:10 Talk - Ana Mar\n10:30 End\n")
    server = serve("--agenda", file)
    (one,) = server.get("/api/v1/webinars").json()["webinars"]
    starts = datetime.fromtimestamp(one["starts_at"] / 1000, ZoneInfo("Europe/Brussels"))
    now = datetime.now(ZoneInfo("Europe/Brussels"))
    assert starts.hour == 10 and starts.date() in (now.date(), (now - timedelta(minutes=2)).date())
    assert "Europe/Brussels" in server.stdout


def test_the_sample_is_there_on_a_fresh_start_and_the_start_says_the_links(serve: Serve) -> None:
    server = serve()
    assert server.webinar == "s3p-chemicals"
    for url in (
        server.links["attendee"],
        server.links["moderator"],
        server.links["screen"],
        *server.links["speakers"].values(),
    ):
        assert url in server.stdout
    assert "█" in server.stdout
    assert server.stderr == ""
    assert server.links["base"] == server.base


def test_the_rehearsal_clock_may_be_given_earlier_and_log_and_epoch_stay(serve: Serve, connect: Connect) -> None:
    server = serve("--now", "2020-07-07T08:35:00+02:00")
    began = datetime.fromisoformat("2020-07-07T08:35:00+02:00").timestamp() * 1000
    desk, asker = connect(server, "moderator"), connect(server)
    assert 0 <= desk.now - began < 30_000 and desk.view["webinar"]["rehearsal"] is True
    first = asker.do("question:ask", {"text": "Kept?", "id": "rehearsal-1"})
    desk.do("timer:start", {})
    epoch = desk.epoch
    server.restart("--now", "2020-07-06T20:00:00+02:00")
    desk = Client(server.base, desk.auth).connect()
    earlier = datetime.fromisoformat("2020-07-06T20:00:00+02:00").timestamp() * 1000
    assert desk.epoch == epoch and 0 <= desk.now - earlier < 30_000
    assert [q["text"] for q in desk.view["questions"].values()] == ["Kept?"]
    assert desk.view["timer"]["phase"] == "running"
    again = Client(server.base, asker.auth).connect()
    assert again.send("question:ask", {"text": "Kept?", "id": "rehearsal-1"}) == first
    assert again.do("question:ask", {"text": "And on?"})["seq"] == 4
    assert "rehears" in server.get(f"/w/{server.webinar}").text.lower()
    assert "rehears" in server.get("/").text.lower()
    for client in (desk, again):
        client.close()


def test_what_cannot_be_served_is_said_in_one_line_with_exit_code_2(filled: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = one_line("--host", "127.0.0.1", "--port", port, "--data", filled)
        assert str(port) in said and "--port" in said
        said = one_line("serve", "--data", filled, env={"MODERATOR_PORT": str(port), "MODERATOR_HOST": "127.0.0.1"})
        assert str(port) in said
    start = ("--host", "127.0.0.1", "--port", free_port(), "--data")
    nonsense = tmp_path / "nonsense.txt"
    nonsense.write_text("hello\n")
    broken = tmp_path / "broken.json"
    broken.write_text('{"title": ')
    binary = tmp_path / "binary.xlsx"
    binary.write_bytes(b"PK\x03\x04" + bytes(200))
    assert "missing.txt" in one_line(*start, tmp_path / "a", "--agenda", tmp_path / "missing.txt")
    for file in (nonsense, broken, binary, tmp_path):
        assert file.name in one_line(*start, tmp_path / "b", "--agenda", file)
    assert "--now" in one_line(*start, tmp_path / "c", "--now", "yesterday")
    assert "--now" in one_line(*start, tmp_path / "c", "--now", "2020-07-07T08:35:00")  # no offset
    assert one_line(*start, tmp_path / "file" / "x") if (tmp_path / "file").write_text("x") else True
    assert "redis" in one_line(*start, tmp_path / "d", "--redis", "redis://127.0.0.1:1/0").lower()
    assert one_line("--host", "256.1.1.1", "--port", free_port(), "--data", tmp_path / "e")
    assert one_line("links", "--data", tmp_path / "nothing-here")
    assert not (tmp_path / "nothing-here").exists()


def test_options_that_are_none_exit_2(tmp_path: Path) -> None:
    for arguments in (
        ["--port", "x"],
        ["--port", "0"],
        ["--nonsense"],
        ["export", "x", "--format", "exe"],
        ["nonsense"],
    ):
        done = run(*arguments, "--data", tmp_path, check=False)
        assert done.returncode == 2 and done.stderr and "Traceback" not in done.stderr, arguments


def test_a_second_server_on_the_same_data_is_refused(serve: Serve) -> None:
    server = serve()
    said = one_line("--host", "127.0.0.1", "--port", free_port(), "--data", server.data)
    assert str(server.data) in said
    assert server.get("/healthz").status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_exit_code_0(serve: Serve, number: signal.Signals) -> None:
    server = serve()
    began = time.monotonic()
    os.kill(server.pid, number)
    assert server._process is not None
    assert server._process.wait(5) == 0 and time.monotonic() - began < 5
    server._process = None


def test_environment_variables_stand_for_options(filled: Path, tmp_path: Path) -> None:
    env = {**environment(), "MODERATOR_DATA": str(filled), "MODERATOR_WEBINAR": "clay-and-kilns"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), "links", "--json"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["webinar"] == "clay-and-kilns"
    said = one_line("links", "--data", filled, env={"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert "redis" in said.lower()


def test_export_writes_every_format_to_a_file(filled: Path, tmp_path: Path) -> None:
    for form, sign in (
        ("json", b'"agenda"'),
        ("csv", b"Firing at home"),
        ("ics", b"BEGIN:VCALENDAR"),
        ("md", b"Firing at home"),
    ):
        out = tmp_path / f"out.{form}"
        run("export", "clay-and-kilns", "--format", form, "--out", out, "--data", filled)
        assert sign in out.read_bytes(), form
    out = tmp_path / "out.xlsx"
    run("export", "clay-and-kilns", "--format", "xlsx", "--out", out, "--data", filled)
    assert zipfile.ZipFile(out).testzip() is None
    agenda = json.loads((tmp_path / "out.json").read_text())["agenda"]
    assert (
        agenda["title"] == "Clay and kilns"
        and agenda["date"] == "2020-07-07"
        and agenda["timezone"] == "Europe/Brussels"
    )
    for n, form in enumerate(("json", "csv", "xlsx", "ics")):  # each can be imported again
        run("import", tmp_path / f"out.{form}", "--webinar", f"again-{n}", "--data", tmp_path / "again")
        back = json.loads(run("export", f"again-{n}", "--data", tmp_path / "again").stdout)["agenda"]
        assert [(s["title"], s["kind"], s["duration_s"]) for s in back["slots"]] == [
            (s["title"], s["kind"], s["duration_s"]) for s in agenda["slots"]
        ], form
    assert "nowhere" in one_line("export", "nowhere", "--data", filled)
    assert one_line("export", "clay-and-kilns", "--out", tmp_path / "no" / "such" / "place", "--data", filled)


def test_commands_read_and_write_beside_a_running_server(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    server = serve()
    desk, asker = connect(server, "moderator"), connect(server)
    asker.do("question:ask", {"text": "Before?"})
    at = asker.do("question:ask", {"text": "Between?", "name": "Ada Lovelace"})["seq"]
    moment = asker.send("clock", {"t0": 0})["now"]
    time.sleep(0.05)
    last = asker.do("question:ask", {"text": "After?"})["seq"]
    desk.wait_for(lambda c: c.seq == last)

    # replay
    def texts(*until: str) -> list[str]:
        told = json.loads(run("replay", server.webinar, *until, "--data", server.data).stdout)
        return sorted(q["text"] for q in told["view"]["questions"].values())

    assert texts() == ["After?", "Before?", "Between?"]
    assert texts("--until", str(at)) == texts("--until", _iso(moment)) == ["Before?", "Between?"]
    assert texts("--until", str(at - 1)) == ["Before?"]
    assert one_line("replay", server.webinar, "--until", "sometime", "--data", server.data)

    # import goes through the server
    file = tmp_path / "clay.txt"
    file.write_text(TEXT)
    run("import", file, "--data", server.data)
    assert [one["slug"] for one in server.get("/api/v1/webinars").json()["webinars"]] == [
        "s3p-chemicals",
        "clay-and-kilns",
    ]
    assert "clay-and-kilns" in one_line("import", file, "--data", server.data)
    links = {one["webinar"]: one for one in server.read_links()}
    assert set(links) == {"s3p-chemicals", "clay-and-kilns"}
    other = connect(
        server, "moderator", webinar="clay-and-kilns", key=links["clay-and-kilns"]["moderator"].rsplit("/", 1)[1]
    )
    file.write_text(TEXT.replace("10:40 Debate", "10:40 Tea break"))
    run("import", file, "--webinar", "clay-and-kilns", "--data", server.data)
    other.wait_for(lambda c: any(s["title"] == "Tea break" for s in c.view["slots"].values()))

    # erase --personal-data
    run("erase", server.webinar, "--personal-data", "--data", server.data)
    held = Client(server.base, {**desk.auth, "since": {"epoch": desk.epoch, "seq": desk.seq}}).connect()
    assert held.frames[0].event == "snapshot"  # the names that it held are no longer so
    held.close()
    fresh = Client(server.base, desk.auth).connect()
    assert sorted(q["text"] for q in fresh.view["questions"].values()) == ["After?", "Before?", "Between?"]
    assert "Ada Lovelace" not in json.dumps(fresh.view)
    fresh.close()
    mine = Client(server.base, asker.auth).connect()
    assert mine.view["me"]["questions"] == {}
    mine.close()
    assert b"Ada Lovelace" not in b"".join(path.read_bytes() for path in server.data.glob("log*"))

    # erase
    run("erase", "clay-and-kilns", "--data", server.data)
    assert server.get("/w/clay-and-kilns").status_code == 404
    with pytest.raises(RefusedError) as refusal:
        Client(server.base, other.auth).connect()
    assert refusal.value.code == "not_found"
    assert "clay-and-kilns" in one_line("erase", "clay-and-kilns", "--data", server.data)


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, ZoneInfo("Europe/Brussels")).isoformat()


def test_rotating_without_a_server(filled: Path, tmp_path: Path) -> None:
    import shutil

    data = tmp_path / "data"
    shutil.copytree(filled, data)
    old = json.loads(run("links", "--json", "--data", data).stdout)
    new = json.loads(run("links", "--json", "--data", data, "--rotate", "screen").stdout)
    assert (
        new["screen"] != old["screen"] and new["moderator"] == old["moderator"] and new["speakers"] == old["speakers"]
    )
    assert json.loads(run("links", "--json", "--data", data).stdout) == new
    assert run("links", "--data", data, "--rotate", "nobody", check=False).returncode == 2


def test_the_join_limit(serve: Serve) -> None:
    server: Server = serve("--join-limit", "3")
    path = f"/api/v1/webinars/{server.webinar}/join"
    answers = [server.post(path) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    error = refused(answers[-1].json(), "rate_limited")
    assert error["retry_after_s"] == int(answers[-1].headers["Retry-After"]) <= 60
    assert server.get(f"/w/{server.webinar}").status_code == 429


def test_public_url_and_allowed_origins(serve: Serve, connect: Connect) -> None:
    server = serve("--public-url", "https://webinar.example.org/", "--allow-origin", "https://partner.example")
    links = server.links
    assert links["base"] == "https://webinar.example.org"
    assert all(
        url.startswith(links["base"] + "/")
        for url in (links["attendee"], links["moderator"], links["screen"], *links["speakers"].values())
    )
    path = f"/api/v1/webinars/{server.webinar}/join"
    for origin, status in (
        ("https://webinar.example.org", 200),
        ("https://partner.example", 200),
        ("https://evil.example", 403),
    ):
        assert server.post(path, headers={"Origin": origin}).status_code == status
        polling = server.get("/socket.io/?EIO=4&transport=polling", headers={"Origin": origin})
        assert (polling.status_code == 200) == (status == 200)
    assert "Secure" in server.get(f"/w/{server.webinar}").headers["Set-Cookie"]
    assert connect(server).view["webinar"]["slug"] == server.webinar


def test_bots_rehearse_against_a_running_server(serve: Serve, connect: Connect) -> None:
    server = serve("--join-limit", "0")
    desk = connect(server, "moderator")
    run("rehearse", server.webinar, "--attendees", "40", "--minutes", "1", "--speed", "30", "--data", server.data)
    assert desk.wait_for(lambda c: c.view["counts"]["questions"]) > 0
