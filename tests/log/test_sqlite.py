"""What the SQLite log promises beyond the contract: bad disks, crashes, readers, backups."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from moderator.log.base import DataInUse, LogConflict, LogLost, LogUnavailable, LogUncertain
from moderator.log.lock import holder
from moderator.log.sqlite import FILE, SqliteLog, open_log, open_reader


class Disk:
    """A disk that fails when it is told to."""

    def __init__(self) -> None:
        self.failures: list[tuple[str, str, bool]] = []

    def fail(self, statement: str, code: str, *, times: int = 1, after: bool = False) -> None:
        """The next statements that begin so fail, before they do their work or after."""
        self.failures += [(statement, code, after)] * times

    def mend(self) -> None:
        self.failures.clear()

    def connect(self, *arguments: Any, **options: Any) -> sqlite3.Connection:
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                disk.strike(sql, after=False)
                cursor = super().execute(sql, *values)
                disk.strike(sql, after=True)
                return cursor

        return sqlite3.connect(*arguments, factory=Connection, **options)

    def strike(self, sql: str, *, after: bool) -> None:
        for number, (statement, code, when) in enumerate(self.failures):
            if sql.strip().startswith(statement) and when is after:
                del self.failures[number]
                error = sqlite3.OperationalError("the disk of the test")
                error.sqlite_errorname = code
                raise error


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def log(tmp_path: Path, disk: Disk) -> Iterator[SqliteLog]:
    """A log with one webinar, `show`, of one commit."""
    log = open_log(tmp_path / "data", connect=disk.connect)
    log.create("show", b"created", 1)
    yield log
    log.close()


def bodies(log: SqliteLog) -> list[bytes]:
    return [commit.body for commit in log.read("show")]


# A bad disk


@pytest.mark.parametrize("statement", ["BEGIN", "INSERT", "COMMIT"])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("SQLITE_FULL", "is full"),
        ("SQLITE_READONLY", "may not be written"),
        ("SQLITE_BUSY", "locked by another program"),
        ("SQLITE_IOERR_WRITE", "Check the disk"),
        ("SQLITE_CORRUPT", "put a backup in its place"),
    ],
)
def test_a_failed_append_says_why_and_the_next_one_works(
    log: SqliteLog, disk: Disk, statement: str, code: str, said: str
) -> None:
    disk.fail(statement, code)

    with pytest.raises(LogUnavailable, match=said) as refusal:
        log.append("show", 2, b"vote", 2)

    assert not isinstance(refusal.value, LogUncertain)
    assert bodies(log) == [b"created"]
    log.append("show", 2, b"vote", 2)
    assert bodies(log) == [b"created", b"vote"]


def test_while_the_disk_stays_full_everything_can_be_read_and_nothing_is_half_done(log: SqliteLog, disk: Disk) -> None:
    disk.fail("INSERT", "SQLITE_FULL")
    disk.fail("UPDATE meta", "SQLITE_FULL", times=5)

    for _ in range(4):
        with pytest.raises(LogUnavailable, match="is full"):
            log.append("show", 2, b"vote", 2)
        assert bodies(log) == [b"created"]

    assert log.health()["ok"] is False
    assert "is full" in log.health()["message"]
    disk.mend()
    assert log.health()["ok"] is True
    log.append("show", 2, b"vote", 2)


def test_a_commit_that_reports_failure_but_happened_is_found_and_counts(log: SqliteLog, disk: Disk) -> None:
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=True)

    log.append("show", 2, b"vote", 2)

    assert bodies(log) == [b"created", b"vote"]


def test_an_append_whose_outcome_cannot_be_known_yet_says_so(log: SqliteLog, disk: Disk) -> None:
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=True)
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE", times=3)
    disk.fail("SELECT at, body", "SQLITE_IOERR_READ", times=2)

    for _ in range(5):
        with pytest.raises(LogUncertain):
            log.append("show", 2, b"vote", 2)
    log.append("show", 2, b"vote", 2)

    assert bodies(log) == [b"created", b"vote"]


def test_while_one_append_is_in_doubt_another_webinars_is_simply_refused(log: SqliteLog, disk: Disk) -> None:
    log.create("other", b"", 1)
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC")
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE", times=2)
    with pytest.raises(LogUncertain):
        log.append("show", 2, b"vote", 2)

    with pytest.raises(LogUnavailable) as refusal:
        log.append("other", 2, b"", 2)

    assert not isinstance(refusal.value, LogUncertain)
    assert log.last("other") == 1
    assert log.health()["ok"] is True  # the disk is well again, and so is the log


@pytest.mark.parametrize("happened", [True, False])
def test_repeating_an_uncertain_append_settles_it(log: SqliteLog, disk: Disk, happened: bool) -> None:
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=happened)
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE")
    with pytest.raises(LogUncertain):
        log.append("show", 2, b"vote", 2)
    # Another webinar finds the log well first; that must not make this one forget its doubt.
    log.create("other", b"", 1)

    log.append("show", 2, b"vote", 2)

    assert bodies(log) == [b"created", b"vote"]
    with pytest.raises(LogConflict):
        log.append("show", 2, b"vote", 2)


def test_another_append_in_place_of_the_uncertain_one_is_told_apart(log: SqliteLog, disk: Disk) -> None:
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=True)
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE")
    with pytest.raises(LogUncertain):
        log.append("show", 2, b"vote", 2)

    with pytest.raises(LogConflict):
        log.append("show", 2, b"something else", 2)

    assert bodies(log) == [b"created", b"vote"]


def test_a_webinar_whose_creation_was_uncertain_is_created_once(log: SqliteLog, disk: Disk) -> None:
    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=True)
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE")
    with pytest.raises(LogUncertain):
        log.create("second", b"first words", 5)

    log.create("second", b"first words", 5)

    assert log.webinars() == ["show", "second"]
    assert log.last("second") == 1


def test_a_file_that_really_cannot_grow_refuses_and_recovers(tmp_path: Path) -> None:
    # The limit makes the operating system refuse the write, as a full disk does; in a process of its own, because it
    # holds for every file of the process.
    script = """
import resource, sys
from moderator.log.base import LogUnavailable
from moderator.log.sqlite import open_log
log = open_log(sys.argv[1])
log.create("show", b"", 1)
log.append("show", 2, b"x" * 20_000, 2)
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, hard))
seq, refused = 3, 0
for _ in range(12):
    try:
        log.append("show", seq, b"y" * 20_000, 3)
        seq += 1
    except LogUnavailable as error:
        assert "disk" in error.message, error.message
        refused += 1
assert 0 < refused < 12, refused
assert log.last("show") == len(list(log.read("show"))) < seq + 1
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
log.append("show", seq, b"y" * 20_000, 3)
assert log.last("show") == seq
log.close()
print("recovered")
"""
    done = run_python(script, tmp_path / "data")
    assert done.stdout == "recovered\n", done.stderr


def test_a_damaged_file_is_said_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, it only has the name of one" * 100)

    for opening in (open_log, open_reader):
        with pytest.raises(LogUnavailable, match="damaged or is no log"):
            opening(tmp_path)

    assert holder(tmp_path) is None


def test_a_log_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    open_log(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE meta SET value = 99 WHERE key = 'schema'")
    connection.close()

    with pytest.raises(LogUnavailable, match="newer version"):
        open_log(tmp_path)


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(LogUnavailable, match="cannot be made"):
        open_log(tmp_path / "file" / "data")


def test_it_waits_for_an_operator_who_looks_into_the_file(log: SqliteLog) -> None:
    other = sqlite3.connect(log.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, lambda: other.execute("ROLLBACK")).start()

    log.append("show", 2, b"vote", 2)

    assert log.last("show") == 2
    other.close()


# A log that went away


def test_a_deleted_file_is_lost_and_takes_no_more_commits(log: SqliteLog) -> None:
    log.path.unlink()

    with pytest.raises(LogLost, match="deleted or replaced"):
        log.append("show", 2, b"vote", 2)

    assert not log.path.exists()
    assert log.health()["ok"] is False


def test_a_replaced_file_is_lost(log: SqliteLog, tmp_path: Path) -> None:
    open_log(tmp_path / "other").close()
    os.replace(tmp_path / "other" / FILE, log.path)

    with pytest.raises(LogLost):
        log.append("show", 2, b"vote", 2)


def test_a_lost_log_stays_lost_after_a_failure(log: SqliteLog, disk: Disk) -> None:
    disk.fail("BEGIN", "SQLITE_IOERR_READ")
    with pytest.raises(LogUnavailable):
        log.append("show", 2, b"vote", 2)
    log.path.unlink()

    with pytest.raises(LogLost):
        log.append("show", 2, b"vote", 2)

    assert not log.path.exists()


# Durability


def test_every_commit_is_synced(log: SqliteLog) -> None:
    assert log._writer is not None
    assert log._writer.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
    assert log._writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_kill_9_during_appends_keeps_every_acknowledged_commit(tmp_path: Path) -> None:
    script = """
import sys
from moderator.log.sqlite import open_log
log = open_log(sys.argv[1])
if not log.webinars():
    log.create("show", b"1", 1)
while True:
    seq = log.last("show") + 1
    log.append("show", seq, b"%d" % seq + b"." * (seq * 37 % 5000), seq)
    print(seq, flush=True)
"""
    acknowledged = 0
    for life in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(20 + 30 * life):
                line = writer.stdout.readline()
                assert line, writer.stderr and writer.stderr.read()
            writer.send_signal(signal.SIGKILL)
            lines = [line, *writer.stdout.readlines()]
            acknowledged = max(int(line) for line in lines if line.endswith("\n"))

        log = open_log(tmp_path)
        commits = list(log.read("show"))
        log.close()
        assert [commit.seq for commit in commits] == list(range(1, len(commits) + 1))
        assert len(commits) >= acknowledged > 0
        assert all(commit.body.startswith(b"%d" % commit.seq) for commit in commits)


# Beside a running server


def test_a_second_server_on_the_same_data_is_refused(log: SqliteLog) -> None:
    with pytest.raises(DataInUse, match=f"process {os.getpid()}"):
        open_log(log.path.parent)

    log.append("show", 2, b"undisturbed", 2)


def test_a_reader_sees_what_a_running_server_appends(log: SqliteLog) -> None:
    reader = open_reader(log.path.parent)

    log.append("show", 2, b"vote", 2)

    assert bodies(reader) == [b"created", b"vote"]
    assert (reader.webinars(), reader.epoch) == (["show"], log.epoch)
    reader.close()
    log.append("show", 3, b"vote", 3)


def test_a_reader_may_not_write(log: SqliteLog) -> None:
    reader = open_reader(log.path.parent)

    with pytest.raises(LogUnavailable, match="reading only"):
        reader.append("show", 2, b"vote", 2)
    with pytest.raises(LogUnavailable, match="reading only"):
        reader.erase("show")

    assert bodies(log) == [b"created"]
    reader.close()


def test_a_reader_works_without_a_server_and_after_a_crash(tmp_path: Path) -> None:
    script = """
import os, sys
from moderator.log.sqlite import open_log
log = open_log(sys.argv[1])
log.create("show", b"created", 1)
os.kill(os.getpid(), 9)
"""
    run_python(script, tmp_path)

    reader = open_reader(tmp_path)

    assert bodies(reader) == [b"created"]
    reader.close()
    log = open_log(tmp_path)
    assert bodies(log) == [b"created"]
    log.close()


def test_a_reader_needs_a_log(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="no log"):
        open_reader(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_reader_in_the_middle_of_a_page_does_not_hold_up_the_writer(log: SqliteLog) -> None:
    log.append("show", 2, b"vote", 2)
    reader = open_reader(log.path.parent)
    reading = reader.read("show")
    next(reading)

    log.append("show", 3, b"vote", 3)  # held up, it would fail after BUSY_MS

    assert log.last("show") == 3
    reader.close()


# What is kept private


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    log = open_log(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    for file in (tmp_path / "data").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    log.close()


@pytest.mark.parametrize("way", ["erase", "rewrite"])
def test_what_was_taken_out_is_in_no_file_any_more(log: SqliteLog, way: str) -> None:
    secret = b"Ada Lovelace asked this"
    log.append("show", 2, secret, 2)

    if way == "erase":
        log.erase("show")
    else:
        log.rewrite("show", [(2, b"somebody asked this")])

    for file in log.path.parent.iterdir():
        assert secret not in file.read_bytes(), file.name


# Backup


def test_a_backup_of_a_running_log_is_a_log(log: SqliteLog, tmp_path: Path) -> None:
    log.append("show", 2, b"vote", 2)
    copy = tmp_path / "copy" / FILE
    copy.parent.mkdir()

    log.backup(copy)
    log.append("show", 3, b"later", 3)

    assert [file.name for file in copy.parent.iterdir()] == [FILE]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = open_log(copy.parent)
    assert bodies(restored) == [b"created", b"vote"]
    assert restored.epoch == log.epoch
    restored.append("show", 3, b"another history", 3)
    restored.close()


def test_a_backup_taken_during_appends_is_whole(log: SqliteLog, tmp_path: Path) -> None:
    stop = threading.Event()

    def append() -> None:
        while not stop.is_set():
            log.append("show", log.last("show") + 1, b"x" * 500, 1)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        for _ in range(3):
            log.backup(tmp_path / FILE)
            with sqlite3.connect(tmp_path / FILE) as copy:
                assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                count, last = copy.execute("SELECT count(*), max(seq) FROM commits").fetchone()
            copy.close()
            assert count == last > 0
    finally:
        stop.set()
        thread.join()


def test_a_backup_that_cannot_be_written_says_so_and_leaves_the_older_one(log: SqliteLog, tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="nowhere"):
        log.backup(tmp_path / "nowhere" / FILE)


# Threads


def test_it_works_from_native_threads_where_everything_is_patched_for_green_ones(tmp_path: Path) -> None:
    script = """
import warnings
warnings.simplefilter("ignore")
import eventlet
eventlet.monkey_patch()
import sys
from eventlet import tpool
from moderator.log.base import LogConflict
from moderator.log.sqlite import open_log
log = open_log(sys.argv[1])
log.create("show", b"", 1)
beats = 0
def heart():
    global beats
    while True:
        eventlet.sleep(0.001)
        beats += 1
def write(count):
    done = 0
    while done < count:
        try:
            tpool.execute(log.append, "show", tpool.execute(log.last, "show") + 1, b"x", 1)
            done += 1
        except LogConflict:
            pass
eventlet.spawn(heart)
writers = [eventlet.spawn(write, 25) for _ in range(8)]
for writer in writers:
    writer.wait()
assert len(tpool.execute(lambda: list(log.read("show")))) == 201
assert beats > 5, beats
log.close()
print("done")
"""
    done = run_python(script, tmp_path)
    assert done.stdout == "done\n", done.stderr


def run_python(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_copied_directory_is_another_place_to_serve_from(log: SqliteLog, tmp_path: Path) -> None:
    shutil.copytree(log.path.parent, tmp_path / "copied")

    copied = open_log(tmp_path / "copied")

    assert bodies(copied) == [b"created"]
    copied.close()
