"""Making the files of the page: `receiver.php`, or `receiver.json` for WSGI."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def php(config: dict[str, Any]) -> bytes:
    """Return the page for a host with PHP: one file, with all that it knows."""
    text = (_HERE / "receiver.php").read_text("utf-8")
    style = " ".join((_HERE / "style.css").read_text("utf-8").split())
    data = json.dumps(config, ensure_ascii=False, indent=1)
    return text.replace("@@STYLE@@", style).replace("@@CONFIG@@", data).encode()


def wsgi(config: dict[str, Any]) -> bytes:
    """Return what `reportgen.mail.receiver.wsgi` has to know."""
    return json.dumps(config, ensure_ascii=False, indent=1).encode()
