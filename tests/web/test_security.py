"""What every answer says to browsers, and whose pages may change anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.test_access import WALK
from tests.web.world import CODE, SLUG, World

PAGES = sorted(name for name, (method, *_) in WALK.items() if method == "GET")


def _directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("endpoint", [*(name for name in PAGES if name != "files.static"), "nothing", "forbidden"])
def test_every_answer_has_the_headers(world: World, endpoint: str) -> None:
    path = {"nothing": "/nothing-here", "forbidden": f"/w/{SLUG}/moderator"}.get(endpoint)
    visitor = world.browser(None if path else "moderator")
    if path is None:
        path = WALK[endpoint][1].replace("{moderator_key}", world.key("moderator"))
        path = path.replace("{slot}", world.room.state.order[1])
    headers = visitor.get(path).headers
    policy = _directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["font-src"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert set(policy["connect-src"]) == {"'self'", "ws://localhost", "wss://localhost"}
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "screen-wake-lock=(self)" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert "Cache-Control" in headers
    assert "Server" not in headers


def test_files_have_few_headers_and_may_do_nothing_as_pages(world: World) -> None:
    headers = world.browser().get("/static/icon.svg").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert sum(len(name) + len(value) + 4 for name, value in headers) < 400
    missing = world.browser().get("/static/nothing.js").headers
    assert missing["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "path", [f"/w/{SLUG}", f"/w/{SLUG}/moderator", f"/w/{SLUG}/report", f"/api/v1/webinars/{SLUG}"]
)
def test_what_is_private_is_not_kept_by_any_cache(world: World, path: str) -> None:
    assert world.browser("moderator").get(path).headers["Cache-Control"] == "no-store"


def test_no_page_has_an_inline_script_or_style(world: World) -> None:
    moderator = world.browser("moderator")
    pages = ["/", "/nope", f"/w/{SLUG}", f"/w/{SLUG}?plain=1"]
    pages += [f"/w/{SLUG}/{name}" for name in ("moderator", "screen", "overlay", "greenroom", "report", "speaker")]
    for path in pages:
        text = moderator.get(path).get_data(as_text=True)
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        tags = [tag.split(">")[0] for tag in text.split("<script")[1:]]
        assert all("src=" in tag or 'type="application/json"' in tag for tag in tags), path


def test_a_host_that_is_no_host_does_not_reach_the_policy(world: World) -> None:
    answer = world.browser().get("/healthz", headers={"Host": "evil.example; script-src *"})
    assert "evil" not in answer.headers["Content-Security-Policy"]


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
]
OWN = [
    {},
    {"Origin": "http://localhost"},
    {"Origin": "https://localhost"},  # TLS ends in front of the process
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("endpoint", sorted(name for name, (method, *_) in WALK.items() if method != "GET"))
def test_other_sites_change_nothing(world: World, endpoint: str, headers: dict[str, str]) -> None:
    method, path, options, who = WALK[endpoint]
    visitor = world.browser("organiser" if who == {"organiser"} else "moderator")
    before = world.room.seq
    assert visitor.send(method, path, headers=headers, **options).status_code == 403
    assert world.room.seq == before
    assert world.rooms.slugs() == [SLUG]


@pytest.mark.parametrize("headers", OWN)
def test_our_own_pages_and_programs_do(world: World, headers: dict[str, str]) -> None:
    answer = world.browser("attendee").post(f"/w/{SLUG}/ask", data={"text": "What does it cost?"}, headers=headers)
    assert answer.status_code == 303


def test_a_site_that_the_host_allows_may_call_the_api(make: Callable[..., World]) -> None:
    world = make(allow_origins=("https://partner.example",))
    headers = {"Origin": "https://partner.example"}
    preflight = world.browser().send(
        "OPTIONS", f"/api/v1/webinars/{SLUG}/join", headers={**headers, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "https://partner.example"
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    answer = world.browser().post(f"/api/v1/webinars/{SLUG}/join", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://partner.example"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    other = world.browser().post(f"/api/v1/webinars/{SLUG}/join", headers={"Origin": "https://evil.example"})
    assert other.status_code == 403
    assert "Access-Control-Allow-Origin" not in other.headers


def test_only_the_attendees_page_and_the_overlay_may_be_framed_elsewhere(make: Callable[..., World]) -> None:
    world = make(allow_origins=("https://partner.example",))
    moderator = world.browser("moderator")
    for path, framed in (
        (f"/w/{SLUG}", True),
        (f"/w/{SLUG}/overlay", True),
        (f"/w/{SLUG}/moderator", False),
        ("/", False),
    ):
        headers = moderator.get(path).headers
        ancestors = _directives(headers["Content-Security-Policy"])["frame-ancestors"]
        assert ("https://partner.example" in ancestors) is framed, path
        assert ("X-Frame-Options" not in headers) is framed, path


def _cookies(answer: Any) -> list[str]:
    return [value for name, value in answer.headers if name == "Set-Cookie"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(make: Callable[..., World]) -> None:
    plain, public = make(), make(public_url="https://webinar.example.org")
    for world in (plain, public):
        for path in (f"/w/{SLUG}", f"/k/{world.key('moderator')}"):
            (cookie,) = _cookies(world.browser().get(path))
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
            assert "Path=/" in cookie
            assert ("Secure" in cookie) is (world is public)


def test_nothing_changes_on_a_get(world: World) -> None:
    before = world.room.seq
    moderator = world.browser("moderator")
    for method, path, *_ in WALK.values():
        if method == "GET":
            moderator.get(path.replace("{moderator_key}", world.key("moderator")).replace("{slot}", "s1"))
    for path in (f"/w/{SLUG}/ask", f"/w/{SLUG}/vote", f"/api/v1/webinars/{SLUG}/commands"):
        assert moderator.get(path).status_code == 405
    assert world.room.seq == before
    assert world.rooms.slugs() == [SLUG]


def test_a_body_that_is_too_large_is_refused(world: World) -> None:
    moderator = world.program("moderator")
    path = f"/api/v1/webinars/{SLUG}/commands"
    answer = moderator.post(path, data=b'{"type": "question:ask", "text": "' + b"x" * 1_000_001 + b'"}')
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "invalid"
    pasted = world.browser("moderator").post(
        f"/w/{SLUG}/moderator/preview-programme", json={"text": "08:30 Welcome\n" + "x" * 1_500_000}
    )
    assert pasted.status_code == 400
    too_long = world.browser("moderator").post(f"/w/{SLUG}/moderator/preview-programme", json={"text": "x" * 2_000_001})
    assert too_long.status_code == 413


def test_the_key_is_neither_in_the_next_address_nor_in_the_log(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    key = world.key("moderator")
    answer = world.browser().get(f"/k/{key}")
    assert key not in answer.headers["Location"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    captured = capsys.readouterr()
    assert key not in captured.out + captured.err


def test_join_codes_work_in_any_case(world: World) -> None:
    for path in (f"/j/{CODE.lower()}", f"/J/{CODE}", f"/j?code={CODE[:2]}+{CODE[2:].lower()}"):
        answer = world.browser().get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/w/{SLUG}"
