"""Who may use which route: the whole table is walked, for every role."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.live.identity import cookie_name
from moderator.web import access
from tests.web.world import CODE, SLUG, World

ROLES = (None, "attendee", "speaker", "screen", "moderator", "organiser")
EVERYBODY = frozenset(ROLES)

# What each route answers to those it lets in, told independently of the product's table: (method, path, body, who).
WALK: dict[str, tuple[str, str, dict[str, Any], frozenset[str | None]]] = {
    "files.static": ("GET", "/static/css/base.css", {}, EVERYBODY),
    "files.catalogue": ("GET", "/i18n/en.json", {}, EVERYBODY),
    "files.favicon": ("GET", "/favicon.ico", {}, EVERYBODY),
    "files.robots": ("GET", "/robots.txt", {}, EVERYBODY),
    "health.alive": ("GET", "/healthz", {}, EVERYBODY),
    "health.ready": ("GET", "/readyz", {}, EVERYBODY),
    "health.metrics": ("GET", "/metrics", {}, EVERYBODY),
    "pages.home": ("GET", "/", {}, EVERYBODY),
    "pages.typed_code": ("GET", f"/j?code={CODE}", {}, EVERYBODY),
    "pages.join_code": ("GET", f"/j/{CODE}", {}, EVERYBODY),
    "pages.exchange_key": ("GET", "/k/{moderator_key}", {}, EVERYBODY),
    "pages.attendee": ("GET", f"/w/{SLUG}", {}, EVERYBODY),
    "pages.agenda_ics": ("GET", f"/w/{SLUG}/agenda.ics", {}, EVERYBODY),
    "pages.qr": ("GET", f"/w/{SLUG}/qr.svg", {}, EVERYBODY),
    "plain.ask": ("POST", f"/w/{SLUG}/ask", {"data": {"text": "What does it cost?"}}, EVERYBODY),
    "plain.vote": ("POST", f"/w/{SLUG}/vote", {"data": {"question": "{question}"}}, EVERYBODY),
    "pages.moderator": ("GET", f"/w/{SLUG}/moderator", {}, frozenset({"moderator"})),
    "pages.links": ("GET", f"/w/{SLUG}/moderator/links.json", {}, frozenset({"moderator"})),
    "pages.preview_programme": (
        "POST", f"/w/{SLUG}/moderator/preview-programme", {"json": {"text": "08:30 Welcome\n08:40 End"}},
        frozenset({"moderator"}),
    ),
    "pages.wipe_rehearsal": ("POST", f"/w/{SLUG}/moderator/wipe-rehearsal", {}, frozenset({"moderator"})),
    "pages.report": ("GET", f"/w/{SLUG}/report", {}, frozenset({"moderator"})),
    "pages.report_json": ("GET", f"/w/{SLUG}/report.json", {}, frozenset({"moderator"})),
    "pages.speaker": ("GET", f"/w/{SLUG}/speaker", {}, frozenset({"speaker", "moderator"})),
    "pages.speaker_slot": ("GET", f"/w/{SLUG}/speaker/{{slot}}", {}, frozenset({"speaker", "moderator"})),
    "pages.greenroom": ("GET", f"/w/{SLUG}/greenroom", {}, frozenset({"speaker", "screen", "moderator"})),
    "pages.screen": ("GET", f"/w/{SLUG}/screen", {}, frozenset({"screen", "moderator"})),
    "pages.overlay": ("GET", f"/w/{SLUG}/overlay", {}, frozenset({"screen", "moderator"})),
    "api.openapi": ("GET", "/api/v1/openapi.json", {}, EVERYBODY),
    "api.webinars": ("GET", "/api/v1/webinars", {}, EVERYBODY),
    "api.join": ("POST", f"/api/v1/webinars/{SLUG}/join", {}, EVERYBODY),
    "api.create": (
        "POST", "/api/v1/webinars", {"json": {"slug": "new", "text": "New\n7 July 2020\n08:30 Welcome\n08:40 End"}},
        frozenset({"organiser"}),
    ),
    "api.erase": ("DELETE", f"/api/v1/webinars/{SLUG}", {}, frozenset({"organiser"})),
    "api.rotate": (
        "POST", f"/api/v1/webinars/{SLUG}/rotate", {"json": {"role": "screen"}}, frozenset({"moderator", "organiser"}),
    ),
    "api.view": ("GET", f"/api/v1/webinars/{SLUG}", {}, frozenset({"attendee", "speaker", "screen", "moderator"})),
    "api.questions": (
        "GET", f"/api/v1/webinars/{SLUG}/questions", {}, frozenset({"attendee", "speaker", "screen", "moderator"}),
    ),
    "api.command": (
        "POST", f"/api/v1/webinars/{SLUG}/commands", {"json": {"type": "clock", "t0": 1}},
        frozenset({"attendee", "speaker", "screen", "moderator"}),
    ),
    "api.export_ics": ("GET", f"/api/v1/webinars/{SLUG}/export.ics", {}, EVERYBODY),
    "api.export": ("GET", f"/api/v1/webinars/{SLUG}/export.json", {}, frozenset({"moderator", "organiser"})),
}  # fmt: skip


def test_every_route_is_in_the_table(world: World) -> None:
    routes = {rule.endpoint for rule in world.app.url_map.iter_rules()}
    assert routes == set(access.ROUTES) == set(WALK)


def test_a_route_that_nobody_granted_is_refused(world: World) -> None:
    world.app.add_url_rule("/forgotten", "forgotten", lambda: "a secret")
    for role in ROLES:
        assert world.browser(role).get("/forgotten").status_code == 403


@pytest.mark.parametrize("endpoint", sorted(WALK))
def test_only_the_roles_named_get_in(world: World, endpoint: str) -> None:
    method, path, options, who = WALK[endpoint]
    slot = world.room.state.order[1]
    question = world.ask()
    assert world.program("moderator").command("question:approve", question=question).status_code == 200
    path = path.replace("{moderator_key}", world.key("moderator")).replace("{slot}", slot)
    if "data" in options:
        options = {"data": {key: value.replace("{question}", question) for key, value in options["data"].items()}}
    # Those who are kept out come first, because the others may change what there is.
    for role in sorted(ROLES, key=lambda role: (role in who, str(role))):
        answer = world.browser(role).send(method, path, **options)
        if role in who:
            # A conflict is what somebody is told who was let in.
            said = f"{role}: {answer.status_code} {answer.get_data(as_text=True)[:200]}"
            assert answer.status_code < 400 or answer.status_code == 409, said
        else:
            assert answer.status_code == 403, f"{role}: {answer.status_code}"
            assert "S3P" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("endpoint", sorted(name for name, (_, _, _, who) in WALK.items() if who != EVERYBODY))
def test_a_wrong_secret_is_as_good_as_none(world: World, endpoint: str) -> None:
    method, path, options, _ = WALK[endpoint]
    path = path.replace("{slot}", world.room.state.order[1])
    nobody = world.browser()
    answer = nobody.send(method, path, headers={"Authorization": "Bearer " + "x" * 24}, **options)
    assert answer.status_code == 403
    nobody.client.set_cookie(cookie_name(SLUG, "moderator"), world.key("screen"))
    assert nobody.send(method, path, **options).status_code == 403


def test_a_bearer_that_is_wrong_is_not_made_good_by_a_cookie(world: World) -> None:
    answer = world.browser("moderator").get(f"/api/v1/webinars/{SLUG}", headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 403


def test_a_key_of_one_webinar_opens_no_other(world: World) -> None:
    assert world.program("organiser").post(
        "/api/v1/webinars", json={"slug": "other", "text": "Other\n7 July 2020\n08:30 Welcome\n08:40 End"}
    ).status_code == 201  # fmt: skip
    moderator = world.program("moderator")
    assert moderator.get(f"/api/v1/webinars/{SLUG}").status_code == 200
    assert moderator.get("/api/v1/webinars/other").status_code == 403
    attendee = world.program("attendee")
    assert attendee.get("/api/v1/webinars/other").status_code == 403


def test_a_speaker_sees_the_own_slot_only(world: World) -> None:
    first, second = world.room.state.order[:2]
    speaker = world.browser("speaker", second)
    assert speaker.get(f"/w/{SLUG}/speaker/{second}").status_code == 200
    assert speaker.get(f"/w/{SLUG}/speaker/{first}").status_code == 403
    assert world.browser("moderator").get(f"/w/{SLUG}/speaker/{first}").status_code == 200
    assert world.browser("moderator").get(f"/w/{SLUG}/speaker/nope").status_code == 404


def test_rotating_ends_what_the_old_links_opened(world: World) -> None:
    screen, speaker = world.browser("screen"), world.browser("speaker")
    old = world.key("screen")
    answer = world.browser("moderator").post(f"/api/v1/webinars/{SLUG}/rotate", json={"role": "screen"})
    assert answer.status_code == 200
    assert screen.get(f"/w/{SLUG}/screen").status_code == 403
    assert world.browser().get(f"/k/{old}").status_code == 404
    assert speaker.get(f"/w/{SLUG}/greenroom").status_code == 200
    assert answer.json["screen"].endswith(world.key("screen"))
    assert world.browser().get(answer.json["screen"]).status_code == 303


def test_a_moderator_who_rotates_the_own_links_stays_in(world: World) -> None:
    one, other = world.browser("moderator"), world.browser("moderator")
    assert one.post(f"/api/v1/webinars/{SLUG}/rotate", json={"role": "moderator"}).status_code == 200
    assert one.get(f"/w/{SLUG}/moderator").status_code == 200
    assert other.get(f"/w/{SLUG}/moderator").status_code == 403


def test_a_browser_with_several_cookies_may_say_which_it_means(world: World) -> None:
    both = world.browser("moderator")
    both.client.set_cookie(cookie_name(SLUG, "attendee"), world.identities.mint_attendee(SLUG))
    assert "deeds" in both.get(f"/api/v1/webinars/{SLUG}").json
    as_attendee = both.get(f"/api/v1/webinars/{SLUG}?role=attendee").json
    assert "deeds" not in as_attendee
    assert as_attendee["me"]["questions"] == {}
