"""REST: the same commands and views as the sockets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from moderator.domain.commands import RULES
from moderator.live import views
from moderator.log.base import LogUnavailable
from tests.web.world import SLUG, START, World

PATH = f"/api/v1/webinars/{SLUG}"


def test_the_list_names_every_webinar(world: World) -> None:
    (one,) = world.browser().get("/api/v1/webinars").json["webinars"]
    assert one == {
        "slug": SLUG, "title": "S3P Chemicals", "subtitle": "", "timezone": "Europe/Brussels", "starts_at": START,
        "ends_at": START + 1_800_000, "phase": "before", "url": f"/w/{SLUG}",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["attendee", "speaker", "screen", "moderator"])
def test_a_view_is_what_the_role_sees(world: World, role: str) -> None:
    who = world.program(role, slot=world.room.state.order[1])
    question = world.ask()
    found = who.get(PATH).json
    assert found["webinar"]["slug"] == SLUG
    assert (question in found["questions"]) == (role == "moderator")
    assert ("me" in found) == (role == "attendee")
    assert ("deeds" in found) == (role == "moderator")


def test_joining_needs_no_body_and_gives_a_token_that_works(world: World) -> None:
    token = world.browser().post(f"{PATH}/join").json["attendee"]
    answer = world.browser().get(PATH, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.json["me"]["questions"] == {}


def test_a_command_answers_with_its_ack(world: World) -> None:
    attendee = world.program("attendee")
    ack = attendee.command("question:ask", text="  What does it cost?  ", id="abcdefgh").json
    assert ack["ok"] is True
    assert ack["seq"] == world.room.seq
    assert ack["question"]["text"] == "What does it cost?"
    assert attendee.command("question:ask", text="What does it cost?", id="abcdefgh").status_code == 409
    again = attendee.command("question:ask", text="  What does it cost?  ", id="abcdefgh").json
    assert again == ack


def _refused(world: World, code: str) -> Any:
    attendee, moderator = world.program("attendee"), world.program("moderator")
    if code == "invalid":
        return attendee.command("question:ask", text="")
    if code == "forbidden":
        return attendee.command("timer:start")
    if code == "not_found":
        return attendee.command("question:vote", question="q99")
    if code == "conflict":
        return moderator.command("timer:add", seconds=60)
    if code == "closed":
        assert moderator.command("qa:close").status_code == 200
        return attendee.command("question:ask", text="Is it too late?")
    for _ in range(200):
        answer = attendee.command("question:ask", text="Again and again?")
        if answer.status_code == 429:
            break
    return answer


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("invalid", 400),
        ("forbidden", 403),
        ("not_found", 404),
        ("conflict", 409),
        ("closed", 409),
        ("rate_limited", 429),
    ],
)
def test_a_refusal_has_the_status_of_its_code(world: World, code: str, status: int) -> None:
    answer = _refused(world, code)
    assert answer.status_code == status
    assert answer.json["ok"] is False
    assert answer.json["error"]["code"] == code
    assert answer.json["error"]["message"]
    if code == "rate_limited":
        assert int(answer.headers["Retry-After"]) == answer.json["error"]["retry_after_s"] >= 1


def test_a_log_that_is_away_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any) -> None:
        raise LogUnavailable("The disk is full.")

    monkeypatch.setattr(world.room.log, "append", away)
    answer = world.program("attendee").command("question:ask", text="Is anybody there?")
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "unavailable"


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b'{"type": 3}', b"{}"])
def test_what_is_no_command_is_invalid(world: World, body: bytes) -> None:
    answer = world.program("attendee").post(f"{PATH}/commands", data=body)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid"


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/webinars/nope", f"{PATH}/export.pdf", f"{PATH}/nope"])
def test_what_does_not_exist_is_an_ack_too(world: World, path: str) -> None:
    answer = world.program("moderator").get(path)
    assert answer.status_code == 404
    assert answer.json["error"]["code"] == "not_found"


def test_a_wrong_method_is_said_so(world: World) -> None:
    answer = world.program("attendee").send("PUT", f"{PATH}/commands")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.json["ok"] is False


# ---- questions -------------------------------------------------------------------------------------------------------


def _many(world: World, count: int) -> list[str]:
    moderator = world.program("moderator")
    ids = [world.ask(f"Question {n} about {'hydrogen' if n % 3 else 'plastics'}?") for n in range(count)]
    assert moderator.command("question:approve", questions=ids[:-1]).status_code == 200
    for n, id in enumerate(ids[:-1]):
        for _ in range(n % 4):
            assert world.program("attendee").command("question:vote", question=id).status_code == 200
    return ids


def _pages(visitor: Any, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = visitor.get(f"{PATH}/questions?{query}{after}").json
        found += page["questions"]
        if "next" not in page:
            return found
        after = f"&after={page['next']}"


@pytest.mark.parametrize("sort", ["votes", "recent"])
def test_pages_of_questions_hold_each_once_and_in_order(world: World, sort: str) -> None:
    ids = _many(world, 11)
    found = _pages(world.program("attendee"), f"sort={sort}&limit=4")
    assert sorted(one["id"] for one in found) == sorted(ids[:-1])
    keys = [(-one["votes"], one["n"]) if sort == "votes" else (-one["n"],) for one in found]
    assert keys == sorted(keys)
    moderator = _pages(world.program("moderator"), f"sort={sort}&limit=3")
    assert {one["id"] for one in moderator} == set(ids)


def test_a_search_finds_all_its_words(world: World) -> None:
    _many(world, 9)
    found = _pages(world.program("attendee"), "q=PLASTICS+question")
    assert found
    assert all("plastics" in one["text"] for one in found)


@pytest.mark.parametrize(
    "query", ["sort=best", "limit=0", "limit=201", "limit=x", "limit=-1", "limit=99999999999999999999"]
)
def test_a_wrong_query_is_invalid(world: World, query: str) -> None:
    assert world.program("attendee").get(f"{PATH}/questions?{query}").status_code == 400


def test_what_is_in_review_is_no_place_to_go_on_from(world: World) -> None:
    hidden = world.ask()
    assert world.program("attendee").get(f"{PATH}/questions?after={hidden}").status_code == 404
    assert world.program("moderator").get(f"{PATH}/questions?after={hidden}").status_code == 200


# ---- the organiser ---------------------------------------------------------------------------------------------------


def test_an_organiser_makes_a_webinar_of_a_programme(world: World) -> None:
    agenda = {
        "title": "Hydrogen Valleys", "date": "2026-03-01", "timezone": "Europe/Madrid",
        "slots": [{"title": "Welcome", "kind": "welcome", "start": "09:00", "duration_s": 600}],
    }  # fmt: skip
    answer = world.program("organiser").post("/api/v1/webinars", json=agenda)
    assert answer.status_code == 201
    assert answer.json["webinar"] == "hydrogen-valleys"
    assert world.rooms.slugs() == [SLUG, "hydrogen-valleys"]
    key = answer.json["moderator"].rpartition("/k/")[2]
    view = world.browser().get("/api/v1/webinars/hydrogen-valleys", headers={"Authorization": f"Bearer {key}"}).json
    assert view["webinar"]["timezone"] == "Europe/Madrid"
    again = world.program("organiser").post("/api/v1/webinars", json=agenda)
    assert again.status_code == 409


@pytest.mark.parametrize(
    "body",
    [{}, {"text": "no time in here"}, {"title": "X", "slots": []}, {"title": "X", "slots": [{"title": 3}]},
     {"slug": "Not A Name", "text": "New\n08:30 Welcome\n08:40 End"}, {"slug": 3, "text": "08:30 Welcome\n08:40 End"}],
)  # fmt: skip
def test_a_programme_that_cannot_be_read_makes_nothing(world: World, body: dict[str, Any]) -> None:
    answer = world.program("organiser").post("/api/v1/webinars", json=body)
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid"
    assert world.rooms.slugs() == [SLUG]


def test_erasing_personal_data_keeps_the_questions(world: World) -> None:
    attendee = world.program("attendee")
    question = world.ask("What does it cost?", attendee, name="Ada Lovelace")
    before = world.room.state.questions[question]
    answer = world.program("organiser").send("DELETE", f"{PATH}?personal_data=1")
    assert answer.status_code == 200
    after = world.room.state.questions[question]
    assert (after.text, after.state, after.n) == (before.text, before.state, before.n)
    assert after.name == ""
    assert after.by != before.by
    bodies = b"".join(commit.body for commit in world.rooms.log.read(SLUG))
    assert b"Lovelace" not in bodies
    assert before.by is not None
    assert before.by.encode() not in bodies


def test_erasing_leaves_nothing(world: World) -> None:
    assert world.program("organiser").send("DELETE", PATH).status_code == 200
    assert world.browser().get(f"/w/{SLUG}").status_code == 404
    assert world.rooms.log.webinars() == []


@pytest.mark.parametrize("role", ["attendee", "organiser", "nobody", None, 3])
def test_only_roles_with_links_are_rotated(world: World, role: Any) -> None:
    answer = world.program("organiser").post(f"{PATH}/rotate", json={"role": role})
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == "role"


# ---- the description -------------------------------------------------------------------------------------------------


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        found = {value["$ref"]} if "$ref" in value else set()
        return found.union(*(_references(one) for one in value.values()), set())
    if isinstance(value, list):
        return set().union(*(_references(one) for one in value), set())
    return set()


def test_the_description_names_every_route_and_command(world: World) -> None:
    found = world.browser().get("/api/v1/openapi.json").json
    assert found["openapi"].startswith("3.1")
    described = {
        (method.upper(), path.replace("{slug}", "<slug>").replace("{format}", "<form>"))
        for path, item in found["paths"].items()
        for method in item
        if method != "parameters"
    }
    served = {
        (method, rule.rule)
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/webinars") and not rule.rule.endswith(".ics")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == served
    schemas = found["components"]["schemas"]
    commands = {one["title"] for name, one in schemas.items() if name.startswith("Command_")}
    assert commands == set(RULES)
    assert all(reference.removeprefix("#/components/schemas/") in schemas for reference in _references(found))
    approve = schemas["Command_question_approve"]
    assert approve["properties"]["type"] == {"const": "question:approve"}
    assert approve["additionalProperties"] is False


# ---- joining ---------------------------------------------------------------------------------------------------------


def test_joins_from_one_address_are_limited(make: Callable[..., World]) -> None:
    world = make(join_limit=3)
    here = {"REMOTE_ADDR": "203.0.113.5"}
    for _ in range(3):
        assert world.browser().post(f"{PATH}/join", environ_overrides=here).status_code == 200
    refused = world.browser().post(f"{PATH}/join", environ_overrides=here)
    assert refused.status_code == 429
    assert refused.json["error"]["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 120
    page = world.browser().get(f"/w/{SLUG}", environ_overrides=here)
    assert page.status_code == 429
    assert "Too many at once" in page.get_data(as_text=True)
    assert "Set-Cookie" not in page.headers
    elsewhere = world.browser().get(f"/w/{SLUG}", environ_overrides={"REMOTE_ADDR": "203.0.113.6"})
    assert elsewhere.status_code == 200


def test_who_has_joined_is_not_limited(make: Callable[..., World]) -> None:
    world = make(join_limit=1)
    known = world.browser()
    for _ in range(4):
        assert known.get(f"/w/{SLUG}").status_code == 200


def test_no_limit_is_no_limit(make: Callable[..., World]) -> None:
    world = make(join_limit=0)
    assert all(world.browser().post(f"{PATH}/join").status_code == 200 for _ in range(50))


def test_an_address_cannot_be_made_up(make: Callable[..., World]) -> None:
    world = make(join_limit=2)
    answers = [
        world.browser().post(f"{PATH}/join", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(4)
    ]
    assert answers == [200, 200, 429, 429]


# ---- exports ---------------------------------------------------------------------------------------------------------


def test_the_json_export_holds_the_agenda_as_import_reads_it(world: World) -> None:
    from datetime import date

    from moderator.programme import read_bytes

    world.ask()
    answer = world.program("moderator").get(f"{PATH}/export.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{SLUG}.json"'
    whole = json.loads(answer.data)
    assert [one["text"] for one in whole["questions"]] == ["How is it recycled?"]
    programme = read_bytes(json.dumps(whole["agenda"]).encode(), "agenda.json", date(2020, 7, 7))
    assert [slot.title for slot in programme.slots] == [slot.title for slot in world.room.state.agenda()]
    assert [slot.start_at for slot in programme.slots] == [slot.planned_start_at for slot in world.room.state.agenda()]


@pytest.mark.parametrize("form", ["csv", "xlsx", "ics", "md"])
def test_every_export_is_a_file_of_its_type(world: World, form: str) -> None:
    world.ask("=HYPERLINK(evil)")
    answer = world.program("moderator").get(f"{PATH}/export.{form}")
    assert answer.status_code == 200
    assert f'filename="{SLUG}.{form}"' in answer.headers["Content-Disposition"]
    assert (b"Bi-Rex" in answer.data.replace(b"\\", b"")) or form == "xlsx"


def test_the_calendar_follows_when_the_plan_moves(world: World) -> None:
    before = world.browser().get(f"/w/{SLUG}/agenda.ics").get_data(as_text=True)
    world.program("moderator").command("agenda:edit", slot=world.room.state.order[0], duration_s=600)
    after = world.browser().get(f"/w/{SLUG}/agenda.ics").get_data(as_text=True)
    assert after.startswith("BEGIN:VCALENDAR")
    assert after != before
    assert "question" not in after.lower()


def test_a_view_over_rest_equals_the_pure_view(world: World) -> None:
    world.ask()
    view = world.program("moderator").get(PATH).json
    pure = json.loads(json.dumps(views.view(world.room.state, "moderator", world.room.now())))
    for part in ("webinar", "speakers", "questions", "ledger", "qa", "deeds"):
        assert view[part] == pure[part]
