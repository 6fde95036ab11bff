"""The pages' facts, the ways in, and the files that belong to a webinar."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from segno import QRCode

from moderator.live.identity import cookie_name
from tests.web.world import CODE, SLUG, World


def _facts(html: str) -> dict[str, str]:
    tag = re.search(r"<html[^>]*>", html)
    assert tag is not None
    return {name: unescape(value) for name, value in re.findall(r'data-([a-z-]+)="([^"]*)"', tag[0])}


@pytest.mark.parametrize(
    ("path", "role"),
    [("", "attendee"), ("/moderator", "moderator"), ("/screen", "screen"), ("/overlay", "screen")],
)
def test_a_page_knows_its_webinar_and_role(world: World, path: str, role: str) -> None:
    facts = _facts(world.browser("moderator").get(f"/w/{SLUG}{path}").get_data(as_text=True))
    assert facts["webinar"] == SLUG
    assert facts["role"] == role
    assert facts["lang"] == "en"
    assert facts["static"].startswith("/static/")


def test_a_speakers_page_knows_its_slot(world: World) -> None:
    slot = world.room.state.order[1]
    speaker = world.browser("speaker", slot)
    assert _facts(speaker.get(f"/w/{SLUG}/speaker/{slot}").get_data(as_text=True))["slot"] == slot
    green = _facts(speaker.get(f"/w/{SLUG}/greenroom").get_data(as_text=True))
    assert (green["role"], green["slot"]) == ("speaker", slot)
    assert _facts(world.browser("screen").get(f"/w/{SLUG}/greenroom").get_data(as_text=True))["role"] == "screen"


def test_one_slot_is_opened_at_once_and_several_are_listed(world: World) -> None:
    first, second = world.room.state.order[:2]
    speaker = world.browser("speaker", second)
    assert speaker.get(f"/w/{SLUG}/speaker").headers["Location"] == f"/w/{SLUG}/speaker/{second}"
    speaker.client.set_cookie(cookie_name(SLUG, "speaker", first), world.key("speaker", first))
    page = speaker.get(f"/w/{SLUG}/speaker").get_data(as_text=True)
    assert f"/w/{SLUG}/speaker/{first}" in page
    assert f"/w/{SLUG}/speaker/{second}" in page
    assert "Mattia Adani" in page


@pytest.mark.parametrize(
    ("role", "query", "leads_to"),
    [
        ("moderator", "", "/moderator"),
        ("moderator", "?to=report", "/report"),
        ("screen", "", "/screen"),
        ("screen", "?to=overlay&style=block", "/overlay?style=block"),
        ("screen", "?to=moderator", "/screen"),
        ("screen", "?to=//evil.example", "/screen"),
        ("speaker", "", "/speaker/{slot}"),
        ("speaker", "?to=greenroom", "/greenroom"),
    ],
)
def test_a_secret_link_becomes_a_cookie(world: World, role: str, query: str, leads_to: str) -> None:
    slot = world.room.state.order[1]
    visitor = world.browser()
    answer = visitor.get(f"/k/{world.key(role, slot)}{query}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/w/{SLUG}" + leads_to.replace("{slot}", slot)
    assert visitor.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("key", ["nope", "x" * 24, "x" * 2000, "%00", "organiser"])
def test_a_link_that_is_not_valid_says_what_to_do(world: World, key: str) -> None:
    wrong = world.identities.organiser_key() if key == "organiser" else key
    answer = world.browser().get(f"/k/{wrong}")
    assert answer.status_code == 404
    assert "This link is no longer valid. Ask the host for a new one." in answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers


def test_a_page_without_the_right_link_says_whose_it_is(world: World) -> None:
    text = world.browser().get(f"/w/{SLUG}/moderator").get_data(as_text=True)
    assert "This page is for the moderators." in text


def test_visiting_twice_is_one_attendee(world: World) -> None:
    who = world.browser()
    assert "Set-Cookie" in who.get(f"/w/{SLUG}").headers
    assert "Set-Cookie" not in who.get(f"/w/{SLUG}").headers


def test_a_cookie_that_was_tampered_with_is_replaced(world: World) -> None:
    who = world.browser()
    who.client.set_cookie(cookie_name(SLUG, "attendee"), "somebody.else")
    assert "Set-Cookie" in who.get(f"/w/{SLUG}").headers


def test_a_code_that_fits_none_is_said_on_the_first_page(world: World) -> None:
    answer = world.browser().get("/j?code=zz9")
    assert answer.status_code == 404
    text = answer.get_data(as_text=True)
    assert "No webinar has this code." in text
    assert 'value="ZZ9"' in text


def test_the_first_page_lists_the_webinars(world: World) -> None:
    text = world.browser().get("/").get_data(as_text=True)
    assert "S3P Chemicals" in text
    assert f'href="/w/{SLUG}"' in text
    assert "July" in text
    assert "08:30–09:00" in text


def test_the_qr_code_holds_the_upper_case_link(make: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    import segno

    made: list[tuple[str, QRCode]] = []
    real = segno.make

    def make_code(content: str, **options: Any) -> QRCode:
        code = real(content, **options)
        made.append((content, code))
        return code

    monkeypatch.setattr("moderator.web.pages.segno.make", make_code)
    world = make(public_url="https://webinar.example.org")
    answer = world.browser().get(f"/w/{SLUG}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    content, code = made[0]
    assert content == f"HTTPS://WEBINAR.EXAMPLE.ORG/J/{CODE}"
    assert (code.mode, code.error) == ("alphanumeric", "M")
    assert int(str(code.version)) <= 2
    modules = code.symbol_size(border=0)[0]
    assert f'viewBox="0 0 {modules + 8} {modules + 8}"' in answer.get_data(as_text=True)


def test_links_for_the_dashboard_are_those_of_the_command_line(world: World) -> None:
    found = world.browser("moderator").get(f"/w/{SLUG}/moderator/links.json").json
    assert found["base"] == "http://localhost"
    assert found["moderator"] == f"http://localhost/k/{world.key('moderator')}"
    assert list(found["speakers"]) == list(world.room.state.order) == list(found["titles"])
    assert found["attendee"] == f"http://localhost/j/{CODE}"
    assert world.browser().get(found["overlay"]).headers["Location"] == f"/w/{SLUG}/overlay"


def test_a_pasted_programme_is_shown_before_it_changes_anything(world: World) -> None:
    moderator, before = world.browser("moderator"), world.room.seq
    path = f"/w/{SLUG}/moderator/preview-programme"
    found = moderator.post(path, json={"text": "08:30 Welcome\n08:40 Talk, Ada Lovelace\n09:00-09:10 Closing"}).json
    assert found["ok"] is True
    assert [slot["start"] for slot in found["slots"]] == ["08:30", "08:40", "09:00"]
    assert [slot["duration_s"] for slot in found["slots"][:2]] == [600, 1200]
    assert isinstance(found["notes"], list)
    wrong = moderator.post(path, json={"text": "08:30 Welcome\n08:20 Earlier"})
    assert wrong.status_code == 400
    assert wrong.json["error"]["code"] == "invalid"
    assert wrong.json["problems"][0]["line"] == 2
    assert moderator.post(path, json={"text": 3}).status_code == 400
    assert moderator.post(path, data="text").status_code == 400
    assert world.room.seq == before


def test_pages_of_a_rehearsal_say_so(make: Callable[..., World]) -> None:
    world = make(now=1_594_103_400_000)
    for path in ("", "/moderator", "/screen", "/overlay", "/greenroom", "/report"):
        facts = _facts(world.browser("moderator").get(f"/w/{SLUG}{path}").get_data(as_text=True))
        assert facts["rehearsal"] == "true", path


@pytest.mark.parametrize(("asked", "shown"), [("dark", "dark"), ("light", "light"), ("%22%3E", None)])
def test_a_theme_may_be_asked_for(world: World, asked: str, shown: str | None) -> None:
    facts = _facts(world.browser("moderator").get(f"/w/{SLUG}/moderator?theme={asked}").get_data(as_text=True))
    assert facts.get("theme") == shown
