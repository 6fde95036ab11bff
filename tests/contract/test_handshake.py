"""Section 3: who is let in, and what comes first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.raw import Raw
from tests.contract.stage import Stage, quiet, same
from tests.support.client import Client, RefusedError

ROLES = ("attendee", "moderator", "speaker", "screen")


def turned_away(stage: Stage, auth: Any, transport: str = "websocket") -> Any:
    client = Client(stage.server.base, auth, transport)
    with pytest.raises(RefusedError) as refusal:
        client.connect()
    return refusal.value.answer


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"webinar": "nowhere"}, "not_found"),
    ({"role": "organiser"}, "invalid"),
    ({"role": None}, "invalid"),
    ({"webinar": None}, "invalid"),
    ({"webinar": 7}, "invalid"),
    ({"attendee": "forged.token"}, "forbidden"),
    ({"attendee": None}, "forbidden"),
    ({"attendee": "\x00" * 5000}, "forbidden"),
    ({"role": "moderator"}, "forbidden"),
    ({"role": "moderator", "key": "A" * 24}, "forbidden"),
    ({"role": "screen", "key": ""}, "forbidden"),
]


@pytest.mark.parametrize(
    ("transport", "change", "code"),
    [*(("websocket", *one) for one in REFUSALS), *(("polling", *one) for one in REFUSALS[::4])],
)
def test_a_refusal_has_a_message_and_a_code(stage: Stage, transport: str, change: dict[str, Any], code: str) -> None:
    answer = turned_away(stage, {**stage.auth("attendee"), **change}, transport)
    assert answer["data"]["code"] == code
    assert answer["message"] == answer["data"]["message"] != ""


def test_no_auth_at_all_is_refused(stage: Stage) -> None:
    for auth in ({}, None, [], "x", 7):
        raw = Raw(stage.server)
        assert raw.connect(auth)["data"]["code"] == "invalid"
        raw.close()


def test_a_key_is_good_for_its_own_role_slot_and_webinar_only(stage: Stage, make: Callable[..., Stage]) -> None:
    other = make()
    speaker = stage.auth("speaker")
    for auth in (
        {**stage.auth("moderator"), "webinar": other.slug},
        {**stage.auth("moderator"), "key": stage.key("screen")},
        {**stage.auth("screen"), "key": stage.key("speaker")},
        {**speaker, "slot": stage.slots[0]},
        {**stage.auth("attendee"), "webinar": other.slug},
        {"webinar": stage.slug, "role": "moderator", "key": stage.token()},
        {"webinar": stage.slug, "role": "attendee", "attendee": stage.key("moderator")},
    ):
        assert turned_away(stage, auth)["data"]["code"] in ("forbidden", "not_found")


@pytest.mark.parametrize("transport", ["websocket", "polling"])
@pytest.mark.parametrize("role", ROLES)
def test_the_first_frame_is_one_snapshot(stage: Stage, role: str, transport: str) -> None:
    client = stage.client(role, transport=transport)
    if role != "moderator":  # who learns of its own presence a moment later
        quiet(client)
        assert len(client.frames) == 1
    event, body, _ = client.frames[0]
    assert event == "snapshot"
    assert set(body) == {"epoch", "seq", "now", "view"}
    assert isinstance(body["epoch"], str) and type(body["seq"]) is int and type(body["now"]) is int
    assert ("me" in body["view"]) == (role == "attendee")


@pytest.mark.parametrize("role", ROLES)
def test_coming_back_catches_up_with_one_patch(stage: Stage, role: str) -> None:
    desk, asker = stage.moderator(), stage.client()
    client = stage.client(role)
    first = stage.public(asker, desk, "What came before?")
    client.wait_for(lambda c: first in c.view["questions"])
    quiet(client)
    client.disconnect()
    second = stage.public(asker, desk, "What came meanwhile?")
    desk.do("question:queue", {"question": first})
    before = len(client.frames)
    client.connect()
    assert client.frames[before].event == "patch"
    assert client.frames[before].data["from"] <= client.frames[before].data["seq"]
    quiet(client)
    assert client.view["queue"]["order"] == [first] and second in client.view["questions"]
    fresh = Client(client.base, {k: v for k, v in client.auth.items() if k != "since"}).connect()
    fresh.close()
    same(client.view, fresh.view)
    assert client.seq <= fresh.seq


def test_coming_back_to_no_change_is_an_empty_patch(stage: Stage) -> None:
    screen = stage.client("screen")
    screen.disconnect()
    screen.connect()
    assert screen.frames[-1].event == "patch"
    assert screen.frames[-1].data["patch"] == {}


@pytest.mark.parametrize(
    "since",
    [
        {"epoch": "another", "seq": 1},
        {"epoch": None, "seq": 10**9},
        {"epoch": None, "seq": -5},
        {"epoch": None, "seq": "1"},
        {"epoch": None},
        {},
        7,
        "x",
        [],
    ],
)
def test_a_since_that_cannot_be_caught_up_gets_a_snapshot(stage: Stage, since: Any) -> None:
    epoch = stage.client("screen").epoch
    if isinstance(since, dict) and since.get("epoch", "") is None:
        since = {**since, "epoch": epoch}
    client = stage.client("attendee", since=since)
    assert client.frames[0].event == "snapshot"
    assert client.view["me"] == {"questions": {}, "votes": {}}


def test_ones_own_changes_while_away_are_in_the_first_frame(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    id = asker.do("question:ask", {"text": "Is anybody there?"})["question"]["id"]
    asker.wait_for(lambda c: id in c.view["me"]["questions"])
    quiet(asker)
    asker.disconnect()
    desk.do("question:dismiss", {"question": id, "reason": "asked before"})
    before = len(asker.frames)
    asker.connect()
    assert asker.view["me"]["questions"][id]["state"] == "dismissed"
    assert asker.view["me"]["questions"][id]["reason"] == "asked before"
    quiet(asker)
    assert len(asker.frames) == before + 1


def test_one_token_holds_several_sockets_and_all_see_ones_own(stage: Stage) -> None:
    token = stage.token()
    one = stage.client("attendee", attendee=token)
    other = stage.client("attendee", attendee=token, transport="polling")
    id = one.do("question:ask", {"text": "From the first of two?"})["question"]["id"]
    for client in (one, other):
        client.wait_for(lambda c: c.view["me"]["questions"].get(id, {}).get("state") == "review")


def test_unknown_keys_in_auth_are_left_aside(stage: Stage) -> None:
    assert stage.client("attendee", something={"else": 1}).view["webinar"]["slug"] == stage.slug


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_cookie_stands_for_key_and_token(stage: Stage, transport: str) -> None:
    import requests
    import socketio

    browser = requests.Session()
    browser.get(stage.links["moderator"], timeout=10)
    browser.get(f"{stage.server.base}/w/{stage.slug}", timeout=10)
    cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies)
    for role in ("moderator", "attendee", "screen"):
        client = Client(stage.server.base, {"webinar": stage.slug, "role": role}, transport)
        plain = client._sio.connect

        def connect(*args: Any, plain: Any = plain, **kwargs: Any) -> Any:
            return plain(*args, headers={"Cookie": cookies}, **kwargs)

        client._sio.connect = connect
        try:
            client.connect()
        except socketio.exceptions.ConnectionError as error:  # pragma: no cover
            raise AssertionError(f"{role}: {error}") from None
        assert client.view["webinar"]["slug"] == stage.slug
        client.close()


def test_a_foreign_origin_is_turned_away_from_the_sockets(stage: Stage) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    assert stage.server.get(path).status_code == 200
    assert stage.server.get(path, headers={"Origin": stage.server.base}).status_code == 200
    assert stage.server.get(path, headers={"Origin": "https://evil.example"}).status_code in (400, 403)
