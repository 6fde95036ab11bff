"""What the clock does by itself, when the moderator asked for it: start, go on, tell the speaker. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from . import timer as clock
from .state import Webinar


class Due(NamedTuple):
    """A command that falls due. `id` is the same whichever worker sends it, so that the log lets one win."""

    at: int
    id: str
    type: str
    payload: dict[str, Any]


def due(webinar: Webinar, now: int) -> Iterator[Due]:
    """What is due now or later, as things stand; any change of the state may change it."""
    settings = webinar.settings
    timer = webinar.timer
    if timer.phase == "before":
        if settings.auto_start and webinar.order and now - webinar.starts_at < clock.NEAR_MS:
            yield Due(webinar.starts_at, f"auto-start-{webinar.starts_at}", "timer:start", {})
        return
    run = timer.current
    if timer.phase != "running" or run is None:
        return
    deadline = run.deadline_at
    # The deadline is in it: with time added, the marks fall due once more; a slot that was returned to does not
    # go on at once by itself.
    mark = f"{deadline}-{run.slot}"[:48]
    behind = webinar.order[webinar.order.index(run.slot) + 1 :]
    # After the last slot nothing begins: that the webinar is over, a moderator says.
    if settings.auto_next and any(not webinar.slots[id].skip for id in behind):
        yield Due(deadline, f"auto-next-{mark}", "timer:next", {})
    if settings.auto_messages:
        slot = webinar.slots[run.slot]
        for name, before_s, text, level in (
            ("warn", slot.warn_s, settings.warn_text, "info"),
            ("danger", slot.danger_s, settings.danger_text, "warn"),
            ("over", 0, settings.over_text, "urgent"),
        ):
            at = deadline - before_s * 1000
            # A mark that was passed long ago (time was taken away, a late start) is not told any more.
            if at >= run.started_at and now - at < 15_000:
                payload = {"to": run.slot, "text": text, "level": level}
                yield Due(at, f"auto-{name}-{mark}", "message:send", payload)
