"""Around the questions: settings, messages, signals, shows of hands."""

from __future__ import annotations

import pytest

from .show import ADA, BEN, Show


@pytest.fixture
def show() -> Show:
    return Show()


# ---- settings ----


def test_settings_change_in_part(show: Show) -> None:
    show.mod("settings:change", moderation="post")
    show.mod("settings:change", names="required", max_length=500, each_s=90)
    settings = show.view("attendee")["webinar"]["settings"]
    assert (settings["moderation"], settings["names"], settings["max_length"]) == ("post", "required", 500)
    assert show.view()["qa"]["moderation"] == "post"
    assert show.view()["queue"]["each_s"] == 90
    show.mod("settings:change", each_s=None)
    assert "each_s" not in show.view()["webinar"]["settings"]
    before = show.state
    show.mod("settings:change", names="required")
    show.mod("settings:change")
    assert show.state is before


def test_texts_of_automatic_messages_are_texts(show: Show) -> None:
    show.mod("settings:change", warn_text="  Two minutes\u202e left ")
    assert show.state.settings.warn_text == "Two minutes left"
    assert show.no("settings:change", over_text=" ").field == "over_text"


def test_post_moderation_lets_what_waits_wait(show: Show) -> None:
    waiting = show.ask()
    show.mod("settings:change", moderation="post")
    assert show.q(waiting).state == "review"


# ---- messages ----


def test_a_message_reaches_whom_it_is_for(show: Show) -> None:
    def readers() -> set[str]:
        views = {
            "talk1": show.view("speaker", slot="talk1"),
            "talk2": show.view("speaker", slot="talk2"),
            "moderator": show.view(),
            "attendee": show.view("attendee", attendee=ADA),
            "screen": show.view("screen"),
        }
        return {name for name, view in views.items() if "message" in view}

    show.mod("message:send", text="Louder")
    assert readers() == {"talk1", "talk2", "moderator"}
    show.mod("message:send", text="Louder", to="talk2", level="urgent")
    assert readers() == {"talk2", "moderator"}
    show.mod("message:send", text="We go on in a minute", to="all")
    assert readers() == {"talk1", "talk2", "moderator", "attendee", "screen"}
    show.mod("message:clear")
    assert readers() == set()
    before = show.state
    show.mod("message:clear")
    assert show.state is before


def test_a_new_message_is_another_one_and_nobody_has_seen_it(show: Show) -> None:
    show.mod("message:send", text="Louder")
    first = show.state.message
    assert first is not None
    show.speaker("talk1", "message:seen", message=first.id)
    assert show.view()["message"]["seen"] == {"talk1": show.now}
    show.mod("message:send", text="Louder")
    second = show.view()["message"]
    assert second["id"] != first.id
    assert second["seen"] == {}
    assert show.refused("speaker", "s", "message:seen", at_slot="talk1", message=first.id).code == "not_found"


def test_a_speaker_sees_only_what_was_meant_for_them(show: Show) -> None:
    show.mod("message:send", text="Louder", to="talk2")
    assert show.state.message is not None
    id = show.state.message.id
    assert show.refused("speaker", "s", "message:seen", at_slot="talk1", message=id).code == "not_found"
    show.speaker("talk2", "message:seen", message=id)
    at = show.view()["message"]["seen"]["talk2"]
    show.now += 1000
    show.speaker("talk2", "message:seen", message=id)
    assert show.view()["message"]["seen"]["talk2"] == at


def test_a_message_needs_a_text_and_somebody_to_read_it(show: Show) -> None:
    assert show.no("message:send", text=" \n ").field == "text"
    assert show.no("message:send", text="x" * 281).field == "text"
    assert show.no("message:send", text="x", to="nowhere").code == "not_found"


# ---- signals ----


def test_a_signal_is_shown_to_moderators_and_to_who_gave_it(show: Show) -> None:
    show.speaker("talk1", "speaker:signal", signal="more_time")
    assert show.view()["signals"] == {"talk1": {"signal": "more_time", "at": show.now}}
    assert show.view("speaker", slot="talk1")["signals"] == show.view()["signals"]
    assert show.view("speaker", slot="talk2")["signals"] == {}
    assert "signals" not in show.view("attendee")
    assert "signals" not in show.view("screen")
    show.speaker("talk1", "speaker:signal", signal="none")
    assert show.view()["signals"] == {}
    before = show.state
    show.speaker("talk1", "speaker:signal", signal="none")
    assert show.state is before


def test_a_link_of_no_slot_gives_no_signal(show: Show) -> None:
    assert show.refused("speaker", "speaker", "speaker:signal", signal="ready").code == "forbidden"


# ---- shows of hands ----


def test_hands_are_counted_and_can_change_until_it_is_closed(show: Show) -> None:
    show.mod("hands:ask", text="Who has mosses?", answers=["I do", "Not yet", "Never"])
    for attendee, answer in ((ADA, 0), (BEN, 1), ("cid", 1), (BEN, 0), (BEN, 0)):
        show.att(attendee, "hands:answer", answer=answer)
    hands = show.view("screen")["hands"]
    assert (hands["counts"], hands["open"]) == ([2, 1, 0], True)
    assert show.view("attendee", attendee=BEN)["me"]["hand"] == 0
    assert "hand" not in show.view("attendee", attendee="dot")["me"]
    show.mod("hands:close")
    assert show.view("screen")["hands"]["open"] is False
    assert show.refused("attendee", ADA, "hands:answer", answer=1).code == "closed"
    assert show.no("hands:close").code == "conflict"


def test_a_new_show_of_hands_puts_the_last_one_away(show: Show) -> None:
    show.mod("hands:ask", text="First?", answers=["Yes", "No"])
    show.att(ADA, "hands:answer", answer=1)
    show.mod("hands:ask", text="Second?", answers=["Yes", "No"])
    assert "hand" not in show.view("attendee", attendee=ADA)["me"]
    view = show.view()
    assert view["hands"]["counts"] == [0, 0]
    assert [(past["text"], past["counts"], past["open"]) for past in view["hands_past"]] == [("First?", [0, 1], False)]
    assert "hands_past" not in show.view("attendee")


def test_answers_are_two_to_five_that_differ(show: Show) -> None:
    assert show.no("hands:ask", text="x?", answers=["Yes", " yes "]).field == "answers"
    assert show.no("hands:ask", text="x?", answers=["Yes", ""]).field == "answers"
    show.mod("hands:ask", text="x?", answers=["Yes", "No"])
    assert show.refused("attendee", ADA, "hands:answer", answer=2).field == "answer"


def test_there_is_nothing_to_answer_when_nothing_was_asked(show: Show) -> None:
    assert show.refused("attendee", ADA, "hands:answer", answer=0).code == "not_found"
    assert show.no("hands:close").code == "conflict"


# ---- opening and closing ----


def test_the_mode_of_the_questions_is_set_once(show: Show) -> None:
    for type, mode, state in (
        ("qa:close", "closed", "closed"),
        ("qa:open", "open", "open"),
        ("qa:auto", "auto", "open"),
    ):
        show.mod(type)
        assert (show.view("attendee")["qa"]["mode"], show.view("attendee")["qa"]["state"]) == (mode, state)
        before = show.state
        show.mod(type)
        assert show.state is before
