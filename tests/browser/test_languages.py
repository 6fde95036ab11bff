"""The attendee's page in other languages: its words, the server's, and room for long ones."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Connect
from tests.support.browser import Pages
from tests.support.server import Server

pytestmark = pytest.mark.browser

Phone = Callable[[str], Page]


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
        ("pl", "Zadaj pytanie", "Wyślij", "Najpierw proszę wpisać pytanie.", r"^O (3 znaki|5 znaków) za długie"),
        ("ca", "Fer una pregunta", "Enviar", "Escriviu abans la vostra pregunta.", r"^Sobren (3|5) caràcters"),
    ],
)
def test_an_error_is_said_in_the_language_of_the_phone(
    phone: Phone, server: Server, connect: Connect, lang: str, ask: str, send: str, empty: str, too_long: str
) -> None:
    longest = int(connect(server, "attendee").view["settings"]["max_length"])
    page = phone(lang)
    page.get_by_role("button", name=ask).click()
    dialog = page.get_by_role("dialog", name=ask)
    dialog.get_by_role("button", name=send).click()
    expect(dialog.get_by_text(empty)).to_be_visible()

    text = dialog.get_by_role("textbox").first
    for over in (3, 5):
        text.fill("a" * (longest + over))
        expect(dialog.get_by_text(re.compile(too_long))).to_contain_text(str(over))


def test_a_refusal_of_the_server_is_said_in_the_language_of_the_phone(
    phone: Phone, server: Server, connect: Connect
) -> None:
    page = phone("pl")
    page.get_by_role("button", name="Zadaj pytanie").click()
    dialog = page.get_by_role("dialog", name="Zadaj pytanie")
    # a character that only the server looks for
    dialog.get_by_role("textbox").first.fill("Kto p\u202eaci?\ud800" if False else "Kto płaci?\u0007")
    dialog.get_by_role("button", name="Wyślij").click()
    expect(page.get_by_text("Ten tekst zawiera znaki, których nie można zapisać.")).to_be_visible()


@pytest.mark.parametrize("lang", ["de", "fr", "pl"])
def test_long_words_fit_on_a_small_phone(phone: Phone, server: Server, connect: Connect, lang: str) -> None:
    moderator, other = connect(server, "moderator"), connect(server, "attendee")
    question = str(other.do("question:ask", {"text": "Who pays for the pilot line after the first year?"})["question"]["id"])
    moderator.do("question:approve", {"question": question})
    moderator.do("question:queue", {"question": question})
    moderator.do("timer:start", {})

    page = phone(lang)
    expect(page.locator(".pq")).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
        assert_it_fits(page)
    page.get_by_role("tab").first.click()
    words = [tab.evaluate("tab => { const words = document.createRange(); words.selectNodeContents(tab);"
                          " return words.getBoundingClientRect().toJSON() }") for tab in page.get_by_role("tab").all()]
    gaps = [after["left"] - before["right"] for before, after in zip(words, words[1:], strict=False)]
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
