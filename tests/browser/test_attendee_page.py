"""The attendee's page, as a phone shows it, against the real server."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Connect
from tests.support.axe import violations
from tests.support.browser import Pages
from tests.support.client import Client
from tests.support.server import Server

pytestmark = pytest.mark.browser

OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED|WebSocket connection"
Ask = Callable[..., str]


@pytest.fixture
def pages(server: Server, pages: Pages) -> Pages:
    """The server outlives the pages: at the end of a test they have nobody to complain about."""
    return pages


@pytest.fixture
def phone(pages: Pages, server: Server) -> Page:
    """The attendee's link, opened on a phone."""
    page = pages.open(server.links["attendee"], size="phone")
    expect(page.get_by_role("tab", name="Questions")).to_be_visible()
    return page


@pytest.fixture
def moderator(server: Server, connect: Connect) -> Client:
    return connect(server, "moderator")


@pytest.fixture
def ask(server: Server, connect: Connect, moderator: Client) -> Ask:
    """Another attendee asks a question and a moderator makes it public; its id."""
    other = connect(server, "attendee")

    def ask(text: str, **fields: object) -> str:
        question = str(other.do("question:ask", {"text": text, **fields})["question"]["id"])
        moderator.do("question:approve", {"question": question})
        return question

    return ask


def write(page: Page, text: str) -> None:
    page.get_by_role("button", name="Ask a question").click()
    page.get_by_role("textbox", name="Your question").fill(text)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def mine(page: Page, text: str) -> Locator:
    return page.locator(".mine", has_text=text)


def other(page: Page, text: str) -> Locator:
    return page.locator(".pq", has_text=text)


def own_id(moderator: Client, text: str) -> str:
    return str(moderator.wait_for(lambda client: client.question(text), what=f"the question {text!r}"))


# ---- asking


def test_a_question_is_received_and_its_author_sees_its_way(phone: Page, moderator: Client) -> None:
    write(phone, "Who pays for the pilot line?")
    send(phone)
    expect(phone.get_by_text("Received. A moderator reads it now.")).to_be_visible()
    card = mine(phone, "Who pays for the pilot line?")
    expect(card).to_contain_text("Received, a moderator reads it")

    question = own_id(moderator, "Who pays for the pilot line?")
    moderator.do("question:approve", {"question": question})
    expect(card).to_contain_text("Public, others can vote")
    moderator.do("question:queue", {"question": question})
    expect(card).to_contain_text("In the queue, number 1")
    moderator.do("question:air", {"question": question})
    expect(phone.locator(".onair")).to_contain_text("On air: your question")
    moderator.do("question:answer", {"question": question})
    expect(card).to_contain_text("Answered in the debate")


def test_a_question_not_taken_up_says_why(phone: Page, moderator: Client) -> None:
    write(phone, "Where is lunch?")
    send(phone)
    question = own_id(moderator, "Where is lunch?")
    moderator.do("question:dismiss", {"question": question, "reason": "It is on the last slide"})
    expect(mine(phone, "Where is lunch?")).to_contain_text("Not taken up: “It is on the last slide”")


def test_an_answer_in_writing_can_be_read(phone: Page, moderator: Client) -> None:
    write(phone, "Are the slides shared?")
    send(phone)
    question = own_id(moderator, "Are the slides shared?")
    moderator.do("question:answer", {"question": question, "text": "Yes, tomorrow by mail."})
    card = mine(phone, "Are the slides shared?")
    expect(card).to_contain_text("Answered in writing")
    card.get_by_role("button", name="Read").click()
    expect(card).to_contain_text("Yes, tomorrow by mail.")


def test_it_is_addressed_named_and_aloud_as_chosen(phone: Page, moderator: Client) -> None:
    write(phone, "How long did the permit take?")
    phone.get_by_role("button", name="All speakers").click()
    phone.get_by_label("Lia Voermans").check()
    expect(phone.get_by_role("button", name="to Voermans")).to_be_visible()
    phone.get_by_role("button", name="Ask it aloud").click()
    phone.get_by_label("Your name, if you like").fill("Jordi")
    send(phone)
    id = own_id(moderator, "How long did the permit take?")
    question = moderator.view["questions"][id]
    assert question["name"] == "Jordi"
    assert question["aloud"] is True
    assert [moderator.view["speakers"][id]["name"] for id in question["to"]] == ["Lia Voermans"]


def test_the_counter_starts_fifty_characters_before_the_limit_and_counts_code_points(
    phone: Page, moderator: Client
) -> None:
    limit = moderator.view["webinar"]["settings"]["max_length"]
    write(phone, "x" * (limit - 51))
    expect(phone.get_by_text("characters left")).to_have_count(0)
    phone.get_by_role("textbox", name="Your question").fill("😀" * (limit - 50))
    expect(phone.get_by_text("50 characters left")).to_be_visible()
    phone.get_by_role("textbox", name="Your question").fill("x" * (limit + 12))
    expect(phone.get_by_text("Too long by 12 characters")).to_be_visible()
    send(phone)
    expect(phone.get_by_role("textbox", name="Your question")).to_have_value("x" * (limit + 12))
    assert not moderator.view["questions"]


def test_a_draft_survives_closing_the_sheet_and_a_reload(phone: Page) -> None:
    write(phone, "Half a thought")
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(phone.get_by_role("button", name="Ask a question")).to_be_focused()
    phone.reload()
    phone.get_by_role("button", name="Ask a question").click()
    expect(phone.get_by_role("textbox", name="Your question")).to_have_value("Half a thought")


def test_a_question_in_review_can_be_edited_and_withdrawn(phone: Page, moderator: Client) -> None:
    write(phone, "What about tolls?")
    send(phone)
    question = own_id(moderator, "What about tolls?")
    mine(phone, "What about tolls?").get_by_role("button", name="Edit or withdraw").click()
    phone.get_by_role("button", name="Edit", exact=True).click()
    phone.get_by_role("textbox", name="Your question").fill("What about tariffs?")
    phone.get_by_role("button", name="Save").click()
    moderator.wait_for(lambda client: client.view["questions"][question]["text"] == "What about tariffs?")
    card = mine(phone, "What about tariffs?")
    expect(card).to_be_visible()
    card.get_by_role("button", name="Withdraw", exact=True).click()
    phone.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    expect(card).to_contain_text("Withdrawn")


def test_someone_who_types_what_was_asked_can_vote_for_it_instead(phone: Page, ask: Ask, moderator: Client) -> None:
    question = ask("Which solvent streams from Lombardy could Chemelot take in today?")
    expect(other(phone, "Which solvent streams")).to_be_visible()
    write(phone, "Which solvent streams from Lombardy could Chemelot take in")
    expect(phone.locator(".similar")).to_contain_text("Already asked, 0 votes.")
    phone.locator(".similar").get_by_role("button", name="Vote").click()
    moderator.wait_for(lambda client: client.view["questions"][question]["votes"] == 1)
    expect(phone.locator(".similar")).to_contain_text("Already asked, 1 vote.")


def test_a_refused_text_stays_with_the_reason(phone: Page, moderator: Client) -> None:
    write(phone, "Is it still possible?")
    moderator.do("qa:close")
    expect(phone.get_by_role("dialog").get_by_text("Questions are closed")).to_be_visible()
    expect(phone.get_by_role("button", name="Send")).to_be_disabled()
    expect(phone.get_by_role("textbox", name="Your question")).to_have_value("Is it still possible?")
    moderator.do("qa:open")
    send(phone)
    expect(mine(phone, "Is it still possible?")).to_be_visible()


# ---- without a connection


@pytest.mark.two_workers
def test_what_is_typed_offline_is_sent_once_even_after_a_reload(
    pages: Pages, phone: Page, server: Server, moderator: Client
) -> None:
    pages.expect(OFFLINE)
    server.stop()
    expect(phone.get_by_text("No connection for")).to_be_visible()
    write(phone, "Written in a tunnel")
    send(phone)
    expect(mine(phone, "Written in a tunnel")).to_contain_text("Kept on this phone, not sent yet")
    server.start()
    phone.reload()
    expect(mine(phone, "Written in a tunnel")).to_contain_text("Received, a moderator reads it")
    moderator.connect()
    phone.reload()
    expect(mine(phone, "Written in a tunnel")).to_have_count(1)
    assert [one["text"] for one in moderator.view["questions"].values()] == ["Written in a tunnel"]


def test_the_clock_goes_on_and_the_page_comes_back_by_itself(
    pages: Pages, phone: Page, server: Server, moderator: Client
) -> None:
    pages.expect(OFFLINE)
    moderator.do("timer:start", {"slot": next(iter(moderator.view["slots"]))})
    clock = phone.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"\d:\d\d"))
    server.kill9()
    expect(phone.get_by_text("No connection for")).to_be_visible()
    shown = clock.inner_text()
    expect(clock).not_to_have_text(shown)
    server.start()
    expect(phone.get_by_text("No connection for")).to_have_count(0, timeout=15_000)


def test_where_no_socket_comes_up_the_plain_page_is_offered(pages: Pages, server: Server) -> None:
    pages.expect(OFFLINE)
    context = pages.context("phone")
    context.route(re.compile(r"/socket\.io/\?"), lambda route: route.abort())
    context.route_web_socket(re.compile(r"/socket\.io/\?"), lambda socket: socket.close())
    page = pages.open(server.links["attendee"], context=context)
    page.get_by_role("link", name="Use the plain page instead").click(timeout=20_000)
    expect(page).to_have_url(re.compile(r"\?plain=1$"))
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()


def test_where_the_scripts_do_not_arrive_a_form_appears(pages: Pages, server: Server) -> None:
    pages.expect(OFFLINE)
    context = pages.context("phone")
    context.route("**/js/connect.js", lambda route: route.abort())
    page = pages.open(server.links["attendee"], context=context)
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible(timeout=15_000)


def test_without_scripts_the_page_has_a_form_that_asks(pages: Pages, server: Server, moderator: Client) -> None:
    page = pages.open(server.links["attendee"], size="phone", java_script_enabled=False)
    page.get_by_role("textbox", name="Your question").fill("Asked without any script")
    page.get_by_role("button", name="Send").click()
    own_id(moderator, "Asked without any script")
    expect(page.get_by_text("Asked without any script")).to_be_visible()


# ---- the others' questions


def test_a_vote_counts_at_once_and_can_be_taken_back(phone: Page, ask: Ask, moderator: Client, server: Server) -> None:
    question = ask("How do you certify recycled carbon?")
    vote = other(phone, "How do you certify").get_by_role("button", name=re.compile("vote"))
    expect(vote).to_have_text("0")
    for pressed, votes in (("true", 1), ("false", 0)):
        os.kill(server.pid, signal.SIGSTOP)  # at once means before any answer
        try:
            vote.click()
            expect(vote).to_have_attribute("aria-pressed", pressed)
        finally:
            os.kill(server.pid, signal.SIGCONT)
        moderator.wait_for(lambda client, votes=votes: client.view["questions"][question]["votes"] == votes)  # type: ignore[misc]
    expect(vote).to_have_text("0")


def test_there_is_no_vote_on_ones_own_question(phone: Page, moderator: Client) -> None:
    write(phone, "My very own question")
    send(phone)
    moderator.do("question:approve", {"question": own_id(moderator, "My very own question")})
    expect(mine(phone, "My very own question")).to_contain_text("Public, others can vote")
    expect(other(phone, "My very own question")).to_have_count(0)


def test_new_questions_wait_until_they_are_asked_for(phone: Page, ask: Ask) -> None:
    ask("The first one")
    expect(other(phone, "The first one")).to_be_visible()
    before = other(phone, "The first one").bounding_box()
    ask("The second one")
    expect(phone.get_by_role("button", name="1 new")).to_be_visible()
    assert other(phone, "The first one").bounding_box() == before
    expect(other(phone, "The second one")).to_have_count(0)
    phone.get_by_role("button", name="1 new").click()
    expect(phone.locator(".pq").first).to_contain_text("The second one")


def test_until_the_debate_the_order_is_each_attendees_own_and_stable(phone: Page, ask: Ask, moderator: Client) -> None:
    for number in range(6):
        ask(f"Question number {number}")
    phone.reload()
    expect(phone.locator(".pq")).to_have_count(6)
    expect(phone.get_by_role("button", name="Mixed")).to_have_attribute("aria-pressed", "true")
    order = phone.locator(".pq p").all_inner_texts()
    phone.reload()
    expect(phone.locator(".pq")).to_have_count(6)
    assert phone.locator(".pq p").all_inner_texts() == order
    debate = next(id for id, slot in moderator.view["slots"].items() if slot["kind"] == "debate")
    moderator.do("timer:start", {"slot": debate})
    expect(phone.get_by_role("button", name="Popular")).to_have_attribute("aria-pressed", "true")
    expect(phone.get_by_role("button", name="Mixed")).to_have_count(0)


def test_popular_and_recent_and_search(phone: Page, ask: Ask, server: Server, connect: Connect) -> None:
    first = ask("Feedstock across borders")
    for number in range(12):
        ask(f"Something else {number}")
    connect(server, "attendee").do("question:vote", {"question": first})
    phone.reload()
    phone.get_by_role("button", name="Popular").click()
    expect(phone.locator(".pq").first).to_contain_text("Feedstock across borders")
    phone.get_by_role("button", name="Recent").click()
    expect(phone.locator(".pq").first).to_contain_text("Something else 11")
    phone.get_by_label("Search the questions").fill("FEEDSTOCK")
    expect(phone.locator(".pq")).to_have_count(1)


def test_a_long_text_opens_on_demand(phone: Page, ask: Ask) -> None:
    ask("A cluster has a by-product that another would buy, but nobody knows of it. " * 4)
    text = phone.locator(".pq p")
    folded = text.bounding_box()
    phone.locator(".pq").get_by_role("button", name="More").click()
    opened = text.bounding_box()
    assert folded and opened and opened["height"] > folded["height"]


def test_a_question_can_be_reported_to_the_moderators(phone: Page, ask: Ask, moderator: Client) -> None:
    question = ask("Something unfriendly")
    other(phone, "Something unfriendly").get_by_role("button", name="Report this question").click()
    phone.get_by_role("dialog").get_by_role("button", name="Report").click()
    moderator.wait_for(lambda client: client.view["questions"][question].get("flags"))
    expect(other(phone, "Something unfriendly")).to_contain_text("Reported")


def test_a_question_in_another_language_says_so_to_the_browser(phone: Page, ask: Ask) -> None:
    ask("Was kostet die Pilotanlage?", lang="de")
    expect(phone.locator(".pq p")).to_have_attribute("lang", "de")


# ---- the show


def test_the_strip_counts_down_from_the_deadline(phone: Page, moderator: Client) -> None:
    slot = next(id for id, slot in moderator.view["slots"].items() if slot["kind"] == "talk")
    moderator.do("timer:start", {"slot": slot})
    expect(phone.get_by_role("heading", level=1)).to_contain_text(moderator.view["slots"][slot]["title"][:12])
    left = phone.get_by_role("timer")
    expect(left).to_have_text(re.compile(r"^(9:5\d|10:00)$"))
    moderator.do("timer:add", {"seconds": -660})
    expect(phone.locator(".nowstrip")).to_have_attribute("data-time", "overtime")
    expect(left).to_have_text(re.compile(r"^\+1:0\d$"))
    moderator.do("timer:pause")
    expect(phone.locator(".nowstrip .left")).to_contain_text("paused")


def test_the_agenda_marks_what_is_on_now(phone: Page, moderator: Client) -> None:
    slot = next(id for id, slot in moderator.view["slots"].items() if slot["kind"] == "talk")
    moderator.do("agenda:edit", {"slot": slot, "links": [{"title": "The slides", "url": "https://example.org/s"}]})
    moderator.do("timer:start", {"slot": slot})
    expect(phone.get_by_role("link", name="The slides")).to_have_attribute("rel", re.compile("noopener"))
    phone.get_by_role("tab", name="Agenda").click()
    now = phone.locator('[aria-current="step"]')
    expect(now).to_contain_text(moderator.view["slots"][slot]["title"])
    expect(now.get_by_role("link", name="The slides")).to_be_visible()
    phone.keyboard.press("ArrowRight")
    expect(phone.get_by_role("tab", name="Speakers")).to_be_focused()
    expect(phone.get_by_role("tabpanel")).to_contain_text("Lia Voermans")


def test_hands_are_raised_and_the_bars_follow(phone: Page, moderator: Client, server: Server, connect: Connect) -> None:
    moderator.do("hands:ask", {"text": "Which barrier is the highest?", "answers": ["Law", "Logistics"]})
    phone.get_by_role("radio", name=re.compile("Logistics")).click()
    expect(phone.get_by_role("radio", name=re.compile("Logistics"))).to_have_attribute("aria-checked", "true")
    moderator.wait_for(lambda client: client.view["hands"]["counts"] == [0, 1])
    connect(server, "attendee").do("hands:answer", {"answer": 0})
    expect(phone.get_by_role("radio", name=re.compile("Law"))).to_contain_text("1")
    moderator.do("hands:close")
    expect(phone.get_by_text("Show of hands, closed")).to_be_visible()
    expect(phone.get_by_role("radio", name=re.compile("Law"))).to_be_disabled()


def test_whoever_is_called_up_is_told_to_get_ready(phone: Page, moderator: Client) -> None:
    write(phone, "I would say this myself")
    phone.get_by_role("button", name="Ask it aloud").click()
    send(phone)
    question = own_id(moderator, "I would say this myself")
    moderator.do("question:queue", {"question": question})
    moderator.do("question:call", {"question": question})
    expect(phone.get_by_role("alert")).to_contain_text("Get ready to speak: you are next")
    moderator.do("question:uncall")
    expect(phone.locator(".called")).to_have_count(0)


def test_a_message_to_all_is_shown_and_can_be_put_away(phone: Page, moderator: Client) -> None:
    moderator.do("message:send", {"to": "all", "text": "Five minutes longer today", "level": "info"})
    expect(phone.get_by_text("Five minutes longer today")).to_be_visible()
    phone.get_by_role("button", name="Put the message away").click()
    expect(phone.get_by_text("Five minutes longer today")).to_have_count(0)


def test_at_the_end_it_says_what_became_of_every_question(phone: Page, ask: Ask, moderator: Client) -> None:
    question = ask("Answered on air")
    moderator.do("timer:start")
    moderator.do("question:air", {"question": question})
    moderator.do("question:answer", {"question": question})
    ask("Left open")
    moderator.do("question:dismiss", {"question": ask("Too far off"), "reason": "Not about solvents"})
    moderator.do("timer:start", {"slot": wrapup_of(moderator)})
    expect(phone.get_by_role("heading", name="What became of every question")).to_be_visible()
    moderator.do("timer:end")
    ledger = phone.locator(".ledger").first
    expect(ledger).to_contain_text("3questions asked")
    expect(ledger).to_contain_text("“Not about solvents” 1")
    expect(ledger).to_contain_text("1answered in the debate")
    expect(phone.get_by_text("Questions are closed")).to_be_visible()
    expect(phone.get_by_role("button", name="Ask a question")).to_have_count(0)


def wrapup_of(client: Client) -> str:
    return next(str(id) for id, slot in client.view["slots"].items() if slot["kind"] == "wrapup")


def test_whose_question_was_merged_follows_the_other_one(phone: Page, ask: Ask, moderator: Client) -> None:
    other_one, target = ask("Who is first?"), ask("Which permits are needed?")
    write(phone, "Which permits does one need?")
    send(phone)
    own = moderator.wait_for(
        lambda one: [id for id, q in one.view["questions"].items() if q["text"] == "Which permits does one need?"]
    )[0]
    moderator.do("question:merge", {"question": own, "into": target})
    moderator.do("question:queue", {"questions": [other_one, target]})
    expect(mine(phone, "Which permits does one need?")).to_contain_text("In the queue, number 2")
    phone.evaluate("navigator.vibrate = pattern => { window.felt = pattern; return true }")
    moderator.do("question:air", {"question": target})
    expect(phone.locator(".onair")).to_contain_text("On air, merged with your question")
    assert phone.evaluate("window.felt")
    moderator.do("question:answer", {"question": target, "text": "Two of them."})
    expect(mine(phone, "Which permits does one need?")).to_contain_text("Answered")


# ---- on every phone


@pytest.mark.parametrize(
    ("size", "theme"), [("small", "light"), ("phone", "dark"), ("tablet", "light"), ("desktop", "dark")]
)
def test_nothing_sticks_out_and_axe_finds_nothing(
    pages: Pages, server: Server, ask: Ask, size: str, theme: str
) -> None:
    ask("Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikation und " + "w" * 60)
    page = pages.open(server.links["attendee"], size=size, theme=theme)
    expect(page.locator(".pq")).to_have_count(1)
    for step in ("questions", "agenda", "speakers", "composer"):
        if step == "composer":
            page.get_by_role("button", name="Ask a question").click()
        else:
            page.get_by_role("tab", name=step.capitalize()).click()
        width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room, f"{step} is {width} wide on {room}"
        assert violations(page) == [], step


def test_every_control_is_large_enough_for_a_finger(phone: Page, ask: Ask) -> None:
    ask("One to vote for")
    expect(other(phone, "One to vote for")).to_be_visible()
    ask("And another")
    phone.get_by_role("button", name="1 new").click()
    small = phone.evaluate(
        """() => [...document.querySelectorAll('button, a[href], input')]
            .filter(one => one.getClientRects().length)
            .map(one => [one.getAttribute('aria-label') || one.textContent, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44)
            .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small == []
