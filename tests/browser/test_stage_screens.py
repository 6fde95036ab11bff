"""What the hall, the video, those who wait and those who look back see, against a real server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stage import LONG, MORNING, ask, seconds, slot_of, timer_of
from tests.conftest import Connect, Serve
from tests.support.browser import Pages
from tests.support.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def server(serve: Serve) -> Server:
    """The sample webinar, five minutes before it begins."""
    return serve("--now", MORNING)


# ---- screen ----------------------------------------------------------------------------------------------------------


def test_the_screen_shows_what_runs_and_how_to_join(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    page = pages.open(server.links["screen"], size="projector")
    expect(page.locator(".scr-big")).to_contain_text("Begins in")
    moderator.do("timer:start", {"slot": slot_of(moderator, "Bi-Rex")})

    now = page.locator(".scr-list .now")
    expect(now).to_contain_text("Bi-Rex project")
    expect(now).to_contain_text("Mattia Adani")
    expect(timer_of(page)).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    expect(page.locator(".scr-list li:visible")).to_have_count(7)
    expect(page.locator(".code")).to_have_text(moderator.view["webinar"]["join_code"])
    picture = page.locator(".qrbox img")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_screen_shows_the_debate_hands_calls_and_messages(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    first = ask(connect, server, moderator, "Which solvent streams could Chemelot take in?", name="Giulia", aloud=True)
    second = ask(connect, server, moderator, "Who pays for the analysis?")
    moderator.do("question:queue", {"questions": [first, second]})
    page = pages.open(server.links["screen"], size="projector")
    moderator.do("timer:start", {"slot": slot_of(moderator, "Debate")})
    expect(page.locator(".scr-list .now")).to_contain_text("Debate")

    moderator.do("question:next")
    expect(page.locator(".say p").first).to_have_text("Which solvent streams could Chemelot take in?")
    expect(page.locator(".then")).to_contain_text("Who pays for the analysis?")
    moderator.do("question:call", {"question": first})
    expect(page.locator(".scr-call")).to_contain_text("Giulia")
    moderator.do("question:uncall")
    expect(page.locator(".scr-call")).to_have_count(0)

    moderator.do("hands:ask", {"text": "Which barrier first?", "answers": ["Waste legislation", "Logistics"]})
    expect(page.locator(".scr-hands h2")).to_have_text("Which barrier first?")
    connect(server, "attendee").do("hands:answer", {"answer": 1})
    expect(page.locator(".scr-hands li").nth(1)).to_contain_text("100 %")
    moderator.do("hands:close")
    expect(page.locator(".scr-debate .top")).to_contain_text("Result")

    moderator.do("message:send", {"to": "all", "text": "We go on in five minutes"})
    expect(page.locator(".scr-msg")).to_have_text("We go on in five minutes")
    moderator.do("message:send", {"to": "speakers", "text": "Slower"})
    expect(page.locator(".scr-msg")).to_have_count(0)


def test_the_screen_thanks_and_accounts_for_the_questions(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    ask(connect, server, moderator, "Who pays for the analysis?")
    moderator.do("timer:start")
    moderator.do("timer:end")
    page = pages.open(server.links["screen"], size="projector")
    expect(page.locator(".scr-big")).to_contain_text("Thank you")
    expect(page.locator(".scr-led")).to_contain_text("still open")
    expect(page.locator(".scr-side")).to_contain_text("Answers in writing appear here")


def test_a_long_agenda_keeps_what_runs_in_sight(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    for number in range(24):
        moderator.do(
            "agenda:add", {"title": f"A talk with a title that needs some room, number {number}", "duration_s": 300}
        )
    slot = slot_of(moderator, "number 12")
    moderator.do("timer:start", {"slot": slot})
    page = pages.open(server.links["screen"], size="projector")
    now = page.locator(".scr-list .now")
    expect(now).to_contain_text("number 12")
    page.evaluate("document.fonts.ready.then(() => true)")
    box, room = now.bounding_box(), page.locator(".scr-fit").bounding_box()
    assert box and room
    assert room["y"] <= box["y"] and box["y"] + box["height"] <= room["y"] + room["height"] + 1
    assert page.locator(".scr-fit").evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    expect(page.locator(".scr-list .more:visible").first).to_contain_text("earlier")


# ---- overlay ---------------------------------------------------------------------------------------------------------


def test_the_overlay_paints_only_its_lower_third(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    page = pages.open(server.links["screen"] + "?to=overlay&style=block", size="projector")
    moderator.do("timer:start", {"slot": slot_of(moderator, "Bi-Rex")})
    expect(page.locator(".lt--name")).to_contain_text("Mattia Adani")
    clear = "rgba(0, 0, 0, 0)"
    for element in ("document.documentElement", "document.body", "document.querySelector('#app')"):
        assert page.evaluate(f"getComputedStyle({element}).backgroundColor") == clear

    question = ask(connect, server, moderator, "Which solvent streams could Chemelot take in?", name="Giulia")
    moderator.do("question:air", {"question": question})
    third = page.locator(".lt--block:not(.lt--name)")
    expect(third).to_contain_text("Which solvent streams could Chemelot take in?")
    expect(third).to_contain_text("Giulia")
    box = third.bounding_box()
    assert box and box["x"] >= 96 and box["y"] > 540 and box["y"] + box["height"] <= 1080 - 54
    moderator.do("question:clear")
    expect(page.locator(".lt--name")).to_contain_text("Mattia Adani")


def test_the_bar_carries_the_join_code_and_shows_questions_only_when_asked(
    server: Server, connect: Connect, pages: Pages
) -> None:
    moderator = connect(server, "moderator")
    moderator.do("timer:start", {"slot": slot_of(moderator, "Bi-Rex")})
    page = pages.open(server.links["screen"] + "?to=overlay&show=question", size="projector")
    expect(page.locator("html[data-ready]")).to_have_count(1)
    expect(page.locator(".lt")).to_have_count(0)
    long = LONG
    question = ask(connect, server, moderator, long)
    moderator.do("question:air", {"question": question})
    bar = page.locator(".lt--bar")
    expect(bar).to_contain_text(moderator.view["webinar"]["join_code"])
    expect(bar).to_have_attribute("data-step", re.compile("[123]"))


# ---- green room, report, home, errors --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_green_room_tells_my_wait_and_what_was(server: Server, connect: Connect, pages: Pages, size: str) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Chemical in Flow")
    moderator.do("timer:start", {"slot": slot_of(moderator, "Bi-Rex")})
    moderator.do("timer:next")
    page = pages.open(server.links["speakers"][slot] + "?to=greenroom", size=size)
    hero = page.locator(".gr-hero")
    expect(hero).to_contain_text("you are on in")
    assert 580 <= seconds(hero.locator(".d").inner_text()) <= 600
    rows = page.locator(".gr-slots tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.nth(2)).to_contain_text("Done")
    expect(rows.nth(3)).to_contain_text("left")
    expect(rows.nth(4)).to_contain_text("You are next")
    page.get_by_role("button", name="I am ready").click()
    moderator.wait_for(lambda client: client.view["signals"].get(slot, {}).get("signal") == "ready", what="ready")
    expect(hero).to_contain_text("The moderator sees it")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_report_tells_how_it_went(server: Server, connect: Connect, pages: Pages, size: str) -> None:
    moderator = connect(server, "moderator")
    aired = ask(connect, server, moderator, "Which solvent streams could Chemelot take in?")
    ask(connect, server, moderator, "Who pays for the analysis?")
    refused = ask(connect, server, moderator, "What is for lunch?")
    moderator.do("question:dismiss", {"question": refused, "reason": "Not about the topic"})
    moderator.do("timer:start", {"slot": slot_of(moderator, "Debate")})
    moderator.do("question:air", {"question": aired})
    moderator.do("question:answer", {"question": aired})
    moderator.do("hands:ask", {"text": "Which barrier first?", "answers": ["Waste legislation", "Logistics"]})
    moderator.do("hands:close")
    moderator.do("timer:end")
    page = pages.open(server.links["moderator"] + "?to=report", size=size)

    expect(page.locator(".facts")).to_contain_text("3")
    expect(page.locator(".on-air-tbl tbody tr")).to_have_count(1)
    expect(page.locator(".ledger").first).to_contain_text("answered on air")
    expect(page.locator(".rep")).to_contain_text("Not about the topic")
    expect(page.locator(".hands-past")).to_contain_text("Which barrier first?")
    expect(page.locator("#open")).to_contain_text("Who pays for the analysis?")
    expect(page.locator("svg.chart").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for link in page.locator(".page-head a").all():
        answer = page.request.get(server.base + str(link.get_attribute("href")))
        assert answer.status == 200


@pytest.mark.parametrize("typed", ["upper", "lower", "link"])
def test_the_join_code_is_taken_as_it_is_typed(server: Server, connect: Connect, pages: Pages, typed: str) -> None:
    code = connect(server, "moderator").view["webinar"]["join_code"]
    page = pages.open(server.base + "/", size="phone")
    expect(page.locator(".programmes")).to_contain_text("Chemicals")
    text = {"upper": f" {code} ", "lower": code.lower(), "link": f"{server.base}/j/{code.lower()}"}[typed]
    page.get_by_label("Join code").fill(text)
    page.get_by_role("button", name="Join").click()
    expect(page).to_have_url(re.compile(r"/w/[a-z0-9-]+$"))


def test_a_wrong_code_and_a_dead_link_say_what_to_do(server: Server, pages: Pages) -> None:
    pages.expect("404")
    page = pages.open(server.base + "/", size="phone")
    page.get_by_label("Join code").fill("ZZZZZ")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("alert")).to_contain_text("No webinar has this code")
    expect(page.get_by_label("Join code")).to_have_value("ZZZZZ")
    page.goto(server.base + "/k/" + "x" * 24)
    expect(page.locator("main")).to_contain_text("This link is no longer valid. Ask the host for a new one.")


@pytest.mark.embedded("a log in Redis has no rehearsal clock")
def test_a_rehearsal_says_so_on_every_stage_page(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    moderator.do("timer:start", {"slot": slot})
    links = server.links
    for url in (
        links["speakers"][slot],
        links["speakers"][slot] + "?to=greenroom",
        links["screen"],
        links["screen"] + "?to=overlay",
        links["moderator"] + "?to=report",
    ):
        page = pages.open(url)
        expect(page.locator("body")).to_contain_text("Rehearsal")
