"""Taking back: the moderators' view is as it was, unless something later rests on what was done."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderator.domain.commands import RULES
from moderator.domain.refusal import Refused
from tests.support.merge import difference

from .acts import MOVING, PLANNING, QUICK, RUNNING, Act, acts, everything, peopled, play
from .show import ADA, BEN, MINUTE, Show, talk


@pytest.fixture
def show() -> Show:
    return Show()


def seen(show: Show) -> dict[str, Any]:
    """The moderators' view but for the deeds."""
    view = show.view()
    view.pop("deeds")
    return view


def undone(show: Show, type: str, **payload: Any) -> None:
    """A command and its undo leave the view as it was."""
    before = seen(show)
    show.mod(type, **payload)
    assert seen(show) != before
    of = show.state.seq
    show.mod("undo", of=of)
    assert difference(before, seen(show)) == []
    assert show.view()["deeds"][str(of)]["undone"] is True
    assert show.no("undo", of=of).code == "conflict"
    show.mod(type, **payload)
    show.mod("undo")
    assert difference(before, seen(show)) == []


QUESTION_MOVES: dict[str, tuple[str, dict[str, Any]]] = {
    "question:approve": ("review", {}),
    "question:dismiss": ("queued", {"reason": "Off topic"}),
    "question:restore": ("dismissed", {}),
    "question:queue": ("public", {}),
    "question:unqueue": ("queued", {}),
    "question:answer": ("live", {"text": "Yes."}),
    "question:star": ("public", {}),
    "question:label": ("public", {"labels": ["hard"]}),
    "question:address": ("public", {"to": ["babbage"]}),
    "question:budget": ("queued", {"seconds": 60}),
    "question:air": ("queued", {}),
    "question:edit": ("live", {"text": "Better?"}),
    "question:merge": ("queued", {"into": "q1"}),
    "question:unmerge": ("merged", {}),
    "question:move": ("queued", {"before": "q2"}),
}
TIMER_MOVES: dict[str, dict[str, Any]] = {
    "timer:start": {"slot": "debate"},
    "timer:next": {},
    "timer:previous": {},
    "timer:pause": {},
    "timer:end": {},
    "timer:add": {"seconds": 90},
}
AGENDA_MOVES: dict[str, dict[str, Any]] = {
    "agenda:edit": {"slot": "talk2", "duration_s": 900, "speakers": ["New Person"]},
    "agenda:add": {"title": "Break", "duration_s": 300, "speakers": ["New Person"]},
    "agenda:move": {"slot": "wrapup", "before": "debate"},
    "agenda:remove": {"slot": "debate"},
    "agenda:settle": {"how": "move"},
    "agenda:borrow": {"seconds": 60},
    "agenda:replace": {"text": "…", "agenda": (talk("Ferns", "New Person"), talk("Debate", id="debate"))},
}


def test_every_command_that_can_be_taken_back_is_tried_here() -> None:
    tried = {*QUESTION_MOVES, *TIMER_MOVES, *AGENDA_MOVES}
    others = {"question:next", "question:order", "question:clear", "question:unstar", "question:trim", "timer:resume"}
    assert tried | others == {type for type, rule in RULES.items() if rule.undoable}


@pytest.mark.parametrize("move", sorted(QUESTION_MOVES))
def test_a_move_of_a_question_is_taken_back(show: Show, move: str) -> None:
    state, payload = QUESTION_MOVES[move]
    show.public("target")
    show.queued(BEN)
    show.queued(BEN)
    question = show.in_state(state)
    show.att("voter", "question:vote", question="q1")
    if state not in ("review", "dismissed"):
        show.att("voter", "question:vote", question=question)
    show.now += MINUTE
    undone(show, move, question=question, **payload)


@pytest.mark.parametrize("move", sorted(TIMER_MOVES))
def test_a_move_of_the_clock_is_taken_back(show: Show, move: str) -> None:
    show.mod("timer:start")
    show.mod("timer:next")
    undone(show, move, **TIMER_MOVES[move])


def test_starting_with_a_moved_plan_resuming_and_ending_are_taken_back(show: Show) -> None:
    show.now += 400 * 24 * 60 * MINUTE
    undone(show, "timer:start")
    show.mod("timer:start")
    show.mod("timer:pause")
    undone(show, "timer:resume")


@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("move", sorted(AGENDA_MOVES))
def test_a_change_of_the_agenda_is_taken_back(show: Show, move: str, started: bool) -> None:
    if started:
        show.mod("timer:start")
        show.now += MINUTE
    undone(show, move, **AGENDA_MOVES[move])


def test_next_and_clear_are_taken_back_and_time_on_air_goes_on(show: Show) -> None:
    show.queued(), show.queued(), show.queued()
    show.mod("question:next")
    show.now += MINUTE
    undone(show, "question:next")
    undone(show, "question:clear")
    show.mod("question:star", question="q1")
    undone(show, "question:unstar", question="q1")


def test_a_bulk_move_is_taken_back_as_one(show: Show) -> None:
    ids = [show.ask(), show.public(), show.queued()]
    undone(show, "question:dismiss", questions=ids, reason="Late")
    undone(show, "question:queue", questions=ids[:2])


def test_trimming_is_taken_back_and_settings_changed_since_stay(show: Show) -> None:
    own, short = show.queued(), show.queued()
    show.mod("question:budget", question=own, seconds=300)
    show.mod("question:budget", question=short, seconds=60)
    undone(show, "question:trim", seconds=90)
    show.mod("question:trim", seconds=90)
    assert [show.q(id).budget_s for id in (own, short)] == [90, 60]
    of = show.state.seq
    show.mod("settings:change", moderation="post")
    show.mod("undo", of=of)
    assert show.state.settings.each_s is None
    assert show.state.settings.moderation == "post"
    assert show.q(own).budget_s == 300


def test_trimming_stays_when_the_time_was_set_anew_since(show: Show) -> None:
    show.mod("question:trim", seconds=90)
    of = show.state.seq
    show.mod("settings:change", each_s=200)
    assert show.no("undo", of=of).code == "conflict"


def test_borrowing_for_the_running_debate_is_taken_back_whole(show: Show) -> None:
    show.mod("timer:start", slot="debate")
    undone(show, "agenda:borrow", seconds=120)


def test_a_call_that_ended_with_the_question_comes_back_with_it(show: Show) -> None:
    question = show.queued()
    show.mod("question:call", question=question)
    undone(show, "question:dismiss", question=question)


def test_taking_an_approval_back_ends_the_call(show: Show) -> None:
    question = show.ask()
    show.mod("question:approve", question=question)
    of = show.state.seq
    show.mod("question:call", question=question)
    show.mod("undo", of=of)
    assert show.state.call is None


def test_votes_that_came_since_are_kept(show: Show) -> None:
    one, two = show.public("author1"), show.public("author2")
    show.att(ADA, "question:vote", question=two)
    show.mod("question:merge", question=two, into=one)
    show.att(BEN, "question:vote", question=two)  # counts for the target
    show.mod("undo")
    assert (show.q(one).votes, show.q(two).votes) == (1, 1)
    assert show.view("attendee", attendee=ADA)["me"]["votes"] == {two: True}
    assert show.view("attendee", attendee=BEN)["me"]["votes"] == {one: True}


# ---- which one ----


def test_without_a_seq_it_is_the_latest_that_was_not_yet_taken_back(show: Show) -> None:
    one, two = show.ask(), show.ask()
    show.mod("question:approve", question=one)
    show.mod("question:approve", question=two)
    show.mod("undo")
    assert [show.q(id).state for id in (one, two)] == ["public", "review"]
    show.mod("undo")
    assert [show.q(id).state for id in (one, two)] == ["review", "review"]
    assert show.no("undo").code == "conflict"


def test_what_is_no_moderators_action_cannot_be_taken_back(show: Show) -> None:
    show.ask()
    assert show.no("undo", of=show.state.seq).code == "not_found"
    assert show.no("undo", of=999).code == "not_found"
    show.mod("message:send", text="Louder")
    assert show.no("undo", of=show.state.seq).code == "not_found"
    assert show.no("undo").code == "conflict"


# ---- what something later rests on ----


def after(show: Show, first: dict[str, Any], *then: dict[str, Any]) -> Refused:
    show.mod(**first)
    of = show.state.seq
    for one in then:
        show.mod(**one)
    return show.no("undo", of=of)


def test_what_moved_on_since_stays(show: Show) -> None:
    question = show.ask()
    approve, queue = ({"type": f"question:{move}", "question": question} for move in ("approve", "queue"))
    assert after(show, approve, queue).code == "conflict"
    show.mod("undo")
    show.mod("undo")
    assert show.q(question).state == "review"


def test_a_text_edited_again_stays(show: Show) -> None:
    question = show.public()
    edits = [{"type": "question:edit", "question": question, "text": f"Wording {n}"} for n in range(2)]
    assert after(show, *edits).code == "conflict"


def test_a_question_withdrawn_since_does_not_come_back(show: Show) -> None:
    question = show.queued(ADA)
    show.mod("question:unqueue", question=question)
    show.att(ADA, "question:withdraw", question=question)
    assert show.no("undo").code == "conflict"


def test_a_slot_that_ran_since_stays(show: Show) -> None:
    show.mod("timer:start")
    show.mod("agenda:add", title="Extra", duration_s=300, after="welcome")
    of = show.state.seq
    show.mod("timer:next")
    assert show.no("undo", of=of).code == "conflict"
    show.mod("timer:previous")
    show.mod("undo", of=of)
    assert len(show.state.order) == 5


def test_an_order_in_which_slots_ran_since_stays(show: Show) -> None:
    show.mod("timer:start")
    show.mod("agenda:move", slot="debate", before="talk1")
    of = show.state.seq
    show.mod("timer:next")
    assert show.no("undo", of=of).code == "conflict"


def test_a_length_with_which_a_slot_ran_since_stays_and_a_title_does_not(show: Show) -> None:
    show.mod("timer:start")
    show.mod("agenda:edit", slot="talk1", duration_s=300)
    length = show.state.seq
    show.mod("agenda:edit", slot="talk2", title="Ferns")
    title = show.state.seq
    show.mod("timer:next")
    show.mod("timer:next")
    assert show.no("undo", of=length).code == "conflict"
    show.mod("undo", of=title)
    assert show.state.slots["talk2"].title == "Lichens"


def test_a_clock_is_not_turned_back_to_a_slot_that_was_removed_since(show: Show) -> None:
    show.mod("timer:start", slot="talk2")
    show.mod("timer:start", slot="talk1")
    of = show.state.seq
    show.mod("agenda:remove", slot="talk2")
    assert show.no("undo", of=of).code == "conflict"


def test_a_speaker_to_whom_questions_are_addressed_since_stays(show: Show) -> None:
    show.mod("agenda:edit", slot="talk1", speakers=["Grace Hopper"])
    of = show.state.seq
    (grace,) = show.state.slots["talk1"].speakers
    question = show.ask(to=[grace])
    assert show.no("undo", of=of).code == "conflict"
    show.mod("question:address", question=question, to=[])
    show.mod("agenda:edit", slot="talk2", speakers=[grace])
    assert show.no("undo", of=of).code == "conflict"


# ---- the queue, where others go on meanwhile ----


def test_what_others_did_to_the_queue_since_is_kept(show: Show) -> None:
    one, two, three = (show.queued() for _ in range(3))
    show.mod("question:move", question=three, before=one)
    of = show.state.seq
    four = show.queued()
    show.mod("undo", of=of)
    assert show.state.queue == (one, two, three, four)


def test_a_question_taken_out_comes_back_to_its_place_among_those_still_there(show: Show) -> None:
    one, two, three, four = (show.queued() for _ in range(4))
    show.mod("question:unqueue", question=two)
    of = show.state.seq
    show.mod("question:move", question=four, before=one)
    show.mod("question:unqueue", question=three)
    show.mod("undo", of=of)
    assert show.state.queue == (four, one, two)


def test_a_new_order_of_the_whole_queue_is_taken_back_unless_the_queue_changed_since(show: Show) -> None:
    one, two, three, four = (show.queued() for _ in range(4))
    undone(show, "question:order", questions=[four, two, three, one])
    show.mod("question:order", questions=[three, one, four, two])
    of = show.state.seq
    show.mod("question:unqueue", question=two)
    assert show.no("undo", of=of).code == "conflict"
    show.mod("undo")
    show.mod("undo", of=of)
    assert show.state.queue == (one, two, three, four)


def test_queueing_is_taken_back_though_others_were_queued_since(show: Show) -> None:
    one, two = show.public(), show.public()
    show.mod("question:queue", question=one)
    of = show.state.seq
    show.mod("question:queue", question=two)
    show.mod("undo", of=of)
    assert show.state.queue == (two,)
    assert show.q(one).state == "public"


# ---- any action, any state ----


@settings(max_examples=100, phases=QUICK)
@given(
    st.lists(everything(), min_size=5, max_size=25),
    st.one_of(acts(*MOVING), acts(*MOVING), acts(*RUNNING), acts(*PLANNING)),
)
def test_whatever_was_done_last_is_taken_back_whole(before: list[Act], last: Act) -> None:
    show = peopled()

    def do(act: Act) -> str:
        sent = play(show.state, act)
        try:
            show.send(sent.role, sent.actor, sent.type, at_slot=sent.slot, agenda=sent.agenda, **sent.payload)
        except Refused:
            return ""
        return sent.type

    for act in before:
        do(act)
        show.now += 7_000
    view, seq = seen(show), show.state.seq
    type = do(last)
    if show.state.seq > seq and RULES[type].undoable:
        show.mod("undo", of=show.state.seq)
        assert difference(view, seen(show)) == []
