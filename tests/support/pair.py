"""Two servers on one Redis that a test takes for one: its moderator is at the one, everybody else at the other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moderator.programme import SAMPLE
from tests.support.server import Server, free_port


class Pair(Server):
    """What it is itself serves attendees, speakers, screens and second moderators; `desk` serves the first moderator.

    So whatever a test sees of what its moderator did, and the other way round, came through Redis. A moderator who
    connects with a name is a second one: a test has her beside the page or the client that moderates.
    """

    def __init__(
        self, folder: Path, redis: str, *options: str | Path, data: Path | None = None, port: int | None = None
    ) -> None:
        """`redis`: the address of a database of its own; the rest as for a `Server`."""
        self.redis = redis
        options = self._shared(folder, options)
        super().__init__(folder, *options, data=data, port=port)
        self.desk = Server(folder / "desk", *options, data=self.data, port=free_port())
        self.desk.forgiven = self.forgiven

    def start(self) -> Pair:
        """Start both, at once."""
        self.desk.launch()
        self.launch()
        self.desk.wait_until_ready()
        self.wait_until_ready()
        return self

    def stop(self) -> int:
        """SIGTERM to both, one after the other; an exit code that is not 0, if there is one."""
        desk = self.desk.stop() if self.desk.running else 0
        return super().stop() or desk

    def kill9(self) -> None:
        """Both at once, as far as their clients can tell."""
        if self.desk.running:
            self.desk.kill9()
        super().kill9()

    def restart(self, *options: str | Path) -> Pair:
        """Stop both if they run, and start them."""
        if self.running:
            assert self.stop() == 0, self.stderr + self.desk.stderr
        if options:
            self.options = self.desk.options = self._shared(self.folder, options)
        return self.start()

    def finish(self) -> None:
        """The end of a test, for both."""
        try:
            self.desk.finish()
        finally:
            super().finish()

    def read_links(self, *options: str) -> Any:
        """The moderator's links lead to one server, all others to the other."""
        told = super().read_links(*options)
        return [self._apart(one) for one in told] if isinstance(told, list) else self._apart(told)

    def _apart(self, links: dict[str, Any]) -> dict[str, Any]:
        return {**_at(self.base, links), "moderator": _at(self.desk.base, links)["moderator"]}

    def base_for(self, role: str, name: str | None = None) -> str:
        """Where a client of this role connects."""
        return self.desk.base if role == "moderator" and name is None else self.base

    def _shared(self, folder: Path, options: tuple[str | Path, ...]) -> list[str]:
        """The options on a shared log. It has no rehearsal clock, so the plan is moved to the clock instead."""
        found = [str(option) for option in options]
        if "--now" in found:
            at = found.index("--now")
            folder.mkdir(parents=True, exist_ok=True)
            plan = folder / "plan.txt"
            plan.write_text(sample_seen_at(datetime.fromisoformat(found[at + 1])))
            found[at : at + 2] = ["--agenda", str(plan)]
        return ["--redis", self.redis, *found]


def _at(base: str, links: dict[str, Any]) -> dict[str, Any]:
    """Links that begin with another base."""
    told = links["base"]

    def moved(link: Any) -> Any:
        if isinstance(link, dict):
            return {key: moved(one) for key, one in link.items()}
        return base + link.removeprefix(told) if isinstance(link, str) and link.startswith(told) else link

    return {key: moved(link) for key, link in links.items()}


def sample_seen_at(then: datetime, now: datetime | None = None) -> str:
    """The sample's programme, moved so that it is as far ahead of now as it was of `then`.

    In a zone where it is now about the time of day that it was then, so that it crosses no midnight.
    """
    now = now or datetime.now(UTC)
    begin = then.replace(tzinfo=None)
    hours = (begin.hour - now.hour + 11) % 24 - 11  # Etc/GMT has -14 to +12, with its sign the wrong way round
    moved = now.replace(tzinfo=None) + timedelta(hours=hours) - begin

    def time(found: re.Match[str]) -> str:
        return f"{begin.replace(hour=int(found[1]), minute=int(found[2]), second=0) + moved:%H:%M:%S}"

    text = re.sub(r"\b(\d\d):(\d\d)\b", time, SAMPLE.read_text())
    text = re.sub(r"^.*\b2020,", f"{begin + moved:%-d %B %Y},", text, flags=re.M)
    return text.replace("Europe/Brussels", f"Etc/GMT{-hours:+d}")
