"""The peer that everybody starts from: Flask-SocketIO on eventlet, one `emit` per patch, nothing else.

stock.py PORT BYTES       SIGUSR1 emits one event of about BYTES bytes to everybody
"""

from __future__ import annotations

import signal
import sys
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning)
import eventlet  # noqa: E402

eventlet.monkey_patch()
from flask import Flask  # noqa: E402
from flask_socketio import SocketIO  # noqa: E402

app = Flask(__name__)
socketio = SocketIO(app, async_mode="eventlet")
asked = 0


def ask(*_: object) -> None:
    global asked
    asked += 1


def emit_when_asked() -> None:
    done = 0
    while True:
        eventlet.sleep(0.001)
        if done < asked:
            done += 1
            socketio.emit("patch", {"pad": " " * (int(sys.argv[2]) - 25)})


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, ask)
    eventlet.spawn_n(emit_when_asked)
    print("ready", flush=True)
    listener = eventlet.listen(("127.0.0.1", int(sys.argv[1])), backlog=4096)
    eventlet.wsgi.server(listener, app, max_size=20_000, log_output=False)
