"""The debate against the clock: how many questions still fit, who has had the floor, who should come next. Pure."""

from __future__ import annotations

from typing import NamedTuple

from . import timer as clock
from .state import DEFAULT_EACH_S, Question, Webinar

_WEIGHT = 2  # the default counts as so many answers while there are few


def each_s(webinar: Webinar) -> int:
    """Seconds per question: as set, else the default drawn towards the answers so far (60 to 300 s)."""
    if webinar.settings.each_s is not None:
        return webinar.settings.each_s
    _, count, seconds = webinar.answered
    if count < 1:
        return DEFAULT_EACH_S
    return min(300, max(60, (DEFAULT_EACH_S * _WEIGHT + seconds) // (_WEIGHT + count)))


def available_s(webinar: Webinar, projection: clock.Projection, now: int) -> int:
    """Seconds of debate for the queue: the rest of the running debate less what the question on air still needs,
    else the expected length of the debate ahead; 0 when there is none."""
    run = webinar.timer.current
    if run is not None and webinar.slots[run.slot].kind == "debate":
        left = (clock.remaining_ms(webinar.timer, now) or 0) // 1000
        if webinar.live is not None:
            question = webinar.questions[webinar.live]
            on_air = question.air_s + max(0, now - (question.aired_at or now)) // 1000
            left -= max(0, (question.budget_s or each_s(webinar)) - on_air)
        return max(0, left)
    for slot in webinar.agenda():
        here = projection.slots.get(slot.id)
        if slot.kind == "debate" and here is not None and here.state in ("next", "later"):
            return max(0, here.expected_end_at - here.expected_start_at) // 1000
    return 0


def fits(webinar: Webinar, projection: clock.Projection, now: int) -> int:
    """How many of the queue, from its head, still fit in the debate."""
    left = available_s(webinar, projection, now)
    each = each_s(webinar)
    for count, id in enumerate(webinar.queue):
        left -= webinar.questions[id].budget_s or each
        if left < 0:
            return count
    return len(webinar.queue)


class Floor(NamedTuple):
    seconds: int
    questions: int


def floor(webinar: Webinar, questions: list[Question]) -> dict[str, Floor]:
    """Per speaker of the agenda: seconds on air and questions had, of those that were on air and addressed to them."""
    seconds: dict[str, int] = {}
    count: dict[str, int] = {}
    for question in questions:
        if question.on_air:
            for speaker in question.to:
                seconds[speaker] = seconds.get(speaker, 0) + question.air_s
                count[speaker] = count.get(speaker, 0) + 1
    return {id: Floor(seconds.get(id, 0), count.get(id, 0)) for id in webinar.speakers}


def suggest(webinar: Webinar, had: dict[str, Floor]) -> str | None:
    """Who should come next: of the queue, the one whose speakers have had the floor least, then most votes."""

    def fairness(id: str) -> tuple[int, int, int]:
        question = webinar.questions[id]
        least = min((had[speaker].seconds for speaker in question.to if speaker in had), default=None)
        if least is None:  # addressed to everybody: it waits for nobody
            least = min((one.seconds for one in had.values()), default=0)
        return (least, -question.votes, question.n)

    return min(webinar.queue, key=fairness, default=None)
