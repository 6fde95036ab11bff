"""A Socket.IO client that keeps its view as a page does, and watches that the server keeps its promises.

It is the ordinary python-socketio client: threads of its own, no asyncio, no eventlet. So one test may use it and
playwright's sync API together. Two things to know then: playwright runs an event loop in a greenlet of the main thread,
and gets to it only inside a playwright call; so while a test waits here, the browser itself goes on, but console
messages and `page.route` handlers are delivered with the next playwright call. And playwright objects belong to the
main thread: never touch one in a handler of this client.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import engineio
import socketio

from tests.support.merge import difference, merge, timeless

T = TypeVar("T")

WAIT_S = 10.0
"""A deadline, not an expectation."""


class _InOrderEngine(engineio.Client):
    """Stock, every message is handled in a thread of its own, so two that come together may change places."""

    def _trigger_event(self, event: str, *args: Any, **kwargs: Any) -> Any:
        return super()._trigger_event(event, *args, **{**kwargs, "run_async": False})

    def disconnect(self, *args: Any, **kwargs: Any) -> None:
        """Stock, the end of a polling connection is not sent while something else is, and is waited for in vain."""
        give_up = time.monotonic() + 1
        if self.state == "connected" and self.current_transport == "polling":
            while self.queue.unfinished_tasks and self.write_loop_task and time.monotonic() < give_up:
                time.sleep(0.005)
            time.sleep(0.02)
        super().disconnect(*args, **kwargs)

    def _reset(self) -> None:
        """Stock, a websocket that the server reset is forgotten with its socket open, and so are pooled connections."""
        ws, http = self.ws, self.http
        if ws is not None:
            ws.shutdown()
        if http is not None:
            http.close()
        super()._reset()


class _InOrder(socketio.Client):
    def _engineio_client_class(self) -> type[engineio.Client]:
        return _InOrderEngine


class Frame(NamedTuple):
    """One event as it came."""

    event: str
    data: Any
    at: float
    """`time.monotonic()` when it came."""


class RefusedError(Exception):
    """The server refused the connection."""

    def __init__(self, answer: Any) -> None:
        super().__init__(str(answer))
        self.answer = answer
        """The CONNECT_ERROR as it came: `{"message", "data": {"code", "message"}}`."""

    @property
    def code(self) -> str:
        """`data.code`."""
        return str(self.answer["data"]["code"])


class Client:
    """Connect with `auth`, keep `view`, record `frames`."""

    def __init__(self, base: str, auth: dict[str, Any], transport: str = "websocket") -> None:
        """`transport`: "websocket" or "polling"."""
        self.base = base
        self.auth = auth
        self.transport = transport
        self.view: dict[str, Any] = {}
        self.seq = 0
        self.epoch = ""
        self.now = 0
        self.frames: list[Frame] = []
        self.violations: list[str] = []
        """Broken promises of the contract; `close` fails on them."""
        self._refusal: Any = None
        self._changed = threading.Condition()
        self._sio = _InOrder(reconnection=False, handle_sigint=False)
        self._sio.on("*", self._on_event)
        self._sio.on("connect_error", self._on_refused)

    def connect(self, *, first_frame: bool = True) -> Client:
        """Connect and wait for the first snapshot or patch. RefusedError if the server says no."""
        auth = dict(self.auth)
        if self.epoch and "since" not in auth:
            auth["since"] = {"epoch": self.epoch, "seq": self.seq}
        before = len(self.frames)
        self._refusal = None
        try:
            self._sio.connect(self.base, auth=auth, transports=[self.transport], wait_timeout=10)
        except socketio.exceptions.ConnectionError:
            if self._refusal is not None:
                raise RefusedError(self._refusal) from None
            raise
        if first_frame:
            self.wait_for(lambda client: len(client.frames) > before, what="the first frame")
        return self

    @property
    def connected(self) -> bool:
        """Whether the connection stands."""
        return bool(self._sio.connected)

    def disconnect(self) -> None:
        """Leave; `connect` afterwards catches up with `since`."""
        reading = self._sio.eio.read_loop_task
        if self._sio.connected:
            self._sio.disconnect()
        # `self._sio.wait()` would sleep for a second, in case it came back by itself.
        if reading is not None:
            reading.join(1)

    def close(self) -> None:
        """Leave, and fail if the server broke a promise meanwhile."""
        self.disconnect()
        assert not self.violations, "\n".join(self.violations)

    def send(self, event: str, payload: dict[str, Any] | None = None, timeout: float = 10) -> dict[str, Any]:
        """Send a command; its ack."""
        ack = self._sio.call(event, {} if payload is None else payload, timeout=timeout)
        assert isinstance(ack, dict), f"{event} was answered {ack!r}"
        return ack

    def do(self, event: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a command that must succeed; its ack. The view may follow a moment later: see `wait_for`."""
        ack = self.send(event, payload)
        assert ack["ok"], f"{event} {payload} was refused: {ack}"
        return ack

    def post(self, event: str, payload: dict[str, Any], done: Callable[..., None] | None = None) -> None:
        """Send a command without waiting; `done(ack)` is called in a thread of the client."""
        self._sio.emit(event, payload, callback=done)

    def wait_for(self, predicate: Callable[[Client], T], timeout: float = WAIT_S, what: str = "") -> T:
        """Wait until `predicate(self)` is true, looked at after each frame; what it returned."""
        give_up = time.monotonic() + timeout
        with self._changed:
            while True:
                found = predicate(self)
                if found:
                    return found
                left = give_up - time.monotonic()
                if left <= 0:
                    last = "\n".join(f"{frame.event} {frame.data}" for frame in self.frames[-3:])
                    raise AssertionError(
                        f"waited {timeout} s in vain for {what or 'a change'}; the last frames:\n{last}"
                    )
                self._changed.wait(left)

    def since(self, at: float) -> list[Frame]:
        """The frames that came after `at` (`time.monotonic()`)."""
        with self._changed:
            return [frame for frame in self.frames if frame.at > at]

    def question(self, text: str) -> str | None:
        """The id of the question with this text in the view."""
        mine = self.view.get("me", {}).get("questions", {})
        for known in (self.view.get("questions", {}), mine):
            for question, facts in known.items():
                if facts["text"] == text:
                    return str(question)
        return None

    # What comes in

    def _on_refused(self, answer: Any) -> None:
        self._refusal = answer

    def _on_event(self, event: str, *data: Any) -> None:
        body = data[0] if data else None
        with self._changed:
            self.frames.append(Frame(event, body, time.monotonic()))
            if event == "snapshot":
                self._take(body, body["view"])
            elif event == "patch":
                if body["epoch"] != self.epoch:
                    self.violations.append(f"a patch of epoch {body['epoch']} to a view of {self.epoch}")
                if body["from"] > self.seq:
                    self.violations.append(f"a patch from {body['from']} to a view at {self.seq}")
                self._take(body, merge(self.view, body["patch"]))
            self._changed.notify_all()

    def _take(self, body: dict[str, Any], view: dict[str, Any]) -> None:
        if body["epoch"] == self.epoch and body["seq"] < self.seq:
            self.violations.append(f"seq fell from {self.seq} to {body['seq']}")
        if (null := _null(view)) is not None:
            self.violations.append(f"null in the view at {null}")
        self.view, self.seq, self.epoch, self.now = view, body["seq"], body["epoch"], body["now"]


def assert_in_sync(client: Client, timeout: float = WAIT_S) -> None:
    """The rule of the contract: what the client made of its patches equals a fresh snapshot at the same seq."""
    give_up = time.monotonic() + timeout
    while True:
        fresh = Client(client.base, {key: value for key, value in client.auth.items() if key != "since"})
        fresh.connect()
        fresh.close()
        lines = difference(timeless(client.view), timeless(fresh.view))
        if not lines and not client.violations:
            return
        if time.monotonic() > give_up:
            told = "\n".join([*client.violations, *lines[:20]])
            raise AssertionError(f"held at {client.seq}, fresh at {fresh.seq}; held, fresh:\n{told}")
        # Patches are held back for up to 100 ms; the next frame, or a short while, is worth waiting for.
        with client._changed:
            client._changed.wait(0.15)


def _null(value: Any, path: str = "view") -> str | None:
    if value is None:
        return path
    if isinstance(value, dict):
        for key, inner in value.items():
            if (found := _null(inner, f"{path}.{key}")) is not None:
                return found
    return None
