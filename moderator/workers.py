"""Several workers on one port: a parent that starts them, starts a dead one again, and passes on the signal to stop.

The parent serves nothing and knows no eventlet. It holds the port with a socket that does not listen, so a second
server notices that the port is taken although the workers share it (SO_REUSEPORT). Each worker holds the reading end of
a pipe whose writing end is the parent's: when the parent dies, however it does, the workers stop as well.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from .config import Config, Mistake

WORKER = "MODERATOR_WORKER"
"""Set by the parent: `number:life:life pipe:ready pipe`."""
METRICS = "MODERATOR_WORKER_METRICS"
"""Set by the parent: the folder where its workers keep their numbers (`metrics.py`)."""
STOP_S = 4.7
READY_S = 60.0
PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
_SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Place:
    """What a worker was told by its parent."""

    def __init__(self, number: int, life: int, parent: int, ready: int) -> None:
        self.number = number
        self.life = life
        """How many workers had this number before."""
        self.parent = parent
        """A file descriptor that ends when the parent does."""
        self._ready = ready

    @property
    def speaks(self) -> bool:
        """One of them greets, once."""
        return self.number == 1 and self.life == 0

    def ready(self) -> None:
        """Tell the parent that this worker listens."""
        os.write(self._ready, b"1")
        os.close(self._ready)


def place(environ: dict[str, str] | os._Environ[str] = os.environ) -> Place | None:
    """Whether this process is a worker of a parent, and which one."""
    given = environ.get(WORKER)
    return Place(*map(int, given.split(":"))) if given else None


class MetricsPlace:
    """Where a worker keeps its numbers, so that each can tell those of all; and which processes the workers are."""

    def __init__(self, folder: Path, number: str) -> None:
        self.folder = folder
        self.number = number

    def announce(self) -> None:
        """This process is the worker of that number. Raises OSError."""
        part = self.folder / f".pid-{self.number}"
        part.write_text(str(os.getpid()))
        part.replace(self.folder / f"pid-{self.number}")

    def processes(self) -> dict[str, str]:
        """The process id of each worker that serves, by its number."""
        found = {}
        for file in sorted(self.folder.glob("pid-*")):
            with suppress(OSError):
                found[file.name.removeprefix("pid-")] = file.read_text()
        return found


def metrics_place(environ: dict[str, str] | os._Environ[str] = os.environ) -> MetricsPlace | None:
    """Where this process keeps its numbers, if it is a worker of a parent that made room for them."""
    folder, number = environ.get(METRICS, ""), environ.get(WORKER, "").partition(":")[0]
    return MetricsPlace(Path(folder), number) if folder and number.isdigit() and os.path.isdir(folder) else None


class MetricsRoom:
    """The parent's side of it: a folder in memory, where there is such a thing, for as long as the parent lives."""

    PREFIX = "moderator-metrics-"

    def __init__(self) -> None:
        self.folder = ""

    def open(self, memory: Path = Path("/dev/shm")) -> None:
        """Make the folder; without one, each worker tells its own numbers."""
        self._sweep(memory)
        for place in (memory, None):
            with suppress(OSError):
                self.folder = tempfile.mkdtemp(prefix=f"{self.PREFIX}{os.getpid()}-", dir=place)
                return

    def _sweep(self, memory: Path) -> None:
        """Remove what parents that were killed left behind."""
        if not Path("/proc/self").exists():
            return
        for folder in memory.glob(f"{self.PREFIX}*"):
            pid = folder.name.removeprefix(self.PREFIX).partition("-")[0]
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid() and not Path("/proc", pid).exists():
                    shutil.rmtree(folder)

    def ended(self, number: int) -> None:
        """What is true only while a worker lives is true no longer; what it counted stays."""
        if self.folder:
            for file in (*Path(self.folder).glob(f"gauge_live*_{number}.db"), Path(self.folder, f"pid-{number}")):
                with suppress(OSError):
                    file.unlink()

    def close(self) -> None:
        """Remove the folder."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


class Worker:
    """One of the workers, over all its lives."""

    def __init__(self, number: int, room: MetricsRoom) -> None:
        self.number = number
        self._room = room
        self.life = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.listens = False
        self.started_at = 0.0
        self.pause = PAUSE_S
        self.start_at = 0.0
        self._ready = -1

    def start(self, parent: int) -> None:
        """`parent`: the pipe that ends with us."""
        self._ready, theirs = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._ready, False)
        environ = {**os.environ, WORKER: f"{self.number}:{self.life}:{parent}:{theirs}"}
        environ[METRICS] = self._room.folder
        try:
            self.process = subprocess.Popen(
                [sys.executable, *sys.orig_argv[1:]],
                env=environ,
                pass_fds=(parent, theirs),
                stdin=subprocess.DEVNULL,
                preexec_fn=_unblock,  # noqa: PLW1509 - the parent has one thread
            )
        finally:
            os.close(theirs)
        self.life += 1
        self.listens = False
        self.started_at = time.monotonic()

    def look(self) -> int | None:
        """Notice that it listens; its exit code if it ended."""
        assert self.process is not None
        if not self.listens:
            with suppress(BlockingIOError):
                self.listens = os.read(self._ready, 1) == b"1"
        code = self.process.poll()
        if code is not None:
            os.close(self._ready)
            self.process = None
            self._room.ended(self.number)
            # One that ran well for a while is replaced at once; one that dies at the start is given time.
            well = self.listens and time.monotonic() - self.started_at > 10
            self.pause = PAUSE_S if well else min(LONGEST_PAUSE_S, self.pause * 2)
            self.start_at = time.monotonic() + self.pause * random.uniform(0.8, 1.2)
        return code

    def tell(self, number: int) -> None:
        """Pass a signal on."""
        if self.process is not None:
            self.process.send_signal(number)


def _unblock() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)


class Parent:
    """Runs `config.workers` workers until it is told to stop."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._room = MetricsRoom()
        self._workers = [Worker(number, self._room) for number in range(1, config.workers + 1)]
        self._stopping = False

    def run(self) -> int:
        """Until SIGTERM or SIGINT; the exit code. SIGHUP replaces the workers one after the other. Raises Mistake."""
        from .server import listen

        listen(self._config.host, self._config.port).close()  # whoever has it, shared or not, is found out here
        held = hold(self._config.host, self._config.port)
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        life, ours = os.pipe2(os.O_CLOEXEC)
        self._room.open()
        try:
            return self._run(life)
        finally:
            self._stop()
            self._room.close()
            os.close(ours)
            os.close(life)
            held.close()

    def _run(self, life: int) -> int:
        for worker in self._workers:  # the first one makes what is not there yet, and says what is wrong
            worker.start(life)
            code = self._until_it_listens(worker)
            if self._stopping:
                return 0
            if code is not None:
                return code if code > 0 else 1
        print(f"{len(self._workers)} workers share the port.", flush=True)  # noqa: T201
        replacing: list[Worker] = []
        lives: dict[int, int] = {}
        while True:
            told = signal.sigtimedwait(_SIGNALS, 0.25)
            if told is not None and told.si_signo in (signal.SIGTERM, signal.SIGINT):
                return 0
            if told is not None and told.si_signo == signal.SIGHUP and not replacing:
                replacing = list(self._workers)
                lives = {worker.number: worker.life for worker in self._workers}
                replacing[0].tell(signal.SIGTERM)
            for worker in self._workers:
                if worker.process is not None and worker.look() is not None:
                    if replacing and replacing[0] is worker:
                        worker.start_at = 0
                    else:
                        said = f"Worker {worker.number} ended; it is started again."
                        print(said, file=sys.stderr, flush=True)  # noqa: T201
                if worker.process is None and time.monotonic() >= worker.start_at:
                    worker.start(life)
            if replacing and replacing[0].life > lives[replacing[0].number] and replacing[0].listens:
                replacing.pop(0)
                if replacing:
                    replacing[0].tell(signal.SIGTERM)

    def _until_it_listens(self, worker: Worker) -> int | None:
        give_up = time.monotonic() + READY_S
        while time.monotonic() < give_up:
            code = worker.look()
            if code is not None or worker.listens:
                return code
            told = signal.sigtimedwait(_SIGNALS, 0.02)
            if told is not None and told.si_signo in (signal.SIGTERM, signal.SIGINT):
                self._stopping = True
                return None
        raise Mistake(f"Worker {worker.number} was not ready within {READY_S:.0f} s.")

    def _stop(self) -> None:
        for worker in self._workers:
            worker.tell(signal.SIGTERM)
        give_up = time.monotonic() + STOP_S
        for worker in self._workers:
            if worker.process is None:
                continue
            try:
                worker.process.wait(max(0.0, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


def hold(host: str, port: int) -> Any:
    """A socket that has the port and does not listen: later ones that do not share it are refused."""
    from .server import bound

    return bound(host, port, share=True)


def supervise(config: Config) -> NoReturn:
    """Run the workers; does not return. Raises Mistake when the port is taken."""
    code = Parent(config).run()
    sys.stdout.flush()
    raise SystemExit(code)
