"""Section 3: what the server sends, to whom, and how often."""

from __future__ import annotations

import json
import time
from itertools import pairwise

from tests.contract.stage import Stage, quiet, same, together
from tests.support.client import Client, Frame, assert_in_sync


def patches(client: Client, since: float) -> list[Frame]:
    return [frame for frame in client.since(since) if frame.event == "patch"]


def telling(client: Client, since: float) -> list[Frame]:
    """Patches but those of presence, which is not part of the log."""
    return [f for f in patches(client, since) if set(f.data["patch"]) - {"presence", "counts"}]


def test_a_question_in_review_reaches_its_author_and_the_moderators_alone(stage: Stage) -> None:
    roles = stage.everybody()
    asker, desk = stage.client(), roles["moderator"]
    quiet(*roles.values(), asker)
    at = time.monotonic()
    secret = "xyzzy-in-review"
    id = asker.do("question:ask", {"text": secret})["question"]["id"]
    desk.wait_for(lambda c: id in c.view["questions"])
    asker.wait_for(lambda c: id in c.view["me"]["questions"])
    quiet(asker, roles["attendee"])
    for role in ("attendee", "speaker", "screen"):
        assert not roles[role].since(at), role
    (own,) = patches(asker, at)
    assert own.data["from"] == own.data["seq"] == asker.frames[0].data["seq"]
    assert set(own.data["patch"]) == {"me"}


def test_what_attendees_may_not_see_is_in_none_of_their_frames(stage: Stage) -> None:
    roles = stage.everybody()
    desk, asker = roles["moderator"], stage.client()
    token = asker.auth["attendee"]
    words = {}
    for word, move in (("alpha", None), ("beta", "dismiss"), ("gamma", "withdraw")):
        words[word] = asker.do("question:ask", {"text": f"secret-{word}", "name": f"name-{word}"})["question"]["id"]
        if move == "withdraw":
            asker.do("question:withdraw", {"question": words[word]})
        elif move:
            desk.do(f"question:{move}", {"question": words[word], "reason": "reason-hidden"})
    shown = stage.public(asker, desk, "shown to all")
    desk.do("question:label", {"question": shown, "labels": ["label-hidden"]})
    desk.do("question:star", {"question": shown})
    desk.do("message:send", {"to": stage.slots[0], "text": "message-hidden", "level": "info"})
    for role in ("attendee", "screen", "speaker"):
        roles[role].wait_for(lambda c: shown in c.view["questions"])
    quiet(*roles.values())
    for role in ("attendee", "screen", "speaker"):
        everything = json.dumps([frame.data for frame in roles[role].frames])
        for hidden in ("secret-", "name-", "reason-hidden", "label-hidden", "message-hidden", "starred", "presence"):
            assert hidden not in everything, (role, hidden)
    for client in roles.values():
        everything = json.dumps([frame.data for frame in client.frames])
        assert token not in everything and token.split(".")[0] not in everything


def test_the_first_frame_after_quiet_comes_at_once_and_more_at_most_every_100_ms(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    watchers = [stage.client(), stage.client("screen"), stage.client(transport="polling")]
    ids = [asker.do("question:ask", {"text": f"Question number {n}?"})["question"]["id"] for n in range(20)]
    quiet(*watchers)
    time.sleep(0.15)
    began = time.monotonic()
    for id in ids:
        desk.do("question:approve", {"question": id})
    over = time.monotonic()
    for client in watchers:
        client.wait_for(lambda c: len(c.view["questions"]) == 20)
    quiet(*watchers)
    for client in watchers[:2]:
        frames = patches(client, began)
        assert len(frames) <= (over - began) / 0.1 + 2, f"{len(frames)} frames in {over - began:.2f} s"
        gaps = [b.data["now"] - a.data["now"] for a, b in pairwise(frames)]
        assert all(gap >= 95 for gap in gaps), gaps
    for client in watchers:
        assert_in_sync(client)
    late: dict[Client, list[int]] = {client: [] for client in watchers[:2]}
    for id in ids[:5]:  # the quickest of five: other tests may have the processor just then
        quiet(*watchers)
        time.sleep(0.15)
        began = time.monotonic()
        seq = desk.do("question:dismiss", {"question": id})["seq"]
        for client, found in late.items():
            client.wait_for(lambda c, seq=seq: c.seq >= seq)  # type: ignore[misc]
            found.append(patches(client, began)[0].data["now"] - desk.view["deeds"][str(seq)]["at"])
    assert all(min(found) < 80 for found in late.values()), late


def test_moderators_get_a_move_at_once_and_votes_at_most_every_20_ms(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    id = stage.public(asker, desk, "Vote for me?")
    voters = [stage.client() for _ in range(8)]
    quiet(desk)
    at = time.monotonic()

    def votes(client: Client) -> None:
        for _ in range(5):
            client.do("question:vote", {"question": id})
            client.do("question:unvote", {"question": id})
        client.do("question:vote", {"question": id})

    with together(*(lambda c=client: votes(c) for client in voters)):
        pass
    desk.wait_for(lambda c: c.view["questions"][id]["votes"] == 8)
    quiet(desk)
    frames = telling(desk, at)
    gaps = [b.data["now"] - a.data["now"] for a, b in pairwise(frames)]
    assert all(gap >= 19 for gap in gaps), gaps
    sent = time.monotonic()
    desk.do("question:queue", {"question": id})
    desk.wait_for(lambda c: c.view["queue"]["order"] == [id])
    assert desk.frames[-1].at - sent < 0.5


def test_from_is_never_later_than_what_is_held_and_seq_never_falls(stage: Stage) -> None:
    """`Client` watches both; here with own and shared patches mixed on a slow and a fast transport."""
    desk = stage.moderator()
    clients = [stage.client(), stage.client(transport="polling"), stage.client()]
    ids = [stage.public(client, desk, f"By {n}?") for n, client in enumerate(clients)]
    for turn in range(6):
        for n, client in enumerate(clients):
            client.do("question:vote" if turn % 2 == 0 else "question:unvote", {"question": ids[(n + 1) % 3]})
            client.do("question:ask", {"text": f"Again {turn}, {n}?"})
    for client in (*clients, desk):
        assert_in_sync(client)
        assert not client.violations


def test_a_running_countdown_sends_nothing_not_even_in_overtime(stage: Stage) -> None:
    roles = stage.everybody()
    desk = roles["moderator"]
    desk.do("timer:start", {})
    desk.do("timer:add", {"seconds": -598})  # two seconds are left
    for client in roles.values():
        client.wait_for(lambda c: c.view["timer"].get("added_s") == -598)
    desk.wait_for(  # what moderators learn of presence is over, too
        lambda c: c.view["counts"]["attendees"] and c.view["presence"]["speakers"] and c.view["presence"]["screens"]
    )
    quiet(*roles.values())
    at = time.monotonic()
    time.sleep(10)
    for role, client in roles.items():
        assert not client.since(at), role
    assert desk.send("clock", {"t0": 1})["now"] > desk.view["timer"]["deadline_at"]


def test_presence_is_told_to_moderators_only_and_at_most_every_2_s(stage: Stage) -> None:
    desk, screen, other = stage.moderator(), stage.client("screen"), stage.client()
    quiet(screen, other)
    time.sleep(2.1)
    at = time.monotonic()
    for _ in range(6):
        stage.client()
    desk.wait_for(lambda c: c.view["counts"]["attendees"] == 7)
    told = [frame.data for frame in patches(desk, at) if "attendees" in frame.data["patch"].get("counts", {})]
    assert told and all(after["now"] - before["now"] > 1_950 for before, after in pairwise(told)), told
    for client in (screen, other):
        assert not client.since(at)
        assert "presence" not in client.view and "attendees" not in client.view["counts"]


def test_a_role_whose_view_did_not_change_gets_no_frame(stage: Stage) -> None:
    roles = stage.everybody()
    desk, asker = roles["moderator"], stage.client()
    id = stage.public(asker, desk, "Something public?")
    roles["attendee"].wait_for(lambda c: id in c.view["questions"])
    quiet(*roles.values(), asker)
    at = time.monotonic()
    desk.do("question:star", {"question": id})
    desk.do("question:label", {"question": id, "labels": ["later"]})
    desk.do("message:send", {"to": stage.slots[0], "text": "To the first speaker only", "level": "info"})
    roles["attendee"].do("question:flag", {"question": id})
    desk.wait_for(lambda c: c.view.get("message"))
    quiet(desk)
    for role in ("attendee", "screen", "speaker"):  # the speaker is of another slot
        assert not roles[role].since(at), role
    assert not asker.since(at)


def test_a_new_message_leaves_nothing_of_the_old_one(stage: Stage) -> None:
    desk, speaker = stage.moderator(), stage.client("speaker")
    desk.do("message:send", {"to": "speakers", "text": "One minute", "level": "warn"})
    message = speaker.wait_for(lambda c: c.view.get("message"))
    speaker.do("message:seen", {"message": message["id"]})
    desk.wait_for(lambda c: c.view["message"]["seen"])
    desk.do("message:send", {"to": "speakers", "text": "Please end", "level": "urgent"})
    for client in (desk, speaker):
        client.wait_for(lambda c: c.view["message"]["text"] == "Please end")
        assert client.view["message"]["seen"] == {}
        assert client.view["message"]["id"] != message["id"]
        assert_in_sync(client)
    desk.do("message:clear", {})
    speaker.wait_for(lambda c: "message" not in c.view)


def test_snapshot_and_view_over_rest_are_the_same_object(stage: Stage) -> None:
    roles = stage.everybody()
    desk, asker = roles["moderator"], roles["attendee"]
    id = stage.public(asker, desk, "The same both ways?")
    desk.do("question:queue", {"question": id})
    desk.do("timer:start", {})
    keys = {role: stage.key(role) for role in ("moderator", "speaker", "screen")}
    keys["attendee"] = str(asker.auth["attendee"])
    for role, key in keys.items():
        answer = stage.get(key=key)
        assert answer.status_code == 200
        fresh = Client(stage.server.base, dict(roles[role].auth)).connect()
        fresh.close()
        same(answer.json(), fresh.view)
