"""What a page paints: colours used, text shown, pictures drawn, through all that it draws on.

Forms, patterns, glyphs of Type 3 fonts and the groups of soft masks are walked
too, each once for every way in which it can look; whatever cannot be followed
is yielded as `Unknown`, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from msgspec import Struct, field
from msgspec.structs import replace
from pikepdf import Array, Dictionary, Name


class Used(Struct, frozen=True):
    """A colour space that colours are set or blended in."""

    space: str
    """`DeviceRGB`; `ICCBased` has its number of channels, and what has another below it says so:
    `Separation(DeviceCMYK)`."""


class Shown(Struct, frozen=True):
    """Text that is filled."""

    inks: tuple[float, ...]
    overprints: bool
    blended: bool
    """Inside of a form, where it may be blended with what lies below."""


class Drawn(Struct, frozen=True):
    """A picture."""

    space: str
    dpi: float
    interpolated: bool
    is_mask: bool


class Unknown(Struct, frozen=True):
    """Something that is not understood."""

    what: str


Operation = Used | Shown | Drawn | Unknown

_DEVICES = {"g": "DeviceGray", "G": "DeviceGray", "rg": "DeviceRGB", "RG": "DeviceRGB",
            "k": "DeviceCMYK", "K": "DeviceCMYK"}

DEEPEST = 20
"""Forms inside of forms; a page of ours has three."""

_CHANNELS = {"DeviceGray": 1, "CalGray": 1, "DeviceRGB": 3, "CalRGB": 3, "Lab": 3, "DeviceCMYK": 4}

Matrix = tuple[float, float, float, float, float, float]


class _State(Struct, frozen=True):
    """The part of the graphics state that is looked at."""

    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    inks: tuple[float, ...] = (0,)
    overprints: bool = False
    stroked: bool = False
    """Text is stroked alone (rendering mode 1)."""
    depth: int = 0


def operations(page: pikepdf.Page) -> Iterator[Operation]:
    """Yield what a page paints, in its order."""
    yield from _Walk().stream(page, page.obj.get("/Resources", Dictionary()), _State())


class _Walk(Struct):
    seen: set[Any] = field(default_factory=set)
    """What was walked, and how it looked: nothing is walked twice alike."""

    def stream(self, content: Any, resources: Any, state: _State) -> Iterator[Operation]:
        if state.depth > DEEPEST:
            yield Unknown("forms nested too deep")
            return
        yield from self._spaces(resources)
        stack: list[_State] = []
        for instruction in pikepdf.parse_content_stream(content):
            operator, operands = str(instruction.operator), instruction.operands
            try:
                if operator == "q":
                    stack.append(state)
                elif operator == "Q":
                    state = stack.pop() if stack else state
                else:
                    state = _changed(state, operator, operands, resources)
                yield from self._painted(operator, operands, resources, state)
            except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
                yield Unknown(f"the operator {operator[:20]} ({type(error).__name__})")

    def _painted(self, operator: str, operands: Any, resources: Any,
                 state: _State) -> Iterator[Operation]:
        match operator:
            case "g" | "G" | "rg" | "RG" | "k" | "K":
                yield Used(_DEVICES[operator])
            case "cs" | "CS":
                yield Used(_space(resources, operands[0]))
            case "scn" | "SCN" if len(operands) and isinstance(operands[-1], Name):
                yield from self._pattern(resources.Pattern[operands[-1]], resources, state)
            case "Tj" | "TJ" | "'" | '"' if not state.stroked:
                yield Shown(state.inks, state.overprints, state.depth > 0)
            case "Tf":
                yield from self._font(resources.Font[operands[0]], resources, state)
            case "gs":
                yield from self._graphics_state(resources.ExtGState[operands[0]], resources, state)
            case "sh":
                yield from _shading(resources.Shading[operands[0]])
            case "Do":
                yield from self._object(resources.XObject[operands[0]], resources, state)
            case "INLINE IMAGE":
                yield Unknown("an inline picture")

    def _spaces(self, resources: Any) -> Iterator[Operation]:
        """Yield what stands in for device colours (ISO 32000-1, 8.6.5.6)."""
        spaces = resources.get("/ColorSpace", Dictionary())
        for name in ("/DefaultRGB", "/DefaultCMYK", "/DefaultGray"):
            if name in spaces:
                yield Unknown(f"{name[1:]}, which changes what colours mean")

    def _entered(self, thing: Any, resources: Any, state: _State) -> Iterator[Operation]:
        """Walk a form, pattern or glyph, unless it was walked looking the same."""
        scale = tuple(round(v, 3) for v in state.matrix[:4])
        key = thing.objgen, scale, state.inks, state.overprints
        if thing.objgen != (0, 0) and key in self.seen:
            return
        self.seen.add(key)
        yield from self.stream(thing, thing.get("/Resources", resources),
                               replace(state, depth=state.depth + 1))

    def _object(self, thing: Any, resources: Any, state: _State) -> Iterator[Operation]:
        if thing.get("/Subtype") == "/Image":
            yield from _image(thing, state)
            return
        if thing.get("/Subtype") != "/Form" or "/Ref" in thing or "/OPI" in thing:
            yield Unknown("a PostScript, reference or OPI object")
            return
        if "/Group" in thing and "/CS" in thing.Group:
            yield Used(named(thing.Group.CS))
        matrix = tuple(map(float, thing.get("/Matrix", (1, 0, 0, 1, 0, 0))))
        yield from self._entered(thing, resources,
                                 replace(state, matrix=_times(matrix, state.matrix)))

    def _pattern(self, pattern: Any, resources: Any, state: _State) -> Iterator[Operation]:
        if "/Shading" in pattern:
            yield from _shading(pattern.Shading)
        else:
            yield from self._entered(pattern, resources, replace(state, overprints=False))

    def _font(self, font: Any, resources: Any, state: _State) -> Iterator[Operation]:
        for glyph in font.get("/CharProcs", Dictionary()).values():
            yield from self._entered(glyph, font.get("/Resources", resources), state)

    def _graphics_state(self, entry: Any, resources: Any, state: _State) -> Iterator[Operation]:
        for key in ("/TR", "/TR2", "/HT", "/Font", "/BG", "/UCR"):
            if key in entry:
                yield Unknown(f"{key[1:]} in the graphics state")
        if (entry.get("/op", entry.get("/OP", False)) and entry.get("/OPM", 0) != 1):
            yield Unknown("overprint that knocks out where an ink is zero")
        mask = entry.get("/SMask")
        if isinstance(mask, Dictionary) and "/G" in mask:
            yield from self._object(mask.G, resources, state)


def _changed(state: _State, operator: str, operands: Any, resources: Any) -> _State:
    """Return the graphics state after an operator."""
    match operator:
        case "cm":
            return replace(state, matrix=_times(tuple(map(float, operands)), state.matrix))
        case "gs":
            entry = resources.ExtGState[operands[0]]
            fills = entry.get("/op", entry.get("/OP"))
            return state if fills is None else replace(state, overprints=bool(fills))
        case "Tr":
            return replace(state, stroked=operands[0] in (1, 3))
        case "g" | "rg" | "k" | "sc" | "scn":
            numbers = tuple(float(n) for n in operands if not isinstance(n, Name))
            return replace(state, inks=numbers)
    return state


def _image(thing: Any, state: _State) -> Iterator[Operation]:
    a, b, c, d, *_ = state.matrix
    across = max((a * a + b * b) ** 0.5, 1e-6) / 72
    down = max((c * c + d * d) ** 0.5, 1e-6) / 72
    dpi = min(int(thing.Width) / across, int(thing.Height) / down)
    mask = bool(thing.get("/ImageMask", False))
    yield Drawn(named(thing.get("/ColorSpace")), dpi,
                interpolated=bool(thing.get("/Interpolate", False)), is_mask=mask)
    if "/SMask" in thing:
        yield Drawn("DeviceGray", dpi, interpolated=bool(thing.SMask.get("/Interpolate", False)),
                    is_mask=False)


def _shading(shading: Any) -> Iterator[Operation]:
    space = named(shading.get("/ColorSpace"))
    yield Used(space)
    function = shading.get("/Function")
    functions = list(function) if isinstance(function, Array) else [function]
    given = _outputs(functions)
    if function is not None and given not in (None, _CHANNELS.get(space, given)):
        yield Unknown(f"a shading of {given} numbers in {space}")


def _outputs(functions: list[Any]) -> int | None:
    """Return how many numbers functions give, as far as they say."""
    if len(functions) != 1:
        return len(functions)
    [function] = functions
    if "/Range" in function:
        return len(function.Range) // 2
    if "/Functions" in function:
        return _outputs([function.Functions[0]])
    return len(function.C0) if "/C0" in function else None


def _space(resources: Any, name: Any) -> str:
    return named(resources.get("/ColorSpace", Dictionary()).get(name, name))


def named(space: Any) -> str:
    """Return a colour space as a name: DeviceRGB, Separation(DeviceRGB), ICCBased 4."""
    if not isinstance(space, Array | list) or not len(space):
        return str(space)[1:] if space is not None else "none"
    family = str(space[0])[1:]
    if family == "ICCBased":
        return f"ICCBased {space[1].get('/N')}"
    below = {"Indexed": 1, "Pattern": 1, "Separation": 2, "DeviceN": 2}.get(family)
    if below is not None and len(space) > below:
        return f"{family}({named(space[below])})"
    return family


def _times(one: tuple[float, ...], other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
            e * g + f * i + k, e * h + f * j + m)
