"""The door of the program: what `reportgen` and `python -m reportgen` run.

So small that Ctrl-C finds it open: most of a command's first tenth of a second
is loading of what it needs.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading


def main() -> int:
    """Run the command line; return its exit status."""
    try:
        from reportgen.cli.main import main as run

        return _leave(run())
    except KeyboardInterrupt:
        return 130


def _leave(status: int) -> int:
    """End the process at once; return the status where that is not safe.

    Python would take apart every object first, a twentieth of the time of a build, for memory that
    the system takes back anyway. All streams are flushed, and nothing may still be running.
    """
    if threading.active_count() > 1:
        return status
    atexit._run_exitfuncs()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
