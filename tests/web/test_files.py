"""Static files, catalogues, health."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from moderator.log.base import LogUnavailable
from moderator.web.files import Files
from moderator.web.i18n import Catalogues
from tests.web.world import SLUG, World

GERMAN = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Ask a question"
msgstr "Frage stellen"

#, fuzzy
msgid "Send"
msgstr "Schicken"

msgid "Too long by {n} characters."
msgstr "Um {n} Zeichen zu lang."

msgid "{n} vote"
msgid_plural "{n} votes"
msgstr[0] "{n} Stimme"
msgstr[1] "{n} Stimmen"

msgid "Agenda"
msgstr ""
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "page.js").write_text("export const words = '" + "a long text " * 100 + "'")
    (tmp_path / "small.css").write_text("a{}")
    (tmp_path / "font.woff2").write_bytes(b"x" * 5000)
    (tmp_path / ".hidden").write_text("no")
    return Files(tmp_path)


@pytest.fixture
def app(files: Files) -> Flask:
    app = Flask("files", static_folder=None)
    app.add_url_rule("/static/<path:path>", "static", files.serve)
    return app


def test_a_versioned_file_is_kept_for_good(app: Flask, files: Files) -> None:
    answer = app.test_client().get(files.url("js/page.js"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/javascript; charset=utf-8"


def test_a_file_by_its_plain_name_is_asked_for_anew(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/static/small.css")
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/static/small.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_old_version_gets_what_there_is_now_and_does_not_keep_it(app: Flask, files: Files) -> None:
    assert files.digest != "0123456789abcdef"
    answer = app.test_client().get("/static/0123456789abcdef/small.css")
    assert (answer.data, answer.headers["Cache-Control"]) == (b"a{}", "no-cache")


def test_text_is_compressed_for_those_who_take_it(app: Flask, files: Files) -> None:
    client = app.test_client()
    plain = client.get("/static/js/page.js")
    zipped = client.get("/static/js/page.js", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    font = client.get("/static/font.woff2", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in font.headers


@pytest.mark.parametrize("path", [".hidden", "../pyproject.toml", "nope.js", "", "js", "js/../small.css"])
def test_what_is_not_there_is_404(app: Flask, path: str) -> None:
    assert app.test_client().get(f"/static/{path}").status_code == 404


def test_another_tree_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = Files(tmp_path).digest
    (tmp_path / "a.js").write_text("2")
    assert Files(tmp_path).digest != before


# ---- languages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def catalogues(tmp_path: Path) -> Catalogues:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(GERMAN, encoding="utf-8")
    return Catalogues.load(tmp_path)


def test_sentences_are_translated_and_filled_in(catalogues: Catalogues) -> None:
    assert catalogues.gettext("de", "Too long by {n} characters.", n=3) == "Um 3 Zeichen zu lang."
    assert catalogues.gettext("de", "Nobody wrote {this} down.", this="that") == "Nobody wrote that down."
    assert catalogues.gettext("xx", "Too long by {n} characters.", n=3) == "Too long by 3 characters."
    assert catalogues.ngettext("de", "{n} vote", "{n} votes", 1) == "1 Stimme"
    assert catalogues.ngettext("de", "{n} vote", "{n} votes", 2) == "2 Stimmen"
    assert catalogues.gettext("de", "Agenda") == "Agenda"


def test_scripts_get_the_same_words(catalogues: Catalogues) -> None:
    import json

    found = json.loads(catalogues.as_json("de") or b"null")
    assert found == {
        "lang": "de",
        "plural": "nplurals=2; plural=(n != 1);",
        "messages": {
            "Ask a question": "Frage stellen",
            "Too long by {n} characters.": "Um {n} Zeichen zu lang.",
            "{n} vote": ["{n} Stimme", "{n} Stimmen"],
        },
    }
    assert catalogues.as_json("xx") is None


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        (None, [], "en"), (None, ["fr", "de-AT"], "de"), ("de", ["en"], "de"), ("xx", ["de"], "de"), ("DE", [], "de"),
        (None, ["en", "de"], "en"), (None, ["*"], "en"), ("../../etc", [], "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_asked_for_or_accepted(
    catalogues: Catalogues, asked: str | None, accepted: list[str], chosen: str
) -> None:
    assert catalogues.choose(asked, accepted) == chosen


def test_a_page_speaks_the_language_and_keeps_it(make: Callable[..., World], catalogues: Catalogues) -> None:
    world = make(catalogues=catalogues)
    who = world.browser("attendee")
    page = f"/w/{SLUG}?plain=1"
    assert "Ask a question" in who.get(page).get_data(as_text=True)
    assert "Frage stellen" in who.get(page, headers={"Accept-Language": "de-CH,de;q=0.9"}).get_data(as_text=True)
    assert "Frage stellen" in who.get(f"{page}&lang=de").get_data(as_text=True)
    text = who.get(page).get_data(as_text=True)
    assert "Frage stellen" in text
    assert '<html lang="de"' in text
    refused = who.post(f"/w/{SLUG}/ask", data={"text": "x" * 303})
    assert "Um 3 Zeichen zu lang." in refused.get_data(as_text=True)


# ---- health ----------------------------------------------------------------------------------------------------------


def test_a_healthy_server_is_ready(world: World) -> None:
    assert world.browser().get("/healthz").json == {"ok": True}
    found = world.browser().get("/readyz")
    assert found.status_code == 200
    assert found.json["ok"] is True
    assert found.json["epoch"] == world.rooms.log.epoch


def test_a_server_without_its_log_is_alive_and_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.rooms.log, "health", lambda: {"ok": False, "message": "The disk is full."})
    found = world.browser().get("/readyz")
    assert found.status_code == 503
    assert found.json["message"] == "The disk is full."
    assert world.browser().get("/healthz").status_code == 200


def test_metrics_count_commands_and_requests_without_naming_anybody(world: World) -> None:
    world.ask("A question that nobody else shall read")
    world.program("attendee").command("timer:start")
    text = world.browser().get("/metrics").get_data(as_text=True)
    assert 'webinar_commands_total{result="ok",type="question:ask"}' in text
    assert 'webinar_commands_total{result="forbidden",type="timer:start"}' in text
    assert "webinar_commit_seconds_count" in text
    assert 'webinar_http_requests_total{route="api.command",status="200"}' in text
    assert "nobody else" not in text
    assert world.key("moderator") not in text


def test_a_failure_is_written_down_and_not_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise LogUnavailable("something with a secret in it")

    monkeypatch.setattr("moderator.web.pages.webinar_facts", fail)
    answer = world.browser().get(f"/w/{SLUG}")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "secret" not in text
    assert answer.headers["X-Request-Id"] in text
    captured = capsys.readouterr()
    assert answer.headers["X-Request-Id"] in captured.out + captured.err
