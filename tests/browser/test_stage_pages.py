"""What a speaker sees on stage, against a real server."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.stage import LONG, MORNING, ask, clock_of, seconds, slot_of, speaker_page, timer_of
from tests.conftest import Connect, Serve
from tests.support.browser import Pages
from tests.support.client import Client
from tests.support.server import Server

pytestmark = pytest.mark.browser

LOST = r"ERR_CONNECTION|WebSocket|Failed to load resource|net::"
"""What Chromium says when the server is away."""


@pytest.fixture
def server(serve: Serve) -> Server:
    """The sample webinar, five minutes before it begins."""
    return serve("--now", MORNING)


def test_a_speaker_sees_the_time_left_the_title_and_what_is_next(
    server: Server, connect: Connect, pages: Pages
) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    expect(page.locator(".stage")).to_have_attribute("data-mode", "before")

    moderator.do("timer:start", {"slot": slot})

    expect(page.locator(".stage")).to_have_attribute("data-mode", "mine")
    expect(page.locator("h1")).to_contain_text("Bi-Rex project")
    expect(page.locator(".sp-bot .next")).to_contain_text("Chemelot Circular Hub")
    expect(timer_of(page)).to_have_text(re.compile(r"^(10:00|9:5\d)$"))
    now = moderator.do("clock", {"t0": 0})["now"]
    shown = seconds(timer_of(page).inner_text())
    assert abs(shown - clock_of(moderator, now)) < 2


@pytest.mark.parametrize(
    ("left_s", "state", "word"),
    [(100, "warning", "Come to the end"), (40, "danger", "Last minute"), (-68, "overtime", "Over time")],
)
def test_urgency_takes_space_and_says_so(
    server: Server, connect: Connect, pages: Pages, left_s: int, state: str, word: str
) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    moderator.do("timer:add", {"seconds": left_s - 600})

    stage = page.locator(".stage")
    expect(stage).to_have_attribute("data-time", state)
    expect(page.locator(".sp-mid .word")).to_contain_text(word)
    expect(page.locator(".sp-mid .word svg")).to_be_visible()
    if state == "warning":
        expect(page.locator(".sp-band")).to_be_visible()
    if state == "overtime":
        expect(timer_of(page)).to_have_text(re.compile(r"^\+1:\d\d$"))
        assert stage.evaluate("e => getComputedStyle(e).backgroundColor") != page.evaluate(
            "getComputedStyle(document.documentElement).backgroundColor"
        )


def test_a_pause_stands_still_and_says_so(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    moderator.do("timer:pause")

    expect(page.locator(".sp-mid .word")).to_contain_text("Paused")
    before = timer_of(page).inner_text()
    page.wait_for_timeout(1200)  # time passing is what is tested
    assert timer_of(page).inner_text() == before


@pytest.mark.parametrize("left_s", [400, -68, -752, -3749])
def test_the_digits_fill_every_screen_and_stay_on_it(
    server: Server, connect: Connect, pages: Pages, left_s: int
) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    moderator.do("timer:start", {"slot": slot})
    moderator.do("timer:add", {"seconds": left_s - 600})
    page = speaker_page(pages, server, slot)
    digits = page.locator(".sp-mid .digits")
    expect(digits).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => true)")
    for width, height in ((320, 568), (360, 740), (820, 1180), (1024, 768), (1440, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        box = digits.bounding_box()
        assert box
        where = f"{width} × {height}: {box}"
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, where
        assert max(box["width"] / width, box["height"] / height) > 0.45, where
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_a_message_is_a_panel_until_it_was_seen(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    expect(page.locator(".stage")).to_have_attribute("data-mode", "mine")  # there were digits before the start, too
    before = page.locator(".sp-mid .digits").bounding_box()

    moderator.do("message:send", {"to": "speakers", "text": "Please move closer to the microphone"})

    panel = page.get_by_role("alertdialog")
    expect(panel).to_contain_text("Please move closer to the microphone")
    after = page.locator(".sp-mid .digits").bounding_box()
    box = panel.bounding_box()
    assert before and after and box
    assert after["height"] < before["height"]
    assert after["y"] + after["height"] <= box["y"]

    panel.get_by_role("button", name="Seen").click()
    expect(panel).to_have_count(0)
    moderator.wait_for(lambda client: slot in client.view["message"]["seen"], what="the message to be seen")
    page.reload()
    expect(page.locator(".sp-mid .digits")).to_be_visible()
    expect(panel).to_have_count(0)


def test_a_message_for_another_slot_stays_away(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot, other = slot_of(moderator, "Bi-Rex"), slot_of(moderator, "Chemelot")
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    moderator.do("message:send", {"to": other, "text": "You are next"})
    moderator.do("timer:pause")
    expect(page.locator(".sp-mid .word")).to_contain_text("Paused")  # what came after the message is here
    expect(page.get_by_role("alertdialog")).to_have_count(0)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_an_urgent_message_floods_the_screen(server: Server, connect: Connect, pages: Pages, size: str) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot, size)
    moderator.do("message:send", {"to": slot, "text": "Your microphone is off", "level": "urgent"})
    panel = page.get_by_role("alertdialog")
    expect(panel).to_contain_text("Your microphone is off")
    box, stage = panel.bounding_box(), page.locator(".stage").bounding_box()
    assert box and stage
    assert (round(box["width"]), round(box["height"])) == (round(stage["width"]), round(stage["height"]))
    panel.get_by_role("button", name="Seen").click()
    expect(panel).to_have_count(0)


def test_the_debate_shows_the_question_and_both_clocks(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    debate, slot = slot_of(moderator, "Debate"), slot_of(moderator, "Bi-Rex")
    first = ask(connect, server, moderator, "Which solvent streams could Chemelot take in?", name="Giulia")
    second = ask(connect, server, moderator, "Who pays for the analysis?")
    moderator.do("question:queue", {"questions": [first, second]})
    moderator.do("timer:start", {"slot": debate})
    page = speaker_page(pages, server, slot)
    expect(page.locator(".sp-mid .word")).to_contain_text("Nothing on air")

    moderator.do("question:next")

    expect(page.locator(".q-on")).to_have_text("Which solvent streams could Chemelot take in?")
    expect(page.locator(".sp-debate .by")).to_contain_text("Giulia")
    answer, whole = page.locator(".side [role=timer]").all()
    budget = moderator.view["queue"]["each_s"]
    assert budget - 30 <= seconds(answer.inner_text()) <= budget
    assert seconds(whole.inner_text()) > budget
    expect(page.locator(".sp-bot .next")).to_contain_text("Who pays for the analysis?")
    moderator.do("question:next")
    expect(page.locator(".q-on")).to_have_text("Who pays for the analysis?")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_long_question_is_never_cut(server: Server, connect: Connect, pages: Pages, size: str) -> None:
    moderator = connect(server, "moderator")
    text = LONG
    question = ask(connect, server, moderator, text)
    moderator.do("timer:start", {"slot": slot_of(moderator, "Debate")})
    moderator.do("question:air", {"question": question})
    speaker = speaker_page(pages, server, slot_of(moderator, "Bi-Rex"), size)
    screen = pages.open(server.links["screen"], size=size)
    for page, box in ((speaker, ".sp-debate .what"), (screen, ".scr-debate .say")):
        held = page.locator(box)
        expect(held).to_contain_text(text)
        page.evaluate("document.fonts.ready.then(() => true)")
        expect(held).to_be_visible()
        assert held.evaluate("e => e.scrollHeight <= e.clientHeight + 1 && e.scrollWidth <= e.clientWidth + 1")


def test_who_waits_sees_what_runs_and_when_it_is_their_turn(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    page = speaker_page(pages, server, slot_of(moderator, "Chemical in Flow"))
    moderator.do("timer:start", {"slot": slot_of(moderator, "Bi-Rex")})
    stage = page.locator(".stage")
    expect(stage).to_have_attribute("data-mode", "wait")
    expect(page.locator("h1")).to_contain_text("Bi-Rex project")
    expect(page.locator(".sp-mid")).to_contain_text("You are on in")
    wait = seconds(page.locator(".sp-mid .digits").inner_text())
    assert 1180 <= wait <= 1200
    moderator.do("timer:next")
    expect(page.locator(".sp-mid")).to_contain_text("You are next")
    moderator.do("timer:add", {"seconds": -700})  # the one before runs over: no flood on a screen that is not theirs
    expect(page.locator(".now-left")).to_contain_text("+")
    expect(stage).to_have_attribute("data-time", "normal")


def test_signals_reach_the_moderator_and_can_be_taken_back(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    ready = page.get_by_role("button", name="I am ready")
    ready.click()
    moderator.wait_for(lambda client: client.view["signals"].get(slot, {}).get("signal") == "ready", what="ready")
    expect(ready).to_have_attribute("aria-pressed", "true")
    ready.click()
    moderator.wait_for(lambda client: slot not in client.view["signals"], what="no signal")

    moderator.do("timer:start", {"slot": slot})
    page.get_by_role("button", name="One more minute").click()
    moderator.wait_for(
        lambda client: client.view["signals"].get(slot, {}).get("signal") == "more_time", what="more time"
    )


def test_after_the_talk_a_speaker_offers_to_answer(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    speaker = moderator.view["slots"][slot]["speakers"][0]
    question = ask(connect, server, moderator, "Is the report public?", to=[speaker])
    better = ask(connect, server, moderator, "Who may join?", to=[speaker])
    connect(server, "attendee").do("question:vote", {"question": better})
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    expect(page.locator(".stage")).to_have_attribute("data-mode", "mine")
    moderator.do("timer:next")

    expect(page.locator(".sp-work")).to_contain_text("Your talk has ended")
    texts = page.locator(".sp-list .text")
    expect(texts).to_have_text(["Who may join?", "Is the report public?"])
    row = page.locator(".sp-list .row", has_text="Is the report public?")
    row.get_by_role("button", name="I can answer this").click()
    moderator.wait_for(lambda client: client.view["questions"][question].get("offers") == [slot], what="the offer")
    page.reload()
    expect(row.get_by_role("button", name="I can answer this")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("moment", ["wrap-up", "end"])
def test_after_the_debate_a_written_answer_reaches_the_moderator(
    server: Server, connect: Connect, pages: Pages, moment: str
) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    speaker = moderator.view["slots"][slot]["speakers"][0]
    question = ask(connect, server, moderator, "Is the report public?", to=[speaker])
    moderator.do("timer:start", {"slot": slot})
    if moment == "end":
        moderator.do("timer:end")
    else:
        moderator.do("timer:start", {"slot": slot_of(moderator, "Wrap up")})
    page = speaker_page(pages, server, slot)
    box = page.get_by_label("Your answer in writing")
    box.fill("Yes, since May.")
    page.reload()
    expect(box).to_have_value("Yes, since May.")  # what was typed is never lost
    page.get_by_role("button", name="Send to the moderator").click()
    moderator.wait_for(
        lambda client: client.view["questions"][question].get("draft") == "Yes, since May.", what="the draft"
    )
    expect(page.locator(".sp-list")).to_contain_text("With the moderator")
    moderator.do("question:answer", {"question": question, "text": "Yes, since May."})
    expect(page.locator(".sp-list")).to_contain_text("Answered in writing")


def test_the_countdown_goes_on_without_the_server_and_comes_back(serve: Serve, connect: Connect, pages: Pages) -> None:
    pages.expect(LOST)
    server = serve()  # by the real clock: a rehearsal's begins anew with each start
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    page = speaker_page(pages, server, slot)
    moderator.do("timer:start", {"slot": slot})
    expect(page.locator(".stage")).to_have_attribute("data-mode", "mine")
    deadline = moderator.view["timer"]["deadline_at"]
    moderator.disconnect()

    server.kill9()

    note = page.locator(".st-note")
    expect(note).to_contain_text("No connection for")
    shown = seconds(timer_of(page).inner_text())
    expect(timer_of(page)).not_to_have_text(timer_of(page).inner_text())
    assert seconds(timer_of(page).inner_text()) < shown

    server.start()
    expect(note).to_have_count(0, timeout=15_000)
    moderator.connect()
    assert moderator.view["timer"]["deadline_at"] == deadline
    now = moderator.do("clock", {"t0": 0})["now"]
    assert abs(seconds(timer_of(page).inner_text()) - clock_of(moderator, now)) < 2


def test_mirror_turns_the_picture_and_can_be_switched(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    page = speaker_page(pages, server, slot_of(moderator, "Bi-Rex"), query="?mirror=1")
    turned = "e => new DOMMatrix(getComputedStyle(e).transform).a"
    assert page.locator(".sp-box").evaluate(turned) == -1
    page.get_by_role("button", name="Mirror").click()
    assert page.locator(".sp-box").evaluate(turned) == 1


def test_the_controls_fade_and_come_back_by_keyboard_and_touch(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    moderator.do("timer:start", {"slot": slot})
    page = speaker_page(pages, server, slot)
    away = page.locator(".sp-controls.is-away")
    bar = page.locator(".sp-controls .bar")
    expect(away).to_have_count(1, timeout=15_000)
    page.keyboard.press("Tab")
    expect(away).to_have_count(0)
    expect(bar).to_have_css("opacity", "1")
    expect(away).to_have_count(1, timeout=15_000)
    expect(bar).to_have_css("opacity", "1")  # what has the focus stays in sight
    page.evaluate("document.activeElement.blur()")
    expect(bar).to_have_css("opacity", "0")
    page.locator(".sp-mid").dispatch_event("pointerdown")
    expect(away).to_have_count(0)


def test_a_speaker_screen_tells_the_moderators_how_it_is_doing(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    speaker_page(pages, server, slot)

    def told(client: Client) -> dict[str, Any]:
        screens = client.view.get("presence", {}).get("speakers", {}).get(slot, [])
        return next(
            (one for one in screens if one.get("visible") is True and "drawn_at" in one and "delay_ms" in one), {}
        )

    one = moderator.wait_for(told, timeout=15, what="the screen's report")
    assert one["delay_ms"] >= 0
    assert abs(one["drawn_at"] - moderator.do("clock", {"t0": 0})["now"]) < 10_000  # workers tell each other every 2 s


def test_speakers_are_in_the_dark_unless_they_ask_for_light(server: Server, connect: Connect, pages: Pages) -> None:
    moderator = connect(server, "moderator")
    slot = slot_of(moderator, "Bi-Rex")
    assert speaker_page(pages, server, slot).evaluate("document.documentElement.dataset.theme") == "dark"
    lit = speaker_page(pages, server, slot, query="?theme=light")
    assert lit.evaluate("document.documentElement.dataset.theme") == "light"
