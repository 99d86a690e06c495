"""The door of the program: what `reportgen` and `python -m reportgen` run.

So small that Ctrl-C finds it open: most of a command's first tenth of a second
is loading of what it needs.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; return its exit status."""
    try:
        from reportgen.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
