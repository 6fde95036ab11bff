"""Screens show the same second, whatever their own clocks say and however slow their network is."""

from __future__ import annotations

import re
import time
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Connect
from tests.support.browser import Pages
from tests.support.delay import Delay
from tests.support.server import Server

pytestmark = pytest.mark.browser

WRONG = "Date.now = (now => () => now() + 90_000)(Date.now)"
MEASURED = """async () => {
    const clock = await import(document.documentElement.dataset.static + 'js/clock.js')
    while (!clock.measured()) await new Promise(done => setTimeout(done, 50))
}"""
APART_MS = 100
"""What the product promises for two screens."""


def apart(page: Page) -> float:
    """How far the page's server time is from this machine's, which is the server's as well; ms."""
    ask = """async () => {
        window.theClock ??= await import(document.documentElement.dataset.static + 'js/clock.js')
        return window.theClock.now()
    }"""
    page.evaluate(ask)
    found = []
    for _ in range(7):
        before = time.time()
        now = page.evaluate(ask)
        after = time.time()
        found.append((after - before, now - (before + after) / 2 * 1000))
    return float(min(found)[1])


@pytest.fixture
def pages(server: Server, pages: Pages) -> Pages:
    """The server outlives the pages."""
    return pages


def test_a_clock_90_s_wrong_and_a_network_150_ms_slow_show_the_same_second(
    pages: Pages, server: Server, connect: Connect
) -> None:
    moderator = connect(server, "moderator")
    moderator.do("timer:start", {"slot": next(iter(moderator.view["slots"]))})
    pages.expect(r"ERR_CONNECTION")  # when the delaying network ends before the pages do
    with Delay(server.base, mean_ms=150, spread_ms=50) as slow:
        context = pages.context("phone")
        context.add_init_script(WRONG)
        wrong = pages.open(server.links["attendee"], context=context)
        far = pages.open(server.links["attendee"].replace(server.base, slow.base), size="phone")
        for page in (wrong, far):
            expect(page.get_by_role("timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
            page.evaluate(MEASURED)
        differences = [apart(wrong) - apart(far) for _ in range(5)]
        print(f"apart: {median(differences):.1f} ms (wrong clock {apart(wrong):.1f}, slow network {apart(far):.1f})")  # noqa: T201
        assert abs(median(differences)) < APART_MS
