"""Who is connected to a room, and what they are sent: a snapshot or a patch on arrival, patches from then on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Container, Sequence, Set
from typing import TYPE_CHECKING, Protocol

import msgspec

from .. import metrics
from ..domain.draft import Changed
from ..domain.state import Webinar
from . import views
from .attendance import Attendance, Peak
from .identity import Caller
from .loop import Later
from .patches import Channel, Patch, Window, compose, diff
from .presence import Part, PresenceBoard

if TYPE_CHECKING:
    from .room import Room

# Seconds between two frames of a channel. The first after a quiet time goes at once.
INTERVAL_S = {"attendee": 0.1, "screen": 0.1, "moderator": 0.02, "speaker": 0.02}
SHARE = 3  # frames take at most a third of the time: with 10,000 clients a patch may take as long as an interval
PRESENCE_S = 2.0
PRESENCE_PAUSE_S = 0.2  # several who come together are told together, and no newcomer is told between its first frames
RING = 512  # patches kept per channel for clients that come back
SNAPSHOT_MS = 500  # how long an encoded snapshot serves while the view only ages
_CALM = frozenset({"questions", "votes", "hands"})  # what may wait for moderators and speakers, too: votes and counts

_encoder = msgspec.json.Encoder(enc_hook=lambda value: None)  # `patches.Gone` is a null


class Wire(Protocol):
    """What carries frames to sockets; order per socket is kept. `data` is JSON of one object."""

    def join(self, sid: str, group: str) -> None: ...

    def leave(self, sid: str, group: str) -> None: ...

    def broadcast(self, group: str, event: str, data: msgspec.Raw) -> float:
        """How many seconds the broadcast before took from the first client to the last."""
        ...

    def send(self, sid: str, event: str, data: msgspec.Raw) -> None: ...

    def cut(self, sid: str) -> None: ...


class Since(msgspec.Struct, frozen=True):
    """The last frame that a returning client has."""

    epoch: str
    seq: int


class Member:
    __slots__ = ("attendee", "caller", "channel", "seq", "sid", "wire")

    def __init__(self, sid: str, caller: Caller, channel: Feed, wire: Wire) -> None:
        self.sid = sid
        self.caller = caller
        self.channel = channel
        self.wire = wire
        self.attendee = caller.actor if caller.role == "attendee" else None
        self.seq = 0  # of the frame it began with

    @property
    def held(self) -> int:
        """The newest shared seq this client was sent."""
        return max(self.seq, self.channel.broadcast_seq)


class Feed:
    """A channel with its members, its rhythm and its memory."""

    def __init__(self, group: str, channel: Channel) -> None:
        self.group = group
        self.channel = channel
        self.members: dict[str, Member] = {}
        self.changed = Changed()
        self.ring: deque[tuple[int, int, Patch]] = deque(maxlen=RING)
        self.floor = channel.seq  # the oldest seq that the ring can bring forward
        self.broadcast_seq = 0
        self.sent_at = 0.0
        self.interval = INTERVAL_S[channel.role]
        self.timer: Later | None = None
        self._since: tuple[tuple[int, int, int], dict[int, Patch]] = ((0, 0, 0), {})  # for one state of the feed
        self.cached: tuple[int, int, bytes] | None = None  # (seq, now, the shared part of the view as JSON)

    def remember(self, start: int, seq: int, patch: Patch) -> None:
        if len(self.ring) == RING:
            self.floor = self.ring[0][1]
        self.ring.append((start, seq, patch))

    def since(self, seq: int) -> Patch | None:
        """What takes a view at `seq` to the channel's; None when that is too long ago, or not of this log's past."""
        if seq < self.floor or seq > self.channel.seq:
            return None
        now = (self.channel.seq, len(self.ring), len(self.channel.peek()))
        if self._since[0] != now:  # a wave of clients that come back holds only a few different seqs
            self._since = (now, {})
        known = self._since[1]
        if seq not in known:
            patch: Patch = {}
            for _, until, one in self.ring:
                if until > seq:
                    patch = compose(patch, one)
            known[seq] = compose(patch, self.channel.peek())
        return known[seq]


class Private:
    """What one attendee alone sees, for all of their sockets."""

    __slots__ = ("held", "sids")

    def __init__(self, held: views.View) -> None:
        self.held = held
        self.sids: set[str] = set()


class Audience:
    def __init__(self, room: Room) -> None:
        self.room = room
        self.members: dict[str, Member] = {}
        self.feeds: dict[str, Feed] = {}
        self.window = Window(room.state)
        self._private: dict[str, Private] = {}
        self._my_seq: dict[str, int] = {}  # attendee: the commit that changed what they alone see last
        self._my_changes: set[str] = set()
        self.presence = PresenceBoard(self._presence_changed)
        self._presence_timer: Later | None = None
        self._presence_at = 0.0
        # Who was there before this process began is not known, so its count is worth something only if nobody was.
        self.attendance = Attendance(room.state.created_at, saw_begin=not room.state.timer.trail)

    # ---- coming and going ----

    def feed(self, role: str, slot: str | None) -> Feed:
        key = role if role != "speaker" else f"speaker:{slot or ''}"
        feed = self.feeds.get(key)
        if feed is None:
            channel = Channel(role, slot if role == "speaker" else None, self.room.state, self.room.now())
            feed = self.feeds[key] = Feed(f"{self.room.slug}/{key}", channel)
            if role == "moderator":
                channel.presence(self._presence_parts(channel))
        return feed

    def enter(self, sid: str, caller: Caller, since: Since | None, wire: Wire) -> None:
        """Enrol a socket and send its first frame. Nothing in here waits, so no patch can slip in between."""
        feed = self.feed(caller.role, caller.slot)
        member = Member(sid, caller, feed, wire)
        self._advance(feed)
        if not feed.members and feed.channel.waiting:  # nobody waits for it
            start, waiting = feed.channel.take()
            feed.remember(start, feed.channel.seq, waiting)
        self.members[sid] = member
        feed.members[sid] = member
        private = self._private_of(member)
        patch = self._catch_up(feed, member, since)
        member.seq = feed.channel.seq
        if patch is not None and since is not None:
            self._send(member, since.seq, feed.channel.seq, patch)
        else:
            view = self._encoded(feed)
            if private is not None:
                view = view[:-1] + b',"me":' + _encoder.encode(private.held) + b"}"
            now = feed.cached[1] if feed.cached is not None else self.room.now()
            head = {"epoch": self.room.epoch, "seq": feed.channel.seq, "now": now, "view": msgspec.Raw(view)}
            data = _encoder.encode(head)
            metrics.snapshot_bytes(caller.role).inc(len(data))
            wire.send(sid, "snapshot", msgspec.Raw(data))
        wire.join(sid, feed.group)
        metrics.CONNECTIONS.labels(caller.role).inc()
        self.presence.entered(caller)

    def leave(self, sid: str) -> None:
        member = self.members.pop(sid, None)
        if member is None:
            return
        member.channel.members.pop(sid, None)
        member.wire.leave(sid, member.channel.group)
        if member.attendee is not None:
            private = self._private.get(member.attendee)
            if private is not None:
                private.sids.discard(sid)
                if not private.sids:
                    del self._private[member.attendee]
                    self.attendance.left(member.attendee)
        metrics.CONNECTIONS.labels(member.caller.role).dec()
        self.presence.left(member.caller)

    def rename(self, caller: Caller, name: str) -> None:
        """A moderator goes by another name from now on."""
        for member in self.feed("moderator", None).members.values():
            if member.caller.connection == caller.connection:
                member.caller = msgspec.structs.replace(member.caller, name=name)

    def cut_all(self) -> None:
        """Close all connections; clients come back by themselves."""
        for member in list(self.members.values()):
            member.wire.cut(member.sid)

    def begin_anew(self) -> None:
        """Forget what everybody holds, and close all connections: they come back and get a snapshot."""
        for member in self.members.values():
            member.wire.leave(member.sid, member.channel.group)
        self.cut_all()
        self.close()
        self.feeds.clear()
        self.window = Window(self.room.state)
        self._private.clear()
        self._my_seq.clear()
        self._my_changes.clear()
        self._presence_timer = None
        self.attendance.begin_anew(self.room.seq)

    def cut_holders(self, roles: Container[str]) -> None:
        """Close the connections that a key of one of these roles let in: they were rotated."""
        for member in list(self.members.values()):
            if member.caller.key_of in roles:
                member.wire.cut(member.sid)

    def close(self) -> None:
        for feed in self.feeds.values():
            if feed.timer is not None:
                feed.timer.cancel()
        if self._presence_timer is not None:
            self._presence_timer.cancel()

    def health_changed(self) -> None:
        self.presence.log_trouble = self.room.trouble
        self._presence_changed()

    # ---- what changed ----

    def changed(self, changed: Changed) -> None:
        """A commit was applied: bring it to everybody it concerns, now or when their interval is over."""
        state = self.room.state
        self.window.update(state, changed.questions)
        for attendee in changed.attendees:
            self._my_seq[attendee] = state.seq
        self._my_changes |= changed.attendees & self._private.keys()
        calm = changed.fields <= _CALM
        for feed in self.feeds.values():
            feed.changed.add(changed)
            if feed.timer is not None and (calm or feed.channel.role in ("attendee", "screen")):
                continue
            if feed.channel.role == "attendee" or feed.members or feed.ring:
                self._due(feed, urgent=not calm)

    def _due(self, feed: Feed, urgent: bool) -> None:
        if feed.timer is not None:
            feed.timer.cancel()
            feed.timer = None
        wait = feed.sent_at + feed.interval - time.monotonic()
        if wait <= 0 or (urgent and feed.channel.role in ("moderator", "speaker")):
            self._flush(feed)
        else:
            feed.timer = Later(wait, self._flush, feed)

    def _advance(self, feed: Feed) -> None:
        changed, feed.changed = feed.changed, Changed()
        if changed or feed.channel.seq != self.room.seq:
            feed.channel.advance(self.room.state, changed, self.window, self.room.now())

    def _flush(self, feed: Feed) -> None:
        feed.timer = None
        self._advance(feed)
        channel = feed.channel
        # Before the shared frame: whoever has that one, and names its seq on coming back, has their own as well.
        sent = channel.role == "attendee" and self._flush_private()
        if channel.waiting:
            start, patch = channel.take()
            feed.remember(start, channel.seq, patch)
            sent = True
            if feed.members:
                data = self._frame(start, channel.seq, patch)
                metrics.patch_bytes(channel.role).inc(len(bytes(data)) * len(feed.members))
                feed.broadcast_seq = channel.seq
                took = next(iter(feed.members.values())).wire.broadcast(feed.group, "patch", data)
                feed.interval = max(INTERVAL_S[channel.role], SHARE * min(took, 1.0))
        if sent:
            feed.sent_at = time.monotonic()

    def _flush_private(self) -> bool:
        attendees, self._my_changes = self._my_changes, set()
        sent = False
        for attendee in attendees:
            private = self._private.get(attendee)
            if private is None:
                continue
            after = views.me_part(self.room.state, attendee)
            patch = diff(private.held, after)
            if not patch:
                continue
            private.held = after
            sent = True
            for sid in private.sids:
                member = self.members[sid]
                self._send(member, member.held, member.held, {"me": patch})
        return sent

    # ---- frames ----

    def _frame(self, start: int, seq: int, patch: Patch) -> msgspec.Raw:
        frame = {"epoch": self.room.epoch, "from": start, "seq": seq, "now": self.room.now(), "patch": patch}
        return msgspec.Raw(_encoder.encode(frame))

    def _send(self, member: Member, start: int, seq: int, patch: Patch) -> None:
        data = self._frame(start, seq, patch)
        metrics.patch_bytes(member.caller.role).inc(len(bytes(data)))
        member.wire.send(member.sid, "patch", data)

    def _private_of(self, member: Member) -> Private | None:
        if member.attendee is None:
            return None
        private = self._private.get(member.attendee)
        # What waits for this attendee's other sockets is sent before a newcomer changes what they are held to have.
        if private is not None and member.attendee in self._my_changes:
            waiting, self._my_changes = self._my_changes, {member.attendee}
            self._flush_private()
            self._my_changes = waiting - {member.attendee}
        if private is None:
            private = self._private[member.attendee] = Private(views.me_part(self.room.state, member.attendee))
            self.attendance.came(member.attendee)
        private.sids.add(member.sid)
        return private

    def _catch_up(self, feed: Feed, member: Member, since: Since | None) -> Patch | None:
        if since is None or since.epoch != self.room.epoch:
            return None
        if member.attendee is not None and self._my_seq.get(member.attendee, 0) > since.seq:
            return None
        patch = feed.since(since.seq)
        if patch is not None and feed.channel.role == "moderator":
            patch = compose(patch, feed.channel.presence_again())
        return patch

    def _encoded(self, feed: Feed) -> bytes:
        """The shared view as JSON; what depends on the time is as of `feed.cached`'s now."""
        now = self.room.now()
        channel = feed.channel
        if feed.cached is not None and feed.cached[0] == channel.seq and 0 <= now - feed.cached[1] < SNAPSHOT_MS:
            return feed.cached[2]
        encoded = _encoder.encode(as_of(channel.view, self.room.state, now))
        feed.cached = (channel.seq, now, encoded)
        return encoded

    def fresh(self, role: str, slot: str | None, attendee: str | None) -> views.View:
        """A role's view as a snapshot would hold it now."""
        feed = self.feed(role, slot)
        self._advance(feed)
        view = as_of(feed.channel.view, self.room.state, self.room.now())
        if attendee is not None:
            view["me"] = views.me_part(self.room.state, attendee)
        return view

    # ---- presence ----

    @property
    def attendees_peak(self) -> int | None:
        """The most attendees that were here at once, on all workers; None when that is not known."""
        return self.attendance.most

    def others(self, attendees: Set[str], parts: list[Part], peaks: Sequence[Peak] = ()) -> None:
        """Who is connected to other workers (attendees by their marks), and the most that those counted."""
        if self.attendance.others(attendees, peaks) or parts != self.presence.others:
            self.presence.others = parts
            self._presence_changed()

    def _presence_parts(self, channel: Channel) -> Patch:
        return {
            "presence": self.presence.part(),
            "counts": {**channel.view["counts"], "attendees": len(self.attendance)},
        }

    def _presence_changed(self) -> None:
        if self._presence_timer is None and "moderator" in self.feeds:
            wait = self._presence_at + PRESENCE_S - time.monotonic()
            self._presence_timer = Later(max(PRESENCE_PAUSE_S, wait), self._tell_presence)

    def _tell_presence(self) -> None:
        self._presence_timer = None
        self._presence_at = time.monotonic()
        feed = self.feeds["moderator"]
        patch = feed.channel.presence(self._presence_parts(feed.channel))
        feed.cached = None
        if patch:
            for member in feed.members.values():
                self._send(member, member.held, member.held, patch)


def as_of(view: views.View, state: Webinar, now: int) -> views.View:
    """The view with what depends on the passing of time as of `now`."""
    projection = views.project(state, now)
    return {
        **view,
        "slots": views.slots_part(state, projection),
        "timer": views.timer_part(state, projection),
        "queue": views.queue_part(state, projection, now),
    }
