"""What a running agenda costs each screen: frames and bytes per hour, measured on one socket per role.

    python bench/quiet.py [--seconds 60]

Ontime 4 sends each of its clients two messages and 284 bytes per second, whether anything changes or not (a given
figure, not measured here). Here nothing is sent because time passes: what is counted below is
engine.io's ping every 10 s, and its answer. Frame headers are counted, TCP and IP are not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import websocket

ROOT = Path(__file__).resolve().parent.parent
PORT = 5190
ONTIME = (2 * 3600, 284 * 3600)  # messages and bytes per client and hour


class Listener:
    """One websocket client that answers pings and counts what passes."""

    def __init__(self, slug: str, role: str, **secret: str) -> None:
        self.role = role
        self.frames = self.bytes = 0
        self.socket: Any = websocket.create_connection(
            f"ws://127.0.0.1:{PORT}/socket.io/?EIO=4&transport=websocket", timeout=30
        )
        self.socket.recv()
        self.socket.send("40" + json.dumps({"webinar": slug, "role": role, **secret}))
        while not self.socket.recv().startswith("42"):
            pass

    def listen(self, until: float) -> None:
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                text = self.socket.recv()
            except websocket.WebSocketTimeoutException:
                return
            self.frames += 1
            self.bytes += len(text.encode()) + (2 if len(text) < 126 else 4)
            if text == "2":
                self.socket.send("3")
                self.frames += 1
                self.bytes += 1 + 6  # masked


def call(path: str, body: dict[str, Any], key: str = "") -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}{path}",
        method="POST",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})},
    )
    with urllib.request.urlopen(request) as answer:
        return dict(json.load(answer))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, str(ROOT / "run.py"), "--host", "127.0.0.1", "--port", str(PORT), "--data", data]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
        try:
            for _ in range(100):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz")
                    break
                except OSError:
                    time.sleep(0.1)
            links = json.loads(
                subprocess.check_output([sys.executable, str(ROOT / "run.py"), "links", "--json", "--data", data])
            )
            slug = links["webinar"]
            key = {role: links[role].split("/k/")[1] for role in ("moderator", "screen")}
            speaker = next(iter(links["speakers"].values())).split("/k/")[1]
            token = call(f"/api/v1/webinars/{slug}/join", {})["attendee"]
            call(f"/api/v1/webinars/{slug}/commands", {"type": "timer:start"}, key["moderator"])
            listeners = [
                Listener(slug, "attendee", attendee=token),
                Listener(slug, "screen", key=key["screen"]),
                Listener(slug, "speaker", key=speaker),
                Listener(slug, "moderator", key=key["moderator"]),
            ]
            settled = time.monotonic() + 4  # who has come is told to moderators within 2 s
            for one in listeners:
                one.listen(settled)
                one.frames = one.bytes = 0
            started = time.monotonic()
            while time.monotonic() < started + seconds:
                for one in listeners:
                    one.listen(time.monotonic() + 0.05)
            print(f"Ontime 4   {ONTIME[0]:>9,} {ONTIME[1]:>9,}")
            print(f"{'role':<10} {'frames/h':>9} {'bytes/h':>9}   against Ontime 4")
            for one in listeners:
                frames, size = (round(count * 3600 / seconds) for count in (one.frames, one.bytes))
                print(f"{one.role:<10} {frames:>9,} {size:>9,}   {frames / ONTIME[0]:.3f}, {size / ONTIME[1]:.5f}")
        finally:
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
