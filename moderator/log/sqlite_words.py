"""What SQLite's failures mean, in the words of the person who has to mend them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from moderator.log.base import LogUnavailable


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say a failure of SQLite in the words of the person who has to mend it."""
    try:
        yield
    except sqlite3.Error as error:
        raise LogUnavailable(words(path, error)) from error


def code(error: BaseException | None) -> str:
    """SQLite's name of an error, such as SQLITE_FULL; empty if it has none."""
    return str(getattr(error, "sqlite_errorname", "") or "")


def is_definite(error: LogUnavailable) -> bool:
    """Whether a failed COMMIT surely left nothing behind: these are found before its last frame is written."""
    return code(error.__cause__).startswith(("SQLITE_FULL", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY"))


def lost(path: Path) -> str:
    """The sentence for a file that is not the one that was opened."""
    return f"{path} was deleted or replaced while the server was running. Stop it, put the log back, start again."


def words(path: Path, error: sqlite3.Error) -> str:
    """What is wrong, and what to do."""
    name = code(error)
    if name.startswith("SQLITE_FULL"):
        return f"The disk that holds {path} is full. Free some space; what was accepted is safe."
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH")):
        return f"{path} may not be written to. Check who owns it and whether the disk is mounted read-only."
    if name.startswith("SQLITE_CANTOPEN"):
        return f"{path} cannot be opened. Check that the directory is there and belongs to this user."
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return f"{path} is damaged or is no log of this program. Move it away and put a backup in its place."
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return f"{path} is locked by another program. Close what has it open."
    if name.startswith("SQLITE_IOERR"):
        return f"The disk that holds {path} fails to read or write ({name}). Check the disk."
    return f"{path} cannot be used: {error}."
