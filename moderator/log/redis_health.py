"""What an acknowledgement is worth on a given Redis: asked for at the start, never assumed."""

from __future__ import annotations

from typing import Any

import msgspec

from moderator.log.redis_way import RedisRefused, Way

WAITAOF_SINCE = (7, 2)
FAILOVER = (
    "a replica that takes over may lack the last moments, because replication does not wait "
    "(min-replicas-to-write and min-replicas-max-lag bound that)"
)


class Persistence(msgspec.Struct, frozen=True):
    """How a Redis keeps what it was given. Empty texts: it would not say."""

    version: str = ""
    appendonly: str = ""
    appendfsync: str = ""
    save: str = ""
    maxmemory: int = 0
    policy: str = ""
    replicas: int = 0

    @property
    def evicts(self) -> bool:
        """Whether it throws keys away when its memory is full: also those that hold the log, if the policy says so."""
        return self.maxmemory > 0 and self.policy.startswith("allkeys")

    @property
    def can_wait(self) -> bool:
        """Whether it has WAITAOF, which waits until an entry is on the disk."""
        try:
            numbers = tuple(int(number) for number in self.version.split(".")[:2])
        except ValueError:
            return False
        return numbers >= WAITAOF_SINCE

    @property
    def synced(self) -> bool:
        """Whether its answer means that the entry is on the disk."""
        return self.appendonly == "yes" and self.appendfsync == "always"

    @property
    def durable(self) -> bool:
        """Whether an acknowledged command can be made to survive a power cut there."""
        # With `appendfsync no` nothing makes it sync its file, and whoever waits for that waits in vain.
        waits = self.appendonly == "yes" and self.appendfsync != "no" and self.can_wait
        return not self.evicts and (self.synced or waits)

    def worth(self, *, waiting: bool = False) -> str:
        """One sentence: what survives what. `waiting`: WAITAOF is used."""
        alone = self._worth_alone(waiting)
        return f"{alone}; {FAILOVER}" if self.replicas else alone

    def _worth_alone(self, waiting: bool) -> str:
        if self.evicts:
            return (
                f"maxmemory-policy {self.policy} lets it throw the log away when memory is short; set it to noeviction"
            )
        if self.appendonly == "yes":
            if self.synced or waiting:
                how = "appendfsync always" if self.synced else "WAITAOF"
                return f"{how}: what was acknowledged survives a crash of Redis and of its machine"
            if self.appendfsync == "everysec":
                return (
                    "appendfsync everysec: what was acknowledged survives a crash of Redis; "
                    "a power cut there can take the last two seconds"
                )
            if self.appendfsync == "no":
                return (
                    "appendfsync no: what was acknowledged survives a crash of Redis; "
                    "a power cut there can take the last half minute"
                )
            return "it appends to a file, and does not say how often that is synced"
        if self.appendonly == "no":
            what = "since its last snapshot" if self.save else "(it keeps nothing on disk)"
            return f"appendonly no: when Redis ends, everything {what} is lost; set appendonly yes, appendfsync always"
        return "it does not say whether it keeps anything (CONFIG and INFO are refused)"

    def facts(self) -> dict[str, Any]:
        """For `health`."""
        return {
            "redis": self.version,
            "appendonly": self.appendonly,
            "appendfsync": self.appendfsync,
            "maxmemory_policy": self.policy,
            "replicas": self.replicas,
            "durable": self.durable,
        }


def ask(way: Way) -> Persistence:
    """What Redis says of itself. Raises LogUnavailable when it cannot be reached."""
    info = _info(way)
    config: dict[str, str] = {}
    for name in ("appendonly", "appendfsync", "save", "maxmemory", "maxmemory-policy"):
        try:
            found = way.call("CONFIG", "GET", name)
        except RedisRefused:  # hosted ones forbid it
            break
        config.update(zip(_texts(found[::2]), _texts(found[1::2]), strict=False))
    appendonly = config.get("appendonly", {"1": "yes", "0": "no"}.get(info.get("aof_enabled", ""), ""))
    return Persistence(
        version=info.get("redis_version", ""),
        appendonly=appendonly,
        appendfsync=config.get("appendfsync", ""),
        save=config.get("save", ""),
        maxmemory=_number(config.get("maxmemory", info.get("maxmemory", ""))),
        policy=config.get("maxmemory-policy", info.get("maxmemory_policy", "")),
        replicas=_number(info.get("connected_slaves", "")),
    )


def _info(way: Way) -> dict[str, str]:
    try:
        text = bytes(way.call("INFO")).decode("utf-8", "replace")
    except RedisRefused:
        return {}
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))


def _texts(values: list[bytes]) -> list[str]:
    return [bytes(value).decode("utf-8", "replace") for value in values]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
