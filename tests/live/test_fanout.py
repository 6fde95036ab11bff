"""One frame to many: everybody has everything in the order in which it was sent, and nobody holds up the others."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
import requests
import socketio
import websocket
from engineio import packet as eio
from hypothesis import given
from hypothesis import strategies as st

from moderator.live import engine, fanout, frames
from moderator.live.fanout import Group, Seat
from moderator.live.wire import BOUND, Connection, WireQueue
from tests.support.server import ROOT, free_port

MANY = 20_000
WAIT_S = 60
SEPARATOR = "\x1e"  # between the packets of a polling body


# ---- a server that counts ----


class Counting:
    """bench/numbered.py as a process of its own."""

    def __init__(self, path: str) -> None:
        self.port = free_port()
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MODERATOR_")}
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "bench" / "numbered.py"), str(self.port)],
            env={**environment, "MODERATOR_FANOUT": path},
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"
        self.url = f"http://127.0.0.1:{self.port}/socket.io/?EIO=4&transport="

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module", params=["", "stock"], ids=["direct", "stock"])
def either(request: pytest.FixtureRequest) -> Iterator[Counting]:
    server = Counting(request.param)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def direct() -> Iterator[Counting]:
    server = Counting("")
    yield server
    server.stop()


SOCKETS: list[Any] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """What a test that fails leaves open is not found by another."""
    yield
    while SOCKETS:
        SOCKETS.pop().close()


class Wired:
    """A client on a websocket; `packets` in the order in which they came."""

    def __init__(self, server: Counting, small: bool = False) -> None:
        options = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 8192),) if small else ()
        url = server.url.replace("http:", "ws:") + "websocket"
        self.socket = websocket.create_connection(url, timeout=WAIT_S, sockopt=options)
        self.packets: list[str] = []
        SOCKETS.append(self.socket)
        self.socket.send("40")
        self.until(lambda packet: packet.startswith('42["snapshot"'))

    def next(self) -> str:
        """The next packet; empty once the connection is over."""
        while True:
            try:
                packet = self.socket.recv()
            except (websocket.WebSocketException, OSError):
                return ""
            if packet == "2":
                self.socket.send("3")
                continue
            self.packets.append(packet)
            return str(packet)

    def until(self, there: Callable[[str], bool]) -> str:
        while not there(packet := self.next()):
            assert packet, "the connection is over"
        return packet

    def ask(self, event: str, **payload: Any) -> None:
        self.socket.send("427" + json.dumps([event, payload]))

    def answer(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.until(lambda packet: packet.startswith("437["))[3:])[0]
        return found

    def close(self) -> None:
        self.socket.close()


class Polling:
    """A client on polling."""

    def __init__(self, server: Counting) -> None:
        self.http = requests.Session()
        opened = self.http.get(server.url + "polling", timeout=WAIT_S).text
        self.sid = json.loads(opened[1:])["sid"]
        self.url = f"{server.url}polling&sid={self.sid}"
        self.packets: list[str] = []
        self.post("40")
        while not any(packet.startswith('42["snapshot"') for packet in self.packets):
            self.poll()

    def post(self, *packets: str) -> None:
        assert self.http.post(self.url, data=SEPARATOR.join(packets), timeout=WAIT_S).status_code == 200

    def poll(self) -> bool:
        """One request; was there anything but the word that the client goes on elsewhere?"""
        answer = self.http.get(self.url, timeout=WAIT_S)
        assert answer.status_code == 200, answer.text
        packets = answer.text.split(SEPARATOR)
        if "2" in packets:
            self.post("3")
        self.packets += [packet for packet in packets if packet not in ("2", "6")]
        return packets != ["6"]


def follows(packets: list[str], until: int) -> None:
    """From the snapshot on every number came once and in its turn, and what was private stands where it was sent."""
    last = None
    for packet in packets:
        if not packet.startswith("42"):
            continue
        event, data = json.loads(packet[2:])
        if event == "snapshot":
            assert last is None
            last = data["n"]
        elif "mine" in data:
            assert data["mine"] == last
        else:
            assert data["n"] == last + 1, f"{data['n']} after {last}"
            last = data["n"]
    assert last == until


@pytest.mark.server
def test_a_slow_reader_has_20_000_messages_in_order_on_a_websocket(either: Counting) -> None:
    slow, other = Wired(either, small=True), Wired(either)
    other.ask("numbers", count=MANY, size=40, every=500, pause=0.005)
    for _ in range(200):  # it reads a little, then rests, then reads on
        slow.next()
    time.sleep(0.5)
    last = other.answer()["n"]
    slow.until(lambda packet: packet == f'42["number",{{"mine":{last}}}]')
    other.ask("here")
    other.answer()
    follows(slow.packets, last)
    follows(other.packets, last)
    # An answer stands behind what was sent before it.
    assert other.packets.index(f'42["number",{{"mine":{last}}}]') < len(other.packets) - 2
    slow.close()
    other.close()


@pytest.mark.server
def test_a_slow_reader_has_20_000_messages_in_order_on_polling(either: Counting) -> None:
    slow, other = Polling(either), Wired(either)
    other.ask("numbers", count=MANY, size=40, every=500, pause=0.005)
    slow.poll()
    time.sleep(0.5)
    last = other.answer()["n"]
    while slow.packets[-1] != f'42["number",{{"mine":{last}}}]':
        slow.poll()
    follows(slow.packets, last)
    other.close()


@pytest.mark.server
def test_an_upgrade_in_the_middle_of_traffic_loses_and_reorders_nothing(either: Counting) -> None:
    other = Wired(either)
    other.ask("numbers", count=6000, size=40, every=10, pause=0.002)
    clients = []
    for _ in range(3):
        client = Polling(either)
        for _ in range(3):
            client.poll()
        # As browsers do it: polls go on until the server's word on the new way is there, and the last poll has ended.
        wire = websocket.create_connection(
            either.url.replace("http:", "ws:") + f"websocket&sid={client.sid}", timeout=WAIT_S
        )
        polls = threading.Thread(target=lambda client=client: [None for _ in iter(client.poll, False)])
        polls.start()
        wire.send("2probe")
        assert wire.recv() == "3probe"
        polls.join(WAIT_S)
        wire.send("5")
        clients.append((client, wire))
    last = other.answer()["n"]
    for client, wire in clients:
        while client.packets[-1] != f'42["number",{{"mine":{last}}}]':
            packet = wire.recv()
            if packet == "2":
                wire.send("3")
            elif packet != "6":
                client.packets.append(packet)
        follows(client.packets, last)
        wire.close()
    other.close()


@pytest.mark.server
def test_a_failed_upgrade_leaves_the_client_on_polling(direct: Counting) -> None:
    client, other = Polling(direct), Wired(direct)
    wire = websocket.create_connection(
        direct.url.replace("http:", "ws:") + f"websocket&sid={client.sid}", timeout=WAIT_S
    )
    wire.send("4nonsense")
    with contextlib.suppress(websocket.WebSocketException, OSError):
        assert wire.recv() == ""
    other.ask("numbers", count=10, size=40, every=10)
    last = other.answer()["n"]
    while client.packets[-1] != f'42["number",{{"mine":{last}}}]':
        client.poll()
    follows(client.packets, last)
    other.close()


@pytest.mark.server
def test_a_client_that_never_reads_is_cut_and_comes_back_right_and_the_memory_stays(direct: Counting) -> None:
    stalled, other = Wired(direct, small=True), Wired(direct)
    other.ask("here")
    before = other.answer()
    for _ in range(MANY // 1000):  # in steps that the other one keeps up with
        other.ask("numbers", count=1000, size=300, every=200)
        last = other.answer()["n"]
    other.ask("here")
    after = other.answer()
    assert after["kb"] - before["kb"] < 20 * BOUND / 1000  # 6 MB were sent to each of the two
    while stalled.next():
        pass
    # What it still got is whole, and a beginning.
    numbers = [json.loads(packet[2:])[1] for packet in stalled.packets if packet.startswith('42["number"')]
    shown = [data["n"] for data in numbers if "n" in data]
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    assert len(shown) < MANY
    back = Wired(direct)
    assert json.loads(back.packets[-1][2:])[1] == {"n": last}
    follows(other.packets, last)
    back.close()
    other.close()


@pytest.mark.server
def test_a_client_on_polling_that_never_asks_is_cut(direct: Counting) -> None:
    stalled, other = Polling(direct), Wired(direct)
    for _ in range(5):
        other.ask("numbers", count=1000, size=300, every=500)
        other.answer()
    assert stalled.http.get(stalled.url, timeout=WAIT_S).status_code == 400  # a client of the library starts anew then
    other.close()


@pytest.mark.server
def test_extensions_are_refused(direct: Counting) -> None:
    key = base64.b64encode(bytes(16)).decode()
    with socket.create_connection(("127.0.0.1", direct.port), timeout=WAIT_S) as wire:
        wire.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key.encode() + b"\r\n\r\n"
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += wire.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert b"sec-websocket-extensions" not in answer.lower()


@pytest.mark.server
@pytest.mark.parametrize(
    "sent",
    [b"\x81\x01x", b"\xc1\x80\0\0\0\0", b"\x83\x80\0\0\0\0", b"\x80\x80\0\0\0\0", b"\x81\xff" + b"\x7f" * 8],
    ids=["not masked", "reserved bit", "no such opcode", "continues nothing", "too large"],
)
def test_what_is_no_frame_of_a_client_ends_the_connection(direct: Counting, sent: bytes) -> None:
    client = Wired(direct)
    client.socket.sock.sendall(sent)
    assert client.next() == ""


@pytest.mark.server
def test_a_message_in_fragments_and_a_ping_between_them_is_taken(direct: Counting) -> None:
    client = Wired(direct)
    abnf = websocket.ABNF
    client.socket.send_frame(abnf.create_frame('427["he', abnf.OPCODE_TEXT, 0))
    client.socket.ping(b"well?")
    client.socket.send_frame(abnf.create_frame('re",', abnf.OPCODE_CONT, 0))
    client.socket.send_frame(abnf.create_frame("{}]", abnf.OPCODE_CONT, 1))
    assert client.answer()["clients"] >= 1
    client.close()


# ---- groups ----


class Ends:
    """The two ends of a connection without a server: `connection` writes, `received` is what came."""

    def __init__(self) -> None:
        ours, self.theirs = socket.socketpair()
        ours.setblocking(False)
        self.theirs.setblocking(False)
        self.slow: set[Connection] = set()
        engine = SimpleNamespace(sockets={}, reason=SimpleNamespace(TRANSPORT_CLOSE="closed"))
        self.owner = SimpleNamespace(server=engine, sid="x", closed=False, closing=False, close=lambda **_: None)
        self.connection = Connection(self.owner, ours, self.slow, lambda: None)
        self.owner.queue = self.connection
        self.bytes = b""

    def received(self) -> bytes:
        try:
            while data := self.theirs.recv(65_536):
                self.bytes += data
        except BlockingIOError:
            pass
        return self.bytes

    def close(self) -> None:
        self.connection.end()
        self.theirs.close()


def texts(data: bytes) -> list[str]:
    """The texts of server frames, whole ones only."""
    found, at = [], 0
    while at < len(data):
        assert data[at] == 0x81
        size, head = data[at + 1], 2
        if size == 126:
            size, head = int.from_bytes(data[at + 2 : at + 4]), 4
        found.append(data[at + head : at + head + size].decode())
        at += head + size
    assert at == len(data)
    return found


@pytest.fixture
def ends() -> Iterator[Callable[[int], list[Ends]]]:
    made: list[Ends] = []

    def make(count: int) -> list[Ends]:
        made.extend(Ends() for _ in range(count))
        return made

    yield make
    for one in made:
        one.close()


def test_a_broadcast_in_slices_and_words_to_one_client_keep_their_order(
    ends: Callable[[int], list[Ends]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 4)
    clients = ends(30)
    group = Group()
    for number, one in enumerate(clients):
        seat = Seat(group, one.owner)
        group.seats[str(number)] = one.connection.seat = seat
    expected: list[list[str]] = [[] for _ in clients]

    def broadcast(text: str) -> None:
        group.broadcast(text)
        for had in expected:
            had.append("4" + text)

    def tell(number: int, text: str) -> None:
        clients[number].connection.put(eio.Packet(eio.MESSAGE, text))
        expected[number].append("4" + text)

    for turn in range(20):
        broadcast(f"all {turn}")
        tell(29, f"the last one alone {turn}")  # who was not served yet
        tell(0, f"the first one alone {turn}")
        if turn % 3 == 0:
            eventlet.sleep(0)  # a slice or two go out
    leaver = group.seats.pop("28")
    leaver.leave()
    broadcast("without one")
    expected[28].pop()
    while group.frames:
        eventlet.sleep(0)
    for number, one in enumerate(clients):
        if number != 28:
            assert texts(one.received()) == expected[number]
    left = texts(clients[28].received())
    assert left == expected[28][: len(left)]
    assert group.took_s > 0


def test_who_comes_while_a_broadcast_is_under_way_does_not_get_it(
    ends: Callable[[int], list[Ends]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fanout, "SLICE", 1)
    clients = ends(4)
    group = Group()
    for number, one in enumerate(clients[:3]):
        group.seats[str(number)] = one.connection.seat = Seat(group, one.owner)
    group.broadcast("before")
    group.seats["3"] = clients[3].connection.seat = Seat(group, clients[3].owner)
    group.broadcast("after")
    while group.frames:
        eventlet.sleep(0)
    assert [texts(one.received()) for one in clients] == [["4before", "4after"]] * 3 + [["4after"]]


# ---- one client's bytes ----


def test_short_writes_never_tear_a_frame(ends: Callable[[int], list[Ends]]) -> None:
    (one,) = ends(1)
    one.connection._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    sent = [f"{number} " + "ä" * (number * 37 % 3000) for number in range(200)]
    for number, text in enumerate(sent):
        one.connection.put(eio.Packet(eio.MESSAGE, text))
        if number % 20 == 0:
            one.received()
            eventlet.sleep(0)
    assert one.slow == {one.connection}
    give_up = time.monotonic() + WAIT_S
    while one.slow and time.monotonic() < give_up:
        one.received()
        eventlet.sleep(0.001)
    assert texts(one.received()) == ["4" + text for text in sent]


def test_more_than_the_bound_cuts_the_client(ends: Callable[[int], list[Ends]]) -> None:
    (one,) = ends(1)
    packet = eio.Packet(eio.MESSAGE, "x" * 50_000)
    for _ in range(100):
        one.connection.put(packet)
    assert one.connection.dead
    assert not one.slow
    assert 0 < len(one.received()) < BOUND
    assert one.theirs.recv(1) == b""


def test_a_first_frame_above_the_bound_is_no_reason_to_cut(ends: Callable[[int], list[Ends]]) -> None:
    (one,) = ends(1)
    one.connection.put(eio.Packet(eio.MESSAGE, "x" * (3 * BOUND)))
    one.connection.put(eio.Packet(eio.MESSAGE, "y"))
    assert not one.connection.dead
    give_up = time.monotonic() + WAIT_S
    while one.slow and time.monotonic() < give_up:
        one.received()
        eventlet.sleep(0)
    assert one.received().endswith(b"4y")
    assert len(one.bytes) > 3 * BOUND


def test_the_end_comes_after_everything_that_was_written(ends: Callable[[int], list[Ends]]) -> None:
    (one,) = ends(1)
    for number in range(2000):
        one.connection.put(eio.Packet(eio.MESSAGE, f"{number:0>400}"))
    one.connection.put(None)
    give_up = time.monotonic() + WAIT_S
    while not one.received().endswith(b"\x88\x02\x03\xe8") and time.monotonic() < give_up:
        eventlet.sleep(0)
    assert len(texts(one.bytes[:-4])) == 2000


def test_a_frame_is_made_once_for_all(ends: Callable[[int], list[Ends]]) -> None:
    clients = ends(3)
    packet = SimpleNamespace(binary=False, calls=0)

    def encode() -> str:
        packet.calls += 1
        return "4x"

    packet.encode = encode
    for one in clients:
        one.connection.put(packet)
    assert packet.calls == 1
    assert {one.received() for one in clients} == {b"\x81\x024x"}


def test_the_queue_of_a_polling_client_is_bounded() -> None:
    ended: list[Any] = []
    queue = WireQueue()
    owner = SimpleNamespace(queue=queue, closing=False, closed=False, close=lambda **how: ended.append(how))
    queue.seat = Seat(Group(), owner)
    for _ in range(BOUND // 1000 + 2):
        queue.put(eio.Packet(eio.MESSAGE, "x" * 1000))
    assert ended
    while not queue.empty():
        queue.get()
    ended.clear()
    queue.put(eio.Packet(eio.MESSAGE, "x"))
    assert not ended


def test_who_goes_is_struck_off_as_the_library_does_it() -> None:
    tables = []
    for ours in (True, False):
        server = socketio.Server(async_mode="eventlet")
        if ours:
            engine.install(server)
        manager = server.manager
        manager.set_server(server)
        sids = [manager.pre_connect(eio_sid, "/") for eio_sid in ("a", "b", "c")]
        for sid in sids[:2]:
            manager.connect(sid, "/")
        manager.pre_disconnect(sids[0], "/")
        manager.disconnect(sids[0], "/")  # one who was in
        manager.disconnect(sids[2], "/")  # one who was refused
        names = dict(zip(sids, "abc", strict=True))
        rooms = {names.get(room): list(inside.values()) for room, inside in manager.rooms["/"].items()}
        tables.append((rooms, manager.pending_connect, manager.pending_disconnect))
        manager.disconnect(sids[1], "/")
        tables.append((manager.rooms, manager.pending_connect, manager.pending_disconnect))
    assert tables[:2] == tables[2:]
    assert tables[0][0] == {None: ["b"], "b": ["b"]}


# ---- frames ----


def reference(data: bytes, mask: bytes) -> bytes:
    """RFC 6455, section 5.3, as it stands there."""
    return bytes(octet ^ mask[at % 4] for at, octet in enumerate(data))


@given(st.binary(max_size=5000), st.binary(min_size=4, max_size=4))
def test_unmasking_is_what_the_standard_says(data: bytes, mask: bytes) -> None:
    assert frames.unmask(data, mask) == reference(data, mask)


def sent(opcode: int, last: bool, payload: bytes, mask: bytes) -> bytes:
    """A client's frame."""
    size = len(payload)
    head = bytes([(0x80 if last else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65_536:
        head += b"\xfe" + size.to_bytes(2)
    else:
        head += b"\xff" + size.to_bytes(8)
    return head + mask + reference(payload, mask)


DATA = st.tuples(
    st.sampled_from([frames.CONTINUATION, frames.TEXT, frames.BINARY]),
    st.booleans(),
    st.binary(max_size=300) | st.integers(60_000, 70_000).map(bytes),
)
CONTROL = st.tuples(
    st.sampled_from([frames.CLOSE, frames.PING, frames.PONG]), st.just(value=True), st.binary(max_size=125)
)


@given(st.lists(st.tuples(DATA | CONTROL, st.binary(min_size=4, max_size=4)), max_size=6), st.data())
def test_frames_are_read_however_they_are_cut(made: list[Any], data: st.DataObject) -> None:
    stream = b"".join(sent(*one, mask) for one, mask in made)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    found: list[frames.Frame] = []
    rest = b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        whole, rest = frames.split(rest + stream[start:end], 100_000)
        found += whole
    assert found == [one for one, _ in made]
    assert rest == b""


@given(st.text(max_size=70_000))
def test_a_frame_for_clients_is_read_by_a_client_of_the_trade(text: str) -> None:
    made = frames.frame(text)
    buffer = [made]

    def recv(size: int) -> bytes:
        data, buffer[0] = buffer[0][:size], buffer[0][size:]
        return data

    got = websocket._abnf.frame_buffer(recv, skip_utf8_validation=False).recv_frame()
    assert (got.fin, got.opcode, got.data.decode()) == (1, websocket.ABNF.OPCODE_TEXT, text)


def test_a_frame_above_the_bound_is_refused_before_it_is_there() -> None:
    with pytest.raises(frames.BadFrameError):
        frames.split(b"\x81\xfe\xff\xff", 1000)
