"""Section 3, the table: every command, by every role, with good and with bad payloads."""

from __future__ import annotations

import pytest

from tests.contract.stage import Stage, refused
from tests.contract.table import TABLE
from tests.support.client import Client


def test_every_command_is_for_its_roles_and_reads_its_payload(stage: Stage) -> None:
    """Forbidden comes before invalid; invalid comes before the rules."""
    roles = stage.everybody()
    for event, (allowed, good, bad) in TABLE.items():
        for role, client in roles.items():
            if role not in allowed:
                for payload in (good, {}, {"nonsense": 1}, *bad[:1]):
                    refused(client.send(event, payload), "forbidden")
                continue
            for payload in bad:
                refused(client.send(event, payload), "invalid")
    for client in roles.values():
        assert client.seq == 1


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_unknown_events_and_wrong_arguments_are_answered_invalid(stage: Stage, transport: str) -> None:
    client = stage.client(transport=transport)
    for event in (
        "no:such",
        "question:delete",
        "",
        "__proto__",
        "constructor",
        "message",
        "ping",
        "snapshot",
        "host",
        "x" * 3000,
    ):
        refused(client.send(event, {}), "invalid")
    for arguments in ((), ({}, {}), ("text",), (7,), (None,), ([],), (["a"], {})):
        for event in ("question:ask", "clock", "no:such"):
            refused(client._sio.call(event, arguments), "invalid")
    for arguments in ((), ({}, {}), (None,)):
        refused(client._sio.call("question:approve", arguments), "forbidden")


def test_an_unknown_question_is_not_found_for_whoever_may_act_on_questions(stage: Stage) -> None:
    roles = stage.everybody()
    for event, (allowed, good, _) in TABLE.items():
        if event.startswith("question:") and "question" in good:
            payload = {**good, "question": "q999"}
            if "into" in payload:
                payload["into"] = "q998"
            for role in allowed & {"attendee", "moderator"}:
                refused(roles[role].send(event, payload), "not_found")


def test_what_an_attendee_may_not_see_is_not_found(stage: Stage) -> None:
    author, other, desk = stage.client(), stage.client(), stage.moderator()
    hidden = author.do("question:ask", {"text": "In review?"})["question"]["id"]
    gone = author.do("question:ask", {"text": "Dismissed?"})["question"]["id"]
    left = author.do("question:ask", {"text": "Withdrawn?"})["question"]["id"]
    desk.do("question:dismiss", {"question": gone})
    author.do("question:withdraw", {"question": left})
    unknown = refused(other.send("question:vote", {"question": "q999"}), "not_found")
    for id in (hidden, gone, left):
        for event in ("question:vote", "question:unvote", "question:flag", "question:withdraw"):
            assert refused(other.send(event, {"question": id}), "not_found") == unknown
        refused(other.send("question:edit", {"question": id, "text": "Mine?"}), "not_found")


def test_the_forms_of_acks(stage: Stage) -> None:
    asker, desk = stage.client(), stage.moderator()
    clock = asker.send("clock", {"t0": 17})
    assert set(clock) == {"ok", "t0", "now"} and clock["t0"] == 17 and type(clock["now"]) is int
    ack = asker.send("question:ask", {"text": "Who pays?", "name": "Eva", "aloud": True, "lang": "en"})
    assert set(ack) == {"ok", "seq", "question"} and ack["ok"] is True and type(ack["seq"]) is int
    question = ack["question"]
    assert question["text"] == "Who pays?" and question["state"] == "review" and question["n"] == 1 and question["id"]
    asker.wait_for(lambda c: question["id"] in c.view["me"]["questions"])
    assert asker.view["me"]["questions"][question["id"]] == {k: v for k, v in question.items() if k != "id"}
    similar = asker.send("question:similar", {"text": "Who pays??"})
    assert set(similar) == {"ok", "questions"} and similar["questions"] == []
    ack = desk.send("question:approve", {"question": question["id"]})
    assert set(ack) == {"ok", "seq"}
    similar = asker.send("question:similar", {"text": "Who pays?"})
    assert similar["questions"][0]["question"] == question["id"] and similar["questions"][0]["score"] > 0
    error = refused(asker.send("question:ask", {"text": ""}), "invalid")
    assert error["field"] == "text"


def test_limits_allow_10_asks_and_60_votes_and_say_when_to_try_again(stage: Stage) -> None:
    asker, voter, desk = stage.client(), stage.client(), stage.moderator()
    id = stage.public(asker, desk, "Number 0?")
    for n in range(9):
        asker.do("question:ask", {"text": f"Number {n + 1}?"})
    for n in range(60):
        voter.do("question:unvote" if n % 2 else "question:vote", {"question": id})
    for n in range(200):
        ack = asker.send("question:ask", {"text": f"More {n}?"})
        if not ack["ok"]:
            break
    error = refused(ack, "rate_limited")
    assert type(error["retry_after_s"]) is int and 1 <= error["retry_after_s"] <= 60
    refused(asker.send("question:ask", {"text": 7}), "invalid")  # decided before the limit
    refused(asker.send("question:approve", {"question": id}), "forbidden")
    stage.client().do("question:ask", {"text": "Another attendee may."})


def test_moderators_ask_for_the_hall_the_phone_and_the_chat(stage: Stage) -> None:
    desk, attendee = stage.moderator(), stage.client()
    for source in ("chat", "phone", "room"):
        id = desk.do("question:ask", {"text": f"By {source}?", "name": "Kim", "source": source})["question"]["id"]
        shown = attendee.wait_for(lambda c, id=id: c.view["questions"].get(id))
        assert shown["text"] == f"By {source}?" and shown["name"] == "Kim"
        assert desk.wait_for(lambda c, id=id: c.view["questions"].get(id))["source"] == source
    refused(attendee.send("question:ask", {"text": "Me?", "source": "chat"}), "invalid")


def test_settings_may_change_in_part(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    desk.do("settings:change", {"names": "required"})
    refused(asker.send("question:ask", {"text": "Anonymous?"}), "invalid")
    asker.do("question:ask", {"text": "Named?", "name": "Ada"})
    desk.do("settings:change", {"moderation": "post", "names": "off", "max_length": 60})
    settings = desk.wait_for(
        lambda c: c.view["webinar"]["settings"]["names"] == "off" and c.view["webinar"]["settings"]
    )
    assert settings["moderation"] == "post" and settings["max_length"] == 60
    ack = asker.do("question:ask", {"text": "At once?", "name": "Not kept"})
    assert ack["question"]["state"] == "public"
    assert "name" not in stage.client().view["questions"][ack["question"]["id"]]
    refused(asker.send("question:ask", {"text": "x" * 61}), "invalid")
    asker.wait_for(lambda c: c.view["qa"]["moderation"] == "post")


def test_a_show_of_hands(stage: Stage) -> None:
    desk, one, two = stage.moderator(), stage.client(), stage.client()
    refused(one.send("hands:answer", {"answer": 0}), "not_found")
    refused(desk.send("hands:close", {}), "conflict")
    desk.do("hands:ask", {"text": "Tea or coffee?", "answers": ["Tea", "Coffee"]})
    one.do("hands:answer", {"answer": 0})
    two.do("hands:answer", {"answer": 0})
    one.do("hands:answer", {"answer": 1})
    refused(one.send("hands:answer", {"answer": 2}), "invalid")
    hands = desk.wait_for(lambda c: c.view["hands"]["counts"] == [1, 1] and c.view["hands"])
    assert hands["text"] == "Tea or coffee?" and hands["answers"] == ["Tea", "Coffee"] and hands["open"] is True
    one.wait_for(lambda c: c.view["me"].get("hand") == 1)
    assert two.wait_for(lambda c: "hand" in c.view["me"] and c.view["hands"]["counts"] == [1, 1])
    desk.do("hands:close", {})
    refused(one.send("hands:answer", {"answer": 0}), "closed")
    desk.do("hands:ask", {"text": "Again?", "answers": ["Yes", "No"]})
    one.wait_for(lambda c: c.view["hands"]["text"] == "Again?" and "hand" not in c.view["me"])
    assert one.view["hands"]["counts"] == [0, 0]


def test_messages_reach_those_they_are_for(stage: Stage) -> None:
    roles = stage.everybody()
    desk, speaker = roles["moderator"], roles["speaker"]
    desk.do("message:send", {"to": stage.slots[1], "text": "For your slot", "level": "warn"})
    message = speaker.wait_for(lambda c: c.view.get("message"))
    assert {"id", "to", "text", "level", "sent_at", "seen"} <= set(message)
    speaker.do("message:seen", {"message": message["id"]})
    desk.wait_for(lambda c: stage.slots[1] in c.view["message"]["seen"])
    refused(stage.client("speaker", slot=stage.slots[2]).send("message:seen", {"message": message["id"]}), "not_found")
    refused(desk.send("message:send", {"to": "s99", "text": "Nobody", "level": "info"}), "not_found")
    desk.do("message:send", {"to": "all", "text": "For everybody", "level": "info"})
    for client in roles.values():
        client.wait_for(lambda c: c.view.get("message", {}).get("text") == "For everybody")


def test_a_speaker_signals_to_the_moderators(stage: Stage) -> None:
    roles = stage.everybody()
    for signal in ("ready", "more_time", "problem"):
        roles["speaker"].do("speaker:signal", {"signal": signal})
        roles["moderator"].wait_for(lambda c, s=signal: c.view["signals"].get(stage.slots[1], {}).get("signal") == s)
    roles["speaker"].do("speaker:signal", {"signal": "none"})
    roles["moderator"].wait_for(lambda c: stage.slots[1] not in c.view["signals"])
    for role in ("attendee", "screen"):
        assert "signals" not in roles[role].view


def test_undo_takes_back_the_latest_or_a_named_one_and_never_twice(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    refused(desk.send("undo", {}), "conflict")
    first = stage.public(asker, desk, "First?")
    second = asker.do("question:ask", {"text": "Second?"})["question"]["id"]
    at = desk.do("question:dismiss", {"question": second})["seq"]
    desk.do("question:queue", {"question": first})
    desk.do("undo", {"of": at})
    desk.wait_for(lambda c: c.view["questions"][second]["state"] == "review")
    refused(desk.send("undo", {"of": at}), "conflict")
    refused(desk.send("undo", {"of": 10**6}), "not_found")
    desk.do("undo", {})
    desk.wait_for(lambda c: c.view["questions"][first]["state"] == "public" and not c.view["queue"]["order"])
    desk.do("timer:start", {})
    desk.do("timer:add", {"seconds": 60})
    desk.do("undo", {})
    desk.wait_for(lambda c: c.view["timer"].get("added_s") == 0)
    edited = desk.do("agenda:edit", {"slot": stage.slots[2], "title": "Another title"})["seq"]
    desk.do("undo", {"of": edited})
    desk.wait_for(lambda c: c.view["slots"][stage.slots[2]]["title"] == "Second talk")


def test_undo_is_a_conflict_where_something_later_depends_on_it(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    id = asker.do("question:ask", {"text": "First?"})["question"]["id"]
    at = desk.do("question:approve", {"question": id})["seq"]
    desk.do("question:air", {"question": id})
    refused(desk.send("undo", {"of": at}), "conflict")


def test_agenda_moves(stage: Stage) -> None:
    desk, screen = stage.moderator(), stage.client("screen")
    welcome, first, second, debate, wrap = stage.slots

    def order(client: Client) -> list[str]:
        return sorted(client.view["slots"], key=lambda id: client.view["slots"][id]["order"])

    new = desk.do("agenda:add", {"after": first, "title": "Break", "kind": "break", "duration_s": 300})["slot"]
    screen.wait_for(lambda c: order(c) == [welcome, first, new, second, debate, wrap])
    assert screen.view["slots"][new]["kind"] == "break"
    desk.do("agenda:move", {"slot": new, "before": debate})
    screen.wait_for(lambda c: order(c) == [welcome, first, second, new, debate, wrap])
    slots = screen.view["slots"]
    assert slots[new]["planned_start_at"] == slots[second]["planned_start_at"] + 1_200_000
    desk.do("agenda:edit", {"slot": new, "title": "Coffee", "duration_s": 600, "speakers": ["Cleo"]})
    screen.wait_for(lambda c: c.view["slots"][new]["title"] == "Coffee")
    (cleo,) = screen.view["slots"][new]["speakers"]
    assert screen.view["speakers"][cleo]["name"] == "Cleo"
    desk.do("agenda:remove", {"slot": new})
    screen.wait_for(lambda c: order(c) == stage.slots)
    refused(desk.send("agenda:remove", {"slot": new}), "not_found")
    refused(desk.send("agenda:edit", {"slot": new, "title": "x"}), "not_found")
    desk.do("timer:start", {})
    refused(desk.send("agenda:remove", {"slot": welcome}), "conflict")


def test_replacing_the_agenda_keeps_the_ids_and_links_of_slots_that_stay(stage: Stage) -> None:
    desk = stage.moderator()
    links = stage.links["speakers"]
    welcome, first, second, debate, wrap = stage.slots
    desk.do("timer:start", {"slot": first})
    desk.do(
        "agenda:replace",
        {
            "slots": [
                {"title": "Welcome", "kind": "welcome", "start": "10:00", "duration_s": 60},
                {"title": "Second talk", "kind": "talk", "duration_s": 900, "speakers": ["Bo Li"]},
                {"title": "Entirely new", "kind": "talk", "duration_s": 300},
                {"id": debate, "title": "Renamed debate", "kind": "debate", "duration_s": 600},
                {"title": "Wrap-up", "kind": "wrapup", "duration_s": 600},
            ]
        },
    )
    view = desk.wait_for(lambda c: any(s["title"] == "Entirely new" for s in c.view["slots"].values()) and c.view)
    slots = view["slots"]
    assert slots[welcome]["duration_s"] == 600 and slots[first]["state"] == "now"  # done and running stay as they are
    assert slots[second]["duration_s"] == 900 and slots[debate]["title"] == "Renamed debate" and wrap in slots
    after = {id: url for id, url in stage.server.read_links("--webinar", stage.slug)["speakers"].items() if id in links}
    assert after == {id: links[id] for id in after} and set(after) == set(stage.slots)
