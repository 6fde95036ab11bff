"""The way to Redis: addresses, connections, and what happened to a call in the words of whoever runs the server.

A call that fails says whether Redis may have carried it out: `LogUnavailable` means that it surely did not,
`LogUncertain` that it was sent and no answer came. redis-py would by itself try again, and report its own success as
a conflict; nothing is repeated here but what Redis refused before it began.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from redis import exceptions as wrong
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.connection import ConnectionPool
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

from moderator.log.base import LogUnavailable, LogUncertain
from moderator.log.redis_script import TAG, Script

ANSWER_S = 3.0
"""How long an answer may take."""
CONNECT_S = 2.0
LOADING_S = 20.0
"""How long a Redis that has just started may read its data before the start of a server is given up."""
SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "redis+cluster")

_PLAIN: dict[str, Any] = {
    "socket_connect_timeout": CONNECT_S,
    "protocol": 2,
    "client_name": "moderator",
}


class RedisRefused(LogUnavailable):
    """Redis answered with an error, so it did not carry out the command. `code` is its first word."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def readable(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    place = parts.netloc.rsplit("@", 1)[-1]
    return f"{parts.scheme}://{place}{parts.path}"


def check_url(url: str) -> None:
    """ValueError says what is wrong with an address."""
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise ValueError(
            f"{url!r} is no address of a Redis: write redis://host:6379/0, rediss://…, unix:///path/to/socket, "
            "redis+sentinel://host:26379/name or redis+cluster://host:6379."
        )
    if scheme == "redis+sentinel" and not urlsplit(url).path.strip("/"):
        raise ValueError("Name the group that the sentinels watch, as in redis+sentinel://host:26379/mymaster.")


def _hosts(netloc: str, port: int) -> list[tuple[str, int]]:
    found = []
    for one in netloc.rsplit("@", 1)[-1].split(","):
        host, _, given = one.rpartition(":") if ":" in one else (one, "", "")
        found.append((host or "localhost", int(given) if given else port))
    return found


def _credentials(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    found: dict[str, Any] = {}
    if parts.username:
        found["username"] = unquote(parts.username)
    if parts.password:
        found["password"] = unquote(parts.password)
    return found


class Way:
    """Calls to one Redis, each on a connection of its own for as long as it takes. Any thread, any greenthread."""

    def __init__(self, url: str, answer_s: float = ANSWER_S) -> None:
        """`answer_s`: how long to wait for an answer. ValueError: the address is none."""
        check_url(url)
        self.url = url
        self.name = readable(url)
        self._options = {**_PLAIN, "socket_timeout": answer_s, "retry": Retry(NoBackoff(), 0)}
        self._cluster: RedisCluster | None = None
        self._pool: ConnectionPool | None = None

    def pool(self) -> ConnectionPool:
        """The connections. With Cluster they go to the node that has our keys."""
        if self._pool is None:
            self._pool = self._make_pool()
        return self._pool

    def _make_pool(self) -> ConnectionPool:
        parts = urlsplit(self.url)
        if parts.scheme == "redis+sentinel":
            name, _, db = parts.path.strip("/").partition("/")
            asked = {**self._options, "socket_timeout": CONNECT_S}
            query = dict(parse_qsl(parts.query))
            if "sentinel_password" in query:
                asked["password"] = query["sentinel_password"]
            sentinels = Sentinel(_hosts(parts.netloc, 26379), sentinel_kwargs=asked)  # type: ignore[no-untyped-call]
            options = {**self._options, **_credentials(self.url), "db": int(db or 0)}
            return SentinelConnectionPool(name, sentinels, **options)  # type: ignore[no-untyped-call]
        if parts.scheme == "redis+cluster":
            return self._cluster_pool()
        return ConnectionPool.from_url(self.url, **self._options)

    def _cluster_pool(self) -> ConnectionPool:
        if self._cluster is None:
            host, port = _hosts(urlsplit(self.url).netloc, 6379)[0]
            options = {**self._options, **_credentials(self.url)}
            self._cluster = RedisCluster(host=host, port=port, **options)
        node = self._cluster.get_node_from_key(TAG)  # type: ignore[no-untyped-call]
        if node is None:
            raise LogUnavailable(f"The cluster at {self.name} has no node for the log's keys.")
        return self._cluster.get_redis_connection(node).connection_pool

    def call(self, *command: Any) -> Any:
        """The answer, as bytes, numbers and lists. Raises LogUnavailable (not done) or LogUncertain (sent)."""
        return self.calls([command])[0]

    def calls(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """Several commands in one go, on one connection; the first that Redis refuses is raised."""
        try:
            return self._calls(commands)
        except RedisRefused as refused:
            if self._cluster is None or refused.code not in ("MOVED", "ASK", "CLUSTERDOWN", "TRYAGAIN"):
                raise
            self._cluster.nodes_manager.initialize()
            self._pool = None
            return self._calls(commands)

    def _calls(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        try:
            pool = self.pool()
            connection = pool.get_connection()
        except (wrong.RedisError, wrong.RedisClusterException, OSError) as error:
            raise self._unavailable(error) from error
        try:
            connection.send_packed_command(connection.pack_commands(commands))  # type: ignore[no-untyped-call]
            answers: list[Any] = []
            refused: RedisRefused | None = None
            for _ in commands:
                try:
                    answers.append(connection.read_response())
                except (wrong.ResponseError, wrong.BusyLoadingError, wrong.AuthenticationError) as error:
                    refused = refused or self._unavailable(error)
            if refused is not None:
                raise refused
            return answers
        except (wrong.ConnectionError, wrong.TimeoutError, wrong.InvalidResponse, OSError) as error:
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise LogUncertain(self._words(error)) from error
        except RedisRefused:
            raise
        except BaseException:
            # Half an answer may wait in it.
            connection.disconnect()  # type: ignore[no-untyped-call]
            raise
        finally:
            pool.release(connection)

    def script(self, script: Script, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """Run a script, sent along where Redis does not know it yet."""
        try:
            return self.call("EVALSHA", script.sha, len(keys), *keys, *args)
        except RedisRefused as refused:
            if refused.code != "NOSCRIPT":
                raise
        return self.call("EVAL", script.source, len(keys), *keys, *args)

    def wait_until_loaded(self) -> None:
        """Wait while Redis reads its data. LogUnavailable when it cannot be reached or takes too long."""
        give_up = time.monotonic() + LOADING_S
        while True:
            try:
                self.call("PING")
            except RedisRefused as refused:
                if refused.code != "LOADING" or time.monotonic() > give_up:
                    raise
                time.sleep(0.1)
            else:
                return

    def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            self._pool.disconnect()
        if self._cluster is not None:
            self._cluster.close()

    def _unavailable(self, error: Exception) -> RedisRefused:
        code = str(error).split(" ", 1)[0]
        if isinstance(error, wrong.BusyLoadingError):
            code = "LOADING"
        elif isinstance(error, wrong.NoScriptError):
            code = "NOSCRIPT"
        elif isinstance(error, wrong.MovedError):
            code = "MOVED"
        elif isinstance(error, wrong.AskError):
            code = "ASK"
        elif isinstance(error, wrong.ClusterDownError):
            code = "CLUSTERDOWN"
        return RedisRefused(self._words(error), code)

    def _words(self, error: Exception) -> str:
        """What is wrong, and what to do."""
        name = self.name
        said = " ".join(str(error).split()).rstrip(".")
        if isinstance(error, wrong.BusyLoadingError):
            return f"Redis at {name} is still reading its data. Wait until it is done."
        if isinstance(error, wrong.AuthenticationError | wrong.NoPermissionError) or said.startswith("NOAUTH"):
            return f"Redis at {name} refuses the user or password. Put the right ones into the address."
        if isinstance(error, wrong.OutOfMemoryError) or said.startswith("OOM"):
            return f"Redis at {name} has no memory left. Raise maxmemory; what was accepted is safe."
        if isinstance(error, wrong.ReadOnlyError):
            return f"Redis at {name} is a replica. Use the address of its master, or of the sentinels."
        if said.startswith("MISCONF"):
            return f"Redis at {name} cannot write to its disk and takes nothing. Free some space there."
        if isinstance(error, wrong.TimeoutError):
            return f"Redis at {name} does not answer. Check that it runs and is not overloaded."
        if isinstance(error, wrong.ConnectionError | wrong.RedisClusterException | OSError):
            return f"Redis at {name} cannot be reached ({said}). Start it, or check the address."
        return f"Redis at {name} refuses: {said}."
