"""Where styles and templates come from, and which file wins.

A file is looked for in the series' own folder, then in the series' and the
shipped folder of each theme of the `extends` chain. The name `shipped:FILE`
passes the series' own folders over, so that a file can extend the one that it
replaces.
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from reportgen.colours import is_colour
from reportgen.diagnostics import Severity, Sink, Span
from reportgen.settings import Settings, line_of, parse_toml, read_settings
from reportgen.standards import ColourSpace
from reportgen.typesetting.shaping import FaceKey, FontBook
from reportgen.typesetting.specification import (
    ALIGNMENTS,
    REGION,
    Bounds,
    FaceFile,
    PageFormat,
    TypeSpecification,
    TypeStyle,
    palette_in,
)
from reportgen.workspace import SourceText

SHIPPED = "shipped:"

ASSETS_VARIABLE = "REPORTGEN_ASSETS"


class Kind(Enum):
    """What is looked for."""

    STYLE = "styles"
    TEMPLATE = "templates"


class ThemeSettings(Struct, frozen=True):
    """The keys of a theme's theme.toml."""

    extends: str = ""
    """The theme that this one differs from."""
    stylesheets: tuple[str, ...] = ()
    """Style sheets in their order; a theme adds its own to those of the theme it extends."""
    fonts: tuple[str, ...] = ()
    """Families that may be embedded in the PDF; another one is a breach."""
    fallback: tuple[str, ...] = ()
    """Families in which a character is looked for that a face does not have, in this order; those
    of the theme that this one extends come behind."""
    page: dict[str, Any] = field(default_factory=dict)
    """Size of the page, margins and columns, see reportgen.typesetting.specification.PageFormat."""
    palette: dict[str, str] = field(default_factory=dict)
    """Colours by name, which type styles and style sheets (as custom properties) use."""
    palette_print: dict[str, str] = field(default_factory=dict)
    """The same in print, where they are not to be separated from those of screens."""
    type: dict[str, Any] = field(default_factory=dict)
    """Type styles, [type.text] and others, see reportgen.typesetting.specification.TypeStyle."""
    fit: dict[str, Any] = field(default_factory=dict)
    """How far copyfit may go, see reportgen.typesetting.specification.Bounds."""
    face: tuple[dict[str, Any], ...] = ()
    """Rows [[face]]: the font files, see reportgen.typesetting.specification.FaceFile."""
    print_stylesheets: tuple[str, ...] = ()
    """Style sheets of the print edition, after the others: its colours, in inks."""
    map: dict[str, str] = field(default_factory=dict)
    """Colours of maps, see reportgen.maps.style.MapStyle."""
    map_print: dict[str, str] = field(default_factory=dict)
    """The same in print, where they are not to be separated from those of screens."""


class Theme(Struct, frozen=True):
    """A theme with all that it inherits."""

    name: str
    chain: tuple[str, ...]
    """This theme, the one it extends, and so on."""
    stylesheets: tuple[str, ...]
    fonts: tuple[str, ...]
    fallback: tuple[str, ...]
    print_stylesheets: tuple[str, ...]
    page: PageFormat
    fit: Bounds
    styles: dict[str, TypeStyle]
    palette: dict[str, str]
    palette_print: dict[str, str]
    faces: tuple[FaceFile, ...]
    map: dict[str, str]
    map_print: dict[str, str]


class Found(Struct, frozen=True):
    """A place where a file may be, in the order in which they are looked at."""

    path: Path
    why: str
    exists: bool


class Assets(Struct, frozen=True):
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
        return [Found(path, why, path.is_file() and _inside(path, self.series))
                for path, why in candidates]

    def find(self, name: str, kind: Kind) -> Path | None:
        """Return the file that wins, or None."""
        return next((f.path for f in self.places(name, kind) if f.exists), None)

    def stamps(self, kind: Kind) -> list[tuple[str, int, int]]:
        """Return name, size and time of change of the series' own files of a kind."""
        folder = self.series / kind.value if self.series else None
        if folder is None or not folder.is_dir():
            return []
        return sorted((p.relative_to(folder).as_posix(), p.stat().st_size, p.stat().st_mtime_ns)
                      for p in folder.rglob("*") if p.is_file())


def shipped(kind: Kind) -> Path:
    """Return the shipped folder of styles or templates: of the wheel, else of the repository.

    `REPORTGEN_ASSETS` names a folder that stands in for them, as that of a bag.
    """
    return _shipped(kind, os.environ.get(ASSETS_VARIABLE, ""))


@cache
def _shipped(kind: Kind, named: str) -> Path:
    if named:
        return Path(named) / kind.value
    package = Path(__file__).resolve().parent
    installed = package / "_assets" / kind.value
    return installed if installed.is_dir() else package.parent.parent / kind.value


def _inside(path: Path, series: Path | None) -> bool:
    """Whether a file lies where it may be read: in the series or among what is shipped."""
    try:
        resolved = os.path.realpath(path)
    except (OSError, ValueError, RuntimeError):
        return False
    roots = [*map(_shipped_root, map(shipped, Kind))]
    if series:
        roots.append(os.path.realpath(series))
    return any(resolved.startswith(root + os.sep) for root in roots)


@cache
def _shipped_root(folder: Path) -> str:
    return os.path.realpath(folder)


def read_theme(name: str, series: Path | None, span: Span, sink: Sink) -> Theme:
    """Return the theme `name` with all that it inherits; mistakes in it go to `sink`."""
    chain: list[str] = []
    layers: list[ThemeSettings] = []
    current, asked = name, span
    while current:
        if current in chain:
            sink.error("theme-loop", f"the theme {current} extends itself", span)
            break
        settings = _theme_settings(current, series, asked, sink)
        if settings is None:
            break
        chain.append(current)
        layers.append(settings)
        current, asked = settings.extends, Span(f"styles/{current}/theme.toml")
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
    if "default" not in chain:  # whose type styles and templates everybody can count on
        base = _theme_settings("default", None, span, sink)
        layers += [base] if base is not None else []
        chain.append("default")
    theme = Theme(
        name=name, chain=tuple(chain), stylesheets=tuple(sheets), fonts=tuple(fonts),
        print_stylesheets=tuple(printed), map=colours, map_print=inks, **_typography(layers))
    return _checked_whole(theme, span, sink)


LEAST_MEASURE, LEAST_COLUMN = 20.0, 60.0
"""mm: the narrowest text and the lowest page that are set."""


def _checked_whole(theme: Theme, span: Span, sink: Sink) -> Theme:
    """Return `theme`, or one with the default's pages if what it says cannot be set: an error."""
    before = len([d for d in sink if d.severity is Severity.ERROR])
    where = f"the theme {theme.name}"
    page = theme.page
    if (page.measure < LEAST_MEASURE or page.column < LEAST_COLUMN or page.side < LEAST_MEASURE
            or page.side > page.text_left or min(page.portrait, page.cover) < 1):
        sink.error("page-format", f"{where} leaves no room for text: {page.measure:g} mm wide, "
                   f"{page.column:g} mm tall, beside a side column of {page.side:g} mm", span,
                   f"[page] must leave {LEAST_MEASURE:g} by {LEAST_COLUMN:g} mm at least")
    families = {face.family for face in theme.faces}
    for name, style in theme.styles.items():
        if style.family not in families:
            sink.error("no-font", f'[type.{name}] of {where}: no [[face]] of "{style.family}"',
                       span, f"known are: {', '.join(sorted(families))}")
        if style.colour != REGION and style.colour not in theme.palette:
            sink.error("colour", f'[type.{name}] of {where}: no colour "{style.colour}"', span,
                       f"known are: {', '.join(sorted(theme.palette))}, {REGION}")
        if not (3 <= style.size <= 100 and style.size / 2 <= style.leading <= 300):
            sink.error("type-size", f"[type.{name}] of {where} is {style.size:g}/"
                       f"{style.leading:g} pt", span, "a size is 3 to 100 pt, a leading more")
    fit = theme.fit
    if not (3 <= fit.least_size <= fit.most_size and 3 <= fit.least_leading <= fit.most_leading):
        sink.error("type-size", f"[fit] of {where}: the least is more than the most", span)
    if len([d for d in sink if d.severity is Severity.ERROR]) > before:
        usual = read_theme("default", None, span, Sink())
        return replace(theme, page=usual.page, fit=usual.fit, styles=usual.styles,
                       palette=usual.palette, faces=usual.faces, fallback=usual.fallback)
    return theme


def _typography(layers: list[ThemeSettings]) -> dict[str, Any]:
    """Return page, type and palette of a theme: each layer states only what differs."""
    page: dict[str, Any] = {}
    fit: dict[str, Any] = {}
    palette: dict[str, str] = {}
    printed: dict[str, str] = {}
    styles: dict[str, dict[str, Any]] = {}
    faces: dict[tuple[Any, ...], FaceFile] = {}
    for layer in reversed(layers):
        page |= layer.page
        fit |= layer.fit
        printed = {k: v for k, v in printed.items() if k not in layer.palette}
        printed |= layer.palette_print
        palette |= layer.palette
        for name, table in layer.type.items():
            if isinstance(table, dict):  # anything else has been told
                styles[name] = styles.get(name, {}) | table
        for row in layer.face:
            face = _quietly(FaceFile, row)
            faces[face.family, face.weight, face.italic] = face
    families = {face.family for face in faces.values()}
    fallback = [name for layer in layers for name in layer.fallback if name in families]
    return {"page": _quietly(PageFormat, page), "fit": _quietly(Bounds, fit), "palette": palette,
            "fallback": tuple(dict.fromkeys(fallback)),
            "palette_print": printed, "faces": tuple(faces.values()),
            "styles": {name: _quietly(TypeStyle, table) for name, table in styles.items()}}


def _quietly(kind: type[Settings], table: dict[str, Any]) -> Settings:
    """Return a table whose mistakes have been told as a `kind`."""
    return read_settings(kind, table, SourceText("theme.toml", ""), Sink())


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
        near = get_close_matches(name, known, n=1)
        sink.error("unknown-theme", f'no theme "{name}"', span, f'did you mean "{near[0]}"?'
                   if near else f"shipped are: {', '.join(known)}")
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sink.error("unreadable", f"theme.toml of {name}: {error}", span)
        return None
    source = SourceText(f"styles/{name}/theme.toml", text)
    data = parse_toml(source, sink)
    if data is None:
        return None
    settings = read_settings(ThemeSettings, data, source, sink)
    _check_typography(settings, source, sink)
    return settings


_COLOURED = ("palette", "palette_print")


def _check_typography(settings: ThemeSettings, source: SourceText, sink: Sink) -> None:
    """Tell what is wrong in the tables of a theme: an unknown key, a value of another kind."""
    read_settings(PageFormat, settings.page, source, sink, "page")
    read_settings(Bounds, settings.fit, source, sink, "fit")
    for name, table in settings.type.items():
        if not isinstance(table, dict):
            sink.error("wrong-type", f'"{name}" must be a table', source.span(0),
                       f"write [type.{name}] above its keys")
            continue
        style = read_settings(TypeStyle, table, source, sink, f"type.{name}")
        if style.align not in ALIGNMENTS:
            sink.error("align", f'no alignment "{style.align}"',
                       source.span(line_of(source, "align", f"type.{name}")),
                       f"known are: {', '.join(ALIGNMENTS)}")
    for row in settings.face:
        read_settings(FaceFile, row, source, sink, "face")
    for table_name in _COLOURED:
        for name, colour in getattr(settings, table_name).items():
            if not is_colour(colour):
                key = table_name.replace("_", "-")
                sink.error("colour", f'[{key}] {name} = "{colour}" is no colour',
                           source.span(line_of(source, name, key)), "write it as #0f6b6d, in "
                           "print as device-cmyk(85% 0% 0% 55%)")


def specification_of(theme: Theme, space: ColourSpace) -> TypeSpecification:
    """Return what a theme gives to the typesetter, in a colour space."""
    return TypeSpecification(
        page=theme.page, fit=theme.fit, styles=theme.styles, faces=theme.faces,
        fallback=theme.fallback,
        palette=palette_in(theme.palette, theme.palette_print, space))


def font_book(theme: Theme, assets: Assets, sink: Sink) -> FontBook:
    """Return the faces of a theme; a file that is missing is an error."""
    files: dict[FaceKey, bytes] = {}
    for face in theme.faces:
        path = assets.find(face.file, Kind.STYLE)
        if path is None:
            sink.error("no-font", f"there is no font file {face.file}", Span("theme.toml"),
                       "a [[face]] names a file of styles/, as in fonts/BulletinText-Regular.ttf")
            continue
        files[FaceKey(face.family, face.weight, face.italic)] = path.read_bytes()
    return FontBook(files, theme.fallback)
