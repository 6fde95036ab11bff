"""What is taken out of a webinar's log: personal data, or a whole rehearsal. Knows no loop, as commands use it too."""

from __future__ import annotations

import secrets

from ..domain import events, evolve
from ..domain.anonymise import anonymise
from ..domain.refusal import N_, Refused
from ..domain.state import Webinar
from ..log.base import Log, LogConflict


def anonymised(log: Log, slug: str) -> list[tuple[int, bytes]]:
    """(seq, body) of every commit of a webinar, without personal data."""
    names: dict[str, str] = {}

    def pseudonym(attendee: str) -> str:
        return names.setdefault(attendee, f"anonymous-{secrets.token_hex(6)}")

    return [(commit.seq, events.encode(anonymise(events.decode(commit.body), pseudonym))) for commit in log.read(slug)]


def anonymise_log(log: Log, slug: str) -> None:
    """Take the personal data out of a webinar's log. Blocks. Raises LogError.

    A commit goes before, so that nobody's view is as new as the log any more: whoever comes back gets a snapshot.
    """
    mark = events.encode([events.Action(actor="host", type="host", events=[events.Forgotten()])])
    while True:
        try:
            log.append(slug, log.last(slug) + 1, mark, log.now())
            break
        except LogConflict:  # another worker was faster
            continue
    log.rewrite(slug, anonymised(log, slug))


def check_wipe(state: Webinar) -> None:
    """Raises Refused unless all that the webinar holds besides its plan is of a rehearsal."""
    if not state.rehearsal:
        raise Refused("conflict", N_("This webinar is no rehearsal. Nothing was wiped."))
    if state.rehearsed == "mixed" or (not state.rehearsed and not evolve.untouched(state)):
        raise Refused("conflict", N_("It held a real show before the rehearsal began. Nothing was wiped."))


def wiped(log: Log, slug: str) -> tuple[events.Wiped, int]:
    """The event that takes a rehearsal back to the plan as it was, and the first commit that it is about. Blocks."""
    state = evolve.blank(slug)
    plan: Webinar | None = None
    begins = 2
    for commit in log.read(slug):
        actions = events.decode(commit.body)
        made = [event for action in actions for event in action.events]
        if any(isinstance(event, events.Rehearsed) for event in made):
            plan, begins = state, commit.seq
        state, _ = evolve.fold(state, actions, commit.seq, commit.at)
        if any(isinstance(event, events.Created) and event.rehearsal for event in made):
            plan, begins = state, commit.seq + 1
        elif any(isinstance(event, events.Wiped) for event in made):
            plan, begins = None, commit.seq + 1  # what comes now is another rehearsal, or none
    plan = plan or state
    created = events.Created(
        slug=slug,
        title=plan.title,
        timezone=plan.timezone,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        join_code=plan.join_code,
        slots=plan.agenda(),
        speakers=list(plan.speakers.values()),
        subtitle=plan.subtitle,
        summary=plan.summary,
        languages=list(plan.languages),
    )
    return events.Wiped(created, plan.settings, plan.qa_mode, dict(state.generations)), begins


def forget(log: Log, slug: str, first: int, until: int) -> None:
    """Empty the commits from `first` to the one before `until`, which a rehearsal left. Blocks."""
    nothing = events.encode([events.Action(actor="host", type="host", events=[events.Forgotten()])])
    log.rewrite(slug, ((seq, nothing) for seq in range(first, until)))
