"""The way in: `python run.py` serves; `python run.py --help` names the other commands."""

from __future__ import annotations

import os
import sys

from moderator.argv import command_first, many_workers

if __name__ == "__main__":
    arguments = command_first(sys.argv[1:])
    serves = arguments[:1] == ["serve"] and not {"--help", "-h"} & set(arguments)
    if serves and not many_workers(arguments, os.environ):
        # Sockets and threads must be green before anything else is imported; only `serve` pays for it.
        from moderator.server import go_green

        go_green()
    from moderator.cli import main

    main(arguments)
