"""In what is set: page, palette, faces and type styles, as the theme's theme.toml gives them.

The same numbers become the custom properties of the style sheets (`css`), so that the pages which
the engine lays out (cover, contents, imprint) follow them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reportgen.colours import in_space
from reportgen.standards import ColourSpace

MM = 72 / 25.4
"""pt in a millimetre"""

ALIGNMENTS = ("justified", "ragged", "balanced")

REGION = "region"
"""Name in the palette that stands for the colour of the brief's region."""


class PageFormat(Struct, frozen=True, kw_only=True):
    """`[page]` of theme.toml. Lengths in mm."""

    width: float = 210.0
    """Width of the trimmed page."""
    height: float = 297.0
    """Height of the trimmed page."""
    top: float = 24.0
    """Margin above the text."""
    right: float = 17.0
    """Margin at the right."""
    bottom: float = 19.0
    """Margin below notes and text."""
    left: float = 16.0
    """Margin at the left."""
    side: float = 41.0
    """Width of the side column, and of the map in it."""
    text_left: float = 52.0
    """From the left margin to the text."""
    cover: float = 178.0
    """Width of the map or picture of the cover."""
    portrait: float = 22.0
    """Width and height of a portrait."""

    @property
    def measure(self) -> float:
        """Width of the text column, in mm."""
        return self.width - self.left - self.right - self.text_left

    @property
    def column(self) -> float:
        """Height of the text column, in mm."""
        return self.height - self.top - self.bottom


class TypeStyle(Struct, frozen=True, kw_only=True):
    """A table `[type.NAME]` of theme.toml: how one kind of text is set."""

    family: str = "Bulletin Text"
    """Family of the typeface."""
    weight: int = 400
    """Weight of the face, from 100 to 900."""
    italic: bool = False
    """Whether the italic is used; emphasis is upright then."""
    size: float = 9.3
    """Size of the type, in pt."""
    leading: float = 12.7
    """From baseline to baseline, in pt."""
    colour: str = "ink"
    """Name of a colour of the palette, or region."""
    tracking: float = 0.0
    """Space between letters, in em."""
    features: tuple[str, ...] = ()
    """OpenType features that are switched on, as in onum, pnum, lnum, tnum."""
    align: str = "ragged"
    """justified, ragged, or balanced: lines of about the same length."""
    hyphens: bool = False
    """Whether words are hyphenated."""
    indent: float = 0.0
    """Indent, in mm: of the first line in text, of the whole in lists, quotes and notes."""
    before: float = 0.0
    """Space above, in mm."""
    after: float = 0.0
    """Space below, in mm."""


class Bounds(Struct, frozen=True, kw_only=True):
    """`[fit]` of theme.toml: how far copyfit may go from `[type.text]`. pt."""

    least_size: float = 9.0
    """Smallest size of the text."""
    least_leading: float = 12.0
    """Smallest leading."""
    most_size: float = 9.5
    """Largest size of the text."""
    most_leading: float = 13.7
    """Largest leading."""


class FaceFile(Struct, frozen=True, kw_only=True):
    """A row `[[face]]` of theme.toml: a font file and what it is."""

    family: str = ""
    """Family that the file belongs to."""
    weight: int = 400
    """Its weight."""
    italic: bool = False
    """Whether it is an italic."""
    file: str = ""
    """TrueType file, looked for as a style sheet is: fonts/BulletinText-Regular.ttf."""

    def rule(self, folder: str = "") -> str:
        """Return the rule `@font-face` of CSS for the file, which lies in `folder`."""
        slant = "italic" if self.italic else "normal"
        return (f'@font-face {{ font-family: "{self.family}"; src: url({folder}{self.file}); '
                f"font-weight: {self.weight}; font-style: {slant}; }}\n")


OTHER_SCRIPTS = "--other-scripts"
"""Custom property: families of characters that the theme's text face does not have, for content
that stands in a style sheet only, such as a running head."""


class TypeSpecification(Struct, frozen=True, kw_only=True):
    """All that the typesetter takes from a theme, in one colour space."""

    page: PageFormat
    fit: Bounds
    styles: Mapping[str, TypeStyle]
    palette: Mapping[str, str]
    """Colours by name: `#0f6b6d` or `device-cmyk(85% 0% 0% 55%)`."""
    faces: tuple[FaceFile, ...]
    fallback: tuple[str, ...] = ()
    """Families in which a character is looked for that a face does not have."""

    def style(self, name: str) -> TypeStyle:
        """Return the type style called `name`. Raises KeyError if the default theme has none."""
        return self.styles[name]

    def colour(self, name: str, region: str) -> str:
        """Return a colour of the palette; `region` is that of the brief's region."""
        return region if name == REGION else self.palette[name]

    def css(self) -> str:
        """Return the style sheet that says the same to the engine: custom properties and faces."""
        page = self.page
        lengths = {
            "page-width": page.width, "page-height": page.height, "margin-top": page.top,
            "margin-right": page.right, "margin-bottom": page.bottom, "margin-left": page.left,
            "side": page.side, "text-left": page.text_left, "cover": page.cover,
            "measure": page.measure,
        }
        rows = [f"--{name}: {value:g}mm;" for name, value in lengths.items()]
        rows += [f"--{name}: {colour};" for name, colour in self.palette.items()]
        for name, style in self.styles.items():
            slant = "italic " if style.italic else ""
            rows.append(f"--type-{name}: {slant}{style.weight} {style.size:g}pt/"
                        f'{style.leading:g}pt "{style.family}";')
        rows.append(f'{OTHER_SCRIPTS}: "{self.style("text").family}";')
        named = {style.family for style in self.styles.values()}
        faces = "".join(face.rule() for face in self.faces
                        if face.family in named or face.family not in self.fallback)
        size = f"@page {{ size: {page.width:g}mm {page.height:g}mm; margin: {page.top:g}mm " \
               f"{page.right:g}mm {page.bottom:g}mm {page.left:g}mm; }}\n"
        return f"{faces}{size}html {{\n  " + "\n  ".join(rows) + "\n}\n"


def palette_in(palette: Mapping[str, str], printed: Mapping[str, str],
               space: ColourSpace) -> dict[str, str]:
    """Return a palette in a colour space: the theme's own inks, else its colours separated."""
    if space is ColourSpace.RGB:
        return dict(palette)
    return {name: printed.get(name, in_space(colour, space)) for name, colour in palette.items()}
