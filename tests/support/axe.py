"""axe-core, as the package axe-playwright-python carries it: what keeps a page from those who cannot see all of it."""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

from tests.support.browser import until

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RUN = "axe.run().then(result => result.violations.map(one => one.id + ': ' + one.nodes[0].html))"


def violations(page: Page) -> list[str]:
    """Rule and first place of each violation on the page as it stands; [] when there is none."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    # What is still fading in has less contrast than it will have.
    until(page, "document.getAnimations().every(one => one.playState !== 'running')")
    return [str(one) for one in page.evaluate(RUN)]
