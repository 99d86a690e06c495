"""Where styles and templates come from, and which file wins.

A file is looked for in the series' own folder, then in the series' and the
shipped folder of each theme of the `extends` chain. The name `shipped:FILE`
passes the series' own folders over, so that a file can extend the one that it
replaces.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from reportgen.diagnostics import Sink, Span
from reportgen.settings import parse_toml, read_settings
from reportgen.workspace import SourceText

SHIPPED = "shipped:"

ASSETS_VARIABLE = "REPORTGEN_ASSETS"


class Kind(Enum):
    """What is looked for."""

    STYLE = "styles"
    TEMPLATE = "templates"


@dataclass(frozen=True)
class ThemeSettings:
    """The keys of a theme's theme.toml."""

    extends: str = ""
    """The theme that this one differs from."""
    stylesheets: tuple[str, ...] = ()
    """Style sheets in their order; a theme adds its own to those of the theme it extends."""
    fonts: tuple[str, ...] = ()
    """Families that may be embedded in the PDF; another one is a breach."""
    fit_steps: int = 0
    """Number of steps of the copyfitting ladder: classes fit-1, fit-2 ... in the style sheets."""
    print_stylesheets: tuple[str, ...] = ()
    """Style sheets of the print edition, after the others: its colours, in inks."""
    map: dict[str, str] = field(default_factory=dict)
    """Colours of maps, see reportgen.maps.style.MapStyle."""
    map_print: dict[str, str] = field(default_factory=dict)
    """The same in print, where they are not to be separated from those of screens."""


@dataclass(frozen=True)
class Theme:
    """A theme with all that it inherits."""

    name: str
    chain: tuple[str, ...]
    """This theme, the one it extends, and so on."""
    stylesheets: tuple[str, ...]
    fonts: tuple[str, ...]
    print_stylesheets: tuple[str, ...]
    fit_steps: int
    map: dict[str, str] = field(hash=False)
    map_print: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Found:
    """A place where a file may be, in the order in which they are looked at."""

    path: Path
    why: str
    exists: bool


@dataclass(frozen=True)
class Assets:
    """The search path of one series."""

    series: Path | None
    """Folder of the series; None for a brief that stands alone."""
    theme_chain: tuple[str, ...] = ("default",)

    def places(self, name: str, kind: Kind) -> list[Found]:
        """Return all places where `name` is looked for, the winner being the first that exists."""
        shipped_only = name.startswith(SHIPPED)
        name = name.removeprefix(SHIPPED)
        candidates: list[tuple[Path, str]] = []
        own = self.series / kind.value if self.series and not shipped_only else None
        if own:
            candidates.append((own / name, "the series' own file"))
        for theme in self.theme_chain:
            if own:
                candidates.append((own / theme / name, f"the series' own theme {theme}"))
            candidates.append((shipped(kind) / theme / name, f"the shipped theme {theme}"))
        if kind is Kind.STYLE:
            candidates.append((shipped(kind) / name, "shipped, for every theme"))
        return [Found(path, why, _inside(path, self.series) and path.is_file())
                for path, why in candidates]

    def find(self, name: str, kind: Kind) -> Path | None:
        """Return the file that wins, or None."""
        return next((f.path for f in self.places(name, kind) if f.exists), None)


def shipped(kind: Kind) -> Path:
    """Return the shipped folder of styles or templates: of the wheel, else of the repository.

    `REPORTGEN_ASSETS` names a folder that stands in for them, as that of a bag.
    """
    named = os.environ.get(ASSETS_VARIABLE, "")
    if named:
        return Path(named) / kind.value
    package = Path(__file__).resolve().parent
    installed = package / "_assets" / kind.value
    return installed if installed.is_dir() else package.parent.parent / kind.value


def _inside(path: Path, series: Path | None) -> bool:
    """Whether a file lies where it may be read: in the series or among what is shipped."""
    try:
        resolved = path.resolve()
    except (OSError, ValueError, RuntimeError):
        return False
    roots = [shipped(kind).resolve() for kind in Kind] + ([series.resolve()] if series else [])
    return any(resolved.is_relative_to(root) for root in roots)


def read_theme(name: str, series: Path | None, span: Span, sink: Sink) -> Theme:
    """Return the theme `name` with all that it inherits; mistakes in it go to `sink`."""
    chain: list[str] = []
    layers: list[ThemeSettings] = []
    current = name
    while current:
        if current in chain:
            sink.error("theme-loop", f"the theme {current} extends itself", span)
            break
        settings = _theme_settings(current, series, span, sink)
        if settings is None:
            break
        chain.append(current)
        layers.append(settings)
        current = settings.extends
    if not layers:
        if name != "default" or series is not None:
            return read_theme("default", None, span, sink)
        raise FileNotFoundError("the shipped theme is missing: the installation is damaged")
    sheets: list[str] = []
    printed: list[str] = []
    fonts: list[str] = []
    colours: dict[str, str] = {}
    inks: dict[str, str] = {}
    for settings in reversed(layers):
        sheets += [s for s in settings.stylesheets if s not in sheets]
        printed += [s for s in settings.print_stylesheets if s not in printed]
        fonts += [f for f in settings.fonts if f not in fonts]
        screen, inked = _with_underscores(settings.map), _with_underscores(settings.map_print)
        inks = {k: v for k, v in inks.items() if k not in screen} | inked
        colours |= screen
    steps = next((s.fit_steps for s in layers if s.fit_steps), 0)
    return Theme(name, tuple(chain), tuple(sheets), tuple(fonts), tuple(printed),
                 min(steps, 20), colours, inks)


def _with_underscores(table: dict[str, str]) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in table.items()}


def _theme_settings(name: str, series: Path | None, span: Span,
                    sink: Sink) -> ThemeSettings | None:
    folders = ([series / "styles" / name] if series else []) + [shipped(Kind.STYLE) / name]
    path = next((f / "theme.toml" for f in folders
                 if "\0" not in name and _inside(f / "theme.toml", series)
                 and (f / "theme.toml").is_file()), None)
    if path is None or "/" in name or "\\" in name:
        known = sorted(p.parent.name for p in shipped(Kind.STYLE).glob("*/theme.toml"))
        sink.error("unknown-theme", f'no theme "{name}"', span, f"shipped are: {', '.join(known)}")
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sink.error("unreadable", f"theme.toml of {name}: {error}", span)
        return None
    source = SourceText(f"styles/{name}/theme.toml", text)
    data = parse_toml(source, sink)
    return read_settings(ThemeSettings, data, source, sink) if data is not None else None
