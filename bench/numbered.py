"""A bare socket.io server on the product's fan-out, for what needs more messages than a webinar makes.

    numbered.py PORT       prints "ready"; MODERATOR_FANOUT=stock takes the stock path

Everybody who connects is in one group and gets `snapshot {"n"}`, the number that was broadcast last. Events, each with
an ack: `numbers {"count", "size", "every"?, "pause"?}` broadcasts the next numbers as `number {"n"}`; after each
`every` of them everybody gets a private `number {"mine": n}`, and the server rests for `pause` seconds. `here {}`
tells {"n", "kb", "clients"}.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from moderator.server import go_green

go_green()  # before anything else is imported
warnings.filterwarnings("ignore", category=DeprecationWarning)
import eventlet  # noqa: E402
import msgspec  # noqa: E402
import socketio  # noqa: E402

from moderator.live import engine  # noqa: E402
from moderator.live.packets import guard  # noqa: E402
from moderator.live.sockets import Json, SocketWire  # noqa: E402

STOCK = os.environ.get("MODERATOR_FANOUT") == "stock"


def rss_kb() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def main() -> None:
    server = socketio.Server(
        async_mode="eventlet", json=Json, ping_interval=10, ping_timeout=5, cors_allowed_origins="*"
    )
    guard(server)
    if not STOCK:
        engine.install(server)
    wire = SocketWire(server, stock=STOCK)
    present: set[str] = set()

    said = 0

    def connect(sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        eventlet.spawn_n(enter, sid)

    def enter(sid: str) -> None:
        wire.send(sid, "snapshot", msgspec.Raw(b'{"n":%d}' % said))
        wire.join(sid, "all")
        present.add(sid)

    def disconnect(sid: str, reason: Any = None) -> None:
        present.discard(sid)
        wire.leave(sid, "all")

    def numbers(sid: str, asked: dict[str, Any]) -> dict[str, Any]:
        nonlocal said
        pad = b"x" * max(0, asked["size"] - 40)
        for count in range(1, asked["count"] + 1):
            said += 1
            wire.broadcast("all", "number", msgspec.Raw(b'{"n":%d,"pad":"%s"}' % (said, pad)))
            if count % asked.get("every", 100) == 0:
                for one in list(present):
                    wire.send(one, "number", msgspec.Raw(b'{"mine":%d}' % said))
                eventlet.sleep(asked.get("pause", 0))
        return {"ok": True, "n": said}

    def here(sid: str, _: Any) -> dict[str, Any]:
        return {"n": said, "kb": rss_kb(), "clients": len(present)}

    for name, handler in {"connect": connect, "disconnect": disconnect, "numbers": numbers, "here": here}.items():
        server.on(name, handler)
    listener = eventlet.listen(("127.0.0.1", int(sys.argv[1])), backlog=1024, reuse_port=False)
    print("ready", flush=True)
    engine.serve(listener, socketio.WSGIApp(server), 20_000, log_output=False)


if __name__ == "__main__":
    main()
