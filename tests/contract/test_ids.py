"""Section 3: the same id twice, and `base`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.contract.stage import Stage, quiet, refused, together
from tests.support.client import Client

ID = "0123456789-abcdef_XYZ"


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_same_id_again_gives_the_first_answer_and_changes_nothing(stage: Stage, transport: str) -> None:
    asker = stage.client(transport=transport)
    first = asker.do("question:ask", {"text": "Once?", "id": ID})
    assert asker.send("question:ask", {"text": "Once?", "id": ID}) == first
    assert asker.send("question:ask", {"text": "Once?", "id": ID, "base": 1}) == first
    assert stage.command(asker.auth["attendee"], type="question:ask", text="Once?", id=ID).json() == first
    assert stage.moderator().view["counts"]["questions"] == 1


def test_a_hundred_at_the_same_time_count_once(stage: Stage) -> None:
    token = stage.token()
    clients = [stage.client(attendee=token) for _ in range(5)]
    answers: list[dict[str, Any]] = []
    with together(
        *(lambda c=c: answers.append(c.send("question:ask", {"text": "Once?", "id": ID})) for c in clients * 4)
    ):
        pass
    assert len(answers) == 20 and all(answer == answers[0] for answer in answers) and answers[0]["ok"]
    assert stage.moderator().view["counts"]["questions"] == 1


def test_the_same_id_with_another_payload_is_a_conflict(stage: Stage) -> None:
    asker = stage.client()
    asker.do("question:ask", {"text": "Once?", "id": ID})
    refused(asker.send("question:ask", {"text": "Twice?", "id": ID}), "conflict")
    refused(asker.send("question:withdraw", {"question": "q1", "id": ID}), "conflict")


def test_ids_belong_to_an_attendee_or_a_key(stage: Stage, make: Callable[..., Stage]) -> None:
    one, two = stage.client(), stage.client()
    assert one.do("question:ask", {"text": "Once?", "id": ID})["question"]["id"] == "q1"
    assert two.do("question:ask", {"text": "Once?", "id": ID})["question"]["id"] == "q2"
    desk, desk_too = stage.moderator(), stage.moderator()
    first = desk.do("question:approve", {"question": "q1", "id": ID})
    assert desk_too.send("question:approve", {"question": "q1", "id": ID}) == first
    assert make().client().do("question:ask", {"text": "Once?", "id": ID})["question"]["id"] == "q1"


def test_a_refusal_is_not_kept(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    refused(desk.send("timer:pause", {"id": ID}), "conflict")
    desk.do("timer:start", {})
    ack = desk.do("timer:pause", {"id": ID})
    desk.do("timer:resume", {})
    assert desk.send("timer:pause", {"id": ID}) == ack
    desk.wait_for(lambda c: c.view["timer"]["phase"] == "running")
    desk.do("qa:close", {})
    refused(asker.send("question:ask", {"text": "Now?", "id": ID}), "closed")
    desk.do("qa:open", {})
    asker.do("question:ask", {"text": "Now?", "id": ID})


def test_a_first_answer_that_changed_nothing_is_kept_too(stage: Stage) -> None:
    desk, asker, voter = stage.moderator(), stage.client(), stage.client()
    id = stage.public(asker, desk, "Votes?")
    voter.do("question:vote", {"question": id})
    again = voter.do("question:vote", {"question": id, "id": ID})
    voter.do("question:unvote", {"question": id})
    assert voter.send("question:vote", {"question": id, "id": ID}) == again
    quiet(voter)
    assert voter.view["me"]["votes"] == {}


def current(client: Client) -> int:
    """A base: what this moderator has seen."""
    quiet(client)
    return client.seq


def stale(client: Client, event: str, payload: dict[str, Any], base: int) -> dict[str, Any]:
    error = refused(client.send(event, {**payload, "base": base}), "conflict")
    assert error.get("current") is not None, error
    return dict(error)


def test_nobody_approves_a_text_that_was_edited_under_the_finger(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    for event in ("approve", "dismiss", "queue", "air", "answer"):
        id = asker.do("question:ask", {"text": f"To {event}?"})["question"]["id"]
        desk.wait_for(lambda c, id=id: id in c.view["questions"])
        base = current(desk)
        edited = asker.do("question:edit", {"question": id, "text": f"Edited {event}?"})["seq"]
        error = stale(desk, f"question:{event}", {"question": id}, base)
        assert error["current"]["text"] == f"Edited {event}?"
        desk.do(f"question:{event}", {"question": id, "base": edited})


def test_an_edit_of_a_text_that_changed_is_a_conflict(stage: Stage) -> None:
    desk, other, asker = stage.moderator(), stage.moderator(), stage.client()
    id = stage.public(asker, desk, "Which wording?")
    base = current(desk)
    other.do("question:edit", {"question": id, "text": "This wording?"})
    assert (
        stale(desk, "question:edit", {"question": id, "text": "That wording?"}, base)["current"]["text"]
        == "This wording?"
    )


def test_two_moderators_who_press_next_together_move_on_by_one(stage: Stage) -> None:
    one, two, asker = stage.moderator(), stage.moderator(), stage.client()
    one.do("timer:start", {})
    for id in [stage.public(asker, one, f"Number {n}?") for n in range(3)]:
        one.do("question:queue", {"question": id})
    base = max(current(one), current(two))
    for event in ("timer:next", "question:next"):
        answers: list[dict[str, Any]] = []
        press = partial(_press, answers, event, base)
        with together(partial(press, one), partial(press, two)):
            pass
        assert sorted(answer["ok"] for answer in answers) == [False, True], (event, answers)
        base = max(current(one), current(two))
    assert one.view["timer"]["slot"] == stage.slots[1]
    assert one.view["live"] == "q1" and one.view["queue"]["order"] == ["q2", "q3"]


def _press(answers: list[dict[str, Any]], event: str, base: int, client: Client) -> None:
    answers.append(client.send(event, {"base": base}))


def test_a_changed_head_of_the_queue_is_a_conflict_for_next(stage: Stage) -> None:
    one, two, asker = stage.moderator(), stage.moderator(), stage.client()
    ids = [stage.public(asker, one, f"Number {n}?") for n in range(3)]
    one.do("question:queue", {"questions": ids})
    one.wait_for(lambda c: len(c.view["queue"]["order"]) == 3)
    base = current(one)
    two.do("question:move", {"question": ids[2], "before": ids[0]})
    stale(one, "question:next", {}, base)
    base = current(one)
    two.do("question:move", {"question": ids[1], "before": ids[0]})  # behind the head: nothing that next touches
    one.do("question:next", {"base": base})
    one.wait_for(lambda c: c.view.get("live") == ids[2])
    base = current(one)
    two.do("question:next", {})
    stale(one, "question:clear", {}, base)
    stale(one, "question:air", {"question": ids[0]}, base)


def test_a_changed_clock_is_a_conflict_for_the_clock(stage: Stage) -> None:
    one, two = stage.moderator(), stage.moderator()
    one.do("timer:start", {})
    moves = {
        "timer:next": {},
        "timer:pause": {},
        "timer:end": {},
        "timer:add": {"seconds": 60},
        "timer:start": {"slot": stage.slots[3]},
    }
    for event, payload in moves.items():
        base = current(one)
        two.do("timer:add", {"seconds": 30})
        assert stale(one, event, payload, base)["current"]["slot"] == stage.slots[0]
    base = current(one)
    two.do("timer:next", {})
    stale(one, "timer:previous", {}, base)
    two.do("timer:pause", {})
    stale(one, "timer:resume", {}, base)
    one.do("timer:resume", {"base": current(one)})


def test_a_changed_slot_is_a_conflict_for_that_slot_only(stage: Stage) -> None:
    one, two = stage.moderator(), stage.moderator()
    base = current(one)
    two.do("agenda:edit", {"slot": stage.slots[1], "title": "Meanwhile"})
    assert "Meanwhile" in str(stale(one, "agenda:edit", {"slot": stage.slots[1], "title": "Mine"}, base)["current"])
    stale(one, "agenda:remove", {"slot": stage.slots[1]}, base)
    one.do("agenda:edit", {"slot": stage.slots[4], "title": "Goodbye", "base": base})


def test_what_others_did_elsewhere_is_no_conflict(stage: Stage) -> None:
    desk, other, asker = stage.moderator(), stage.moderator(), stage.client()
    one, two = (stage.public(asker, desk, text) for text in ("One?", "Two?"))
    base = current(desk)
    other.do("question:edit", {"question": two, "text": "Three?"})
    other.do("timer:start", {})
    asker.do("question:ask", {"text": "Four?"})
    stage.client().do("question:vote", {"question": one})
    desk.do("question:queue", {"question": one, "base": base})
