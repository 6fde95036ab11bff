"""The command line, as a person or a script uses it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from moderator.argv import COMMANDS, FLAGS, command_first
from moderator.cli import program
from tests.conftest import Connect, Serve
from tests.support.client import RefusedError
from tests.support.merge import timeless
from tests.support.server import ROOT, Server, environment, free_port, run

PROGRAMME = """Hydrogen Valleys
3 March 2026, Europe/Madrid
09:00 Welcome
09:10 First talk, Ada Lovelace
09:30-09:45 Debate
"""


@pytest.fixture
def programme(tmp_path: Path) -> Path:
    path = tmp_path / "hydrogen.txt"
    path.write_text(PROGRAMME)
    return path


# ---- which command is meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["serve"]),
        (["--port", "5001"], ["serve", "--port", "5001"]),
        (["serve", "--port", "5001"], ["serve", "--port", "5001"]),
        (["--data", "links", "links", "--json"], ["links", "--data", "links", "--json"]),
        (["--data=x", "export", "s3p"], ["export", "--data=x", "s3p"]),
        (["links", "--json", "--data", "x"], ["links", "--json", "--data", "x"]),
        (["--json", "links"], ["links", "--json"]),
        (["--help"], ["--help"]),
        (["--help", "links"], ["links", "--help"]),
        (["--version"], ["--version"]),
    ],
)
def test_options_stand_before_or_after_the_command(given: list[str], meant: list[str]) -> None:
    assert command_first(given) == meant


def test_every_command_and_flag_is_known_where_it_is_decided() -> None:
    assert set(program.commands) == set(COMMANDS)
    flags = {
        name
        for command in [program, *program.commands.values()]
        for parameter in command.params
        if getattr(parameter, "is_flag", False)
        for name in parameter.opts
    }
    assert flags <= FLAGS


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "serve"])
def test_every_command_has_the_common_options_and_their_variables(command: str) -> None:
    options = {parameter.opts[0]: parameter for parameter in program.commands[command].params}
    for name, variable in (("--data", "MODERATOR_DATA"), ("--webinar", "MODERATOR_WEBINAR"), ("--redis", "REDIS_URL")):
        assert variable in (options[name].envvar or ())


# ---- mistakes --------------------------------------------------------------------------------------------------------


def _refused(*arguments: str | Path | int, env: dict[str, str] | None = None) -> str:
    """Exit 2 with one line on stderr and nothing else; the line."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, arguments)],
        cwd=ROOT, env={**environment(), **(env or {})}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.server
def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        line = _refused("--host", "127.0.0.1", "--port", port, "--data", tmp_path)
    assert f"Port {port} is in use" in line
    assert "--port" in line


@pytest.mark.server
def test_an_agenda_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("Programme\n08:30 Welcome\n08:20 Earlier\n")
    port = free_port()
    assert "Line 3" in _refused("--port", port, "--data", tmp_path / "d", "--agenda", bad)
    assert "No such file" in _refused("--port", port, "--data", tmp_path / "d", "--agenda", tmp_path / "none.txt")
    bad.write_bytes(b"%PDF-1.4")
    assert "PDF" in _refused("import", bad, "--data", tmp_path / "d2")
    assert not (tmp_path / "d2").exists()


@pytest.mark.server
def test_redis_is_not_pretended(tmp_path: Path) -> None:
    assert "Redis" in _refused("links", "--data", tmp_path, "--redis", "redis://127.0.0.1:1")
    assert "Redis" in _refused("links", "--data", tmp_path, env={"REDIS_URL": "redis://127.0.0.1:1"})
    assert "--redis" in _refused("--workers", "2", "--data", tmp_path)


@pytest.mark.server
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--now", "yesterday"], "instant"),
        (["--now", "2020-07-07T08:30:00"], "offset"),
        (["--public-url", "webinar.example.org"], "--public-url"),
        (["--allow-origin", "https://a.example/path"], "--allow-origin"),
        (["links"], "no log"),
        (["export", "nope", "--format", "json"], "no log"),
        (["rehearse", "s3p"], "No server runs"),
        (["erase"], "no log"),
    ],
)
def test_other_mistakes_are_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    assert words in _refused(*arguments, "--data", tmp_path / "none")


@pytest.mark.server
def test_data_in_use_is_said(server: Server) -> None:
    line = _refused("--host", "127.0.0.1", "--port", free_port(), "--data", server.data)
    assert str(server.pid) in line
    assert "--data" in line


# ---- serve -----------------------------------------------------------------------------------------------------------


@pytest.mark.server
def test_serve_prints_the_links_and_a_code(server: Server) -> None:
    for url in (server.links["attendee"], server.links["moderator"], server.links["screen"]):
        assert url in server.stdout
    for url in server.links["speakers"].values():
        assert url in server.stdout
    assert "█" in server.stdout
    assert server.stderr == ""


@pytest.mark.server
def test_a_second_start_finds_everything(server: Server) -> None:
    before = server.links
    token = server.join()
    asked = server.post(
        f"/api/v1/webinars/{server.webinar}/commands",
        json={"type": "question:ask", "text": "Still here?"}, headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert asked.status_code == 200
    server.restart()
    assert server.read_links() == before
    view = server.get(f"/api/v1/webinars/{server.webinar}", headers={"Authorization": f"Bearer {token}"}).json()
    assert [one["text"] for one in view["me"]["questions"].values()] == ["Still here?"]


@pytest.mark.server
def test_sigterm_ends_it_quickly_while_clients_are_connected(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")  # half a request
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 5
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1)


@pytest.mark.server
def test_an_agenda_makes_its_webinar_once(serve: Serve, programme: Path) -> None:
    server = serve("--agenda", programme)
    assert server.webinar == "hydrogen-valleys"
    before = server.read_links()
    assert isinstance(before, dict), "no sample beside it"
    server.restart()
    assert server.read_links() == before


@pytest.mark.server
def test_the_rehearsal_clock_is_set_anew_at_each_start(serve: Serve, programme: Path) -> None:
    server = serve("--now", "2020-07-07T08:30:00+02:00")
    epoch = server.get("/readyz").json()["epoch"]
    for instant, expected in (("2020-07-07T08:30:00+02:00", 1594103400000), ("2020-07-07T06:00:00Z", 1594101600000)):
        server.restart("--now", instant)
        answer = server.post(
            f"/api/v1/webinars/{server.webinar}/commands",
            json={"type": "clock", "t0": 0}, headers={"Authorization": f"Bearer {server.join()}"},
        ).json()  # fmt: skip
        assert 0 <= answer["now"] - expected < 60_000
        assert server.get("/readyz").json()["epoch"] == epoch
        assert 'data-rehearsal="true"' in server.get("/").text


# ---- links, import, export, replay, erase ----------------------------------------------------------------------------


@pytest.mark.server
def test_other_commands_start_fast_and_without_the_server(server: Server) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(ROOT / "run.py"), "links", "--json", "--data", str(server.data)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "moderator.store" in loaded
    assert not loaded & {"eventlet", "flask", "flask_socketio", "babel", "openpyxl", "icalendar"}


@pytest.mark.server
def test_links_are_what_the_contract_says(server: Server, programme: Path) -> None:
    links = server.links
    assert set(links) == {"webinar", "base", "attendee", "moderator", "screen", "speakers"}
    assert links["base"] == server.base
    assert links["attendee"].startswith(server.base)
    for url in (links["moderator"], links["screen"], *links["speakers"].values()):
        assert url.startswith(f"{server.base}/k/")
        assert len(url.rpartition("/")[2]) >= 22
        assert server.get(url.removeprefix(server.base)).status_code == 303
    assert len({links["moderator"], links["screen"], *links["speakers"].values()}) == 2 + len(links["speakers"])
    run("import", programme, "--data", server.data)
    both = server.read_links()
    assert [one["webinar"] for one in both] == [links["webinar"], "hydrogen-valleys"]
    assert server.read_links("--webinar", "hydrogen-valleys")["webinar"] == "hydrogen-valleys"


@pytest.mark.server
@pytest.mark.parametrize("live", [True, False])
def test_rotating_makes_new_links_and_ends_the_old(server: Server, live: bool) -> None:
    old = server.links
    if not live:
        assert server.stop() == 0
    new = server.read_links("--rotate", "speaker")
    if not live:
        server.start()
    assert new["moderator"] == old["moderator"]
    assert all(new["speakers"][slot] != url for slot, url in old["speakers"].items())
    for links, status in ((old, 404), (new, 303)):
        for url in links["speakers"].values():
            assert server.get(url.removeprefix(server.base)).status_code == status


@pytest.mark.server
def test_who_came_in_by_a_rotated_link_is_out_at_once(server: Server, connect: Connect) -> None:
    clients = {role: connect(server, role) for role in ("moderator", "screen", "attendee")}
    slot = next(iter(server.links["speakers"]))
    clients["speaker"] = connect(server, "speaker", slot=slot)
    run("links", "--rotate", "speaker", "--data", server.data)
    _until(lambda: not clients["speaker"].connected)
    with pytest.raises(RefusedError) as refused:
        clients["speaker"].connect()
    assert refused.value.code == "forbidden"
    for role in ("moderator", "screen", "attendee"):
        assert clients[role].connected, role
        assert clients[role].send("clock", {"t0": 1})["ok"]


def _until(true: Callable[[], object], seconds: float = 5) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.02)


@pytest.mark.server
def test_people_are_told_the_organisers_key_and_programs_are_not(server: Server) -> None:
    told = run("links", "--data", server.data).stdout
    found = re.search(r"(?m)^Organiser   key for POST /api/v1/webinars: ([A-Za-z0-9_-]{24})$", told)
    assert found is not None
    key = found[1]
    assert key not in json.dumps(server.links)
    headers = {"Authorization": f"Bearer {key}"}
    made = server.post("/api/v1/webinars", json={"text": PROGRAMME}, headers=headers)
    assert made.status_code == 201


@pytest.mark.server
@pytest.mark.parametrize("live", [True, False])
def test_a_programme_is_imported_changed_and_erased(server: Server, programme: Path, live: bool) -> None:
    if not live:
        assert server.stop() == 0
    data = ("--data", server.data)
    assert "hydrogen-valleys: 3 slots." in run("import", programme, *data).stdout
    before = json.loads(run("links", "--json", "--webinar", "hydrogen-valleys", *data).stdout)
    assert "already" in _refused("import", programme, *data)
    programme.write_text(PROGRAMME.replace("09:10 First", "09:15 First").replace("3 March", "4 March"))
    run("import", programme, "--webinar", "hydrogen-valleys", *data)
    after = json.loads(run("links", "--json", "--webinar", "hydrogen-valleys", *data).stdout)
    assert after == before, "slots that stay keep their links"
    out = server.folder / "out.json"
    run("export", "hydrogen-valleys", "--format", "json", "--out", out, *data)
    agenda = json.loads(out.read_text())["agenda"]
    assert [slot.get("start") for slot in agenda["slots"]] == ["09:00", "09:15", "09:30"]
    assert agenda["date"] == "2026-03-04"
    run("import", out, "--webinar", "copy", *data)
    assert run("erase", "hydrogen-valleys", *data).stdout == "hydrogen-valleys is gone.\n"
    assert "no webinar called hydrogen-valleys" in _refused("links", "--webinar", "hydrogen-valleys", *data)
    assert run("erase", "copy", "--personal-data", *data).stdout == "The personal data of copy is gone.\n"
    if not live:
        server.start()
    assert server.get("/w/hydrogen-valleys").status_code == 404
    assert server.get("/w/copy").status_code == 200


@pytest.mark.server
def test_a_programme_without_zone_says_what_it_was_taken_for(tmp_path: Path) -> None:
    bare = tmp_path / "bare.txt"
    bare.write_text("Bare\n08:30 Welcome\n08:40-09:00 Talk\n")
    said = run("import", bare, "--data", tmp_path / "data").stdout
    assert "bare: 2 slots." in said
    assert "Europe/Brussels" in said


@pytest.mark.server
def test_every_format_is_exported_beside_a_running_server(server: Server, tmp_path: Path) -> None:
    for form, sign in (
        ("json", b"{"),
        ("csv", b"\xef\xbb\xbfDate"),
        ("xlsx", b"PK"),
        ("ics", b"BEGIN:VCALENDAR"),
        ("md", b"# "),
    ):
        out = tmp_path / f"out.{form}"
        run("export", server.webinar, "--format", form, "--out", out, "--data", server.data)
        assert out.read_bytes().startswith(sign)
    assert "cannot be written" in _refused("export", "--out", tmp_path / "no" / "file", "--data", server.data)


@pytest.mark.server
def test_replay_shows_any_moment(server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.key('moderator')}"}
    path = f"/api/v1/webinars/{server.webinar}/commands"
    for text in ("First?", "Second?"):
        body = {"type": "question:ask", "text": text, "source": "room"}
        assert server.post(path, json=body, headers=headers).status_code == 200

    def replay(*until: str) -> tuple[int, set[str]]:
        found = json.loads(run("replay", server.webinar, *until, "--data", server.data).stdout)
        return found["seq"], {one["text"] for one in found["view"]["questions"].values()}

    assert replay() == (3, {"First?", "Second?"})
    assert replay("--until", "2") == (2, {"First?"})
    assert "nothing before" in _refused(
        "replay", server.webinar, "--until", "2001-01-01T00:00:00Z", "--data", server.data
    )
    assert "neither" in _refused("replay", server.webinar, "--until", "soon", "--data", server.data)


@pytest.mark.server
def test_bots_join_ask_vote_and_leave(server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.key('moderator')}"}
    path = f"/api/v1/webinars/{server.webinar}"
    body = {"type": "settings:change", "moderation": "post"}
    assert server.post(f"{path}/commands", json=body, headers=headers).status_code == 200
    done = run(
        "rehearse", server.webinar, "--attendees", "30", "--minutes", "8", "--speed", "100", "--data", server.data
    )
    assert "30 joined" in done.stdout
    (warning,) = done.stderr.splitlines()
    assert "not a rehearsal" in warning
    assert "running" not in warning
    found = server.get(path, headers=headers).json()
    assert all(one["name"].startswith("Rehearsal ") for one in found["questions"].values())
    counts = server.get(path, headers=headers).json()["counts"]
    assert counts["questions"] >= 1
    assert counts["votes"] >= 1
    metrics = server.get("/metrics").text
    assert 'webinar_connections{role="attendee"} 0.0' in metrics


@pytest.mark.server
def test_bots_warn_of_a_running_show_and_do_what_they_are_told(server: Server) -> None:
    headers = {"Authorization": f"Bearer {server.key('moderator')}"}
    path = f"/api/v1/webinars/{server.webinar}/commands"
    assert server.post(path, json={"type": "timer:start"}, headers=headers).status_code == 200
    done = run("rehearse", "--attendees", "1", "--minutes", "1", "--speed", "1000", "--data", server.data)
    assert "it is running now" in done.stderr
    assert "1 joined" in done.stdout
    refused = _refused("rehearse", "--wipe", "--data", server.data)
    assert refused == "This webinar is no rehearsal. Nothing was wiped."


@pytest.mark.server
def test_a_rehearsal_is_wiped_and_everybody_comes_back_to_what_was_planned(serve: Serve, connect: Connect) -> None:
    server = serve("--now", "2020-07-07T08:30:00+02:00")
    links = server.links
    desk, phone = connect(server, "moderator"), connect(server, "attendee")
    planned = timeless(connect(server, "screen").view)
    phone.do("question:ask", {"text": "Is it a rehearsal?", "name": "Rehearsal 1"})
    desk.do("timer:start")
    quiet = run("rehearse", "--attendees", "2", "--minutes", "1", "--speed", "100", "--data", server.data)
    assert quiet.stderr == ""
    seq = desk.do("agenda:edit", {"slot": next(iter(links["speakers"])), "title": "Changed"})["seq"]
    said = run("rehearse", "--wipe", "--data", server.data).stdout
    assert said.startswith(f"{server.webinar} is as it was planned")
    for client in (desk, phone):
        _until(lambda client=client: not client.connected)  # type: ignore[misc]
        before = len(client.frames)
        client.connect()
        assert client.frames[before].event == "snapshot"
        assert client.seq > seq
        assert client.view["questions"] == {}
    assert phone.view["me"] == {"questions": {}, "votes": {}}
    assert timeless(connect(server, "screen").view) == planned
    assert desk.view["webinar"]["rehearsal"] is True
    server.restart()
    assert server.read_links() == links
    assert timeless(connect(server, "screen").view) == planned
    connect(server, "attendee").do("question:ask", {"text": "Once more?"})
    assert server.stop() == 0
    assert "as it was planned" in run("rehearse", "--wipe", "--data", server.data).stdout
    assert "no rehearsal" in _refused("rehearse", "--wipe", "--data", server.data)
    found = json.loads(run("replay", server.webinar, "--data", server.data).stdout)
    assert (found["view"]["questions"], found["view"]["webinar"].get("rehearsal")) == ({}, None)


@pytest.mark.server
def test_the_most_attendees_at_once_are_told_by_a_server_that_saw_them_all(server: Server, connect: Connect) -> None:
    headers = {"Authorization": f"Bearer {server.key('moderator')}"}

    def peak() -> object:
        return server.get(f"/w/{server.webinar}/report.json", headers=headers).json()["facts"].get("attendees_peak")

    assert peak() is None
    token = server.join()
    phones = [connect(server, "attendee"), connect(server, "attendee", attendee=token)]
    connect(server, "attendee", attendee=token)  # another window of the same attendee
    for phone in phones:
        phone.disconnect()
    connect(server, "attendee")
    assert peak() == 2
    assert server.post(
        f"/api/v1/webinars/{server.webinar}/commands", json={"type": "timer:start"}, headers=headers
    ).ok  # fmt: skip
    server.restart()
    connect(server, "attendee")
    assert peak() is None, "how many there were before is not known"
