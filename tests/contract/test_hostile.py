"""Somebody who means harm: the server stays up, answers as the contract says, leaks nothing and logs no text."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import time

import pytest
import requests
import websocket

from tests.contract.raw import Raw
from tests.contract.stage import Stage, quiet, refused, together
from tests.support.client import assert_in_sync

SECRET = "plover-secret-text"


@pytest.fixture(autouse=True)
def unharmed(stage: Stage) -> object:
    """After each attack: the server answers, complains of nothing, and has written down no text."""
    watcher, desk = stage.client(), stage.moderator()
    yield
    id = stage.public(stage.client(), desk, "Is everything well?")
    watcher.wait_for(lambda c: id in c.view["questions"])
    assert_in_sync(watcher)
    assert_in_sync(desk)
    said = stage.server.stdout + stage.server.stderr
    assert SECRET not in said
    assert not stage.server.complaints(), stage.server.complaints()


@pytest.fixture
def raw(stage: Stage) -> object:
    made = Raw(stage.server)
    assert "sid" in made.connect(stage.auth("attendee"))
    yield made
    made.close()


EVENTS_THAT_CANNOT_BE_READ = [
    '["question:ask",{"text":"\\ud800"}]',
    '["question:ask",{"text":"\\udc00\\ud800 plover-secret-text"}]',
    '["question:ask",{"text":NaN}]',
    '["clock",{"t0":Infinity}]',
    '["clock",{"t0":1e999}]',
    '["clock",{"t0":' + "9" * 6000 + "}]",
    '["question:ask",{"text":"plover-secret-text',
    '["question:ask",' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "]",
    '["question:ask",' + "[" * 100_000 + "]" * 100_000 + "]",
    '["connect"]',
    '["connect",{},{}]',
    '["disconnect"]',
    '["disconnect",{}]',
    "[]",
    "{}",
    "null",
    "[7]",
    "[null,{}]",
    "[[],{}]",
    '["a\\u0000b",{}]',
    '["question:ask",{"text":"a","__proto__":{"admin":true}}]',
    '["question:ask",{"text":"a","constructor":1}]',
    '["question:ask",{"text":"a","role":"moderator"}]',
    '["question:ask",{"text":"a","id":"' + "x" * 100_000 + '"}]',
    '["question:ask",{"text":"a","name":{"__proto__":1}}]',
    '["question:ask",{"text":"a","to":' + json.dumps(["p1"] * 5000) + "}]",
    '["question:ask",{"text":"' + "x" * 1_000_000 + '"}]',
]


def test_events_that_cannot_be_read_are_answered_invalid(raw: Raw) -> None:
    for number, body in enumerate(EVENTS_THAT_CANNOT_BE_READ, 10):
        raw.send(f"42{number}{body}")
        answer = raw.until(f"43{number}[")
        assert answer is not None, body[:80]
        refused(json.loads(answer[2 + len(str(number)) :])[0], "invalid")
    assert raw.alive()


def test_prototype_names_are_names_like_others(raw: Raw, stage: Stage) -> None:
    for name in (
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "../../etc/passwd",
        "' OR 1=1 --",
        "\x00",
        "%s{0}",
    ):
        refused(raw.ask(1, "question:vote", {"question": name}), "not_found" if name else "invalid")
        refused(raw.ask(2, name, {}), "invalid")
    desk = stage.moderator()
    for name in ("__proto__", "constructor"):
        refused(desk.send("agenda:edit", {"slot": name, "title": "x"}), "not_found")
        refused(desk.send("message:send", {"to": name, "text": "x", "level": "info"}), "not_found")
        refused(desk.send("question:move", {"question": name, "before": None}), "not_found")


def test_nul_and_invisible_characters_do_not_reach_anybody(raw: Raw, stage: Stage) -> None:
    ack = raw.ask(1, "question:ask", {"text": "a\x00b\u202ec\u200bd \U000e0041", "name": "E\x07va\u2066"})
    assert ack["ok"] and ack["question"]["text"] == "abcd"
    desk = stage.moderator()
    assert desk.view["questions"][ack["question"]["id"]]["name"] == "Eva"
    for text in ("\x00", "\u200b\u202e", "\x00\x01\x02", "\ufeff"):
        refused(raw.ask(2, "question:ask", {"text": text}), "invalid")
    markup = "<script>alert(1)</script> {{7*7}} ${7} %n \\u0041"
    assert raw.ask(3, "question:ask", {"text": markup})["question"]["text"] == markup


def test_binary_attachments_are_answered_or_cut(stage: Stage) -> None:
    raw = Raw(stage.server)
    raw.connect(stage.auth("attendee"))
    raw.send('451-7["question:ask",{"text":{"_placeholder":true,"num":0}}]', SECRET.encode())
    answer = raw.until("437[")
    assert answer is not None
    refused(json.loads(answer[3:])[0], "invalid")
    for body in (
        '451-8["question:ask",{"text":{"_placeholder":true,"num":99}}]',
        '451-8[{"_placeholder":true,"num":0},{}]',
        '451-8{"_placeholder":true,"num":"x"}',
        '451-8["clock",{"_placeholder":true,"num":-7}]',
    ):
        raw.send(body, b"\xff\x00")
        answer = raw.until("438[")
        assert answer is not None, body
        refused(json.loads(answer[3:])[0], "invalid")
    assert raw.alive()
    raw.close()
    for packets in (
        ('45999999999-["question:ask",{}]',),
        (b"\x00\xff" * 100,),
        ('451-["a"]', "4551-"),
        ('461-7["a"]', b"x"),
        ("45",),
        ('451-/other,["a"]', b"x"),
    ):
        raw = Raw(stage.server)
        raw.connect(stage.auth("attendee"))
        raw.send(*packets)
        raw.close()


PACKETS_THAT_ARE_NONE = [
    *("", "x", "9", "4", "4x", "49", "47", "43[]", "44{}", "46", "45", "431{}", "b!!!", "b", "42" + "1" * 150 + "[]"),
    *(
        "40/other,{}",
        '42/other,1["a",{}]',
        "41/other,",
        "5",
        "6",
        "1",
        "0{}",
        "2probe",
        "3",
        "4\x00",
        "42\x00",
        "²",
        "4²",
    ),
]


def test_packets_that_are_none_cut_at_most_the_one_who_sent_them(stage: Stage) -> None:
    auth = stage.auth("attendee")
    for packet in PACKETS_THAT_ARE_NONE:
        early, raw = Raw(stage.server), Raw(stage.server)
        early.send(packet)
        early.close()
        raw.connect(auth)
        raw.send(packet)
        with contextlib.suppress(OSError, websocket.WebSocketException):  # cut already
            raw.send('4299["clock",{"t0":1}]')
        answer = raw.until("4399[")
        assert answer is None or json.loads(answer[4:])[0]["ok"], packet
        raw.close()


def test_nothing_is_handled_before_the_handshake_or_after_it_was_refused(stage: Stage) -> None:
    raw = Raw(stage.server)
    raw.send('421["question:ask",{"text":"early"}]', "41", '422["clock",{"t0":1}]')
    assert raw.connect({**stage.auth("attendee"), "attendee": "forged.token"})["data"]["code"] == "forbidden"
    raw.send('423["question:ask",{"text":"late"}]')
    assert "sid" in raw.connect(stage.auth("attendee"))
    raw.send("41")
    raw.send('424["question:ask",{"text":"after"}]')
    raw.close()
    assert stage.moderator().view["counts"]["questions"] == 0


def test_a_second_handshake_on_a_connection_changes_nothing(stage: Stage) -> None:
    raw = Raw(stage.server)
    raw.connect(stage.auth("attendee"))
    raw.send("40" + json.dumps(stage.auth("moderator")))
    refused(raw.ask(5, "timer:start", {}), "forbidden")
    raw.send('42["connect",' + json.dumps({"HTTP_COOKIE": "x"}) + "," + json.dumps(stage.auth("moderator")) + "]")
    refused(raw.ask(6, "timer:start", {}), "forbidden")
    raw.close()


def test_tokens_cannot_be_forged_or_swapped(stage: Stage) -> None:
    token = stage.token()
    name, _, signature = token.partition(".")
    other_name, _, other_signature = stage.token().partition(".")
    forged = [
        f"{name}.{other_signature}",
        f"{other_name}.{signature}",
        name,
        f"{name}.",
        f".{signature}",
        f"{name}.{signature}=",
        signature,
        token.swapcase(),
        f"{name}x.{signature}",
        base64.b64encode(token.encode()).decode(),
        " " + token,
        token + "\n",
    ]
    for one in forged:
        raw = Raw(stage.server)
        answer = raw.connect({"webinar": stage.slug, "role": "attendee", "attendee": one})
        assert answer.get("data", {}).get("code") == "forbidden", one
        raw.close()
        if one.strip() == one:
            assert stage.get(key=one).status_code == 403
    assert stage.get(key=token).status_code == 200


def test_other_attendees_are_never_named(stage: Stage) -> None:
    victim, attacker, desk = stage.client(), stage.client(), stage.moderator()
    id = stage.public(victim, desk, "Whose is this?")
    attacker.do("question:vote", {"question": id})
    desk.wait_for(lambda c: c.view["questions"][id]["votes"] == 1)
    quiet(victim, attacker, desk)
    names = [str(client.auth["attendee"]).split(".")[0] for client in (victim, attacker)]
    for client in (victim, attacker, desk):
        everything = json.dumps([frame.data for frame in client.frames])
        assert not any(name in everything for name in names)
        assert not re.search(r'"(by|voters|attendee|flaggers|actor)"', everything.replace('"by": ""', ""))
    for path in ("", "/questions", "/export.json", "/export.csv", "/export.md"):
        text = stage.get(path, key=stage.key("moderator")).text
        assert not any(name in text for name in names)


def test_bodies_of_polling_that_are_no_payload(stage: Stage) -> None:
    path = "/socket.io/?EIO=4&transport=polling"
    url = stage.server.base + path

    def hello() -> str:
        return str(json.loads(requests.get(url, timeout=10).text[1:])["sid"])

    for body in (
        b"",
        b"x",
        b"\xff\xfe\xfd",
        b"4",
        b"\x1e" * 5000,
        b"d=%FF",
        b"d=",
        b"b####",
        b"4" * 100_000,
        "²".encode(),
        b"42[" * 3,
    ):
        sid = hello()
        answer = requests.post(f"{url}&sid={sid}", data=body, timeout=10)
        assert answer.status_code in (200, 400), body[:10]
        assert requests.post(f"{url}&sid={sid}", data=b"1", timeout=10).status_code in (200, 400)
    assert requests.post(f"{url}&sid={hello()}", data=b"4" + b"x" * 3_000_000, timeout=10).status_code in (400, 413)
    for query in (
        "EIO=3&transport=polling",
        "EIO=4&transport=pigeon",
        "",
        "EIO=4&transport=polling&sid=nobody",
        "EIO=4&transport=polling&j=x",
        "EIO=4&transport=websocket",
        "EIO=%00&transport=%ff",
    ):
        assert requests.get(f"{stage.server.base}/socket.io/?{query}", timeout=10).status_code == 400, query
    for method in ("PUT", "DELETE", "PATCH"):
        assert requests.request(method, url, timeout=10).status_code in (400, 404, 405)


def test_many_events_in_one_polling_body_are_all_answered(stage: Stage) -> None:
    url = f"{stage.server.base}/socket.io/?EIO=4&transport=polling"
    sid = json.loads(requests.get(url, timeout=10).text[1:])["sid"]
    url += f"&sid={sid}"
    requests.post(url, data="40" + json.dumps(stage.auth("attendee")), timeout=10)
    body = "\x1e".join(f'42{n}["clock",{{"t0":{n}}}]' for n in range(100))
    assert requests.post(url, data=body, timeout=10).status_code == 200
    got: set[str] = set()
    give_up = time.monotonic() + 10
    while len(got) < 100 and time.monotonic() < give_up:
        got |= {p for p in requests.get(url, timeout=10).text.split("\x1e") if p.startswith("43")}
    assert len(got) == 100
    requests.post(url, data="1", timeout=10)


def test_a_flood_hurts_nobody_else(stage: Stage) -> None:
    desk, other = stage.moderator(), stage.client()
    raws = [Raw(stage.server) for _ in range(3)]
    for raw in raws:
        raw.connect(stage.auth("attendee"))
    slowest = 0.0

    def flood(raw: Raw) -> None:
        for n in range(1500):
            raw.send(f'42["question:ask",{{"text":"Flood {n}"}}]')

    with together(*(lambda r=raw: flood(r) for raw in raws)):
        for _ in range(20):
            began = time.monotonic()
            assert other.send("clock", {"t0": 1}, timeout=10)["ok"]
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < 3
    assert all(raw.alive() for raw in raws)
    quiet(desk)
    assert desk.view["counts"]["questions"] <= 3 * 60
    for raw in raws:
        raw.close()


def test_an_oversized_frame_cuts_its_sender_only(stage: Stage) -> None:
    raw = Raw(stage.server)
    raw.connect(stage.auth("attendee"))
    try:
        raw.send('421["question:ask",{"text":"' + "x" * 9_000_000 + '"}]')
        assert raw.until("431[") is None
    except OSError:
        pass  # cut while it was still sending
    raw.close()


def test_strange_requests(stage: Stage) -> None:
    for path in (
        "/w/%00",
        "/w/..%2f..%2fetc",
        "/w/%ff",
        "/static/../run.py",
        "/static/%2e%2e/run.py",
        "/static/..%5crun.py",
        "/j/%00",
        "/k/%00",
        "/i18n/..%2f..%2fx.json",
        "/w/" + "x" * 8000,
        "/api/v1/webinars/%F0%9F%98%80",
        f"/w/{stage.slug}/speaker/%00",
        "/w/__proto__",
    ):
        answer = stage.server.get(path)
        assert answer.status_code in (400, 403, 404, 414), path
    for headers in (
        {"Cookie": "=;=;;;m_\x01=\x02"},
        {"Cookie": "x" * 6000},
        {"Accept-Language": "x" * 5000},
        {"Accept-Language": "\xff;q=z"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Host": "evil.example"},
        {"X-Forwarded-For": "1.2.3.4"},
    ):
        answer = stage.server.get(f"/w/{stage.slug}", headers={k: v.encode("latin-1") for k, v in headers.items()})
        assert answer.status_code in (200, 400, 403), headers


def test_no_key_and_no_token_is_logged(stage: Stage) -> None:
    stage.server.get(f"/k/{stage.key('moderator')}")
    stage.server.get("/k/not-a-key-but-secret-like")
    token = stage.token()
    stage.get(key=token)
    said = stage.server.stderr
    assert token not in said and "not-a-key-but-secret-like" not in said and stage.key("moderator") not in said
