"""What a page paints: colours used, text shown, pictures drawn, through all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name


@dataclass(frozen=True)
class Used:
    """A colour space that a colour is set in."""

    space: str


@dataclass(frozen=True)
class Shown:
    """Text that is filled."""

    inks: tuple[float, ...]
    overprints: bool


@dataclass(frozen=True)
class Drawn:
    """A picture."""

    space: str
    dpi: float
    interpolated: bool
    is_mask: bool


Operation = Used | Shown | Drawn

_DEVICES = {"g": "DeviceGray", "G": "DeviceGray", "rg": "DeviceRGB", "RG": "DeviceRGB",
            "k": "DeviceCMYK", "K": "DeviceCMYK"}

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class _State:
    """The part of the graphics state that is looked at."""

    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    inks: tuple[float, ...] = (0,)
    overprints: bool = False
    stroked: bool = False
    """Text is stroked alone (rendering mode 1)."""


def operations(page: pikepdf.Page) -> Iterator[Operation]:
    """Yield what a page paints, in its order."""
    yield from _of_stream(page, page.obj.get("/Resources", Dictionary()), _State(), ())


def _of_stream(content: Any, resources: Any, state: _State, above: tuple[Any, ...],
               ) -> Iterator[Operation]:
    stack: list[_State] = []
    for instruction in pikepdf.parse_content_stream(content):
        operator, operands = str(instruction.operator), instruction.operands
        match operator:
            case "q":
                stack.append(state)
            case "Q":
                state = stack.pop() if stack else state
            case "cm":
                state = replace(state, matrix=_times(tuple(map(float, operands)), state.matrix))
            case "gs":
                state = _with_state(state, resources, operands[0])
            case "Tr":
                state = replace(state, stroked=operands[0] in (1, 3))
            case "g" | "G" | "rg" | "RG" | "k" | "K":
                yield Used(_DEVICES[operator])
                if operator.islower():
                    state = replace(state, inks=tuple(float(n) for n in operands))
            case "cs" | "CS":
                yield Used(_space(resources, operands[0]))
            case "scn" | "sc":
                numbers = tuple(float(n) for n in operands if not isinstance(n, Name))
                state = replace(state, inks=numbers)
                yield from _of_pattern(resources, operands, above)
            case "Tj" | "TJ" | "'" | '"':
                if not state.stroked:
                    yield Shown(state.inks, state.overprints)
            case "sh":
                shading = resources.Shading[operands[0]]
                yield Used(_named(shading.get("/ColorSpace")))
            case "Do":
                yield from _of_object(resources, operands[0], state, above)
            case "INLINE IMAGE":
                yield Drawn("inline image", 0, interpolated=False, is_mask=False)


def _of_object(resources: Any, name: Any, state: _State, above: tuple[Any, ...],
               ) -> Iterator[Operation]:
    thing = resources.XObject[name]
    if thing.get("/Subtype") == "/Image":
        a, b, c, d, *_ = state.matrix
        across = max((a * a + b * b) ** 0.5, 1e-6) / 72
        down = max((c * c + d * d) ** 0.5, 1e-6) / 72
        dpi = min(int(thing.Width) / across, int(thing.Height) / down)
        mask = bool(thing.get("/ImageMask", False))
        yield Drawn(_named(thing.get("/ColorSpace")), dpi,
                    interpolated=bool(thing.get("/Interpolate", False)), is_mask=mask)
        if "/SMask" in thing and bool(thing.SMask.get("/Interpolate", False)):
            yield Drawn("DeviceGray", dpi, interpolated=True, is_mask=False)
    elif thing.objgen not in above:
        group = thing.get("/Group")
        if group is not None and "/CS" in group:
            yield Used(_named(group.CS))
        matrix = tuple(map(float, thing.get("/Matrix", (1, 0, 0, 1, 0, 0))))
        inner = replace(state, matrix=_times(matrix, state.matrix))
        yield from _of_stream(thing, thing.get("/Resources", resources), inner,
                              (*above, thing.objgen))


def _of_pattern(resources: Any, operands: Any, above: tuple[Any, ...]) -> Iterator[Operation]:
    name = operands[-1] if len(operands) else None
    pattern = resources.get("/Pattern", Dictionary()).get(name) if isinstance(name, Name) else None
    if pattern is None or pattern.objgen in above:
        return
    if "/Shading" in pattern:
        yield Used(_named(pattern.Shading.get("/ColorSpace")))
    elif "/PaintType" in pattern:
        yield from _of_stream(pattern, pattern.get("/Resources", resources), _State(),
                              (*above, pattern.objgen))


def _with_state(state: _State, resources: Any, name: Any) -> _State:
    entry = resources.ExtGState[name]
    fills = entry.get("/op", entry.get("/OP"))
    return state if fills is None else replace(state, overprints=bool(fills))


def _space(resources: Any, name: Any) -> str:
    return _named(resources.get("/ColorSpace", Dictionary()).get(name, name))


def _named(space: Any) -> str:
    """Return a colour space as a name: DeviceRGB, or ICCBased with its number of channels."""
    if isinstance(space, Array | list) and len(space):
        family = str(space[0])[1:]
        return f"{family} {space[1].get('/N')}" if family == "ICCBased" else family
    return str(space)[1:] if space is not None else "none"


def _times(one: tuple[float, ...], other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
            e * g + f * i + k, e * h + f * j + m)
