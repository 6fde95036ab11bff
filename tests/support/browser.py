"""Chromium for the tests: pages of a given size, and no console error that a test does not expect.

See `client.py` on using it together with socket clients.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

SIZES: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "small": {"viewport": {"width": 320, "height": 568}, "is_mobile": True, "has_touch": True},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
}

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages work offline: whatever they ask of another host fails, and so does the test.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


def chromium() -> str:
    """Where the system's Chromium is; `CHROMIUM` names another one."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise RuntimeError("no Chromium here: apt-get install chromium, or set CHROMIUM")
    return found


@contextmanager
def launch() -> Iterator[Browser]:
    """One browser process; contexts of it share nothing but the process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS, headless=True)
        try:
            yield browser
        finally:
            browser.close()


class Pages:
    """Opens pages, each in a context (cookies, storage) of its own unless told otherwise, and collects complaints."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.complaints: list[str] = []
        """Console errors and warnings of the security policy, uncaught exceptions, answers of 500 and above."""
        self.opened: list[Page] = []
        self._expected: list[re.Pattern[str]] = []
        self._contexts: list[BrowserContext] = []

    def expect(self, pattern: str) -> None:
        """This test provokes complaints that match `pattern` (searched, not anchored)."""
        self._expected.append(re.compile(pattern))

    def context(self, size: str = "desktop", theme: str = "light", **options: Any) -> BrowserContext:
        """A fresh context. `theme`: "light" or "dark"; `options` as for `Browser.new_context`."""
        context = self.browser.new_context(**{**SIZES[size], "color_scheme": theme, "locale": "en-GB", **options})
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        return context

    def open(
        self,
        url: str,
        size: str = "desktop",
        theme: str = "light",
        context: BrowserContext | None = None,
        **options: Any,
    ) -> Page:
        """A new page at `url`."""
        page = (context or self.context(size, theme, **options)).new_page()
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self._complain(f"uncaught: {error}"))
        page.on("response", self._on_response)
        self.opened.append(page)
        page.goto(url)
        return page

    def finish(self) -> None:
        """Close everything; fail on complaints that nobody expected."""
        for context in self._contexts:
            context.close()
        unexpected = [line for line in self.complaints if not any(pattern.search(line) for pattern in self._expected)]
        assert not unexpected, "the pages complained:\n" + "\n".join(unexpected)

    def picture(self, folder: Path) -> list[Path]:
        """What every open page looks like now, for a test that failed."""
        shots = []
        for number, page in enumerate(self.opened, 1):
            if not page.is_closed():
                shots.append(folder / f"page-{number}.png")
                page.screenshot(path=shots[-1])
        return shots

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            where = message.location.get("url", "")
            self._complain(f"{message.type}: {message.text} ({where})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 500:
            self._complain(f"{response.status}: {response.url}")

    def _complain(self, line: str) -> None:
        self.complaints.append(line)


def until(page: Page, wanted: str) -> None:
    """Wait for a JavaScript condition (pages allow no eval, which `wait_for_function` needs to look twice)."""
    give_up = time.monotonic() + 15
    while not page.evaluate(f"() => Boolean({wanted})"):
        assert time.monotonic() < give_up, f"not within 15 s: {wanted}"
        page.wait_for_timeout(50)
