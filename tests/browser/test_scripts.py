"""Runs the script tests, `tests/js/*.mjs`, in Chromium.

They are written for `node --test`, which runs them as well. Node itself is not needed here: an import map puts small
stand-ins from `tests/support/node/` in the place of `node:test` and its like.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import Pages
from tests.support.server import ROOT

IMPORTS = {
    "node:test": "/tests/support/node/test.js",
    "node:assert": "/tests/support/node/assert.js",
    "node:assert/strict": "/tests/support/node/assert.js",
    "node:fs": "/tests/support/node/fs.js",
    "node:fs/promises": "/tests/support/node/fs.js",
    "node:url": "/tests/support/node/fs.js",
}
PAGE = f"""<!doctype html><meta charset="utf-8"><title>Script tests</title><link rel="icon" href="data:,">
<script type="importmap">{json.dumps({"imports": IMPORTS})}</script>"""


class _Files(SimpleHTTPRequestHandler):
    """The repository's files, and one empty page."""

    extensions_map = {**mimetypes.types_map, ".js": "text/javascript", ".mjs": "text/javascript"}  # noqa: RUF012

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """Where the repository is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(ROOT))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def run(pages: Pages, files: str, script: str) -> list[dict[str, Any]]:
    page = pages.open(files + "/")
    return page.evaluate(  # type: ignore[no-any-return]
        "async script => (await import('/tests/support/node/test.js')).run(script)", script
    )


@pytest.mark.browser
@pytest.mark.parametrize("script", sorted((ROOT / "tests" / "js").glob("*.mjs")), ids=lambda path: path.stem)
def test_scripts_do_as_their_tests_say(pages: Pages, files: str, script: Path) -> None:
    results = run(pages, files, "/" + script.relative_to(ROOT).as_posix())

    assert results, "the file declares no test"
    failed = [f"{result['name']}\n{result['error']}" for result in results if not result["ok"]]
    assert not failed, "\n\n".join(failed)


@pytest.mark.browser
def test_a_failing_script_test_is_seen(pages: Pages, files: str) -> None:
    results = run(pages, files, "/tests/support/node/example.js")

    assert {result["name"]: result["ok"] for result in results} == {
        "it holds": True,
        "it does not hold": False,
        "a group > it waits": True,
        "a group > it compares deeply": False,
        "it throws": True,
        "it reads a file": True,
    }
