"""OpenDocument, RTF and old Word files, made to .docx by LibreOffice where it is installed.

It runs without a window, with a profile of its own that is thrown away: macros are off, links to
other files are not followed, and whatever asks for the network is sent to a port where nobody is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from reportgen.diagnostics import Sink, Span

_FILTERS = {b"{\\rtf": (".rtf", "Rich Text Format"), b"PK\x03\x04": (".odt", "writer8"),
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (".doc", "MS Word 97")}
"""Suffix and filter by what a file begins with: without one, LibreOffice reads anything as text."""

_PROGRAMS = ("soffice", "libreoffice")
_TIMEOUT = 180
"""seconds"""

_ITEM = ('<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
         "<value>{value}</value></prop></item>")
_SETTINGS = (
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def as_word(data: bytes, suffix: str, name: str, sink: Sink) -> bytes | None:
    """Return a document as .docx; None and an error in `sink` if it cannot be made."""
    span = Span(name)
    program = next((found for p in _PROGRAMS if (found := shutil.which(p))), None)
    if program is None:
        sink.error("no-libreoffice", f"to read {suffix} LibreOffice is needed, which is not "
                   "installed", span, "install LibreOffice, or save the file as .docx")
        return None
    kind = next((kind for begin, kind in _FILTERS.items() if data.startswith(begin)), None)
    made = None
    if kind is not None:
        with tempfile.TemporaryDirectory(prefix="reportgen-") as folder:
            made = _converted(program, data, kind, Path(folder))
    if made is None:
        sink.error("damaged", "LibreOffice cannot read the file", span,
                   "open it where it was written, and save it as .docx")
    return made


def _converted(program: str, data: bytes, kind: tuple[str, str],
               folder: Path) -> bytes | None:
    suffix, read_as = kind
    source = folder / f"brief{suffix}"
    source.write_bytes(data)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value)
                    for path, name, value in _SETTINGS)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>\n", encoding="utf-8")
    environment = {**os.environ, "HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    try:
        subprocess.run(
            [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
             "--nolockcheck", f"--infilter={read_as}", "--convert-to", "docx:MS Word 2007 XML",
             "--outdir", str(folder), str(source)],
            capture_output=True, timeout=_TIMEOUT, check=False, env=environment)
        return (folder / "brief.docx").read_bytes()
    except (OSError, subprocess.TimeoutExpired):
        return None
