"""The report: a pure reading of the fold."""

from __future__ import annotations

from moderator.web.export import export_bytes
from moderator.web.report import MINUTE_MS, report
from tests.web.world import SLUG, World


def test_before_anything_happened_it_is_empty(world: World) -> None:
    found = report(world.room.state, world.room.now())
    assert found["facts"]["questions"] == found["facts"]["votes"] == found["facts"]["attendees"] == 0
    assert "began_at" not in found["facts"]
    assert found["per_minute"] == found["on_air"] == found["questions"] == found["hands"] == []
    assert [slot["title"] for slot in found["slots"]] == ["Welcome", "Bi-Rex", "Debate"]
    assert all("actual_start_at" not in slot for slot in found["slots"])


def test_a_whole_webinar_is_told(world: World) -> None:
    moderator, one, other = world.program("moderator"), world.program("attendee"), world.program("attendee")
    speaker = next(iter(world.room.state.speakers))
    first = world.ask("What does it cost?", one, name="Ada", to=[speaker])
    second = world.ask("Who pays?", one)
    third = world.ask("Why?", other)
    assert moderator.command("timer:start").json["ok"]
    assert moderator.command("question:approve", questions=[first, second]).json["ok"]
    assert other.command("question:vote", question=first).json["ok"]
    assert moderator.command("question:air", question=first).json["ok"]
    assert moderator.command("question:answer", question=first).json["ok"]
    assert moderator.command("question:answer", question=second, text="The region.").json["ok"]
    assert moderator.command("question:dismiss", question=third, reason="Too short").json["ok"]
    assert moderator.command("hands:ask", text="Shall we meet again?", answers=["Yes", "No"]).json["ok"]
    assert one.command("hands:answer", answer=0).json["ok"]
    assert moderator.command("timer:end").json["ok"]

    found = world.browser("moderator").get(f"/w/{SLUG}/report.json").json
    facts = found["facts"]
    assert (facts["questions"], facts["askers"], facts["attendees"], facts["votes"]) == (3, 2, 2, 1)
    assert (facts["answered_air"], facts["answered_written"]) == (1, 1)
    assert facts["began_at"] <= facts["ended_at"]
    (aired,) = found["on_air"]
    assert (aired["text"], aired["name"], aired["to"], aired["votes"]) == (
        "What does it cost?",
        "Ada",
        ["Mattia Adani"],
        1,
    )
    assert [one["state"] for one in found["questions"]] == ["answered", "answered", "dismissed"]
    assert found["questions"][2]["reason"] == "Too short"
    assert found["ledger"]["asked"] == 3
    assert sum(count for _, count in found["per_minute"]) == 3
    assert all(at % MINUTE_MS == 0 for at, _ in found["per_minute"])
    assert found["slots"][0]["state"] == "done"
    assert found["slots"][0]["over_s"] == found["slots"][0]["ran_s"] - 300
    assert found["slots"][2]["state"] == "skipped"
    (hands,) = found["hands"]
    assert hands["counts"] == [1, 0]


def test_nobody_is_named_by_what_the_server_knows_them_by(world: World) -> None:
    world.ask()
    (question,) = world.room.state.questions.values()
    assert question.by is not None
    assert question.by not in str(report(world.room.state, world.room.now()))


def test_whoever_did_something_took_part(world: World) -> None:
    moderator = world.program("moderator")
    people = [world.program("attendee") for _ in range(5)]
    question = world.ask("What does it cost?", people[0])
    assert moderator.command("question:approve", question=question).json["ok"]
    assert moderator.command("hands:ask", text="Again?", answers=["Yes", "No"]).json["ok"]
    assert people[1].command("question:vote", question=question).json["ok"]
    assert people[2].command("question:flag", question=question).json["ok"]
    assert people[3].command("hands:answer", answer=1).json["ok"]
    assert people[1].command("hands:answer", answer=0).json["ok"]
    assert people[4].get(f"/api/v1/webinars/{SLUG}").status_code == 200  # who only looks on is in no log
    assert report(world.room.state, world.room.now())["facts"]["attendees"] == 4


def test_the_most_at_once_are_told_where_they_are_known(world: World) -> None:
    assert "attendees_peak" not in report(world.room.state, world.room.now())["facts"]
    assert report(world.room.state, world.room.now(), 7)["facts"]["attendees_peak"] == 7


def test_a_calendar_changes_when_the_plan_moves_and_only_then(world: World) -> None:
    moderator = world.program("moderator")

    def calendar(later_s: int = 0) -> bytes:
        return export_bytes(world.room.state, world.room.now() + later_s * 1000, "ics")

    def sequence() -> int:
        line = next(line for line in calendar().split(b"\r\n") if line.startswith(b"SEQUENCE:"))
        return int(line.partition(b":")[2])

    before = calendar()
    assert calendar(7200) == before
    world.ask()
    moderator.command("qa:open")
    assert calendar() == before
    numbers = [sequence()]
    slots = list(world.room.state.order)
    for type, payload in (
        ("agenda:edit", {"slot": slots[1], "title": "Bi-Rex, again"}),
        ("agenda:edit", {"slot": slots[1], "duration_s": 1200}),
        ("timer:start", {"replan": True}),
        ("timer:add", {"seconds": 120}),
        ("timer:next", {}),
        ("undo", {}),
        ("timer:end", {}),
    ):
        assert moderator.command(type, **payload).json["ok"], type
        assert calendar() != before, type
        before = calendar()
        assert calendar(7200) == before, type
        world.ask()
        assert calendar() == before, type
        numbers.append(sequence())
    assert numbers == sorted(set(numbers))
