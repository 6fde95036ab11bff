"""What every log promises."""

from __future__ import annotations

import threading
import time

import pytest

from moderator.log.base import Commit, Log, LogConflict, LogUnavailable
from tests.log.conftest import MakeLog


def fill(log: Log, webinar: str, last: int) -> list[Commit]:
    """A webinar with commits 1 to `last`."""
    log.create(webinar, b"body 1", 1001)
    for seq in range(2, last + 1):
        log.append(webinar, seq, f"body {seq}".encode(), 1000 + seq)
    return [Commit(seq, 1000 + seq, f"body {seq}".encode()) for seq in range(1, last + 1)]


def test_it_is_a_log(log: Log) -> None:
    assert isinstance(log, Log)


def test_it_gives_back_what_was_appended_in_order(log: Log) -> None:
    commits = fill(log, "chemicals", 5)

    assert list(log.read("chemicals")) == commits
    assert log.last("chemicals") == 5


def test_it_keeps_bodies_byte_for_byte(log: Log) -> None:
    bodies = [b"", bytes(range(256)), "Grüße, 日本\u202e".encode(), b"x" * 300_000]

    log.create("chemicals", bodies[0], 1)
    for seq, body in enumerate(bodies[1:], 2):
        log.append("chemicals", seq, body, seq)

    assert [commit.body for commit in log.read("chemicals")] == bodies


def test_it_reads_after_a_number_and_up_to_a_limit(log: Log) -> None:
    commits = fill(log, "chemicals", 6)

    assert list(log.read("chemicals", after=2)) == commits[2:]
    assert list(log.read("chemicals", after=2, limit=3)) == commits[2:5]
    assert list(log.read("chemicals", after=6)) == []
    assert list(log.read("chemicals", limit=0)) == []


def test_it_reads_more_than_one_page(log: Log) -> None:
    commits = fill(log, "chemicals", 1201)

    assert list(log.read("chemicals")) == commits
    assert list(log.read("chemicals", after=1, limit=1000)) == commits[1:1001]


def test_a_half_read_log_can_be_written_to(log: Log) -> None:
    fill(log, "chemicals", 3)
    reading = log.read("chemicals")
    next(reading)

    log.append("chemicals", 4, b"more", 4)

    assert log.last("chemicals") == 4
    reading.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("seq", [-1, 0, 1, 2, 3, 5, 100])
def test_it_takes_only_the_next_number(log: Log, seq: int) -> None:
    commits = fill(log, "chemicals", 3)

    with pytest.raises(LogConflict):
        log.append("chemicals", seq, b"out of turn", 9)

    assert list(log.read("chemicals")) == commits


def test_the_same_append_twice_is_a_conflict(log: Log) -> None:
    fill(log, "chemicals", 1)
    log.append("chemicals", 2, b"vote", 2)

    with pytest.raises(LogConflict):
        log.append("chemicals", 2, b"vote", 2)

    assert log.last("chemicals") == 2


def test_it_goes_on_after_a_conflict(log: Log) -> None:
    fill(log, "chemicals", 1)
    with pytest.raises(LogConflict):
        log.append("chemicals", 7, b"", 1)

    log.append("chemicals", 2, b"next", 2)

    assert log.last("chemicals") == 2


def test_a_webinar_that_does_not_exist_is_empty(log: Log) -> None:
    assert log.last("nowhere") == 0
    assert list(log.read("nowhere")) == []
    for seq in (1, 2):
        with pytest.raises(LogConflict):
            log.append("nowhere", seq, b"", 1)
    assert log.webinars() == []


def test_it_names_webinars_in_order_of_creation(log: Log) -> None:
    for slug in ("zinc", "acids", "metals"):
        log.create(slug, b"", 1)

    assert log.webinars() == ["zinc", "acids", "metals"]


def test_a_webinar_is_created_once(log: Log) -> None:
    log.create("chemicals", b"first", 1)

    with pytest.raises(LogConflict):
        log.create("chemicals", b"second", 2)

    assert [commit.body for commit in log.read("chemicals")] == [b"first"]


def test_webinars_do_not_mix(log: Log) -> None:
    fill(log, "a", 3)
    fill(log, "b", 2)
    log.append("a", 4, b"only in a", 4)

    assert [commit.seq for commit in log.read("b")] == [1, 2]
    assert log.last("a") == 4


def test_it_finds_everything_when_opened_again(log: Log, make_log: MakeLog) -> None:
    commits = fill(log, "chemicals", 3)
    epoch = log.epoch
    log.close()

    again = make_log()

    assert again.epoch == epoch
    assert again.webinars() == ["chemicals"]
    assert list(again.read("chemicals")) == commits
    again.append("chemicals", 4, b"", 4)


def test_an_erased_webinar_is_gone_and_its_slug_is_free(log: Log) -> None:
    fill(log, "chemicals", 3)
    fill(log, "metals", 2)

    log.erase("chemicals")

    assert log.webinars() == ["metals"]
    assert log.last("chemicals") == 0
    assert list(log.read("chemicals")) == []
    with pytest.raises(LogConflict):
        log.append("chemicals", 4, b"a room that did not notice", 1)
    log.create("chemicals", b"anew", 1)
    assert log.webinars() == ["metals", "chemicals"]
    assert [commit.body for commit in log.read("chemicals")] == [b"anew"]


def test_erasing_nothing_is_fine(log: Log) -> None:
    log.erase("nowhere")


def test_rewriting_replaces_bodies_and_nothing_else(log: Log) -> None:
    commits = fill(log, "chemicals", 4)
    fill(log, "metals", 4)

    log.rewrite("chemicals", [(2, b"-"), (4, b"--")])

    after = list(log.read("chemicals"))
    assert [commit.body for commit in after] == [b"body 1", b"-", b"body 3", b"--"]
    assert [(commit.seq, commit.at) for commit in after] == [(commit.seq, commit.at) for commit in commits]
    assert list(log.read("metals")) == commits


def test_rewriting_does_all_or_nothing(log: Log) -> None:
    commits = fill(log, "chemicals", 3)

    with pytest.raises(LogConflict):
        log.rewrite("chemicals", [(2, b"-"), (9, b"there is no 9")])

    assert list(log.read("chemicals")) == commits
    log.append("chemicals", 4, b"", 4)


def test_of_many_threads_that_race_for_a_number_one_wins(log: Log) -> None:
    log.create("chemicals", b"", 1)
    won: list[tuple[int, int]] = []
    unexpected: list[BaseException] = []

    def race(racer: int) -> None:
        try:
            for _ in range(40):
                seq = log.last("chemicals") + 1
                try:
                    log.append("chemicals", seq, b"%d" % racer, seq)
                except LogConflict:
                    continue
                won.append((seq, racer))
        except BaseException as error:
            unexpected.append(error)

    racers = [threading.Thread(target=race, args=(racer,)) for racer in range(6)]
    for thread in racers:
        thread.start()
    for thread in racers:
        thread.join()

    assert unexpected == []
    commits = list(log.read("chemicals", after=1))
    assert [commit.seq for commit in commits] == list(range(2, len(won) + 2))
    assert sorted(won) == [(commit.seq, int(commit.body)) for commit in commits]


def test_its_clock_is_the_wall_clock_in_milliseconds(log: Log) -> None:
    assert abs(log.now() - time.time() * 1000) < 2000
    assert isinstance(log.now(), int)


def test_it_says_what_it_is_and_that_it_is_well(log: Log) -> None:
    health = log.health()

    assert health["ok"] is True
    assert health["epoch"] == log.epoch
    assert health["log"] == log.name
    assert "\n" not in log.name


def test_closed_it_is_unavailable_and_closing_twice_is_fine(log: Log) -> None:
    fill(log, "chemicals", 1)
    log.close()
    log.close()

    with pytest.raises(LogUnavailable):
        log.append("chemicals", 2, b"", 2)
    with pytest.raises(LogUnavailable):
        log.last("chemicals")
    assert log.health()["ok"] is False
