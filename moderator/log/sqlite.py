"""The log in one SQLite file, `DATA/log.sqlite3`: one process writes, any number read beside it.

A connection is used by one thread at a time: there is one that writes and one that reads, each behind a native lock,
so any native thread may call any method (`check_same_thread=False`). Reading never waits for writing (WAL).

Durable means `synchronous=FULL`: the write-ahead log is synced before a commit returns. A commit that fails while it
syncs may or may not survive a crash; it is settled by a small commit of our own, which overwrites what was left behind,
and by looking whether the row is there. See `_settle`.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from moderator.log.base import Commit, LogConflict, LogLost, LogUnavailable, LogUncertain, News
from moderator.log.clock import Clock, LogClock
from moderator.log.lock import DataLock, NativeLock
from moderator.log.mark import FILE as ACKED
from moderator.log.mark import Mark, Newest, missing
from moderator.log.sqlite_file import SCHEMA, Connect, begin, create, drop, renew_epoch, sync_directory
from moderator.log.sqlite_words import in_words, is_definite, lost

FILE = "log.sqlite3"
PAGE = 500
"""Commits fetched at a time by `read`."""

_FIRST = "INSERT INTO commits SELECT id, 1, ?, ? FROM webinars WHERE slug = ?"
_NEXT = """
INSERT INTO commits SELECT id, :seq, :at, :body FROM webinars
WHERE slug = :webinar AND :seq = 1 + (SELECT max(seq) FROM commits WHERE webinar = webinars.id)
"""
_ADOPT = "INSERT INTO commits SELECT id, ?, ?, ? FROM webinars WHERE slug = ?"
_OF = "webinar = (SELECT id FROM webinars WHERE slug = ?)"
_PAGE = f"SELECT seq, at, body FROM commits WHERE {_OF} AND seq > ? ORDER BY seq LIMIT ?"
_LAST = f"SELECT max(seq) FROM commits WHERE {_OF}"
_NEWEST = """
SELECT slug, seq, at FROM webinars JOIN commits ON webinar = id
WHERE seq = (SELECT max(seq) FROM commits WHERE webinar = id) ORDER BY id
"""
_ROW = f"SELECT at, body FROM commits WHERE {_OF} AND seq = ?"
_REWRITE = f"UPDATE commits SET body = ? WHERE {_OF} AND seq = ?"
_ERASE = (f"DELETE FROM commits WHERE {_OF}", "DELETE FROM webinars WHERE slug = ?")


class _Row(NamedTuple):
    """What an append puts into the log."""

    webinar: str
    seq: int
    at: int
    body: bytes


def open_log(data_dir: Path | str, clock: Clock | None = None, connect: Connect = sqlite3.connect) -> SqliteLog:
    """Open the log for writing, made if there is none. DataInUse: a server has it; LogUnavailable: it cannot be had.

    `connect` stands for `sqlite3.connect` in tests of what a bad disk does.
    """
    folder = Path(data_dir)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise LogUnavailable(f"The data directory {folder} cannot be made: {error.strerror}.") from error
    lock = DataLock(folder)
    try:
        create(folder / FILE)
        return SqliteLog(folder / FILE, clock or LogClock(), lock=lock, connect=connect)
    except BaseException:
        lock.close()
        raise


def open_reader(data_dir: Path | str, clock: Clock | None = None) -> SqliteLog:
    """Open the log for reading only, beside a running server or without one. LogUnavailable if there is none."""
    path = Path(data_dir) / FILE
    if not path.exists():
        raise LogUnavailable(f"There is no log in {path.parent}; start a server there first, or name another --data.")
    return SqliteLog(path, clock or LogClock())


class SqliteLog:
    """See `Log`. Made by `open_log` and `open_reader`."""

    native = True
    shared = False

    def __init__(
        self, path: Path, clock: Clock, *, lock: DataLock | None = None, connect: Connect = sqlite3.connect
    ) -> None:
        self._path = path
        self._clock = clock
        self._data_lock = lock
        self._connect = connect
        self._writing = NativeLock()
        self._reading = NativeLock()
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._files: tuple[int, ...] = ()
        self._doubts: dict[str, _Row] = {}
        self._trouble = ""
        self._closed = False
        self._epoch = ""
        self._mark = Mark(path.with_name(ACKED))
        self.missing: list[str] = []
        """What was acknowledged and was not in the log when it was opened: a sentence for each loss."""
        try:
            with in_words(path):
                if lock is not None:
                    self._writer = self._open(writable=True)
                    self._files = self._inodes()
                    self._look_for_losses(self._writer)
                self._reader = self._open(writable=False)
        except LogUnavailable:
            self._drop_all()
            self._mark.close()
            raise

    @property
    def epoch(self) -> str:
        """Names this log."""
        return self._epoch

    @property
    def name(self) -> str:
        """What and where."""
        return f"SQLite, {self._path}"

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def data_lock(self) -> DataLock | None:
        """The lock on the data directory, held while the log is open for writing."""
        return self._data_lock

    def now(self) -> int:
        """The log's clock."""
        return self._clock.now()

    def webinars(self) -> list[str]:
        """The slugs, in order of creation."""
        return [slug for (slug,) in self._fetch("SELECT slug FROM webinars ORDER BY id")]

    def create(self, webinar: str, body: bytes, at: int) -> None:
        """Begin a webinar."""

        def change(connection: sqlite3.Connection) -> None:
            if connection.execute("INSERT OR IGNORE INTO webinars (slug) VALUES (?)", (webinar,)).rowcount != 1:
                raise LogConflict(f"There is a webinar called {webinar} already.")
            connection.execute(_FIRST, (at, body, webinar))

        self._append(_Row(webinar, 1, at, body), change)

    def append(self, webinar: str, seq: int, body: bytes, at: int) -> None:
        """Compare and append."""
        row = _Row(webinar, seq, at, body)

        def change(connection: sqlite3.Connection) -> None:
            if connection.execute(_NEXT, row._asdict()).rowcount != 1:
                raise LogConflict(f"{webinar}: {seq} is not the next number in the log.")

        self._append(row, change)

    def read(self, webinar: str, after: int = 0, limit: int | None = None) -> Iterator[Commit]:
        """The commits after `after`, fetched in pages, no lock held between them."""
        left = limit
        while left is None or left > 0:
            size = PAGE if left is None else min(PAGE, left)
            rows = self._fetch(_PAGE, webinar, after, size)
            for seq, at, body in rows:
                yield Commit(seq, at, body)
            if len(rows) < size:
                return
            after = rows[-1][0]
            left = None if left is None else left - size

    def last(self, webinar: str) -> int:
        """The newest seq, 0 if there is none."""
        return int(self._fetch(_LAST, webinar)[0][0] or 0)

    def erase(self, webinar: str) -> None:
        """Delete a webinar; what it said does not stay behind in the file."""

        def change(connection: sqlite3.Connection) -> None:
            for statement in _ERASE:
                connection.execute(statement, (webinar,))

        with self._writing:
            self._make_ready()
            self._mark.drop(webinar)
            self._commit(change)
            self._forget()

    def follow(self, known: Mapping[str, int], timeout: float) -> News:
        """Nothing: one process writes."""
        return News()

    def adopt(self, webinar: str, commits: Iterable[Commit]) -> int:
        """Take over a whole webinar in one transaction."""
        last = at = 0

        def change(connection: sqlite3.Connection) -> None:
            nonlocal last, at
            if connection.execute("INSERT OR IGNORE INTO webinars (slug) VALUES (?)", (webinar,)).rowcount != 1:
                raise LogConflict(f"There is a webinar called {webinar} already.")
            for last, at, body in (msgspec.structs.astuple(commit) for commit in commits):
                connection.execute(_ADOPT, (last, at, body, webinar))

        with self._writing:
            self._make_ready()
            self._commit(change)
            self._mark.put(webinar, last, at)
        return last

    @contextmanager
    def frozen(self, webinar: str) -> Iterator[None]:
        """Holds SQLite's own lock on writing, which a running server's next commit waits for."""
        with in_words(self._path), closing(begin(self._path, self._connect, "rw", writable=False)) as connection:
            connection.execute("PRAGMA query_only = OFF")
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def rewrite(self, webinar: str, bodies: Iterable[tuple[int, bytes]]) -> None:
        """Replace bodies; what they said does not stay behind in the file."""

        def change(connection: sqlite3.Connection) -> None:
            for seq, body in bodies:
                if connection.execute(_REWRITE, (body, webinar, seq)).rowcount != 1:
                    raise LogConflict(f"{webinar} has no commit {seq}; nothing was rewritten.")

        with self._writing:
            self._make_ready()
            self._commit(change)
            self._forget()

    def backup(self, to_path: Path | str) -> None:
        """Copy the whole log, as of now, to a file, while it is in use. An older file there is replaced at the end."""
        target = Path(to_path)
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        try:
            with (
                in_words(part),
                closing(self._open(writable=False)) as source,
                closing(sqlite3.connect(part, isolation_level=None)) as copy,
            ):
                copy.execute("PRAGMA synchronous = FULL")
                source.backup(copy)
                # One plain file that can be carried about: no -wal beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
            os.chmod(part, 0o600)
            os.replace(part, target)
            sync_directory(target.parent)
        except OSError as error:
            raise LogUnavailable(f"The backup {target} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)

    def health(self) -> dict[str, Any]:
        """Look at the log; after a failed write, try a small one, so that an idle server notices when it heals."""
        answer: dict[str, Any] = {"ok": True, "log": self.name, "epoch": self._epoch}
        try:
            self._fetch("SELECT value FROM meta WHERE key = 'epoch'")
            if self._data_lock is not None:
                with self._writing:
                    self._make_ready()
            answer["bytes"] = self._path.stat().st_size
            wal = self._path.with_name(self._path.name + "-wal")
            answer["wal_bytes"] = wal.stat().st_size if wal.exists() else 0
            answer["free_bytes"] = shutil.disk_usage(self._path.parent).free
        except (LogUnavailable, LogLost) as error:
            answer |= {"ok": False, "message": error.message}
        except OSError as error:
            answer |= {"ok": False, "message": f"{self._path} cannot be looked at: {error.strerror}."}
        return answer

    def close(self) -> None:
        """Close the file and let another server have the data."""
        with self._writing, self._reading:
            self._closed = True
            self._drop_all()
            self._mark.close()
        if self._data_lock is not None:
            self._data_lock.close()

    # Reading

    def _fetch(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with self._reading, in_words(self._path):
            self._check_open()
            if self._reader is None:
                self._reader = self._open(writable=False)
            try:
                return self._reader.execute(sql, values).fetchall()
            except sqlite3.Error:
                drop(self._reader)
                self._reader = None
                raise

    # Writing

    def _append(self, row: _Row, change: Callable[[sqlite3.Connection], None]) -> None:
        with self._writing:
            doubtful = self._doubts.get(row.webinar) == row
            try:
                self._make_ready()
                there = doubtful and self._holds(row)
            except LogUnavailable as error:
                if doubtful:
                    raise LogUncertain(error.message) from error
                raise
            self._doubts.pop(row.webinar, None)
            if not there:
                self._commit(change, row)
            self._mark.put(row.webinar, row.seq, row.at)

    def _make_ready(self) -> None:
        self._check_open()
        if self._data_lock is None:
            raise LogUnavailable(f"{self._path} was opened for reading only.")
        self._check_files()
        if self._trouble:
            self._settle()

    def _commit(self, change: Callable[[sqlite3.Connection], None], row: _Row | None = None) -> None:
        """One transaction. `row`: what it appends, so that an outcome that is not known can be looked up."""
        assert self._writer is not None
        try:
            with in_words(self._path):
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    change(self._writer)
                except BaseException:
                    with suppress(sqlite3.Error):
                        self._writer.execute("ROLLBACK")
                    raise
        except LogUnavailable as error:
            self._fail(error)
            raise
        try:
            with in_words(self._path):
                self._writer.execute("COMMIT")
        except LogUnavailable as error:
            self._fail(error)
            if is_definite(error):
                raise
            try:
                self._settle()
                there = row is not None and self._holds(row)
            except LogUnavailable:
                if row is not None:
                    self._doubts[row.webinar] = row
                raise LogUncertain(error.message) from error
            if not there:
                raise

    def _fail(self, error: LogUnavailable) -> None:
        """Start afresh next time: the open transaction goes with the connection."""
        self._trouble = error.message
        if self._writer is not None:
            drop(self._writer)
            self._writer = None

    def _settle(self) -> None:
        """Make the log usable again after a failure.

        When the sync of a commit fails, SQLite forgets the commit, but its frames may stand in the write-ahead log and
        would come to life again after a crash. A commit of our own that syncs takes their place, so what is not to be
        seen after it is gone for good.
        """
        with in_words(self._path):
            if self._writer is None:
                self._writer = self._open(writable=True)
                self._files = self._inodes()
            try:
                self._writer.execute("UPDATE meta SET value = value + 1 WHERE key = 'settled'")
            except sqlite3.Error:
                drop(self._writer)
                self._writer = None
                raise
        self._trouble = ""

    def _holds(self, row: _Row) -> bool:
        assert self._writer is not None
        try:
            with in_words(self._path):
                found = self._writer.execute(_ROW, (row.webinar, row.seq)).fetchone()
        except LogUnavailable as error:
            self._fail(error)
            raise
        return bool(found == (row.at, row.body))

    def _forget(self) -> None:
        """Take what was deleted out of the write-ahead log too; where a reader is in the way, it goes later."""
        with suppress(sqlite3.Error):
            if self._writer is not None:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # The file

    def _open(self, *, writable: bool) -> sqlite3.Connection:
        """A connection; `mode=rw` makes no file, so a log that vanished is not quietly replaced by an empty one."""
        known = self._epoch
        if known and not self._path.exists():
            raise LogLost(lost(self._path))
        try:
            connection = begin(self._path, self._connect, "rw", writable=writable)
        except sqlite3.OperationalError:
            if writable:
                raise
            # A directory that this user may not write to: fine where the server keeps the shared memory file.
            connection = begin(self._path, self._connect, "ro", writable=False)
        try:
            facts = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('epoch', 'schema')").fetchall())
            if int(facts.get("schema", 0)) > SCHEMA:
                raise LogUnavailable(f"{self._path} was written by a newer version of this program; use that one.")
            if known and facts.get("epoch") != known:
                raise LogLost(lost(self._path))
            self._epoch = str(facts["epoch"])
        except BaseException:
            drop(connection)
            raise
        return connection

    def _look_for_losses(self, writer: sqlite3.Connection) -> None:
        """Compare with what was acknowledged. After a loss the epoch is another one, because numbers are used again."""
        newest = {slug: Newest(seq, at) for slug, seq, at in writer.execute(_NEWEST)}
        self.missing = missing(self._path, self._mark.read(), self._epoch, newest)
        if self.missing:
            self._epoch = renew_epoch(writer)
        self._mark.begin(self._epoch, newest)

    def _inodes(self) -> tuple[int, ...]:
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        return tuple(os.stat(file).st_ino for file in files)

    def _check_files(self) -> None:
        """A commit into a file that has been deleted would be acknowledged and lost."""
        if self._writer is None:
            return
        try:
            same = self._inodes() == self._files
        except OSError:
            same = False
        if not same:
            raise LogLost(lost(self._path))

    def _check_open(self) -> None:
        if self._closed:
            raise LogUnavailable("The log is closed.")

    def _drop_all(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                drop(connection)
        self._reader = self._writer = None
