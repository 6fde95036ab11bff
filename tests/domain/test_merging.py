"""Votes, and questions that are merged: the union of the voters, chains, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from .show import ADA, BEN, Show


@pytest.fixture
def show() -> Show:
    return Show()


# ---- votes ----


def test_votes_count_each_voter_once_and_repeating_changes_nothing(show: Show) -> None:
    question = show.public(ADA)
    for voter in (BEN, BEN, "cid"):
        show.att(voter, "question:vote", question=question)
    assert show.q(question).votes == 2
    before = show.state
    show.att("dot", "question:unvote", question=question)
    show.att(BEN, "question:vote", question=question)
    assert show.state is before
    show.att(BEN, "question:unvote", question=question)
    assert show.q(question).votes == 1
    assert show.view("attendee", attendee=BEN)["me"]["votes"] == {}


def test_nobody_votes_on_or_flags_their_own(show: Show) -> None:
    question = show.public(ADA)
    for move in ("question:vote", "question:unvote", "question:flag"):
        assert show.refused("attendee", ADA, move, question=question).code == "forbidden"


def test_flags_are_counted_once_each_and_seen_by_moderators_only(show: Show) -> None:
    question = show.public(ADA)
    for voter in (BEN, BEN, "cid"):
        show.att(voter, "question:flag", question=question)
    assert show.view()["questions"][question]["flags"] == 2
    for role in ("attendee", "speaker", "screen"):
        assert "flags" not in show.view(role)["questions"][question]


# ---- merging ----


def test_votes_of_merged_questions_are_the_union_of_the_voters(show: Show) -> None:
    one, two = show.public("author1"), show.public("author2")
    for voter, question in ((ADA, one), (ADA, two), (BEN, two), ("cid", one)):
        show.att(voter, "question:vote", question=question)
    show.mod("question:merge", question=two, into=one)
    assert show.q(one).votes == 3
    assert show.view()["counts"]["votes"] == 3
    assert show.view("attendee", attendee=ADA)["me"]["votes"] == {one: True}
    show.mod("question:unmerge", question=two)
    assert (show.q(one).votes, show.q(two).votes) == (2, 2)
    assert show.view("attendee", attendee=ADA)["me"]["votes"] == {one: True, two: True}


def test_a_vote_on_a_merged_question_counts_for_its_target(show: Show) -> None:
    one, two = show.public("author1"), show.public("author2")
    show.mod("question:merge", question=two, into=one)
    show.att(ADA, "question:vote", question=two)
    show.att(ADA, "question:vote", question=one)
    assert (show.q(one).votes, show.q(two).votes) == (1, 0)
    show.att(ADA, "question:unvote", question=two)
    assert show.q(one).votes == 0
    assert show.refused("attendee", "author1", "question:vote", question=two).code == "forbidden"


def test_taking_a_vote_back_from_the_target_takes_it_from_the_merged_ones(show: Show) -> None:
    one, two = show.public("author1"), show.public("author2")
    show.att(ADA, "question:vote", question=two)
    show.mod("question:merge", question=two, into=one)
    show.att(ADA, "question:unvote", question=one)
    show.mod("question:unmerge", question=two)
    assert (show.q(one).votes, show.q(two).votes) == (0, 0)


def test_its_author_follows_what_it_was_merged_into_wherever_that_stands(show: Show) -> None:
    target, mine = show.ask(ADA, "First?"), show.ask(BEN, "Second?")
    show.mod("question:merge", question=mine, into=target)

    def followed() -> Any:
        return show.view("attendee", attendee=BEN)["me"]["questions"][mine].get("followed")

    assert followed() is None  # what is in review is nobody's business
    show.mod("question:queue", question=target)
    assert followed() == {"text": "First?", "state": "queued"}
    show.mod("question:edit", question=target, text="Better?")
    show.mod("question:next")
    assert followed() == {"text": "Better?", "state": "live"}
    show.mod("question:dismiss", question=target)
    assert followed() is None


def test_chains_are_flattened_and_cycles_are_a_conflict(show: Show) -> None:
    one, two, three = (show.public(f"author{n}") for n in range(3))
    show.mod("question:merge", question=two, into=one)
    show.mod("question:merge", question=three, into=two)
    assert set(show.q(one).merged) == {two, three}
    assert show.q(three).merged_into == one
    assert show.no("question:merge", question=one, into=one).code == "conflict"
    assert show.no("question:merge", question=one, into=three).code == "conflict"
    four = show.public("author4")
    show.mod("question:merge", question=one, into=four)
    assert set(show.q(four).merged) == {one, two, three}
    assert {show.q(id).merged_into for id in (one, two, three)} == {four}
    assert show.view()["questions"][four]["merged"] == 3


@pytest.mark.parametrize("state", ["review", "public", "queued"])
def test_unmerging_gives_back_what_was(show: Show, state: str) -> None:
    question, target = show.in_state(state), show.public(BEN)
    if state != "review":
        show.att("cid", "question:vote", question=question)
    before = show.q(question)
    show.mod("question:merge", question=question, into=target)
    assert question not in show.state.queue
    show.mod("question:unmerge", question=question)
    after = show.q(question)
    assert (after.state, after.votes, after.text, after.merged_into) == (state, before.votes, before.text, None)
    assert show.q(target).merged == ()


def test_merged_ones_follow_their_target_into_dismissal_and_back(show: Show) -> None:
    merged, target = show.public(ADA), show.public(BEN)
    show.mod("question:merge", question=merged, into=target)
    show.mod("question:dismiss", question=target, reason="Off topic")
    assert show.view()["questions"][merged]["state"] == "dismissed"
    mine = show.view("attendee", attendee=ADA)["me"]["questions"][merged]
    assert (mine["state"], mine["reason"], mine["merged_into"]) == ("dismissed", "Off topic", target)
    show.mod("question:restore", question=target)
    assert show.view()["questions"][merged]["state"] == "merged"


def test_when_the_target_is_withdrawn_the_merged_ones_stand_on_their_own_again(show: Show) -> None:
    target = show.public("target")
    review, public, queued = show.ask(ADA), show.public(ADA), show.queued(ADA)
    for question in (review, public, queued):
        show.mod("question:merge", question=question, into=target)
    show.att("target", "question:withdraw", question=target)
    assert [show.q(id).state for id in (review, public, queued)] == ["review", "public", "public"]
    assert {show.q(id).merged_into for id in (review, public, queued)} == {None}


def test_nothing_is_merged_into_what_is_gone(show: Show) -> None:
    question = show.public()
    for state in ("dismissed", "withdrawn"):
        assert show.no("question:merge", question=question, into=show.in_state(state)).code == "conflict"
    assert show.no("question:merge", question=question, into="q99").code == "not_found"


def test_a_target_that_was_edited_under_the_finger_is_a_conflict(show: Show) -> None:
    one, two = show.public(ADA), show.public(BEN)
    seen = show.state.seq
    show.mod("question:edit", question=two, text="Something else altogether?")
    assert show.no("question:merge", question=one, into=two, base=seen).code == "conflict"
