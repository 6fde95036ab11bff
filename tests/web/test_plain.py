"""The webinar without scripts: plain HTML asks, votes and says what became of each question."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.web.world import SLUG, Visitor, World

PAGE = f"/w/{SLUG}?plain=1"


class Form(HTMLParser):
    """The fields of the form that goes to `action`, as a browser would send them."""

    def __init__(self, html: str, action: str) -> None:
        super().__init__()
        self.action = action
        self.fields: dict[str, str] = {}
        self._inside = False
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self.action and not self.fields
        if not self._inside:
            return
        name = given.get("name") or ""
        if tag == "input" and given.get("type") != "checkbox":
            self.fields[name] = given.get("value") or ""
        elif tag == "input" and "checked" in given:
            self.fields[name] = given.get("value") or "on"
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select
        self._inside = self._inside and tag != "form"

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            # A browser drops the one newline right after <textarea>.
            self.fields[self._area] += data.removeprefix("\n")


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def _ask(who: Visitor, text: str = "What does it cost?", **fields: str) -> Any:
    form = Form(who.get(PAGE).get_data(as_text=True), f"/w/{SLUG}/ask")
    return who.post(form.action, data={**form.fields, "text": text, **fields})


def test_the_page_says_what_is_on_and_what_comes(world: World) -> None:
    moderator = world.program("moderator")
    assert moderator.command("timer:start").status_code == 200
    text = _text(world.browser("attendee").get(PAGE))
    assert "<b>Welcome</b>" in text
    assert "minutes left" in text
    assert "Bi-Rex" in text
    assert 'aria-current="true"' in text


def test_a_question_is_asked_and_its_way_is_shown(world: World) -> None:
    who = world.browser()
    answer = _ask(who, name="Ada", to=next(iter(world.room.state.speakers)), aloud="1")
    assert answer.status_code == 303
    page = _text(who.get(answer.headers["Location"]))
    assert "Your question has arrived" in page
    assert "Received, a moderator reads it" in page
    (question,) = world.room.state.questions.values()
    assert (question.text, question.name, question.aloud) == ("What does it cost?", "Ada", True)
    assert question.to == tuple(world.room.state.speakers)
    moderator = world.program("moderator")
    for command, words in (
        ("question:approve", "Public, others can vote"),
        ("question:queue", "In the queue, number 1"),
        ("question:air", "On air: your question"),
        ("question:clear", "In the queue, number 1"),
    ):
        assert moderator.command(command, **({} if command.endswith("clear") else {"question": question.id})).json["ok"]
        assert words in _text(who.get(PAGE))
    assert moderator.command("question:answer", question=question.id, text="About two euros.").json["ok"]
    page = _text(who.get(PAGE))
    assert "Answered in writing" in page
    assert "About two euros." in page


def test_a_reason_is_told(world: World) -> None:
    who = world.browser()
    _ask(who)
    assert world.program("moderator").command("question:dismiss", question="q1", reason="Asked before").json["ok"]
    assert "Not taken up: “Asked before”" in _text(who.get(PAGE))


def test_others_do_not_see_what_is_not_public(world: World) -> None:
    _ask(world.browser(), "What is secret?")
    other = world.browser()
    assert "What is secret?" not in _text(other.get(PAGE))
    assert world.program("moderator").command("question:approve", question="q1").json["ok"]
    assert "What is secret?" in _text(other.get(PAGE))


def test_a_refused_question_keeps_what_was_typed(world: World) -> None:
    who = world.browser()
    text = "Wort <b>fett</b> " * 40
    answer = _ask(who, text, name="Ada & Co", aloud="1")
    assert answer.status_code == 400
    form = Form(answer.get_data(as_text=True), f"/w/{SLUG}/ask")
    assert form.fields["text"] == text
    assert form.fields["name"] == "Ada & Co"
    assert form.fields["aloud"] == "1"
    assert "Too long by" in _text(answer)
    assert "<b>fett</b>" not in answer.get_data(as_text=True)
    assert not world.room.state.questions


def test_the_same_form_sent_twice_is_one_question(world: World) -> None:
    who = world.browser()
    form = Form(who.get(PAGE).get_data(as_text=True), f"/w/{SLUG}/ask")
    for _ in range(2):
        assert who.post(form.action, data={**form.fields, "text": "Once?"}).status_code == 303
    assert len(world.room.state.questions) == 1
    assert _ask(who, "Once?").status_code == 303
    assert len(world.room.state.questions) == 2


def test_the_form_of_the_page_with_scripts_asks_once_as_well(world: World) -> None:
    who = world.browser()
    form = Form(who.get(f"/w/{SLUG}").get_data(as_text=True), f"/w/{SLUG}/ask")
    for _ in range(2):
        assert who.post(form.action, data={**form.fields, "text": "Once?"}).status_code == 303
    assert len(world.room.state.questions) == 1


def test_going_back_to_a_form_and_asking_something_else_is_another_question(world: World) -> None:
    who = world.browser()
    form = Form(who.get(PAGE).get_data(as_text=True), f"/w/{SLUG}/ask")
    for text in ("First?", "Second?"):
        assert who.post(form.action, data={**form.fields, "text": text}).status_code == 303
    questions = sorted(world.room.state.questions.values(), key=lambda one: one.n)
    assert [one.text for one in questions] == ["First?", "Second?"]
    odd = who.post(form.action, data={"id": "!", "text": "With a strange id?"})
    assert odd.status_code == 303


def test_closed_questions_are_refused_and_the_page_says_why(world: World) -> None:
    who = world.browser()
    form = Form(who.get(PAGE).get_data(as_text=True), f"/w/{SLUG}/ask")
    world.program("moderator").command("qa:close")
    page = who.get(PAGE).get_data(as_text=True)
    assert not Form(page, f"/w/{SLUG}/ask").fields
    assert "Questions are closed for the moment." in page
    late = who.post(form.action, data={**form.fields, "text": "Too late?"})
    assert late.status_code == 409
    assert "Too late?" in late.get_data(as_text=True)


def test_a_vote_is_given_and_taken_back(world: World) -> None:
    _ask(world.browser())
    world.program("moderator").command("question:approve", question="q1")
    who = world.browser()
    for votes, button in ((1, "Vote"), (0, "Take the vote back"), (1, "Vote")):
        page = who.get(PAGE).get_data(as_text=True)
        form = Form(page, f"/w/{SLUG}/vote")
        assert f">{button}</button>" in page
        assert who.post(form.action, data=form.fields).status_code == 303
        assert world.room.state.questions["q1"].votes == votes


def test_a_vote_for_nothing_is_refused_on_the_page(world: World) -> None:
    answer = world.browser("attendee").post(f"/w/{SLUG}/vote", data={"question": "q99"})
    assert answer.status_code == 404
    assert "<h1>" in answer.get_data(as_text=True)


def test_who_asks_without_a_cookie_becomes_an_attendee(world: World) -> None:
    who = world.browser()
    answer = who.post(f"/w/{SLUG}/ask", data={"text": "Am I somebody?"})
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "Am I somebody?" in _text(who.get(PAGE))


def test_forms_say_where_they_come_from(world: World) -> None:
    answer = world.browser("attendee").get(PAGE)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="referrer" content="same-origin">' in answer.get_data(as_text=True)


def test_a_name_is_asked_for_as_the_host_wishes(world: World) -> None:
    moderator = world.program("moderator")
    who = world.browser("attendee")
    assert "Your name, if you like" in _text(who.get(PAGE))
    moderator.command("settings:change", names="required")
    assert "Your name, if you like" not in _text(who.get(PAGE))
    refused = _ask(who, "Who am I?")
    assert refused.status_code == 400
    moderator.command("settings:change", names="off")
    assert "Your name" not in _text(who.get(PAGE))


def test_a_rehearsal_is_called_one(make: Callable[..., World]) -> None:
    assert "Rehearsal" not in _text(make().browser("attendee").get(PAGE))
    world = make(now=1_594_103_400_000)
    assert "Rehearsal. Nobody outside sees this." in _text(world.browser("attendee").get(PAGE))


@pytest.mark.parametrize("typed", ['"><script>alert(1)</script>', "{{ 7 * 7 }}", "</textarea><b>out</b>"])
def test_typed_text_stays_text(world: World, typed: str) -> None:
    who = world.browser()
    _ask(who, typed, name=typed[:80])
    world.program("moderator").command("question:approve", question="q1")
    for visitor in (who, world.browser("attendee")):
        page = visitor.get(PAGE).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<b>out</b>" not in page
        assert "49" not in re.findall(r"<p[^>]*>(.*?)</p>", page)
