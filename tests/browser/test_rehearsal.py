"""A rehearsal as the moderator sees it: marked, as fast as wished, and gone with one button."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.conftest import Connect, Serve
from tests.support.browser import Pages

pytestmark = [pytest.mark.browser, pytest.mark.embedded("a log in Redis has no rehearsal clock")]
BEGIN = "2020-07-07T08:30:00+02:00"


def test_the_dashboard_wipes_a_rehearsal_and_shows_what_was_planned(
    serve: Serve, pages: Pages, connect: Connect
) -> None:
    pages.expect("ERR_CONNECTION|WebSocket")  # the server cuts the sockets
    server = serve("--now", BEGIN)
    connect(server, "attendee").do("question:ask", {"text": "Is this only practice?"})
    desk = pages.open(server.links["moderator"])
    phone = pages.open(server.links["attendee"], size="phone")
    expect(desk.get_by_text("Is this only practice?")).to_be_visible()
    expect(phone.get_by_text("Nobody outside sees this.")).to_be_visible()
    connect(server, "moderator").do("timer:start")
    expect(phone.get_by_text("Welcome participants").first).to_be_visible()

    desk.get_by_role("button", name="Wipe… the rehearsal").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_contain_text("Wipe the rehearsal?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    expect(desk.get_by_text("Is this only practice?")).to_be_visible()
    desk.get_by_role("button", name="Wipe… the rehearsal").click()
    dialog.get_by_role("button", name="Wipe").click()
    expect(desk.get_by_text("No questions yet")).to_be_visible()
    expect(desk.get_by_role("button", name="Start")).to_be_visible()
    late = connect(server, "attendee")
    assert late.view["questions"] == {} and late.view["timer"]["phase"] == "before"
    late.do("question:ask", {"text": "Does the phone still follow?"})
    expect(desk.get_by_text("Does the phone still follow?")).to_be_visible()


def test_a_fast_clock_is_the_same_on_every_screen(serve: Serve, pages: Pages, connect: Connect) -> None:
    server = serve("--now", BEGIN, "--clock-speed", "20")
    client = connect(server, "moderator")
    began, first = time.monotonic(), client.send("clock", {"t0": 1})["now"]
    client.do("timer:start")
    desk = pages.open(server.links["moderator"])
    expect(desk.get_by_text("The clock runs 20 times as fast.")).to_be_visible()
    # After a while the page must not be behind by what the clock gained.
    desk.wait_for_timeout(2_000)
    shown = desk.evaluate("async prefix => (await import(prefix + 'js/clock.js')).now()", _prefix(desk))
    passed, now = time.monotonic() - began, client.send("clock", {"t0": 1})["now"]
    assert now - first == pytest.approx(passed * 20_000, rel=0.1)
    assert now - shown < 6_000, "0.3 s of real time"
    assert shown <= now + 1_000


def test_what_happens_by_itself_happens_as_fast(serve: Serve, connect: Connect) -> None:
    server = serve("--now", BEGIN, "--clock-speed", "60")
    desk = connect(server, "moderator")
    slots = sorted(desk.view["slots"], key=lambda id: int(desk.view["slots"][id]["order"]))
    desk.do("agenda:edit", {"slot": slots[0], "duration_s": 60})
    desk.do("settings:change", {"auto_next": True})
    desk.do("timer:start")
    desk.wait_for(lambda client: client.view["timer"].get("slot") == slots[1])


def _prefix(page: object) -> str:
    return str(page.evaluate("document.documentElement.dataset.static"))  # type: ignore[attr-defined]
