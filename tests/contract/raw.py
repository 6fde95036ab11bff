"""A Socket.IO client that sends what no library would."""

from __future__ import annotations

import json
from typing import Any

import websocket

from tests.support.server import Server


class Raw:
    """A bare websocket past the Engine.IO handshake; `closed` once the server hung up."""

    def __init__(self, server: Server) -> None:
        url = server.base.replace("http:", "ws:") + "/socket.io/?EIO=4&transport=websocket"
        self.socket = websocket.create_connection(url, timeout=10)
        self._bare = self.socket.sock  # the library forgets it, unclosed, when the other side hangs up
        self.hello = json.loads(self.socket.recv()[1:])

    def send(self, *packets: str | bytes) -> None:
        for packet in packets:
            if isinstance(packet, bytes):
                self.socket.send_binary(packet)
            else:
                self.socket.send(packet)

    def next(self) -> str | None:
        """The next packet; None when the connection is over."""
        try:
            while True:
                got = self.socket.recv()
                text = got.decode("utf-8", "replace") if isinstance(got, bytes) else got
                if text == "2":
                    self.socket.send("3")
                elif text in ("", "1"):
                    return None
                else:
                    return text
        except websocket.WebSocketTimeoutException:
            raise AssertionError("the server neither answered nor hung up") from None
        except (websocket.WebSocketException, OSError):
            return None

    def until(self, start: str) -> str | None:
        """The next packet that starts so, others left aside."""
        while (packet := self.next()) is not None and not packet.startswith(start):
            pass
        return packet

    def connect(self, auth: Any) -> Any:
        """The answer to a CONNECT packet: `{"sid"}`, or the CONNECT_ERROR's body."""
        self.send("40" + (json.dumps(auth) if auth is not None else ""))
        answer = self.next()
        assert answer is not None and answer[:2] in ("40", "44"), answer
        return json.loads(answer[2:])

    def ask(self, number: int, event: str, *arguments: Any) -> Any:
        """The ack of an event."""
        self.send(f"42{number}" + json.dumps([event, *arguments]))
        answer = self.until(f"43{number}[")
        assert answer is not None, "cut instead of answered"
        return json.loads(answer[2 + len(str(number)) :])[0]

    def alive(self) -> bool:
        """Does this connection still answer?"""
        self.send('4299["clock",{"t0":1}]')
        return self.until("4399[") is not None

    def close(self) -> None:
        self.socket.close()
        self._bare.close()
