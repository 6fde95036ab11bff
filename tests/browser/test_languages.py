"""The attendee's page in other languages: its words, the server's, and room for long ones."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Connect
from tests.support.browser import Pages
from tests.support.client import Client
from tests.support.server import Server

pytestmark = pytest.mark.browser

Phone = Callable[[str], Page]


@pytest.fixture
def moderator(server: Server, connect: Connect) -> Client:
    return connect(server, "moderator")


@pytest.fixture
def phone(server: Server, pages: Pages) -> Phone:
    """The attendee's link on a phone of 320 px that prefers a language."""

    def phone(lang: str) -> Page:
        page = pages.open(server.links["attendee"], size="small", locale=lang)
        expect(page.get_by_role("tab").first).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        return page

    return phone


@pytest.mark.parametrize(
    ("lang", "ask", "send", "empty", "too_long"),
    [
        (
            "pl",
            "Zadaj pytanie",
            "Wyślij",
            "Najpierw proszę wpisać pytanie.",
            {1: "O 1 znak za długie", 3: "O 3 znaki za długie", 5: "O 5 znaków za długie"},
        ),
        (
            "ca",
            "Fer una pregunta",
            "Enviar",
            "Escriviu abans la vostra pregunta.",
            {1: "Sobra 1 caràcter", 3: "Sobren 3 caràcters"},
        ),
    ],
)
def test_an_error_is_said_in_the_language_of_the_phone(
    phone: Phone, moderator: Client, lang: str, ask: str, send: str, empty: str, too_long: dict[int, str]
) -> None:
    longest = int((moderator.view or {})["webinar"]["settings"]["max_length"])
    page = phone(lang)
    page.get_by_role("button", name=ask).click()
    dialog = page.get_by_role("dialog", name=ask)
    dialog.get_by_role("button", name=send).click()
    expect(dialog.get_by_role("alert")).to_have_text(empty)

    for over, said in too_long.items():
        dialog.get_by_role("textbox").first.fill("a" * (longest + over))
        expect(dialog.get_by_role("alert")).to_have_text(said)


def test_a_refusal_of_the_server_is_said_in_the_language_of_who_asks(server: Server, connect: Connect) -> None:
    said = {lang: connect(server, "attendee", lang=lang).send("question:ask", {"text": " "}) for lang in ("pl", "ca")}
    assert {lang: ack["error"]["message"] for lang, ack in said.items()} == {
        "pl": "Najpierw proszę coś napisać.",
        "ca": "Escriviu alguna cosa abans.",
    }


def test_an_unknown_code_is_answered_in_the_language_of_the_phone(server: Server, pages: Pages) -> None:
    pages.expect("404")
    page = pages.open(f"{server.base}/j/XXXXX", size="small", locale="pl")
    expect(page.get_by_text("Żaden webinar nie ma tego kodu.")).to_be_visible()


@pytest.mark.parametrize("lang", ["de", "fr", "pl"])
def test_long_words_fit_on_a_small_phone(
    phone: Phone, server: Server, connect: Connect, moderator: Client, lang: str
) -> None:
    other = connect(server, "attendee")
    asked = other.do("question:ask", {"text": "Who pays for the pilot line after the first year?"})
    question = str(asked["question"]["id"])
    moderator.do("question:approve", {"question": question})
    moderator.do("question:queue", {"question": question})
    moderator.do("timer:start", {})

    page = phone(lang)
    expect(page.locator(".pq")).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert_it_fits(page)
    page.get_by_role("tab").first.click()
    words = page.get_by_role("tab").evaluate_all(
        """tabs => tabs.map(tab => {
            const word = document.createRange()
            word.selectNodeContents(tab)
            const {left, right} = word.getBoundingClientRect()
            return {left, right}
        })"""
    )
    gaps = [after["left"] - before["right"] for before, after in pairwise(words)]
    assert min(gaps) >= 8, f"the names of the tabs run into each other: {gaps}"
    page.locator(".tabs .more").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_it_fits(page)
    cut = page.get_by_role("dialog").evaluate(
        "box => [...box.querySelectorAll('button')].filter(one => one.getBoundingClientRect().right"
        " > box.getBoundingClientRect().right).map(one => one.textContent)"
    )
    assert not cut, f"cut off: {cut}"


def assert_it_fits(page: Page) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
