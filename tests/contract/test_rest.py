"""Section 2: REST, its statuses and who may do what."""

from __future__ import annotations

import requests

from tests.contract.stage import PROGRAMME, Stage, bearer
from tests.support.server import Server


def test_the_list_of_webinars_is_public_and_without_secrets(stage: Stage) -> None:
    listed = stage.server.get("/api/v1/webinars")
    assert listed.status_code == 200
    body = listed.json()
    slugs = [one["slug"] for one in (body["webinars"] if isinstance(body, dict) else body)]
    assert slugs[0] == "s3p-chemicals" and slugs[-1] == stage.slug
    for key in (stage.key("moderator"), stage.key("screen"), stage.key("speaker")):
        assert key not in listed.text


def test_joining_needs_no_body_and_gives_a_token(stage: Stage) -> None:
    tokens = {stage.post("/join").json()["attendee"], stage.post("/join", json={}).json()["attendee"]}
    assert len(tokens) == 2
    assert requests.post(f"{stage.server.base}/api/v1/webinars/nowhere/join", timeout=10).status_code == 404


def test_an_absent_origin_is_fine_and_a_foreign_one_is_not(stage: Stage) -> None:
    assert stage.post("/join", headers={"Origin": stage.server.base}).status_code == 200
    for origin in ("https://evil.example", "http://127.0.0.1:1", "https://127.0.0.1.evil.example", "null"):
        answer = stage.post("/join", headers={"Origin": origin})
        assert answer.status_code == 403 and answer.json()["error"]["code"] == "forbidden", origin
    key = stage.key("moderator")
    answer = stage.post("/commands", key=key, json={"type": "timer:start"}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert stage.get(key=key).json()["timer"]["phase"] == "before"


def test_the_view_is_for_those_who_hold_a_key(stage: Stage) -> None:
    for key in (None, "nonsense", "", stage.key("moderator")[:-1], "ä" * 30, "A" * 5000):
        answer = requests.get(
            stage.api, headers={} if key is None else {"Authorization": f"Bearer {key}".encode()}, timeout=10
        )
        assert answer.status_code == 403, key
        assert answer.json()["ok"] is False and answer.json()["error"]["code"] == "forbidden"
    assert requests.get(stage.api, auth=("x", stage.key("moderator")), timeout=10).status_code == 403
    assert stage.get(key=stage.key("moderator")).json()["presence"] is not None
    assert (
        requests.get(f"{stage.server.base}/api/v1/webinars/nowhere", headers=bearer("x"), timeout=10).status_code == 404
    )


def test_each_refusal_has_its_status_and_the_ack_for_a_body(stage: Stage) -> None:
    key, token = stage.key("moderator"), stage.token()
    for status, code, who, payload in (
        (400, "invalid", key, {"type": "no:such"}),
        (400, "invalid", key, {}),
        (400, "invalid", key, {"type": 7}),
        (400, "invalid", token, {"type": "question:ask", "text": ""}),
        (403, "forbidden", token, {"type": "timer:start"}),
        (403, "forbidden", stage.key("screen"), {"type": "question:ask", "text": "x"}),
        (404, "not_found", key, {"type": "question:approve", "question": "q99"}),
        (409, "conflict", key, {"type": "timer:pause"}),
    ):
        answer = stage.command(who, **payload)
        assert answer.status_code == status, (payload, answer.text)
        assert answer.json()["ok"] is False and answer.json()["error"]["code"] == code
    assert stage.command(key, type="qa:close").json()["ok"] is True
    answer = stage.command(token, type="question:ask", text="Open?")
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "closed"
    answer = stage.post("/commands", json={"type": "timer:start"})
    assert answer.status_code == 403


def test_too_many_is_429_with_retry_after(stage: Stage) -> None:
    token = stage.token()
    for n in range(200):
        answer = stage.command(token, type="question:ask", text=f"Number {n}?")
        if answer.status_code != 200:
            break
    assert answer.status_code == 429 and answer.json()["error"]["code"] == "rate_limited"
    assert answer.json()["error"]["retry_after_s"] == int(answer.headers["Retry-After"]) >= 1
    assert n >= 10


def test_a_body_that_is_no_object_is_400(stage: Stage) -> None:
    key = stage.key("moderator")
    for body in (
        b"{",
        b"[]",
        b"7",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b"NaN",
        b"[" * 100_000,
        b'{"type": NaN}',
        b'{"type": "\\ud800"}',
    ):
        answer = stage.post("/commands", key=key, data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400, body[:20]
        assert answer.json()["error"]["code"] == "invalid"
    answer = stage.post("/commands", key=key, data=b'{"type": "' + b"x" * 3_000_000 + b'"}')
    assert answer.status_code in (400, 413)
    assert stage.get("/commands", key=key).status_code == 405


def test_a_command_over_rest_answers_as_the_socket_does(stage: Stage) -> None:
    token, desk = stage.token(), stage.moderator()
    ack = stage.command(token, type="question:ask", text="Over REST?", id="over-rest-1")
    assert ack.status_code == 200 and set(ack.json()) == {"ok", "seq", "question"}
    desk.wait_for(lambda c: c.view["questions"].get("q1", {}).get("text") == "Over REST?")
    asker = stage.client(attendee=token)
    assert asker.send("question:ask", {"text": "Over REST?", "id": "over-rest-1"}) == ack.json()
    assert asker.view["me"]["questions"]["q1"]["state"] == "review"
    clock = stage.command(token, type="clock", t0=3).json()
    assert set(clock) == {"ok", "t0", "now"}


def test_the_organisers_key_makes_webinars(house: Server, organiser: str, stage: Stage) -> None:
    path = "/api/v1/webinars"
    assert house.post(path, json=PROGRAMME).status_code == 403
    assert house.post(path, json=PROGRAMME, headers=bearer(stage.key("moderator"))).status_code == 403
    bad = house.post(path, json={"title": "x"}, headers=bearer(organiser))
    assert bad.status_code == 400 and bad.json()["error"]["code"] == "invalid"
    made = house.post(
        path, json={**PROGRAMME, "date": "2020-07-07", "slug": "made-over-rest"}, headers=bearer(organiser)
    )
    assert made.status_code == 201
    assert {"webinar", "base", "attendee", "moderator", "screen", "speakers"} <= set(made.json())
    again = house.post(
        path, json={**PROGRAMME, "date": "2020-07-07", "slug": "made-over-rest"}, headers=bearer(organiser)
    )
    assert again.status_code == 409 and again.json()["error"]["code"] == "conflict"
    assert house.get(path + "/made-over-rest", headers=bearer(organiser)).status_code == 403  # it is for making only
    text = "Title of it\n7 July 2020\n10:00 Welcome\n10:10 Talk - Ana Mar\n10:30 End\n"
    made = house.post(path, json={"text": text, "slug": "made-of-text"}, headers=bearer(organiser))
    assert made.status_code == 201, made.text
    for slug in ("../x", "UPPER", "", "a b", "x" * 200, 7):
        answer = house.post(path, json={**PROGRAMME, "date": "2020-07-07", "slug": slug}, headers=bearer(organiser))
        assert answer.status_code == 400 or slug == "", (slug, answer.status_code)


def test_exports(stage: Stage) -> None:
    key = stage.key("moderator")
    for form, kind in (("json", "json"), ("csv", "csv"), ("xlsx", "sheet"), ("ics", "calendar"), ("md", "markdown")):
        answer = stage.get(f"/export.{form}", key=key)
        assert answer.status_code == 200 and kind in answer.headers["Content-Type"], form
    agenda = stage.get("/export.json", key=key).json()["agenda"]
    assert agenda["title"] == "Contract" and agenda["timezone"] == "Europe/Brussels" and len(agenda["slots"]) == 5
    assert stage.get("/export.exe", key=key).status_code == 404
    for form in ("json", "csv", "xlsx", "md"):
        assert stage.get(f"/export.{form}", key=stage.token()).status_code == 403


def test_the_description_of_the_api(stage: Stage) -> None:
    document = stage.server.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.")
    for path in (
        "/webinars",
        "/webinars/{slug}",
        "/webinars/{slug}/join",
        "/webinars/{slug}/commands",
        "/webinars/{slug}/questions",
    ):
        assert any(known.endswith(path) for known in document["paths"]), path
    assert stage.server.get("/api/v1/nowhere").status_code == 404
    assert stage.server.get("/api/v1/nowhere").json()["error"]["code"] == "not_found"
