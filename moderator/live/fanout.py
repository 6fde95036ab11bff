"""One frame to many: made once, and brought to everybody in the order in which it was sent.

Frames from server to client are unmasked, so they are the same bytes for everybody. A broadcast serves `SLICE` clients
at a time, and others get a word in between. Each client has a mark up to where it was served; whatever is sent to one
client alone first brings it up to date, so no order changes. How the bytes get out is told in `wire.py`.
"""

from __future__ import annotations

import time
from collections import deque
from itertools import islice
from typing import Any

import eventlet
from engineio import packet as eio

from .frames import frame
from .wire import Connection, frame_of

SLICE = 100  # clients served before the loop goes on: under 1 ms, and a question takes about four turns of the loop


class Group:
    """Those that get the same frames. All of them get all frames, in the order of the calls."""

    __slots__ = ("_walking", "frames", "latest", "seats", "took_s")

    def __init__(self) -> None:
        self.seats: dict[str, Seat] = {}
        self.frames: deque[tuple[bytes, Any]] = deque()  # (frame, packet), the newest is number `latest`
        self.latest = 0
        self.took_s = 0.0  # how long the last broadcast took to reach the last
        self._walking = False

    def broadcast(self, text: str) -> None:
        """One socket.io packet, as text, to everybody. The first `SLICE` at once, the others in turns with the loop."""
        packet = eio.Packet(eio.MESSAGE, text)
        self.frames.append((frame_of(packet), packet))
        self.latest += 1
        if self._walking:
            return
        started = time.monotonic()
        seats = list(self.seats.values())
        for seat in seats[:SLICE]:
            seat.catch_up()
        if len(seats) > SLICE:
            self._walking = True
            eventlet.spawn_n(self._walk, seats, SLICE, self.latest, started)
        else:
            self.took_s = time.monotonic() - started
            self.frames.clear()

    def _walk(self, seats: list[Seat], at: int, goal: int, started: float) -> None:
        try:
            while True:
                while at < len(seats):
                    eventlet.sleep(0)
                    latest = self.latest
                    for seat in seats[at : at + SLICE]:
                        if seat.served != latest:
                            seat.catch_up()
                    at += SLICE
                # Everybody has what there was when this round began.
                for _ in range(len(self.frames) - (self.latest - goal)):
                    self.frames.popleft()
                self.took_s = time.monotonic() - started
                if self.latest == goal:
                    return
                started = time.monotonic()
                seats, at, goal = list(self.seats.values()), 0, self.latest
        finally:
            self._walking = False


class Seat:
    """One client's place in a group."""

    __slots__ = ("group", "owner", "served")

    def __init__(self, group: Group, owner: Any) -> None:
        self.group = group
        self.owner = owner  # the engineio socket
        self.served = group.latest  # the newest of the group's frames that it was given

    @property
    def behind(self) -> bool:
        """Are there frames that it has not been given?"""
        return self.served < self.group.latest

    def catch_up(self) -> None:
        """Give it the frames that it has not been given."""
        group = self.group
        missing = group.latest - self.served
        if missing <= 0:
            return
        self.served = group.latest
        frames = group.frames
        wire = self.owner.queue
        if type(wire) is Connection:
            if missing == 1:
                wire.write(frames[-1][0])
            else:
                wire.write(b"".join(data for data, _ in islice(frames, len(frames) - missing, None)))
        elif not self.owner.closed:
            for _, packet in list(islice(frames, len(frames) - missing, None)):
                self.owner.send(packet)

    def leave(self) -> None:
        """It gets nothing more."""
        self.served = 1 << 62


class Groups:
    """The groups of a python-socketio server's clients, by name."""

    def __init__(self, server: Any) -> None:
        self._engine = server.eio
        self._groups: dict[str, Group] = {}

    def join(self, name: str, sid: str, eio_sid: str) -> None:
        """From here on this client is given the group's frames. A client is in one group at most."""
        owner = self._engine.sockets.get(eio_sid)
        if owner is not None:
            group = self._groups.setdefault(name, Group())
            group.seats[sid] = owner.queue.seat = Seat(group, owner)

    def leave(self, name: str, sid: str) -> None:
        group = self._groups.get(name)
        seat = group.seats.pop(sid, None) if group is not None else None
        if seat is not None:
            seat.leave()
            seat.owner.queue.seat = None

    def broadcast(self, name: str, text: str) -> float:
        """One socket.io packet, as text, to all in a group. How many seconds the last one took to reach the last."""
        group = self._groups.get(name)
        if group is None:
            return 0.0
        group.broadcast(text)
        return group.took_s


def send(server: Any, eio_sid: str, text: str) -> None:
    """One socket.io packet, as text, to one client."""
    owner = server.eio.sockets.get(eio_sid)
    if owner is None or owner.closed:
        return
    wire = owner.queue
    if type(wire) is Connection:
        seat = wire.seat
        if seat is not None and seat.behind:
            seat.catch_up()
        wire.write(frame("4" + text))
    else:
        owner.send(eio.Packet(eio.MESSAGE, text))
