"""What docs/operations.md tells an operator to type and to watch is there, and does what it says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from moderator.cli import program
from tests.conftest import Connect, Serve
from tests.support.client import assert_in_sync
from tests.support.server import ROOT, Server

TEXT = (ROOT / "docs" / "operations.md").read_text()


def lines(heading: str) -> list[str]:
    """The indented lines of a section."""
    section = TEXT[TEXT.index(f"## {heading}") :].split("\n## ")[0]
    return [line.strip() for line in section.splitlines() if line.startswith("    ")]


def shell(command: str, server: Server, backup: Path) -> str:
    command = command.replace("data/", f"{server.data}/").replace("/backup/", f"{backup}/")
    done = subprocess.run(["bash", "-ec", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_to_be_watched_is_told() -> None:
    from moderator.metrics import exposition

    samples = [line for line in exposition().decode().splitlines() if not line.startswith("#")]
    known = {re.split(r"[{ ]", line)[0] for line in samples} | {"webinar_commands_total"}  # after the first command
    families = {re.sub(r"_(bucket|count|sum|total)$", "", name) for name in known}
    named = set(re.findall(r"\b(?:webinar|process)_[a-z_]+", TEXT))
    assert len(named) > 12
    assert named - known - families == set()
    for name, bound in re.findall(r'(\w+_bucket)\{le="([0-9.]+)"\}', TEXT):
        assert any(line.startswith(f'{name}{{le="{bound}"}}') for line in samples)


def test_options_it_names_are_options_of_the_program() -> None:
    known = {option for command in program.commands.values() for one in command.params for option in one.opts}
    foreign = {"--version", "--help"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", TEXT))
    assert named - known - foreign == set()


@pytest.mark.server
@pytest.mark.embedded("it is the backup of that log")
@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
def test_the_embedded_log_is_backed_up_and_restored_as_it_says(serve: Serve, connect: Connect, tmp_path: Path) -> None:
    back_up, check, restore = (line for line in lines("Backup, restore, upgrade") if "sqlite3" in line)
    server, backup = serve(), tmp_path / "backup"
    backup.mkdir()
    moderator = connect(server, "moderator")
    moderator.do("question:ask", {"text": "Before the backup?", "source": "room"})
    key = server.key("moderator")
    shell(back_up, server, backup)
    assert shell(check.partition("#")[0], server, backup).strip() == "ok"
    moderator.do("question:ask", {"text": "After it?", "source": "room"})
    server.stop()

    (server.data / "secret").unlink()
    shell(restore, server, backup)
    server.start()
    assert "lacks commit 3" in server.stderr
    moderator.disconnect()
    moderator.connect()  # its page knew more
    moderator.wait_for(lambda client: [q["text"] for q in client.view["questions"].values()] == ["Before the backup?"])
    assert_in_sync(moderator)
    server.read_links()
    assert server.key("moderator") == key
