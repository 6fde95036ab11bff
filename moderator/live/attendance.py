"""How many attendees are here, on all workers together, and how many there were at once at most.

Workers tell each other who is at theirs by the first characters of the attendees' hashes, so that somebody with tabs on
several workers is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Set

import msgspec

MARK = 8
"""Characters of an attendee's hash (48 bits) that workers tell each other."""


class Peak(msgspec.Struct, frozen=True, array_like=True):
    """The most attendees at once, as far as a worker knows."""

    of: int
    """The instant at which the webinar was made: another of the same name is another one."""
    since: int
    """The commit that began it anew, 0 if none did."""
    most: int | None
    """None: this worker did not see it begin, nor heard of it from one that did."""


class Attendance:
    def __init__(self, of: int, *, saw_begin: bool) -> None:
        """`of`: when the webinar was made. `saw_begin`: nobody can have been here before this worker counted."""
        self.comings = 0
        """Another number whenever an attendee comes to this worker or goes from it."""
        self._of = of
        self._since = 0
        self._saw_begin = saw_begin
        self._most = 0
        self._here: set[str] = set()
        self._elsewhere: Set[str] = frozenset()
        self._only_elsewhere = 0

    def __len__(self) -> int:
        """How many are here, on all workers."""
        return len(self._here) + self._only_elsewhere

    @property
    def most(self) -> int | None:
        """The most that were here at once; None when nobody was, or when no worker saw the webinar begin."""
        return self._most if self._saw_begin and self._most else None

    @property
    def peak(self) -> Peak:
        """For the other workers."""
        return Peak(self._of, self._since, self._most if self._saw_begin else None)

    def marks(self) -> str:
        """Who is at this worker, for the others."""
        return "".join(self._here)

    def came(self, attendee: str) -> None:
        """An attendee's first connection to this worker."""
        mark = attendee[:MARK]
        if mark not in self._here:
            self._here.add(mark)
            self.comings += 1
            self._only_elsewhere -= mark in self._elsewhere
            self._most = max(self._most, len(self))

    def left(self, attendee: str) -> None:
        """The last of an attendee's connections to this worker is closed."""
        mark = attendee[:MARK]
        if mark in self._here:
            self._here.discard(mark)
            self.comings += 1
            self._only_elsewhere += mark in self._elsewhere

    def begin_anew(self, seq: int) -> None:
        """The webinar is as it was planned, all connections are closed: from this commit on it is counted anew."""
        self._here.clear()
        self.comings += 1
        self._only_elsewhere = len(self._elsewhere)
        self._most, self._saw_begin, self._since = 0, True, seq

    def go_on_from(self, earlier: Attendance) -> None:
        """This one takes the place of another, of the same webinar."""
        self._most, self._saw_begin, self._since = earlier._most, earlier._saw_begin, earlier._since

    def others(self, elsewhere: Set[str], peaks: Iterable[Peak] = ()) -> bool:
        """Who is at the other workers, by their marks, and what those counted. Whether others are there than before."""
        for told in peaks:
            if told.of == self._of and told.most is not None and told.since >= self._since:
                self._most = told.most if told.since > self._since else max(told.most, self._most)
                self._saw_begin, self._since = True, told.since
        changed = elsewhere != self._elsewhere
        if changed:
            self._elsewhere = elsewhere
            self._only_elsewhere = len(elsewhere - self._here)
        self._most = max(self._most, len(self))
        return changed
