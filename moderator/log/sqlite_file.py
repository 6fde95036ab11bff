"""The file of the SQLite log: how it is made and opened."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from moderator.log.base import LogUnavailable

SCHEMA = 1
BUSY_MS = 2000
"""How long to wait for somebody who has the file locked, such as an operator's sqlite3; less than a stop may take."""

Connect = Callable[..., sqlite3.Connection]

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS webinars (id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS commits (
    webinar INTEGER NOT NULL REFERENCES webinars (id),
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    body    BLOB    NOT NULL,
    PRIMARY KEY (webinar, seq)
) WITHOUT ROWID;
"""


def begin(path: Path, connect: Connect, mode: str, *, writable: bool) -> sqlite3.Connection:
    """A connection. `mode`: "rw" or "ro"; writable ones get the tables if there are none."""
    connection = connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_MS / 1000,
    )
    try:
        if writable:
            if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                raise LogUnavailable(f"{path}: SQLite cannot log to this file system; use a local disk.")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            _make_tables(connection)
        else:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        drop(connection)
        raise
    return connection


def create(path: Path) -> None:
    """Make the file, readable by its owner only, before anything opens it: it holds names and questions."""
    if path.exists():
        return
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        sync_directory(path.parent)
        sync_directory(path.parent.parent)
    except OSError as error:
        raise LogUnavailable(f"{path} cannot be made: {error.strerror}.") from error


def _make_tables(connection: sqlite3.Connection) -> None:
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'commits'").fetchone() == (1,):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in _TABLES.split(";"):
            connection.execute(statement)
        facts = [("schema", SCHEMA), ("epoch", secrets.token_hex(8)), ("settled", 0)]
        connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", facts)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def renew_epoch(connection: sqlite3.Connection) -> str:
    """Give the log another name, because a part of its history was lost; durable."""
    epoch = secrets.token_hex(8)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch,))
    return epoch


def drop(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):
        connection.close()


def sync_directory(path: Path) -> None:
    directory = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
