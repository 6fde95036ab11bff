"""Section 4: the view of each role, and its bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.contract.stage import Stage, quiet, together

KINDS = {"welcome", "intro", "talk", "debate", "break", "wrapup"}
QUESTION = {"n", "text", "to", "state", "votes", "asked_at", "aloud", "merged"}
MODERATED = {"labels", "starred", "edited", "similar"}


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from walk(inner, f"{path}[{at}]")


def a_show(stage: Stage) -> dict[str, Any]:
    """All roles, with something in every part of the view."""
    roles = stage.everybody()
    desk, asker = roles["moderator"], roles["attendee"]
    voter = stage.client()
    ids = [stage.public(asker, desk, f"Question {n}?") for n in range(6)]
    asker.do("question:ask", {"text": "In review?", "name": "Ada", "aloud": True})
    gone = asker.do("question:ask", {"text": "Dismissed?"})["question"]["id"]
    desk.do("question:dismiss", {"question": gone, "reason": "twice"})
    voter.do("question:vote", {"question": ids[0]})
    desk.do("question:queue", {"questions": ids[:3]})
    desk.do("question:merge", {"question": ids[5], "into": ids[4]})
    desk.do("timer:start", {})
    desk.do("question:next", {})
    desk.do("question:next", {})
    desk.do("question:edit", {"question": ids[3], "text": "Edited?"})
    desk.do("hands:ask", {"text": "Yes?", "answers": ["Yes", "No"]})
    asker.do("hands:answer", {"answer": 1})
    desk.do("message:send", {"to": "all", "text": "Hello", "level": "info"})
    desk.do("timer:next", {})
    desk.do("timer:pause", {})
    for client in roles.values():
        client.wait_for(lambda c: c.view["timer"]["phase"] == "paused")
    quiet(*roles.values())
    return roles


def test_absent_is_absent_in_every_frame_of_every_role(stage: Stage) -> None:
    roles = a_show(stage)
    for role, client in roles.items():
        for frame in client.frames:
            if frame.event == "snapshot":
                assert not [path for path, value in walk(frame.data) if value is None], role
            else:
                assert not [
                    path for path, value in walk({k: v for k, v in frame.data.items() if k != "patch"}) if value is None
                ]
        assert not [path for path, value in walk(client.view) if value is None], role


def test_the_parts_and_their_shapes(stage: Stage) -> None:
    roles = a_show(stage)
    for role, client in roles.items():
        view = client.view
        webinar = view["webinar"]
        assert {
            "slug",
            "title",
            "subtitle",
            "summary",
            "timezone",
            "starts_at",
            "ends_at",
            "join_code",
            "languages",
            "settings",
        } <= set(webinar)
        assert webinar["slug"] == stage.slug and webinar["timezone"] == "Europe/Brussels"
        assert {"moderation", "names", "max_length"} <= set(webinar["settings"])
        for speaker in view["speakers"].values():
            assert set(speaker) == {"name", "title", "affiliation"}
        for id, slot in view["slots"].items():
            assert {
                "order",
                "title",
                "kind",
                "speakers",
                "planned_start_at",
                "duration_s",
                "flex",
                "skip",
                "warn_s",
                "danger_s",
                "expected_start_at",
                "expected_end_at",
                "state",
            } <= set(slot)
            assert slot["kind"] in KINDS and slot["state"] in {"done", "now", "next", "later", "skipped"}
            assert set(slot["speakers"]) <= set(view["speakers"])
            assert ("actual_start_at" in slot) == (slot["state"] in ("done", "now")), (role, id)
            assert ("actual_end_at" in slot) == (slot["state"] == "done")
        assert (
            sorted(s["order"] for s in view["slots"].values()) == list(range(5)) and list(view["slots"]) == stage.slots
        )
        timer = view["timer"]
        assert {
            "phase",
            "slot",
            "started_at",
            "deadline_at",
            "paused_at",
            "duration_s",
            "added_s",
            "end_expected_at",
            "over_s",
        } <= set(timer)
        assert {"state", "mode", "moderation"} <= set(view["qa"])
        assert set(view["queue"]) == {"order", "fits", "each_s"} and view["live"] not in view["queue"]["order"]
        assert {"id", "text", "answers", "counts", "open"} <= set(view["hands"])
        assert {"id", "to", "text", "level", "sent_at", "seen"} <= set(view["message"])
        for question in view["questions"].values():
            assert set(question) >= QUESTION | (MODERATED if role == "moderator" else set())
            if role != "moderator":
                assert question["state"] in {"public", "queued", "live", "answered"}
                assert not set(question) & {
                    *MODERATED,
                    "original",
                    "reason",
                    "lang_",
                    "aired_at",
                    "air_s",
                    "flags",
                    "draft",
                    "by",
                }
        for path, value in walk(view):
            name = path.rsplit(".", 1)[-1]
            if re.search(r"_(at|s)$", name):
                assert type(value) is int, (path, value)
            if name.endswith("_at"):
                assert value > 10**12, (path, value)


def test_who_has_me_and_who_has_presence(stage: Stage) -> None:
    roles = a_show(stage)
    for role, client in roles.items():
        assert ("me" in client.view) == (role == "attendee")
        assert ("presence" in client.view) == (role == "moderator")
    me = roles["attendee"].view["me"]
    assert me["name"] == "Ada" and me["hand"] == 1 and me["votes"] == {}
    assert {q["state"] for q in me["questions"].values()} == {
        "review",
        "dismissed",
        "live",
        "queued",
        "answered",
        "public",
        "merged",
    }
    merged = next(q for q in me["questions"].values() if q["state"] == "merged")
    assert merged["merged_into"] in roles["attendee"].view["questions"]
    counts = roles["moderator"].view["counts"]
    assert (
        {"attendees", "questions", "in_review", "votes"} <= set(counts)
        and counts["in_review"] == 1
        and counts["votes"] == 1
    )
    assert (
        set(roles["attendee"].view["counts"]) >= {"questions"} and "in_review" not in roles["attendee"].view["counts"]
    )


def test_containers_are_there_when_they_are_empty(stage: Stage) -> None:
    for client in stage.everybody().values():
        for part in ("slots", "questions", "speakers", "queue"):
            assert isinstance(client.view[part], dict)
        assert client.view["queue"]["order"] == []
        assert not {"live", "hands", "message"} & set(client.view)
        assert client.view["timer"]["phase"] == "before" and "slot" not in client.view["timer"]
    assert stage.client().view["me"] == {"questions": {}, "votes": {}}


def test_questions_are_bounded_and_the_rest_is_to_be_had_over_rest(stage: Stage) -> None:
    desk, voter = stage.moderator(), stage.client()
    token = voter.auth["attendee"]
    total = 230
    ids: list[str] = []

    def ask(start: int) -> None:
        for n in range(start, total, 4):
            ack = desk.do("question:ask", {"text": f"Public question number {n}?", "source": "chat"})
            ids.append(ack["question"]["id"])

    with together(*(lambda s=s: ask(s) for s in range(4))):
        pass
    by_n = sorted(ids, key=lambda id: int(id[1:]))
    voted = by_n[100:130]
    for id in voted:
        voter.do("question:vote", {"question": id})
    desk.do("question:queue", {"question": by_n[90]})
    desk.do("question:air", {"question": by_n[91]})
    answered = by_n[80:90]
    for id in answered:
        desk.do("question:answer", {"question": id})
    rest = [id for id in by_n if id not in {by_n[90], by_n[91], *answered}]
    popular = sorted(rest, key=lambda id: (id not in voted, int(id[1:])))[:75]
    wanted = {by_n[90], by_n[91], *answered, *popular, *rest[-75:]}
    for role in ("attendee", "screen"):
        client = stage.client(role)
        assert set(client.view["questions"]) == wanted, role
        assert client.view["counts"]["questions"] == total
    voter.wait_for(lambda c: set(c.view["questions"]) == wanted)
    assert len(stage.moderator().view["questions"]) == total

    for sort, order in (("votes", lambda q: (-q["votes"], q["n"])), ("recent", lambda q: -q["n"])):
        got: list[dict[str, Any]] = []
        after = None
        while True:
            page = stage.get(
                "/questions", key=token, params={"sort": sort, **({"after": after} if after else {})}
            ).json()
            got += page["questions"]
            after = page.get("next")
            if after is None:
                break
        assert len(got) == total and got == sorted(got, key=order)  # type: ignore[arg-type]
    found = stage.get("/questions", key=token, params={"q": "question NUMBER 171"}).json()["questions"]
    assert [q["text"] for q in found] == ["Public question number 171?"]
    assert not set(found[0]) & MODERATED
    assert stage.get("/questions").status_code == 403
    assert stage.get("/questions", key=token, params={"sort": "nonsense"}).status_code == 400
    assert stage.get("/questions", key=token, params={"after": "q9999"}).status_code == 404
