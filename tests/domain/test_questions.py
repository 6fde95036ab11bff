"""A question's moves: from every state, by every role, and what each does to queue, air, votes and the others."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.domain import commands as c
from moderator.domain.questions import ANY, MOVES

from .show import ADA, BEN, MINUTE, T0, Show

STATES = sorted(ANY)

# What the rules say of a moderator's moves, apart from the table in the code: from these states, to this one.
TO: dict[str, tuple[str, str]] = {
    "question:approve": ("review", "public"),
    "question:dismiss": ("review public queued live answered", "dismissed"),
    "question:queue": ("review public", "queued"),
    "question:unqueue": ("queued", "public"),
    "question:air": ("review public queued", "live"),
    "question:merge": ("review public queued", "merged"),
    "question:unmerge": ("merged", "review"),  # where `Show.in_state` merged it from
}
NOTES: dict[str, dict[str, Any]] = {
    "question:star": {},
    "question:unstar": {},
    "question:label": {"labels": ["hard"]},
    "question:address": {"to": ["lovelace"]},
    "question:budget": {"seconds": 90},
    "question:edit": {"text": "Better put?"},
    "question:call": {},
}


@pytest.fixture
def show() -> Show:
    return Show()


def extra(show: Show, move: str) -> dict[str, Any]:
    if move == "question:merge":
        return {"into": show.public("target-author")}
    if move == "question:move":
        return {"before": None}
    return NOTES.get(move, {})


# ---- every state, move and role ----


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", sorted(TO))
def test_a_move_leads_where_the_rules_say_or_is_a_conflict(show: Show, move: str, state: str) -> None:
    question = show.in_state(state)
    more = extra(show, move)
    sources, target = TO[move]
    if state in sources.split():
        show.mod(move, question=question, **more)
        assert show.q(question).state == target
    else:
        refused = show.no(move, question=question, **more)
        assert refused.code == "conflict"
        assert refused.current["state"] == state


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", sorted(MOVES))
def test_no_role_makes_a_move_that_the_table_does_not_give_it(show: Show, move: str, state: str) -> None:
    payload = {"question": show.in_state(state), **extra(show, move)}
    roles: set[c.Role] = {"attendee", "speaker", "moderator", "screen"}
    for role in roles - MOVES[move].roles:
        assert show.refused(role, role, move, **payload).code == "forbidden"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", sorted(move for move, rule in MOVES.items() if "moderator" in rule.roles))
def test_moderators_make_a_move_from_the_states_in_the_table_and_no_other(show: Show, move: str, state: str) -> None:
    payload = {"question": show.in_state(state), **extra(show, move)}
    if state in MOVES[move].states and not (move == "question:answer" and state == "answered"):
        show.mod(move, **payload)
    else:
        assert show.no(move, **payload).code == "conflict"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", ["question:vote", "question:unvote", "question:flag"])
def test_attendees_vote_on_and_flag_what_they_see_and_do_not_know_of_the_rest(
    show: Show, move: str, state: str
) -> None:
    question = show.in_state(state)
    if state in ("public", "queued", "live", "answered", "merged"):  # merged: it counts for its public target
        show.att(BEN, move, question=question)
    else:
        assert show.refused("attendee", BEN, move, question=question).code == "not_found"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", ["question:offer", "question:draft"])
def test_speakers_offer_and_draft_answers_to_what_they_see(show: Show, move: str, state: str) -> None:
    question = show.in_state(state)
    payload: dict[str, Any] = {"question": question, **({"text": "Yes."} if move == "question:draft" else {})}
    if state in ("public", "queued", "live", "answered"):
        show.speaker("talk1", move, **payload)
    else:
        refused = show.refused("speaker", "speaker:talk1", move, at_slot="talk1", **payload)
        assert refused.code == "not_found"


@pytest.mark.parametrize("state", STATES)
def test_an_author_edits_while_in_review_only(show: Show, state: str) -> None:
    question = show.in_state(state)
    if state == "review":
        show.att(ADA, "question:edit", question=question, text="Better put?")
        assert show.q(question).text == "Better put?"
        assert show.q(question).original == ""
    else:
        assert show.refused("attendee", ADA, "question:edit", question=question, text="Better put?").code == "conflict"


@pytest.mark.parametrize("state", STATES)
def test_nobody_else_edits_or_withdraws_it(show: Show, state: str) -> None:
    question = show.in_state(state)
    seen = state in ("public", "queued", "live", "answered", "merged")
    for move, more in (("question:edit", {"text": "Mine now?"}), ("question:withdraw", {})):
        refused = show.refused("attendee", BEN, move, question=question, **more)
        assert refused.code == ("forbidden" if seen else "not_found")


@pytest.mark.parametrize("state", STATES)
def test_its_author_withdraws_it_from_any_state_and_it_leaves_queue_and_air(show: Show, state: str) -> None:
    question = show.in_state(state)
    other = show.queued(BEN)
    show.att(ADA, "question:withdraw", question=question)
    assert show.q(question).state == "withdrawn"
    assert show.state.queue == (other,)
    assert show.state.live is None
    assert all(question not in one.merged for one in show.state.questions.values())
    assert question not in show.view("attendee", attendee=BEN)["questions"]
    assert show.view("attendee", attendee=ADA)["me"]["questions"][question]["state"] == "withdrawn"


@pytest.mark.parametrize("move", sorted(set(MOVES) - {"question:move"}))
def test_a_question_that_does_not_exist_is_not_found(show: Show, move: str) -> None:
    show.public()
    role = sorted(MOVES[move].roles)[0]
    payload: dict[str, Any] = {"question": "q99", **extra(show, move)}
    if move == "question:draft":
        payload["text"] = "x"
    assert show.refused(role, "somebody", move, at_slot="talk1", **payload).code == "not_found"


def test_a_move_never_tells_an_attendee_what_they_may_not_see(show: Show) -> None:
    secret = show.ask(ADA, "Is [this] for all to read?")
    show.mod("question:merge", question=secret, into=show.public("somebody"))
    show.mod("question:answer", question="q2")
    show.mod("question:dismiss", question="q2")
    for move in ("question:vote", "question:unvote", "question:flag", "question:edit", "question:withdraw"):
        refused = show.refused("attendee", BEN, move, question=secret, **({"text": "x"} if "edit" in move else {}))
        assert "[this]" not in str(refused.current)


# ---- asking ----


def test_a_question_waits_for_review_or_is_public_at_once(show: Show) -> None:
    assert show.q(show.ask()).state == "review"
    show.mod("settings:change", moderation="post")
    assert show.q(show.ask()).state == "public"


def test_moderators_enter_what_the_hall_asks_and_it_is_public(show: Show) -> None:
    show.mod("question:ask", text="From the back row?", source="phone", name="Eve")
    show.mod("question:ask", text="And from here?")
    assert [(q.state, q.source, q.by, q.name) for q in (show.q("q1"), show.q("q2"))] == [
        ("public", "phone", None, "Eve"),
        ("public", "room", None, ""),
    ]
    assert show.refused("attendee", ADA, "question:ask", text="Me too?", source="room").field == "source"
    show.att(ADA, "question:vote", question="q1")  # it is nobody's own


def test_names_are_optional_required_or_off(show: Show) -> None:
    assert show.q(show.ask(name=" Ada  L. ")).name == "Ada L."
    show.mod("settings:change", names="required")
    assert show.refused("attendee", ADA, "question:ask", text="Who?", name=" \u200b ").field == "name"
    show.mod("question:ask", text="From the hall?")
    show.mod("settings:change", names="off")
    assert show.q(show.ask(name="Ada")).name == ""


def test_a_question_knows_when_in_the_agenda_it_was_asked(show: Show) -> None:
    assert show.q(show.ask()).slot is None
    show.mod("timer:start", slot="talk1")
    show.now += 2 * MINUTE
    show.mod("timer:pause")
    show.now += 5 * MINUTE
    paused = show.q(show.ask())
    assert (paused.slot, paused.slot_offset_s) == ("talk1", 120)
    show.mod("timer:resume")
    show.now += MINUTE
    assert show.q(show.ask()).slot_offset_s == 180
    show.mod("timer:end")
    show.mod("qa:open")
    assert show.q(show.ask()).slot is None


def test_it_is_addressed_to_speakers_of_the_programme(show: Show) -> None:
    assert show.q(show.ask(to=["babbage", "lovelace", "babbage"])).to == ("babbage", "lovelace")
    assert show.refused("attendee", ADA, "question:ask", text="Who?", to=["nobody"]).field == "to"


def test_numbers_count_up_and_are_never_given_twice(show: Show) -> None:
    first, second = show.ask(), show.ask()
    show.att(ADA, "question:withdraw", question=second)
    assert (first, second, show.ask()) == ("q1", "q2", "q3")
    assert show.q("q3").n == 3


def test_a_text_may_be_as_long_as_the_settings_say(show: Show) -> None:
    show.mod("settings:change", max_length=50)
    show.ask(text="x" * 50)
    refused = show.refused("attendee", ADA, "question:ask", text="x" * 53)
    assert (refused.code, refused.field, refused.params) == ("invalid", "text", {"n": 3})
    for text in ("x" * 100_000, "\u200b" * 100_000, " " * 100_000, "", "  \n ", "\u202e\u200b"):
        assert show.refused("attendee", ADA, "question:ask", text=text).code == "invalid"


def test_closed_refuses_asks_and_edits_and_not_votes(show: Show) -> None:
    mine, public = show.ask(ADA), show.public(BEN)
    show.mod("qa:close")
    assert show.refused("attendee", ADA, "question:ask", text="Late?").code == "closed"
    assert show.refused("attendee", ADA, "question:edit", question=mine, text="Late?").code == "closed"
    show.att(ADA, "question:vote", question=public)
    show.mod("question:edit", question=mine, text="A moderator may.")
    show.mod("question:ask", text="A moderator may.")
    show.att(ADA, "question:withdraw", question=mine)


# ---- queue and air ----


def test_queue_and_air_make_public(show: Show) -> None:
    one, two = show.ask(ADA), show.ask(ADA)
    show.mod("question:queue", question=one)
    show.mod("question:air", question=two)
    assert {one, two} <= set(show.view("attendee")["questions"])
    assert show.state.queue == (one,)  # it does not hold the one on air


def test_the_one_on_air_becomes_answered_when_another_goes_on_air(show: Show) -> None:
    one, two = show.queued(), show.queued()
    show.mod("question:air", question=two)
    show.now += 90_000
    show.mod("question:air", question=one)
    assert (show.q(two).state, show.q(two).air_s, show.q(two).answered_at) == ("answered", 90, show.now)
    assert (show.state.live, show.state.queue) == (one, ())
    assert show.view()["live_since"] == show.now


def test_next_answers_the_one_on_air_and_takes_the_head_of_the_queue(show: Show) -> None:
    one, two = show.queued(), show.queued()
    for live, queue in ((one, (two,)), (two, ()), (None, ())):
        show.mod("question:next")
        assert (show.state.live, show.state.queue) == (live, queue)
    assert [show.q(id).state for id in (one, two)] == ["answered", "answered"]
    assert show.no("question:next").code == "conflict"


def test_clear_puts_it_back_at_the_head_of_the_queue_and_its_time_on_air_goes_on(show: Show) -> None:
    one, two = show.queued(), show.queued()
    show.mod("question:next")
    show.now += 40_000
    show.mod("question:clear")
    assert (show.state.live, show.state.queue) == (None, (one, two))
    assert show.view()["questions"][one]["air_s"] == 40
    show.now += MINUTE
    show.mod("question:next")
    assert "air_s" not in show.view()["questions"][one]
    show.now += 20_000
    show.mod("question:answer", question=one)
    assert show.view()["questions"][one]["air_s"] == 60
    assert show.no("question:clear").code == "conflict"


def test_the_queue_is_ordered_by_hand(show: Show) -> None:
    one, two, three = (show.queued() for _ in range(3))
    show.mod("question:move", question=three, before=one)
    assert show.state.queue == (three, one, two)
    show.mod("question:move", question=three, before=None)
    assert show.state.queue == (one, two, three)
    before = show.state
    show.mod("question:move", question=two, before=two)
    show.mod("question:move", question=three, before=None)
    assert show.state is before
    public = show.public()
    assert show.no("question:move", question=two, before=public).code == "conflict"
    assert show.no("question:move", question=two, before="q99").code == "not_found"
    assert show.no("question:move", question=public, before=two).code == "conflict"


def test_the_whole_queue_is_ordered_in_one_action_and_taken_back_in_one(show: Show) -> None:
    one, two, three, four = (show.queued() for _ in range(4))
    show.mod("question:order", questions=[three, one])
    assert show.state.queue == (three, one, two, four)
    before = show.state
    show.mod("question:order", questions=[three, one, two])
    assert show.state is before
    show.mod("question:order", questions=[four, two, one, three])
    show.mod("undo")
    assert show.state.queue == (three, one, two, four)
    public = show.public()
    assert show.no("question:order", questions=[public, one]).code == "conflict"
    show.mod("question:order", questions=[four, two, one, three])
    show.mod("question:queue", question=public)
    assert show.no("undo", of=show.state.deeds[-2].seq).code == "conflict"


@pytest.mark.parametrize("move", ["unqueue", "dismiss", "answer", "air"])
def test_what_leaves_the_queue_leaves_a_gap_for_nobody(show: Show, move: str) -> None:
    one, two, three = (show.queued() for _ in range(3))
    show.mod(f"question:{move}", question=two)
    assert show.state.queue == (one, three)


@pytest.mark.parametrize(("state", "back"), [("review", "review"), ("public", "public"), ("queued", "public"),
                                             ("live", "public"), ("answered", "public")])  # fmt: skip
def test_restore_gives_back_the_state_before_but_not_the_place(show: Show, state: str, back: str) -> None:
    question = show.in_state(state)
    show.mod("question:dismiss", question=question)
    show.mod("question:restore", question=question)
    assert show.q(question).state == back
    assert (show.state.queue, show.state.live) == ((), None)
    assert show.q(question).reason == ""


def test_an_answer_in_writing_is_published_and_can_be_written_later(show: Show) -> None:
    question = show.public()
    show.mod("question:answer", question=question, text="Yes, they do.")
    assert show.view("attendee")["questions"][question]["answer"] == "Yes, they do."
    at = show.q(question).answered_at
    show.now += MINUTE
    show.mod("question:answer", question=question, text="Yes, most of them do.")
    assert show.q(question).answer == "Yes, most of them do."
    assert show.q(question).answered_at == at
    assert show.no("question:answer", question=question).code == "conflict"
    ledger = show.view()["ledger"]
    assert (ledger["on_air"], ledger["in_writing"]) == (0, 1)


def test_a_speakers_draft_is_seen_by_moderators_only_until_it_is_published(show: Show) -> None:
    question = show.public()
    show.speaker("talk1", "question:draft", question=question, text="Because of [the rain].")
    assert show.view()["questions"][question]["draft"] == "Because of [the rain]."
    for role in ("attendee", "speaker", "screen"):
        assert "[the rain]" not in str(show.view(role, slot="talk1"))
    show.mod("question:answer", question=question, text="Because of [the rain].")
    assert "draft" not in show.view()["questions"][question]


def test_offers_are_kept_by_slot(show: Show) -> None:
    question = show.public()
    for slot in ("talk1", "talk2", "talk1"):
        show.speaker(slot, "question:offer", question=question)
    assert set(show.view()["questions"][question]["offers"]) == {"talk1", "talk2"}
    show.speaker("talk2", "question:offer", question=question, offer=False)
    assert show.view()["questions"][question]["offers"] == ["talk1"]


# ---- what moderators note ----


def test_a_moderators_edit_keeps_place_and_votes_and_the_first_wording(show: Show) -> None:
    question = show.queued(ADA)
    first = show.q(question).text
    show.att(BEN, "question:vote", question=question)
    show.mod("question:edit", question=question, text="Once better?")
    show.mod("question:edit", question=question, text="Twice better?")
    edited = show.view()["questions"][question]
    assert (edited["text"], edited["original"], edited["edited"], edited["votes"], edited["state"]) == (
        "Twice better?", first, True, 1, "queued",
    )  # fmt: skip
    assert "original" not in show.view("attendee")["questions"][question]


def test_labels_stars_and_reasons_are_never_seen_by_attendees(show: Show) -> None:
    question = show.public(ADA)
    show.mod("question:label", question=question, labels=["[hard]", "[hard]", "[legal]"])
    show.mod("question:star", question=question)
    assert show.view()["questions"][question]["labels"] == ["[hard]", "[legal]"]
    for role in ("attendee", "speaker", "screen"):
        view = show.view(role, slot="talk1", attendee=ADA if role == "attendee" else None)
        assert "[hard]" not in str(view)
        assert "starred" not in view["questions"][question]


def test_labels_are_set_added_and_removed(show: Show) -> None:
    one, two = show.public(ADA), show.public(BEN)
    show.mod("question:label", question=one, labels=["hard"])
    show.mod("question:label", questions=[one, two], labels=["legal", "hard"], how="add")
    assert (show.q(one).labels, show.q(two).labels) == (("hard", "legal"), ("legal", "hard"))
    show.mod("question:label", questions=[one, two], labels=["legal", "none"], how="remove")
    assert (show.q(one).labels, show.q(two).labels) == (("hard",), ("hard",))
    show.mod("question:label", question=one, labels=[f"l{n}" for n in range(20)])
    refused = show.mod("question:label", questions=[one, two], labels=["more"], how="add")["refused"]
    assert list(refused) == [one]
    assert show.q(two).labels == ("hard", "more")


def test_a_dismissed_question_tells_its_author_why_and_nobody_else(show: Show) -> None:
    question = show.public(ADA)
    show.mod("question:dismiss", question=question, reason="[Asked before]")
    assert show.view("attendee", attendee=ADA)["me"]["questions"][question]["reason"] == "[Asked before]"
    for role in ("attendee", "speaker", "screen"):
        assert "[Asked before]" not in str(show.view(role, slot="talk1", attendee=BEN if role == "attendee" else None))


def test_a_question_gets_its_own_budget(show: Show) -> None:
    question = show.public()
    show.mod("question:budget", question=question, seconds=90)
    assert show.view("attendee")["questions"][question]["budget_s"] == 90
    show.mod("question:budget", question=question, seconds=None)
    assert "budget_s" not in show.view("attendee")["questions"][question]


def test_whoever_is_called_up_is_so_until_the_question_is_over(show: Show) -> None:
    question = show.queued()
    show.mod("question:call", question=question)
    assert show.view("attendee")["call"] == question
    show.mod("question:air", question=question)
    assert show.state.call == question
    show.mod("question:answer", question=question)
    assert "call" not in show.view("attendee")
    other = show.public()
    show.mod("question:call", question=other)
    show.mod("question:uncall")
    assert show.state.call is None


# ---- many at once ----


def test_those_that_can_do_and_the_others_are_named_with_their_reasons(show: Show) -> None:
    review, public, gone = show.ask(), show.public(), show.in_state("withdrawn")
    answer = show.mod("question:approve", questions=[review, public, gone, "q99", review])
    assert show.q(review).state == "public"
    assert {id: refused.code for id, refused in answer["refused"].items()} == {
        public: "conflict", gone: "conflict", "q99": "not_found",
    }  # fmt: skip


def test_a_bulk_of_good_ones_names_none(show: Show) -> None:
    ids = [show.ask() for _ in range(5)]
    assert show.mod("question:queue", questions=ids) == {}
    assert show.state.queue == tuple(ids)
    assert show.mod("question:dismiss", questions=ids, reason="Late") == {}
    assert show.state.queue == ()


def test_one_or_many_must_be_named_and_not_both(show: Show) -> None:
    question = show.ask()
    assert show.no("question:approve").code == "invalid"
    assert show.no("question:approve", question=question, questions=[question]).code == "invalid"


def test_what_is_wrong_with_all_is_invalid(show: Show) -> None:
    ids = [show.public(), show.public()]
    assert show.no("question:dismiss", questions=ids, reason="x" * 501).field == "reason"


def test_instants_and_lengths_are_integers(show: Show) -> None:
    show.now = T0 + 1
    question = show.in_state("answered")
    one = show.view()["questions"][question]
    for name in ("asked_at", "aired_at", "answered_at", "air_s"):
        assert type(one[name]) is int, name
