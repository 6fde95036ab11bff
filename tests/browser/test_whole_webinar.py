"""A webinar from start to end with nothing but its pages: phones, the dashboard, a speaker's screen, the projector."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Pages, until
from tests.support.server import Server

pytestmark = pytest.mark.browser

TEXT = "Which solvent streams could Chemelot take in today?"
SECOND = "Who pays for the analysis of the streams?"
AWAY = r"ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|WebSocket connection|ERR_EMPTY_RESPONSE"


def ask(phone: Page, text: str) -> None:
    phone.get_by_role("button", name="Ask a question").click()
    phone.get_by_role("textbox", name="Your question").fill(text)
    phone.get_by_role("button", name="Send").click()
    expect(phone.locator(".mine", has_text=text)).to_contain_text("Received, a moderator reads it")


def shown_seconds(page: Page, selector: str) -> int:
    minutes, seconds = page.locator(selector).first.inner_text().strip().split("\n")[0].split(":")
    return int(minutes) * 60 + int(seconds)


@pytest.mark.two_workers
def test_a_whole_webinar_on_four_pages(server: Server, pages: Pages) -> None:
    links = server.links
    talk = list(links["speakers"])[2]
    desk = pages.open(links["moderator"], size="desktop")
    phone = pages.open(links["attendee"], size="phone")
    other = pages.open(links["attendee"], size="phone")
    speaker = pages.open(links["speakers"][talk], size="projector")
    screen = pages.open(links["screen"], size="projector")
    controls = desk.get_by_role("group", name="Controls of the clock")

    # the agenda runs, and every page shows the same slot
    controls.get_by_role("button", name="Start").click()
    expect(phone.locator(".nowstrip h1")).to_have_text("Welcome participants")
    expect(screen.locator(".scr-list .now")).to_contain_text("Welcome participants")
    for title in ("Introduction", "Bi-Rex project"):
        controls.get_by_role("button", name="Start next").click()
        expect(desk.locator(".clock h2")).to_contain_text(title)
    expect(phone.locator(".nowstrip h1")).to_contain_text("Bi-Rex project")
    expect(speaker.locator("h1")).to_contain_text("Bi-Rex project")
    clocks = [
        shown_seconds(desk, ".clock .d"),
        shown_seconds(phone, ".nowstrip .t"),
        shown_seconds(speaker, "[role=timer]"),
        shown_seconds(screen, ".scr-list .now .d"),
    ]
    assert max(clocks) - min(clocks) <= 2, clocks  # they are read one after the other

    # pause and go on
    controls.get_by_role("button", name="Pause").click()
    expect(speaker.locator("body")).to_contain_text("Paused")
    expect(phone.locator(".nowstrip")).to_contain_text("paused", ignore_case=True)
    controls.get_by_role("button", name="Go on").click()
    expect(speaker.locator("body")).not_to_contain_text("Paused")

    # a word to the speaker, and that it was seen
    box = desk.get_by_role("region", name="Message to speakers", exact=True)
    box.get_by_role("button", name="2 minutes").click()
    panel = speaker.get_by_role("alertdialog")
    expect(panel).to_contain_text("2 minutes")
    panel.get_by_role("button", name="Seen").click()
    expect(box).to_contain_text(re.compile(r"seen by .+ \d\d:\d\d:\d\d"))

    # two questions: approved, voted for, queued
    ask(phone, TEXT)
    desk.locator(".q", has_text=TEXT).get_by_role("button", name="Approve").click()
    expect(phone.locator(".mine", has_text=TEXT)).to_contain_text("Public, others can vote")
    shown = other.locator(".pq", has_text=TEXT)
    fresh = other.get_by_role("button", name=re.compile(r"\d+ new"))
    expect(shown.or_(fresh).first).to_be_visible()
    if fresh.count():
        fresh.click()
    shown.locator(".vote").click()
    expect(shown.locator(".vote")).to_have_attribute("aria-pressed", "true")
    ask(phone, SECOND)
    desk.locator(".q", has_text=SECOND).get_by_role("button", name="Queue").click()
    desk.get_by_role("button", name=re.compile("^Public")).click()
    public = desk.locator(".q", has_text=TEXT)
    expect(public).to_contain_text("1 vote")
    public.get_by_role("button", name="Queue").click()
    expect(phone.locator(".mine", has_text=TEXT)).to_contain_text("In the queue, number 2")

    # the server dies in the middle of the show, and comes back with everything
    pages.expect(AWAY)
    before = shown_seconds(desk, ".clock .d")
    server.kill9()
    server.start()
    back = time.monotonic()
    for page, selector in ((desk, ".qr"), (phone, ".mine"), (speaker, "[role=timer]"), (screen, ".scr-list .now")):
        expect(page.locator(selector).first).to_be_visible()
    for page in (desk, phone, speaker, screen):
        until(page, "!/No connection|Connection lost|Lost the server/i.test(document.body.innerText)")
    took = time.monotonic() - back
    assert took < 10, f"the pages were back after {took:.1f} s"
    assert before - shown_seconds(desk, ".clock .d") < 30

    # the debate: on air everywhere, answered, the next one
    for title in ("Chemelot", "Chemical in Flow", "Debate"):
        controls.get_by_role("button", name="Start next").click()
        expect(desk.locator(".clock h2")).to_contain_text(title)
    desk.locator(".qr", has_text=TEXT).get_by_role("button", name="Put on air").click()
    expect(phone.locator(".onair")).to_contain_text("On air: your question")
    expect(screen.locator(".say p").first).to_have_text(TEXT)
    expect(speaker.locator(".q-on")).to_contain_text(TEXT)
    desk.get_by_role("button", name="Answered, next").click()
    expect(screen.locator(".say p").first).to_have_text(SECOND)
    expect(phone.locator(".mine", has_text=TEXT)).to_contain_text("Answered in the debate")

    # and back again: undo is one tap
    desk.locator(".last").get_by_role("button", name="Undo").click()
    expect(screen.locator(".say p").first).to_have_text(TEXT)

    # the wrap-up closes the questions
    controls.get_by_role("button", name="Start next").click()
    expect(phone.locator("body")).to_contain_text("Questions are closed")
