"""The debate against the clock: what fits, who had the floor, who comes next."""

from __future__ import annotations

import pytest

from moderator.domain import debate
from moderator.domain.state import DEFAULT_EACH_S
from moderator.live import views

from .show import ADA, BEN, MINUTE, Show


@pytest.fixture
def show() -> Show:
    """The debate runs, for 20 minutes."""
    show = Show()
    show.mod("timer:start", slot="debate", replan=True)
    return show


def fits(show: Show) -> int:
    return debate.fits(show.state, views.project(show.state, show.now), show.now)


def aired(show: Show, seconds: int, *to: str) -> str:
    question = show.public(to=list(to))
    show.mod("question:air", question=question)
    show.now += seconds * 1000
    show.mod("question:answer", question=question)
    return question


def test_as_many_fit_as_the_rest_of_the_debate_has_room_for(show: Show) -> None:
    show.mod("settings:change", each_s=300)
    for _ in range(6):
        show.queued()
    assert fits(show) == 4
    show.now += 1
    assert fits(show) == 3
    show.now += 30 * MINUTE
    assert fits(show) == 0


def test_the_one_on_air_needs_its_time_first(show: Show) -> None:
    show.mod("settings:change", each_s=300)
    for _ in range(6):
        show.queued()
    show.mod("question:next")
    assert fits(show) == 3
    show.now += 4 * MINUTE
    assert fits(show) == 3
    show.now += 5 * MINUTE  # it took longer
    assert fits(show) == 2


def test_a_question_with_a_budget_of_its_own_counts_with_that(show: Show) -> None:
    show.mod("settings:change", each_s=600)
    one, two = show.queued(), show.queued()
    show.queued()
    assert fits(show) == 2
    show.mod("question:budget", question=one, seconds=1000)
    assert fits(show) == 1
    show.mod("question:budget", question=two, seconds=200)
    assert fits(show) == 2


def test_before_the_debate_it_is_what_the_debate_is_expected_to_last() -> None:
    show = Show(each_s=300)
    for _ in range(6):
        show.queued()
    assert fits(show) == 4
    show.mod("timer:start")
    show.now += 10 * MINUTE  # five late, which the debate gives
    assert fits(show) == 3
    show.mod("agenda:edit", slot="debate", skip=True)
    assert fits(show) == 0


def test_without_any_answer_a_question_takes_what_is_usual(show: Show) -> None:
    assert show.view()["queue"]["each_s"] == DEFAULT_EACH_S


def test_the_length_of_answers_is_learned_within_bounds(show: Show) -> None:
    aired(show, 300)
    assert show.view()["queue"]["each_s"] == (2 * DEFAULT_EACH_S + 300) // 3
    for _ in range(20):
        aired(show, 1000)
    assert show.view()["queue"]["each_s"] == 300
    show.mod("settings:change", each_s=45)
    assert show.view()["queue"]["each_s"] == 45


def test_answers_in_writing_and_passed_over_ones_teach_nothing(show: Show) -> None:
    show.mod("question:answer", question=show.public(), text="In writing.")
    aired(show, 3)
    assert show.view()["queue"]["each_s"] == DEFAULT_EACH_S


def test_the_floor_is_counted_per_speaker(show: Show) -> None:
    aired(show, 100, "lovelace")
    aired(show, 50, "lovelace", "babbage")
    aired(show, 70)  # to everybody
    show.mod("question:answer", question=show.public(to=["babbage"]), text="In writing.")
    assert show.view()["floor"] == {
        "lovelace": {"seconds": 150, "questions": 2},
        "babbage": {"seconds": 50, "questions": 1},
    }
    assert "floor" not in show.view("attendee")


def test_the_floor_follows_whom_a_question_is_addressed_to(show: Show) -> None:
    question = aired(show, 100, "lovelace")
    show.mod("question:address", question=question, to=["babbage"])
    assert show.view()["floor"]["babbage"] == {"seconds": 100, "questions": 1}


def test_whoever_had_the_floor_least_comes_next_then_votes_then_the_oldest(show: Show) -> None:
    assert "suggest" not in show.view()
    aired(show, 100, "lovelace")
    for_lovelace = show.public(to=["lovelace"])
    for_babbage, again = show.public(to=["babbage"]), show.public(to=["babbage"])
    show.mod("question:queue", questions=[for_lovelace, again, for_babbage])
    assert show.view()["suggest"] == for_babbage
    show.att(BEN, "question:vote", question=again)
    assert show.view()["suggest"] == again
    show.mod("question:unqueue", questions=[again, for_babbage])
    assert show.view()["suggest"] == for_lovelace


def test_the_ledger_accounts_for_every_question(show: Show) -> None:
    aired(show, 100)
    show.mod("question:answer", question=show.public(), text="In writing.")
    for state in ("review", "public", "queued", "dismissed", "withdrawn", "merged"):
        show.in_state(state, ADA)
    ledger = show.view()["ledger"]
    parts = ("on_air", "in_writing", "merged", "dismissed", "withdrawn", "open")
    assert sum(ledger[part] for part in parts) == ledger["asked"] == show.state.last_n
    assert [ledger[part] for part in parts] == [1, 1, 1, 1, 1, 4]  # the merged one's target is open too
    assert ledger["reasons"] == {"Off topic": 1}
    for role in ("attendee", "screen", "speaker"):
        assert "ledger" not in show.view(role)
    show.mod("timer:end")
    assert show.view("attendee")["ledger"]["asked"] == ledger["asked"]
