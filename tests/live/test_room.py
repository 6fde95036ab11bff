"""One webinar in one worker, over a real log: decided together, durable before it is answered, whole afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.domain import events as e
from moderator.live import alarm, writer
from moderator.live.identity import Caller
from moderator.live.loop import Promise
from moderator.log.base import LogUnavailable, LogUncertain
from tests.domain.show import MINUTE, T0

from .conftest import MODERATOR, SCREEN, SLUG, World, attendee, speaker

AWAY = "The disk is full."


# ---- one commit for what arrives together ----


def test_commands_that_arrive_together_are_one_commit(world: World) -> None:
    [question] = world.public(attendee(0))
    before = len(world.log.appended)
    acks = world.together(*[(attendee(n), "question:vote", {"question": question}) for n in range(1, 101)])
    assert {ack["ok"] for ack in acks} == {True}
    assert len(world.log.appended) - before <= 2  # the first may go alone
    assert world.room.state.questions[question].votes == 100


def test_five_hundred_voters_at_once_are_counted_exactly(world: World) -> None:
    one, two = world.public(attendee(0), attendee(1))
    votes = [(attendee(n), "question:vote", {"question": one if n % 3 else two}) for n in range(2, 502)]
    again = [(attendee(n), "question:unvote", {"question": one}) for n in range(2, 52)]
    assert all(ack["ok"] for ack in world.together(*votes, *again))
    mine = [n for n in range(2, 502) if n % 3]
    assert world.room.state.questions[one].votes == len([n for n in mine if n >= 52])
    assert world.room.state.questions[two].votes == 500 - len(mine)


def test_a_batch_with_refused_ones_carries_the_others_out(world: World) -> None:
    [question] = world.public(attendee(0))
    acks = world.together(
        (attendee(1), "question:vote", {"question": question}),
        (attendee(0), "question:vote", {"question": question}),  # the own one
        (attendee(2), "question:vote", {"question": "q99"}),
        (attendee(3), "question:vote", {"question": question}),
    )
    assert [ack["ok"] for ack in acks] == [True, False, False, True]
    assert [ack["error"]["code"] for ack in acks if not ack["ok"]] == ["forbidden", "not_found"]
    assert world.room.state.questions[question].votes == 2


def test_commands_of_one_sender_are_decided_in_their_order(world: World) -> None:
    acks = world.together(
        (attendee(1), "question:ask", {"text": "First?"}),
        (attendee(1), "question:withdraw", {"question": "q1"}),
        (attendee(1), "question:ask", {"text": "Second?"}),
        (attendee(1), "question:edit", {"question": "q2", "text": "Second, better?"}),
    )
    assert [ack["ok"] for ack in acks] == [True] * 4
    assert world.room.state.questions["q1"].state == "withdrawn"
    assert world.room.state.questions["q2"].text == "Second, better?"


def test_a_seq_names_one_deed_of_the_moderators(world: World) -> None:
    world.public(attendee(0), attendee(1))
    acks = world.together(
        (MODERATOR, "question:star", {"question": "q1"}),
        (MODERATOR, "message:send", {"text": "Louder, please"}),
        (MODERATOR, "question:queue", {"question": "q2"}),
        (attendee(2), "question:vote", {"question": "q1"}),
    )
    seqs = [ack["seq"] for ack in acks[:3]]
    assert len(set(seqs)) == 3
    assert len({deed.seq for deed in world.room.state.deeds}) == len(world.room.state.deeds)
    world.ok(MODERATOR, "undo", of=seqs[0])
    assert not world.room.state.questions["q1"].starred
    assert world.room.state.questions["q2"].state == "queued"


def test_the_answer_comes_after_the_append(world: World) -> None:
    heard: list[str] = []
    world.log.before = [lambda: heard.append("append")]
    promise = Promise()
    world.room.send(attendee(), "question:ask", {"text": "Is it so?"}, lambda ack: (heard.append("ack"), promise.set()))
    promise.wait(5)
    assert heard == ["append", "ack"]
    assert world.log.last(SLUG) == world.room.seq


# ---- the same id again ----


def test_the_same_id_gives_the_first_answer_and_changes_nothing(world: World) -> None:
    first = world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001")
    assert world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001") == first
    assert len(world.room.state.questions) == 1


def test_it_does_after_a_restart_as_well(world: World) -> None:
    first = world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001", base=1)
    world.clock.at += 59 * MINUTE
    world.restart()
    assert world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001", base=7) == first
    assert len(world.room.state.questions) == 1


def test_a_move_that_changed_nothing_keeps_its_answer_too(world: World) -> None:
    [question] = world.public(attendee(0))
    first = world.ok(attendee(1), "question:unvote", question=question, id="unvote-01")
    world.ok(attendee(1), "question:vote", question=question)
    assert world.ok(attendee(1), "question:unvote", question=question, id="unvote-01") == first
    assert world.room.state.questions[question].votes == 1


def test_the_same_id_twice_in_one_batch_is_carried_out_once(world: World) -> None:
    ask = (attendee(), "question:ask", {"text": "Is it so?", "id": "ask-00001"})
    one, two = world.together(ask, ask)
    assert one == two
    assert len(world.room.state.questions) == 1


def test_the_same_id_with_another_payload_is_a_conflict(world: World) -> None:
    world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001")
    assert world.no(attendee(), "question:ask", text="Is it not?", id="ask-00001")["code"] == "conflict"
    assert world.no(attendee(), "question:withdraw", question="q1", id="ask-00001")["code"] == "conflict"


def test_the_same_id_of_somebody_else_is_another_one(world: World) -> None:
    world.ok(attendee(0), "question:ask", text="Is it so?", id="ask-00001")
    world.ok(attendee(1), "question:ask", text="Is it not?", id="ask-00001")
    assert len(world.room.state.questions) == 2


def test_a_refusal_is_not_kept(world: World) -> None:
    world.ok(MODERATOR, "qa:close")
    assert world.no(attendee(), "question:ask", text="Is it so?", id="ask-00001")["code"] == "closed"
    world.ok(MODERATOR, "qa:open")
    world.ok(attendee(), "question:ask", text="Is it so?", id="ask-00001")


# ---- what the sender saw ----


def test_nobody_approves_a_text_that_was_edited_under_the_finger(world: World) -> None:
    seen = world.ok(attendee(), "question:ask", text="Is it so?")["seq"]
    world.ok(attendee(), "question:edit", question="q1", text="Buy my book")
    error = world.no(MODERATOR, "question:approve", question="q1", base=seen)
    assert (error["code"], error["current"]["text"]) == ("conflict", "Buy my book")
    world.ok(MODERATOR, "question:approve", question="q1", base=world.room.seq)


def test_two_moderators_who_press_next_together_move_on_by_one(world: World) -> None:
    for n in range(3):
        world.public(attendee(n))
    world.ok(MODERATOR, "question:queue", questions=["q1", "q2", "q3"])
    seen = world.room.seq
    acks = world.together(*[(MODERATOR, "question:next", {"base": seen})] * 2)
    assert [ack["ok"] for ack in acks] == [True, False]
    assert acks[1]["error"]["code"] == "conflict"
    assert acks[1]["error"]["current"] == {"live": "q1", "queue": ["q2", "q3"]}
    seen = world.ok(MODERATOR, "timer:start")["seq"]
    acks = world.together(*[(MODERATOR, "timer:next", {"base": seen})] * 2)
    assert [ack["ok"] for ack in acks] == [True, False]
    assert acks[1]["error"]["current"]["slot"] == "talk1"


# ---- the log says no ----


def test_when_the_log_is_unavailable_nothing_has_happened_and_it_works_again_afterwards(world: World) -> None:
    [question] = world.public(attendee(0))
    before = world.room.state
    world.log.before = [LogUnavailable(AWAY)]
    assert world.no(attendee(1), "question:vote", question=question, id="vote-0001")["code"] == "unavailable"
    assert world.room.state is before
    assert world.room.trouble == AWAY
    world.ok(attendee(1), "question:vote", question=question, id="vote-0001")
    assert world.room.trouble is None
    assert world.room.state.questions[question].votes == 1


def test_everybody_in_a_batch_that_was_not_kept_is_told_so(world: World) -> None:
    [question] = world.public(attendee(0))
    world.log.before = [LogUnavailable(AWAY)] * 3
    acks = world.together(*[(attendee(n), "question:vote", {"question": question}) for n in range(1, 20)])
    assert {ack["error"]["code"] for ack in acks if not ack["ok"]} == {"unavailable"}
    assert world.room.state.questions[question].votes == sum(ack["ok"] for ack in acks)


def test_an_append_of_unknown_outcome_is_repeated_until_it_is_known(world: World) -> None:
    world.log.after = [LogUncertain("gone"), None]
    world.log.before = [None, LogUncertain("still gone"), None]
    ack = world.ok(attendee(), "question:ask", text="Is it so?")
    assert ack["seq"] == world.log.last(SLUG) == 2
    assert len(world.room.state.questions) == 1
    world.restart()
    assert list(world.room.state.questions) == ["q1"]


def test_an_unknown_outcome_that_turns_out_not_to_be_there_is_unavailable(world: World) -> None:
    world.log.before = [LogUncertain("gone"), LogUnavailable(AWAY)]
    assert world.no(attendee(), "question:ask", text="Is it so?")["code"] == "unavailable"
    assert world.log.last(SLUG) == 1


def rival(world: World, *made: e.AnyEvent) -> None:
    """Another worker appends first."""
    seq = world.log.inner.last(SLUG) + 1
    world.log.inner.append(SLUG, seq, e.encode([e.Action("rival", "host", list(made))]), T0)


def rival_votes(world: World, question: str, *actors: str) -> None:
    """Another worker's attendees vote first."""
    votes = [
        e.Action(actor, "question:vote", [e.Voted(question, actor)], question=question, id=f"by-{actor}")
        for actor in actors
    ]
    world.log.inner.append(SLUG, world.log.inner.last(SLUG) + 1, e.encode(votes), T0)


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the commands that were decided, each time one was."""
    types: list[str] = []
    decide = writer.decide

    def noting(state: Any, type: str, *rest: Any) -> Any:
        types.append(type)
        return decide(state, type, *rest)

    monkeypatch.setattr(writer, "decide", noting)
    return types


def test_votes_that_lose_the_race_to_votes_of_others_stand_as_they_were_decided(
    world: World, decided: list[str]
) -> None:
    [question] = world.public(attendee(0))
    before, decided[:] = world.room.seq, []
    world.log.before = [
        lambda: rival_votes(world, question, "attendee-8", "attendee-9"),
        lambda: rival_votes(world, question, "attendee-7"),
    ]
    acks = world.together(
        (attendee(1), "question:vote", {"question": question, "id": "vote-of-one"}),
        (attendee(1), "question:vote", {"question": question, "id": "vote-of-one"}),
        (attendee(2), "question:vote", {"question": question}),
    )
    assert [ack["seq"] for ack in acks] == [before + 3] * 3
    assert decided == ["question:vote"] * 2  # the repetition is answered from memory
    assert world.room.state.questions[question].votes == 5
    assert world.ok(attendee(1), "question:vote", question=question, id="vote-of-one")["seq"] == before + 3
    world.restart()
    assert world.room.state.questions[question].votes == 5
    assert world.ok(attendee(1), "question:vote", question=question, id="vote-of-one")["seq"] == before + 3


def test_votes_that_lose_the_race_to_the_same_voter_or_to_a_move_are_decided_again(
    world: World, decided: list[str]
) -> None:
    [question] = world.public(attendee(0))
    decided.clear()
    world.log.before = [lambda: rival_votes(world, question, "attendee-1")]
    assert world.ok(attendee(1), "question:vote", question=question)
    assert decided == ["question:vote"] * 2
    assert world.room.state.questions[question].votes == 1

    world.log.before = [lambda: rival(world, e.Placed(question, "dismissed", T0))]
    assert world.no(attendee(2), "question:vote", question=question)["code"] == "not_found"


def test_whoever_loses_the_race_reads_on_and_decides_again(world: World) -> None:
    [question] = world.public(attendee(0))
    world.log.before = [lambda: rival(world, e.Voted(question, "attendee-1"), e.Voted(question, "attendee-9"))]
    acks = world.together(
        (attendee(1), "question:vote", {"question": question}),  # by then it has voted already
        (attendee(2), "question:vote", {"question": question}),
    )
    assert all(ack["ok"] for ack in acks)
    assert world.room.state.questions[question].votes == 3
    assert world.log.last(SLUG) == world.room.seq


def test_a_decision_that_the_race_made_wrong_is_refused(world: World) -> None:
    world.log.before = [lambda: rival(world, e.QaSet("closed"))]
    assert world.no(attendee(), "question:ask", text="Is it so?")["code"] == "closed"


def test_when_the_log_cannot_be_read_after_a_lost_race_everybody_is_answered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: Any, **__: Any) -> Any:
        raise LogUnavailable(AWAY)

    def lose() -> None:
        rival(world, e.QaSet("open"))
        monkeypatch.setattr(world.log, "read", unreadable, raising=False)

    world.log.before = [lose]
    assert world.no(attendee(), "question:ask", text="Is it so?")["code"] == "unavailable"
    monkeypatch.delattr(world.log, "read")
    world.ok(attendee(), "question:ask", text="Is it so?")


def test_a_fault_of_ours_is_no_success_and_takes_nobody_down_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = writer.decide

    def broken(state: Any, type: str, *rest: Any) -> Any:
        if type == "question:ask":
            raise RuntimeError("a fault")
        return decide(state, type, *rest)

    [question] = world.public(attendee(0))
    monkeypatch.setattr(writer, "decide", broken)
    one, two = world.together(
        (attendee(1), "question:ask", {"text": "Is it so?"}), (attendee(2), "question:vote", {"question": question})
    )
    assert not one["ok"]
    assert two["ok"]


# ---- whatever is sent, it is answered ----


@pytest.mark.parametrize(
    ("type", "payload"),
    [
        ("question:ask", {"text": "\ud800 half a pair"}),
        ("question:ask", {"text": "x" * 100_000}),
        ("question:ask", {"text": None}),
        ("question:ask", {"text": "Is it so?", "id": "short"}),
        ("question:ask", {"text": "Is it so?", "base": -1}),
        ("question:ask", {"text": "Is it so?", "state": "public"}),
        ("question:ask", {}),
        ("no:such", {}),
        ("", {}),
        ("__class__", {}),
        ("create", {}),
    ],
)
def test_what_cannot_be_read_is_invalid(world: World, type: str, payload: dict[str, Any]) -> None:
    assert world.no(attendee(), type, **payload)["code"] == "invalid"
    assert world.room.seq == 1


@pytest.mark.parametrize("payload", [None, [], "text", 7, {"t0": 1, 2: 3}])
def test_a_payload_that_is_no_object_is_invalid(world: World, payload: Any) -> None:
    heard: list[Any] = []
    world.room.send(attendee(), "question:ask", payload, heard.append)
    assert heard[0]["error"]["code"] == "invalid"
    world.room.send(attendee(), ["question:ask"], {"text": "Is it so?"}, heard.append)
    assert heard[1]["error"]["code"] == "invalid"


def test_a_flood_is_rate_limited_and_says_for_how_long(world: World) -> None:
    for _ in range(10):
        world.ok(attendee(), "question:ask", text="Is it so?")
    acks = [world.send(attendee(), "question:ask", text="Is it so?") for _ in range(40)]
    refused = next(ack for ack in acks if not ack["ok"])["error"]
    assert refused["code"] == "rate_limited"
    assert 1 <= refused["retry_after_s"] <= 61
    world.ok(attendee(1), "question:ask", text="It is not mine?")


def test_sixty_votes_a_minute_are_fine(world: World) -> None:
    [question] = world.public(attendee(0))
    for n in range(60):
        world.ok(attendee(1), "question:vote" if n % 2 == 0 else "question:unvote", question=question)


def test_clock_and_similar_answer_without_a_seq(world: World) -> None:
    world.public(attendee(0))
    assert world.ok(SCREEN, "clock", t0=12.5) == {"ok": True, "t0": 12.5, "now": T0}
    assert world.ok(attendee(1), "question:similar", text="Is it, so") == {
        "ok": True,
        "questions": [{"question": "q1", "score": 100}],
    }
    assert world.room.seq == 3


def test_similar_shows_attendees_public_questions_only(world: World) -> None:
    world.ok(attendee(0), "question:ask", text="How long do mosses live?")
    assert world.ok(attendee(1), "question:similar", text="How long do mosses live?")["questions"] == []
    assert world.ok(MODERATOR, "question:similar", text="How long do mosses live?")["questions"] != []
    world.ok(MODERATOR, "question:dismiss", question="q1")
    assert world.ok(MODERATOR, "question:similar", text="How long do mosses live?")["questions"] == []


def test_similar_questions_are_decided_once_in_the_event(world: World) -> None:
    world.ok(attendee(0), "question:ask", text="How long do mosses live?")
    world.ok(attendee(1), "question:ask", text="Mosses: how long do they live?")
    assert world.room.state.questions["q2"].similar == ("q1",)
    world.ok(MODERATOR, "question:edit", question="q1", text="Something else entirely, about lichens")
    assert world.room.state.questions["q2"].similar == ("q1",)


def test_an_ack_of_ask_holds_what_its_author_sees(world: World) -> None:
    ack = world.ok(attendee(), "question:ask", text="  Is it \u202e so?  ", aloud=True)
    assert ack["question"]["id"] == "q1"
    assert ack["question"] == {"id": "q1", **world.room.view(attendee())["me"]["questions"]["q1"]}
    assert ack["question"]["text"] == "Is it so?"


def test_an_agenda_comes_as_text_or_as_slots(world: World) -> None:
    kept = world.room.state.slots["talk1"]
    slots = [
        {"title": "Mosses", "kind": "talk", "duration_s": 900, "speakers": ["Ada Lovelace"]},
        {"title": "Ferns", "kind": "talk", "duration_s": 600},
    ]
    world.ok(MODERATOR, "agenda:replace", slots=slots)
    state = world.room.state
    assert [state.slots[id].title for id in state.order] == ["Mosses", "Ferns"]
    assert state.order[0] == kept.id
    world.ok(MODERATOR, "agenda:replace", text="09:00 Mosses (Ada Lovelace)\n09:20 Ferns\n09:40 End")
    assert "Ferns" in [slot.title for slot in world.room.state.agenda()]
    assert world.no(MODERATOR, "agenda:replace", text="x", slots=[])["code"] == "invalid"
    assert world.no(MODERATOR, "agenda:replace")["code"] == "invalid"
    assert world.no(MODERATOR, "agenda:replace", slots=[{"title": "No length"}])["code"] == "invalid"


# ---- what the clock does by itself ----


def test_the_webinar_starts_by_itself_when_that_was_asked_for(world: World) -> None:
    world.clock.at = T0 - 30
    world.ok(MODERATOR, "settings:change", auto_start=True)
    world.clock.at = T0
    world.until(lambda: world.room.state.timer.phase == "running")
    assert world.room.state.timer.trail[-1].slot == "welcome"


def test_the_next_slot_begins_by_itself_at_the_deadline_and_once_only(world: World) -> None:
    world.ok(MODERATOR, "settings:change", auto_next=True)
    world.ok(MODERATOR, "timer:start")
    world.clock.at = T0 + 5 * MINUTE - 30
    world.ok(MODERATOR, "timer:pause")
    world.ok(MODERATOR, "timer:resume")  # the alarm is set anew
    world.clock.at = T0 + 5 * MINUTE
    world.until(lambda: world.room.state.timer.trail[-1].slot == "talk1")
    world.ok(MODERATOR, "timer:previous")
    world.room.set_alarm()
    world.ok(attendee(), "question:ask", text="Does it stay?")
    assert world.room.state.timer.trail[-1].slot == "welcome"


def test_it_goes_on_by_itself_once_more_when_time_was_added(world: World) -> None:
    world.ok(MODERATOR, "settings:change", auto_next=True)
    world.ok(MODERATOR, "timer:start")
    world.clock.at = T0 + 5 * MINUTE
    world.room.set_alarm()
    world.until(lambda: world.room.state.timer.trail[-1].slot == "talk1")
    world.ok(MODERATOR, "timer:previous")
    world.ok(MODERATOR, "timer:add", seconds=60)
    world.clock.at = T0 + 6 * MINUTE
    world.room.set_alarm()
    world.until(lambda: world.room.state.timer.trail[-1].slot == "talk1")


def test_when_a_moderator_presses_next_in_that_moment_it_moves_on_by_one(world: World) -> None:
    world.ok(MODERATOR, "settings:change", auto_next=True)
    world.ok(MODERATOR, "timer:start")
    world.clock.at = T0 + 5 * MINUTE
    promise = Promise()
    world.room.send(MODERATOR, "timer:next", {"base": world.room.seq}, promise.set)
    world.room._alarm.ring()
    assert promise.wait(5)["ok"]
    world.ok(attendee(), "question:ask", text="Where are we?")
    assert [run.slot for run in world.room.state.timer.trail] == ["welcome", "talk1"]


def test_speakers_are_told_by_themselves(world: World) -> None:
    world.ok(MODERATOR, "settings:change", auto_messages=True)
    world.ok(MODERATOR, "timer:start", slot="talk1")
    world.clock.at = T0 + 8 * MINUTE
    world.room.set_alarm()
    world.until(lambda: world.room.state.message is not None)
    message = world.room.state.message
    assert message is not None
    assert (message.to, message.text, message.level) == ("talk1", "2 minutes", "info")
    assert "message" in world.room.view(speaker("talk1"))
    assert "message" not in world.room.view(speaker("talk2"))


def test_what_fell_due_while_the_log_was_away_is_done_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarm, "AGAIN_S", 0.01)
    world.ok(MODERATOR, "settings:change", auto_next=True)
    world.ok(MODERATOR, "timer:start")
    world.clock.at = T0 + 5 * MINUTE
    world.log.before = [LogUnavailable(AWAY)]
    world.room.set_alarm()
    world.until(lambda: world.room.state.timer.trail[-1].slot == "talk1")


# ---- afterwards ----


def test_a_restart_finds_everything_as_it_was(world: World) -> None:
    one, two = world.public(attendee(0), attendee(1))
    world.ok(attendee(2), "question:vote", question=one)
    world.ok(attendee(2), "question:vote", question=two)
    world.ok(MODERATOR, "question:merge", question=two, into=one)
    world.ok(MODERATOR, "timer:start", slot="talk1")
    world.clock.at += MINUTE
    world.ok(MODERATOR, "question:air", question=one)
    world.ok(MODERATOR, "agenda:edit", slot="debate", duration_s=900)
    world.ok(MODERATOR, "agenda:add", title="Coffee", kind="break", duration_s=300, speakers=["Eve"])
    world.ok(MODERATOR, "message:send", text="Louder", to="talk1")
    world.ok(speaker("talk1"), "message:seen", message=world.room.state.message.id)  # type: ignore[union-attr]
    world.ok(speaker("talk1"), "speaker:signal", signal="ready")
    world.ok(MODERATOR, "hands:ask", text="Who has?", answers=["Me", "Not me"])
    world.ok(attendee(3), "hands:answer", answer=1)
    world.ok(MODERATOR, "undo")
    callers: list[Caller] = [MODERATOR, SCREEN, speaker("talk1"), attendee(2), attendee(0)]
    state, views = world.room.state, [world.room.view(caller) for caller in callers]
    for view in views:
        view.pop("presence", None)
        view["counts"].pop("attendees", None)
    world.restart()
    assert world.room.state == state
    again = [world.room.view(caller) for caller in callers]
    for view in again:
        view.pop("presence", None)
        view["counts"].pop("attendees", None)
    assert again == views


def test_a_room_that_closes_finishes_what_it_took_and_takes_nothing_more(world: World) -> None:
    heard: list[Any] = []
    world.room.send(attendee(), "question:ask", {"text": "Is it so?"}, heard.append)
    world.room.close()
    assert heard[0]["ok"]
    assert world.no(attendee(), "question:ask", text="And this?")["code"] == "unavailable"
