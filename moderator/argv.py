"""Which command a line of arguments means. Imports nothing, so that `run.py` can decide before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

COMMANDS = ("serve", "links", "import", "export", "rehearse", "replay", "erase", "copy")
FLAGS = frozenset(
    {"--json", "--personal-data", "--rehearsal", "--wipe", "--yes", "--require-durable", "--help", "-h", "--version"}
)
"""Options without a value; every other option takes one."""


def command_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the command's name in front, so that options may stand before or after it.

    Without a name the command is `serve`; a lone `--help` or `--version` is about the whole program.
    """
    skip = False
    for at, argument in enumerate(arguments):
        if skip:
            skip = False
        elif argument == "--":
            break
        elif argument.startswith("-") and argument != "-":
            skip = "=" not in argument and argument not in FLAGS
        else:
            return [argument, *arguments[:at], *arguments[at + 1 :]]
    if any(argument in ("--help", "-h", "--version") for argument in arguments):
        return list(arguments)
    return ["serve", *arguments]


def many_workers(arguments: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Is this the parent of several workers? It serves nothing, and needs no green sockets."""
    if "MODERATOR_WORKER" in environ:
        return False
    wanted = environ.get("MODERATOR_WORKERS", "1")
    for at, argument in enumerate(arguments):
        if argument == "--workers" and at + 1 < len(arguments):
            wanted = arguments[at + 1]
        elif argument.startswith("--workers="):
            wanted = argument.split("=", 1)[1]
    return wanted.strip() not in ("", "1")
