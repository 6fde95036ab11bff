"""A SQLite log that ends before what was acknowledged says so once, and goes on under another epoch."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from moderator.log.base import Commit
from moderator.log.mark import FILE as ACKED
from moderator.log.sqlite import FILE, SqliteLog, open_log, open_reader
from tests.log.test_sqlite import Disk

WAL = FILE + "-wal"
FRAME = 24 + 4096
HEADER = 32

Open = Callable[[], SqliteLog]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Open the log in `tmp_path/data`, any number of times one after the other."""
    logs: list[SqliteLog] = []

    def open_one() -> SqliteLog:
        logs.append(open_log(tmp_path / "data"))
        return logs[-1]

    yield open_one
    for log in logs:
        log.close()


def filled(log: SqliteLog, commits: int = 6) -> SqliteLog:
    log.create("show", b"1", 1000)
    for seq in range(2, commits + 1):
        log.append("show", seq, b"%d" % seq * 400, seq * 1000)
    return log


def noted(log: SqliteLog) -> int:
    found = log._mark.read()
    assert found is not None
    return found.newest["show"].seq


def crash_image(log: SqliteLog, to: Path) -> Path:
    """What would be on the disk if the machine stopped now."""
    to.mkdir()
    for name in (FILE, WAL, ACKED):
        shutil.copy(log.path.parent / name, to / name)
    return to


def test_a_log_cut_anywhere_starts_on_a_whole_prefix_and_says_what_is_missing(opened: Open, tmp_path: Path) -> None:
    log = filled(opened())
    image = crash_image(log, tmp_path / "image")
    epoch = log.epoch
    whole = (image / WAL).read_bytes()
    frames = range(HEADER, len(whole) + 1, FRAME)
    lengths: set[int] = set()

    for cut in sorted({*frames, *(frame - 1 for frame in frames), *(frame + 2000 for frame in frames), 0}):
        (image / WAL).write_bytes(whole[:cut])
        after = tmp_path / "after"
        shutil.copytree(image, after)
        found = open_log(after)
        commits = list(found.read("show"))
        last = len(commits)
        lengths.add(last)
        assert [commit.seq for commit in commits] == list(range(1, last + 1))
        if last == 6:
            assert (found.missing, found.epoch) == ([], epoch)
        else:
            assert len(found.missing) == 1
            assert found.epoch != epoch
            if last:
                which = f"commits {last + 1} to 6" if last < 5 else "commit 6"
                assert f"lacks {which} of show, acknowledged between" in found.missing[0]
            else:  # the log's own name may be in what was cut off
                assert "show" in found.missing[0]
        renewed = found.epoch
        if last:
            found.append("show", last + 1, b"it goes on", 99_000)
        found.close()

        again = open_log(after)
        assert (again.missing, again.epoch) == ([], renewed)
        again.close()
        shutil.rmtree(after)
    assert lengths == set(range(7))


def test_a_backup_that_was_put_back_is_said_once(opened: Open, tmp_path: Path) -> None:
    log = filled(opened(), 3)
    log.backup(tmp_path / "backup")
    log.append("show", 4, b"4", 4000)
    epoch = log.epoch
    log.close()
    for file in log.path.parent.glob(FILE + "*"):
        file.unlink()
    shutil.copy(tmp_path / "backup", log.path)

    restored = opened()
    assert "lacks commit 4 of show" in restored.missing[0]
    assert restored.epoch != epoch
    assert restored.last("show") == 3
    restored.append("show", 4, b"another 4", 5000)
    restored.close()
    assert opened().missing == []


def test_a_log_from_before_a_loss_that_is_put_back_later_gets_another_epoch_too(opened: Open, tmp_path: Path) -> None:
    # A client may still hold a view from before the loss, with numbers that are about to be used again.
    log = filled(opened(), 3)
    log.backup(tmp_path / "backup")
    log.append("show", 4, b"4", 4000)
    epochs = [log.epoch]
    for _ in range(2):
        log.close()
        for file in log.path.parent.glob(FILE + "*"):
            file.unlink()
        shutil.copy(tmp_path / "backup", log.path)
        log = opened()
        log.append("show", 4, b"another 4", 5000)
        assert len(log.missing) == 1
        epochs.append(log.epoch)

    assert "is not the log that was served here" in log.missing[0]
    assert len(set(epochs)) == 3


def test_a_log_that_was_taken_away_is_said(opened: Open) -> None:
    log = filled(opened())
    log.close()
    for file in log.path.parent.glob(FILE + "*"):
        file.unlink()

    anew = opened()

    assert "which held show up to commit 6" in anew.missing[0]
    assert anew.webinars() == []


def test_after_a_clean_end_and_after_a_crash_nothing_is_missing(opened: Open, tmp_path: Path) -> None:
    log = filled(opened())
    image = crash_image(log, tmp_path / "image")
    log.close()
    for folder in (log.path.parent, image):
        found = open_log(folder)
        assert (found.missing, found.epoch, found.last("show")) == ([], log.epoch, 6)
        found.close()


def test_webinars_that_are_erased_made_again_copied_in_or_rewritten_are_not_missed(opened: Open) -> None:
    log = filled(opened())
    log.rewrite("show", [(2, b"-")])
    log.create("gone", b"1", 1)
    log.append("gone", 2, b"2", 2)
    log.erase("gone")
    log.create("anew", b"1", 1)
    log.append("anew", 2, b"2", 2)
    log.erase("anew")
    log.create("anew", b"1", 3)
    log.adopt("copied", [Commit(1, 1, b"1"), Commit(2, 2, b"2")])
    log.close()

    log = opened()
    assert log.missing == []
    found = log._mark.read()
    assert found is not None
    assert {slug: one.seq for slug, one in found.newest.items()} == {"show": 6, "anew": 1, "copied": 2}
    assert b"gone" not in (log.path.parent / ACKED).read_bytes()


def test_without_the_note_or_with_a_damaged_one_nothing_is_said_and_it_is_made_anew(opened: Open) -> None:
    log = filled(opened())
    epoch = log.epoch
    for damage in (lambda file: file.unlink(), lambda file: file.write_bytes(b"\0" * 512)):
        log.close()
        damage(log.path.parent / ACKED)
        log = opened()
        assert (log.missing, log.epoch) == ([], epoch)
        assert noted(log) == 6


def test_a_reader_leaves_the_note_alone(opened: Open) -> None:
    log = filled(opened())
    log.close()
    (log.path.parent / ACKED).unlink()

    open_reader(log.path.parent).close()

    assert not (log.path.parent / ACKED).exists()


def test_only_what_is_surely_in_the_log_is_noted(tmp_path: Path) -> None:
    disk = Disk()
    log = open_log(tmp_path, connect=disk.connect)
    log.create("show", b"1", 1)
    disk.fail("COMMIT", "SQLITE_FULL")
    with pytest.raises(Exception, match="is full"):
        log.append("show", 2, b"2", 2)
    assert noted(log) == 1

    disk.fail("COMMIT", "SQLITE_IOERR_FSYNC", after=True)
    disk.fail("UPDATE meta", "SQLITE_IOERR_WRITE")
    with pytest.raises(Exception, match="Check the disk"):
        log.append("show", 2, b"2", 2)
    assert noted(log) == 1
    log.append("show", 2, b"2", 2)  # it finds itself
    assert noted(log) == 2
    log.close()


def test_a_loss_that_cannot_be_settled_is_said_again(opened: Open, tmp_path: Path) -> None:
    log = filled(opened())
    image = crash_image(log, tmp_path / "image")
    (image / WAL).write_bytes((image / WAL).read_bytes()[: -FRAME - 1])
    disk = Disk()
    disk.fail("UPDATE meta SET value = ?", "SQLITE_FULL")

    with pytest.raises(Exception, match="is full"):
        open_log(image, connect=disk.connect)

    found = open_log(image, connect=disk.connect)
    assert "lacks commit" in found.missing[0]
    found.close()
