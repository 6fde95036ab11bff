"""Sections 2 and 6: routes, who they are for, and what becomes of a key."""

from __future__ import annotations

import re

import pytest
import requests

from tests.contract.stage import Stage, cut
from tests.support.client import Client, RefusedError
from tests.support.server import Server


def holder(stage: Stage, role: str, slot: str | None = None) -> requests.Session:
    """A browser that opened a secret link."""
    browser = requests.Session()
    link = stage.links["speakers"][slot or stage.slots[1]] if role == "speaker" else stage.links[role]
    assert browser.get(link, timeout=10).status_code == 200
    return browser


def test_the_first_page_has_the_webinars_and_a_box_for_the_code(stage: Stage) -> None:
    page = stage.server.get("/")
    assert page.status_code == 200 and "text/html" in page.headers["Content-Type"]
    assert f"/w/{stage.slug}" in page.text and 'name="code"' in page.text


def test_a_join_code_works_in_any_case(stage: Stage) -> None:
    code = stage.links["attendee"].rsplit("/j/", 1)[1]
    for typed in (code, code.lower(), code.title()):
        for path in (f"/j/{typed}", f"/j?code={typed}", f"/j?code=%20{typed}%20"):
            answer = stage.server.get(path)
            assert answer.status_code in (302, 303) and answer.headers["Location"].endswith(f"/w/{stage.slug}"), path
    assert stage.server.get("/j/ZZZZZ").status_code == 404


@pytest.mark.parametrize(
    ("role", "path"), [("moderator", "/moderator"), ("screen", "/screen"), ("speaker", "/speaker/")]
)
def test_a_secret_link_becomes_a_cookie_and_leaves_the_address_bar(stage: Stage, role: str, path: str) -> None:
    key = stage.key(role)
    answer = stage.server.get(f"/k/{key}")
    assert answer.status_code in (302, 303)
    where = answer.headers["Location"]
    assert f"/w/{stage.slug}{path}" in where and key not in where
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and re.search(r"Path=/(;|$)", cookie)
    assert "Domain" not in cookie
    name = cookie.split("=", 1)[0]
    assert stage.slug in name and role in name and (role != "speaker" or stage.slots[1] in name)
    assert "no-store" in answer.headers.get("Cache-Control", "")
    assert answer.headers.get("Referrer-Policy") in ("no-referrer", "same-origin")


def test_a_link_that_is_not_valid_is_404_and_gives_no_cookie(stage: Stage, organiser: str) -> None:
    for key in ("A" * 24, "x", stage.key("moderator") + "x", stage.token(), organiser, "A" * 3000, "%00", "..%2f"):
        answer = stage.server.get(f"/k/{key}")
        assert answer.status_code in (404, 414) and "Set-Cookie" not in answer.headers, key


def test_every_page_is_for_its_own(stage: Stage) -> None:
    base = f"{stage.server.base}/w/{stage.slug}"
    browsers = {role: holder(stage, role) for role in ("moderator", "speaker", "screen")}
    browsers["nobody"] = requests.Session()
    pages = {
        "": {"nobody", "moderator", "speaker", "screen"},
        "/agenda.ics": {"nobody", "moderator", "speaker", "screen"},
        "/moderator": {"moderator"},
        "/report": {"moderator"},
        "/screen": {"screen", "moderator"},
        "/overlay": {"screen", "moderator"},
        "/speaker": {"speaker", "moderator"},
        f"/speaker/{stage.slots[1]}": {"speaker", "moderator"},
        f"/speaker/{stage.slots[2]}": {"moderator"},
    }
    for path, allowed in pages.items():
        for who, browser in browsers.items():
            answer = browser.get(base + path, timeout=10)
            assert answer.status_code == (200 if who in allowed else 403), (path, who, answer.status_code)
    assert browsers["moderator"].get(f"{base}/speaker/s99", timeout=10).status_code == 404
    assert stage.server.get("/w/nowhere").status_code == 404
    assert stage.server.get("/w/nowhere/moderator").status_code == 404
    assert stage.server.get("/nowhere").status_code == 404


def test_one_webinars_key_opens_no_other(stage: Stage) -> None:
    browser = holder(stage, "moderator")
    assert browser.get(f"{stage.server.base}/w/s3p-chemicals/moderator", timeout=10).status_code == 403


def test_nothing_changes_on_get(stage: Stage) -> None:
    desk = stage.moderator()
    for role in ("moderator", "speaker", "screen"):
        browser = holder(stage, role)
        for path in (
            "",
            "/moderator",
            "/speaker",
            "/screen",
            "/overlay",
            "/report",
            "/agenda.ics",
            "?plain=1",
            "/qr.svg",
        ):
            browser.get(f"{stage.server.base}/w/{stage.slug}{path}", timeout=10)
            browser.head(f"{stage.server.base}/w/{stage.slug}{path}", timeout=10)
    for path in ("", "/questions", "/export.json", "/export.ics"):
        stage.get(path, key=stage.key("moderator"))
    assert stage.get("/commands", key=stage.key("moderator"), params={"type": "timer:start"}).status_code == 405
    assert desk.do("presence", {})["seq"] == 1


def test_whoever_opens_the_page_is_an_attendee_with_a_cookie(stage: Stage) -> None:
    answer = stage.server.get(f"/w/{stage.slug}")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "attendee" in cookie.split("=", 1)[0]
    again = stage.server.get(f"/w/{stage.slug}", headers={"Cookie": cookie.split(";", 1)[0]})
    assert "Set-Cookie" not in again.headers
    for other in ("moderator", "screen", "speaker"):
        key = stage.key(other)
        assert key not in answer.text


def test_the_calendar_has_every_slot(stage: Stage) -> None:
    answer = stage.server.get(f"/w/{stage.slug}/agenda.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.text.count("BEGIN:VEVENT") == 5 and "SUMMARY:First talk" in answer.text


def test_health_readiness_and_numbers(house: Server) -> None:
    assert house.get("/healthz").status_code == 200
    assert house.get("/readyz").status_code == 200
    numbers = house.get("/metrics")
    assert numbers.status_code == 200 and "text/plain" in numbers.headers["Content-Type"] and "# HELP" in numbers.text


def test_keys_carry_128_bits_and_more(stage: Stage) -> None:
    keys = [stage.key("moderator"), stage.key("screen"), *(stage.key("speaker", slot) for slot in stage.slots)]
    assert len(set(keys)) == len(keys)
    assert all(len(key) * 6 >= 128 and re.fullmatch(r"[A-Za-z0-9_-]+", key) for key in keys)
    assert all(len(stage.token()) >= 40 for _ in range(2))
    assert stage.links["attendee"].startswith(stage.server.base + "/j/")
    for link in (stage.links["moderator"], stage.links["screen"], *stage.links["speakers"].values()):
        assert link.startswith(stage.server.base + "/k/")


def test_rotating_cuts_those_connected_and_refuses_old_keys_and_cookies(stage: Stage) -> None:
    old = stage.server.read_links("--webinar", stage.slug)
    browser = holder(stage, "moderator")
    desk, screen, speaker, attendee = stage.moderator(), stage.client("screen"), stage.client("speaker"), stage.client()
    as_screen = stage.client("screen", key=stage.key("moderator"))
    new = stage.server.read_links("--webinar", stage.slug, "--rotate", "moderator")
    assert new["moderator"] != old["moderator"]
    assert new["screen"] == old["screen"] and new["speakers"] == old["speakers"] and new["attendee"] == old["attendee"]
    for client in (desk, as_screen):
        assert cut(client)
        with pytest.raises(RefusedError) as refusal:
            Client(stage.server.base, client.auth).connect()
        assert refusal.value.code == "forbidden"
    assert browser.get(f"{stage.server.base}/w/{stage.slug}/moderator", timeout=10).status_code == 403
    assert browser.get(old["moderator"], timeout=10).status_code == 404
    assert stage.get(key=stage.key("moderator")).status_code == 403
    for client in (screen, speaker, attendee):
        assert client.connected and client.send("clock", {"t0": 1})["ok"]
    stage.links.update(new)
    again = stage.moderator()
    assert again.do("timer:start", {})["ok"]
    speakers = stage.server.read_links("--webinar", stage.slug, "--rotate", "speaker")["speakers"]
    assert not set(speakers.values()) & set(old["speakers"].values())
    assert cut(speaker) and screen.connected and again.connected
