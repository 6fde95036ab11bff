from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from moderator.log.base import DataInUse, LogUnavailable
from moderator.log.lock import DataLock, NativeLock, holder


def test_a_second_server_on_the_same_data_is_refused_by_name(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)

    with pytest.raises(DataInUse) as refusal:
        DataLock(tmp_path, wait_s=0)

    assert str(tmp_path) in refusal.value.message
    assert f"process {os.getpid()}" in refusal.value.message
    assert "since" in refusal.value.message
    assert "\n" not in refusal.value.message
    lock.close()


def test_it_can_be_taken_again_once_given_back(tmp_path: Path) -> None:
    DataLock(tmp_path).close()

    DataLock(tmp_path, wait_s=0).close()


def test_other_data_is_another_matter(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = DataLock(tmp_path / "a"), DataLock(tmp_path / "b", wait_s=0)
    first.close()
    second.close()


def test_it_says_who_holds_it_and_where_that_server_answers(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    lock = DataLock(tmp_path)
    lock.announce("http://127.0.0.1:5000")

    who = holder(tmp_path)

    assert who is not None
    assert (who.pid, who.host, who.url) == (os.getpid(), socket.gethostname(), "http://127.0.0.1:5000")
    assert abs(who.since - time.time() * 1000) < 10_000
    lock.close()
    assert holder(tmp_path) is None


def test_a_killed_server_does_not_keep_it(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from moderator.log.lock import DataLock;"
        "lock = DataLock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "held\n"
        who = holder(tmp_path)
        assert who is not None
        assert who.pid == server.pid
        server.kill()

    assert holder(tmp_path) is None
    DataLock(tmp_path, wait_s=0).close()


def test_it_waits_a_moment_for_a_server_that_is_about_to_stop(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    threading.Timer(0.1, lock.close).start()

    DataLock(tmp_path, wait_s=5).close()


def test_a_torn_note_in_the_lock_does_not_matter(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    (tmp_path / "lock").write_text('{"pid":')

    who = holder(tmp_path)
    with pytest.raises(DataInUse, match="unknown process"):
        DataLock(tmp_path, wait_s=0)

    assert who is not None
    lock.close()


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(LogUnavailable, match="nowhere"):
        DataLock(tmp_path / "nowhere")


def test_a_native_lock_lets_one_in_at_a_time() -> None:
    lock = NativeLock()
    inside = 0
    most = 0

    def enter() -> None:
        nonlocal inside, most
        for _ in range(200):
            with lock:
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_a_native_lock_is_given_back_after_an_error() -> None:
    lock = NativeLock()
    with pytest.raises(KeyError), lock:
        raise KeyError
    with lock:
        pass
