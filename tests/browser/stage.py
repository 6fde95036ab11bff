"""What the tests of the stage pages share."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.conftest import Connect
from tests.support.browser import Pages
from tests.support.client import Client
from tests.support.server import Server

MORNING = "2020-07-07T08:25:00+02:00"
"""Five minutes before the sample webinar begins."""
LONG = ("Could the regions agree on one passport for solvent streams before the next call closes? " * 4)[:290].strip()


def caught_up(page: Page, client: Client) -> None:
    """Wait until the moderator's page shows what the client holds: what is done on it next depends on that."""
    page.evaluate(
        """async seq => {
            const {link} = await import(document.documentElement.dataset.static + 'js/desk/store.js')
            const end = performance.now() + 15000
            while (link.seq() < seq) {
                if (performance.now() > end) throw new Error(`at ${link.seq()} for 15 s, ${seq} is wanted`)
                await new Promise(done => setTimeout(done, 10))
            }
            for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
        }""",
        client.seq,
    )


def slot_of(client: Client, title: str) -> str:
    return next(str(id) for id, slot in client.view["slots"].items() if title in slot["title"])


def seconds(text: str) -> int:
    """What a clock shows, in seconds; overtime is negative."""
    parts = [int(part) for part in text.strip().lstrip("+").split(":")]
    total = 0
    for part in parts:
        total = total * 60 + part
    return -total if text.strip().startswith("+") else total


def clock_of(client: Client, now: int) -> float:
    return float((client.view["timer"]["deadline_at"] - now) / 1000)


def speaker_page(
    pages: Pages, server: Server, slot: str, size: str = "desktop", query: str = "", **options: Any
) -> Page:
    page = pages.open(server.links["speakers"][slot] + query, size=size, **options)
    expect(page.locator(".stage[data-mode]")).to_be_visible()
    return page


def timer_of(page: Page) -> Locator:
    return page.locator("[role=timer]").first


def ask(connect: Connect, server: Server, moderator: Client, text: str, **more: Any) -> str:
    """A public question; its id."""
    attendee = connect(server, "attendee")
    question = str(attendee.do("question:ask", {"text": text, **more})["question"]["id"])
    moderator.do("question:approve", {"question": question})
    return question
