"""A rehearsal leaves nothing behind when it is wiped, and nothing of a real show is ever wiped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from moderator.config import Config
from moderator.live.identity import Identities
from moderator.live.rooms import Rooms
from moderator.log.clock import RehearsalClock
from moderator.log.sqlite import open_log
from moderator.web import create_app
from moderator.web.i18n import Catalogues
from tests.web.world import SLUG, START, World

NOW = START - 60_000
PATH = f"/w/{SLUG}/moderator/wipe-rehearsal"


@pytest.fixture
def rehearsal(make: Callable[..., World]) -> World:
    """A webinar made for a real show, opened under a rehearsal clock."""
    return make(now=NOW)


def wipe(world: World) -> Any:
    return world.browser("moderator").post(PATH)


def play(world: World) -> None:
    moderator, one, other = world.program("moderator"), world.program("attendee"), world.program("attendee")
    first = world.ask("What does it cost?", one, name="Rehearsal 1")
    world.ask("Who pays?", other, name="Rehearsal 2")
    for type, payload in (
        ("question:approve", {"question": first}),
        ("question:queue", {"question": first}),
        ("agenda:edit", {"slot": world.room.state.order[1], "title": "Changed in the rehearsal", "duration_s": 120}),
        ("timer:start", {}),
        ("message:send", {"to": "speakers", "text": "Louder", "level": "info"}),
        ("hands:ask", {"text": "Again?", "answers": ["Yes", "No"]}),
        ("qa:close", {}),
        ("settings:change", {"moderation": "post"}),
    ):
        assert moderator.command(type, **payload).json["ok"], type
    assert other.command("question:vote", question=first).json["ok"]
    assert other.command("hands:answer", answer=1).json["ok"]


def shown(world: World, **without: Any) -> dict[str, Any]:
    view: dict[str, Any] = world.program("moderator").get(f"/api/v1/webinars/{SLUG}").json
    return {key: value for key, value in view.items() if key != "presence"}


def test_wiping_brings_back_what_was_planned(rehearsal: World) -> None:
    before, links = shown(rehearsal), {role: rehearsal.key(role) for role in ("moderator", "screen")}
    assert before["webinar"]["rehearsal"] is True
    play(rehearsal)
    assert shown(rehearsal) != before
    seq = rehearsal.room.seq
    answer = wipe(rehearsal)
    assert (answer.status_code, answer.json) == (200, {"ok": True, "seq": seq + 1})
    after = shown(rehearsal)
    for view in (before, after):
        for slot in view["slots"].values():  # as of another moment
            slot.pop("expected_start_at"), slot.pop("expected_end_at")
        view["timer"].pop("end_expected_at")
    assert after == before
    assert {role: rehearsal.key(role) for role in ("moderator", "screen")} == links


def test_nothing_of_it_stays_in_the_log(rehearsal: World) -> None:
    play(rehearsal)
    assert wipe(rehearsal).json["ok"]
    said = b"".join(commit.body for commit in rehearsal.rooms.log.read(SLUG))
    for word in (b"What does it cost", b"Rehearsal 1", b"Louder", b"Changed in the rehearsal"):
        assert word not in said


def test_a_wiped_webinar_opens_as_a_real_one_with_the_same_links(tmp_path: Path) -> None:
    def opened(now: int | None) -> World:
        world = World.__new__(World)
        world.config = Config(data=tmp_path / "data", host="127.0.0.1", now=now)
        world.identities = Identities(b"a secret for tests")
        log = open_log(tmp_path / "data", RehearsalClock(now) if now is not None else None)
        catalogues = Catalogues.load(world.config.root / "translations")
        world.rooms = Rooms(log, world.identities, catalogues, rehearsal=now is not None)
        world.app = create_app(world.config, world.rooms)
        return world

    World(tmp_path / "data").rooms.close()
    real = opened(None)
    moderator = real.program("moderator")
    assert moderator.command("agenda:edit", slot=real.room.state.order[0], title="Hello").json["ok"]
    assert moderator.post(f"/api/v1/webinars/{SLUG}/rotate", json={"role": "moderator"}).status_code == 200
    key, plan = real.key("moderator"), shown(real)
    real.rooms.close()

    rehearsed = opened(NOW)
    play(rehearsed)
    rehearsed.rooms.close()
    # Left as it is, nobody takes it for the real show.
    left = opened(None)
    assert shown(left)["webinar"]["rehearsal"] is True
    assert wipe(left).json["ok"]
    again = shown(left)
    assert "rehearsal" not in again["webinar"]
    titles = [slot["title"] for slot in sorted(again["slots"].values(), key=lambda slot: slot["order"])]
    assert titles == ["Hello", "Bi-Rex", "Debate"]
    assert again["questions"] == again["deeds"] == {}
    assert left.key("moderator") == key
    seq = left.room.seq
    left.rooms.close()
    real = opened(None)
    assert shown(real)["slots"] == plan["slots"]
    assert (real.key("moderator"), real.room.seq) == (key, seq)
    assert real.ask("Is it real now?") == "q1"
    refused = wipe(real)
    assert refused.status_code == 409
    real.rooms.close()


def test_a_rehearsal_can_be_wiped_again_and_again(rehearsal: World) -> None:
    for _ in range(2):
        play(rehearsal)
        assert wipe(rehearsal).json["ok"]
        assert not rehearsal.room.state.questions
        assert rehearsal.room.state.slots[rehearsal.room.state.order[1]].title == "Bi-Rex"


def test_what_was_answered_before_is_forgotten(rehearsal: World) -> None:
    one = rehearsal.program("attendee")
    ids = [one.command("question:ask", text="Once?", id="the-same-id").json["question"]["id"]]
    assert wipe(rehearsal).json["ok"]
    assert not rehearsal.room.state.questions
    ids.append(one.command("question:ask", text="Once?", id="the-same-id").json["question"]["id"])
    assert list(rehearsal.room.state.questions) == ids[1:]


def test_a_real_show_is_never_wiped(world: World, make: Callable[..., World], tmp_path: Path) -> None:
    world.ask("Who pays?")
    answer = wipe(world)
    assert answer.status_code == 409
    assert answer.json["error"] == {"code": "conflict", "message": "This webinar is no rehearsal. Nothing was wiped."}
    assert len(world.room.state.questions) == 1


def test_a_real_show_that_is_opened_under_a_rehearsal_clock_is_not_wiped(tmp_path: Path) -> None:
    world = World(tmp_path / "data")
    world.ask("Who pays?")
    world.rooms.close()
    later = World(tmp_path / "data", now=NOW)
    for _ in range(2):  # before the first command of the rehearsal and after it
        answer = wipe(later)
        assert answer.status_code == 409
        assert "real show" in answer.json["error"]["message"]
        assert later.room.state.questions["q1"].text == "Who pays?"
        later.ask("And who rehearses?")
    later.rooms.close()


def test_the_first_commit_of_a_rehearsal_says_what_it_is(rehearsal: World) -> None:
    seq = rehearsal.room.seq
    rehearsal.ask()
    assert rehearsal.room.seq == seq + 1, "in the same commit"
    rehearsal.ask()
    (marked, plain) = [json.loads(commit.body)["c"] for commit in rehearsal.rooms.log.read(SLUG, after=seq)]
    assert [event["e"] for action in marked for event in action["e"]] == ["rehearsed", "asked"]
    assert [event["e"] for action in plain for event in action["e"]] == ["asked"]


def test_webinars_say_that_they_are_rehearsals(rehearsal: World, make: Callable[..., World]) -> None:
    assert rehearsal.browser().get("/api/v1/webinars").json["webinars"][0]["rehearsal"] is True
    assert "rehearsal" not in make().browser().get("/api/v1/webinars").json["webinars"][0]


def test_webinars_keep_their_order_when_one_is_read_anew(world: World) -> None:
    organiser = world.program("organiser")
    for slug in ("second", "a-third"):
        body = {"slug": slug, "text": f"{slug}\n7 July 2020\n08:30 Welcome\n08:40 End"}
        assert organiser.post("/api/v1/webinars", json=body).status_code == 201
    world.rooms.reload("second")
    world.rooms.erase(SLUG, personal_data_only=True)
    assert world.rooms.slugs() == [SLUG, "second", "a-third"]
    listed = world.browser().get("/api/v1/webinars").json["webinars"]
    assert [one["slug"] for one in listed] == [SLUG, "second", "a-third"]
