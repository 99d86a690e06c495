"""Placing names so that none lies on another.

Each label brings its candidates, the best first. Labels are placed one after
the other, then each is moved to its best place among the others until nothing
moves. What still collides is dropped, the least important first.
"""

from __future__ import annotations

from enum import IntEnum

from msgspec import Struct, field


class Importance(IntEnum):
    """Which label stays when two want the same place."""

    SEA = 1
    NEIGHBOUR = 2
    TOWN = 3
    CAPITAL = 4
    COUNTRY = 5


class Box(Struct, frozen=True):
    """A rectangle on the drawing, in its units."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether two boxes share an area."""
        return (self.right > other.left and other.right > self.left
                and self.bottom > other.top and other.bottom > self.top)

    def overlap(self, other: Box) -> float:
        """Return the area that two boxes share."""
        if not self.meets(other):
            return 0.0
        return (min(self.right, other.right) - max(self.left, other.left)) * (
            min(self.bottom, other.bottom) - max(self.top, other.top))

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.bottom - self.top)

    def inside(self, width: float, height: float) -> bool:
        """Whether the box lies wholly on a sheet of this size."""
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height


class Candidate(Struct, frozen=True):
    """A place for a label."""

    x: float
    """Of the anchor: start, middle or end of the text."""
    y: float
    """Of the first line's baseline."""
    anchor: str
    box: Box
    cost: float
    """How much worse than the best place this is, from 0."""
    lines: tuple[str, ...]
    size: float = 0.0
    """Of the type, in the drawing's units."""


class Label(Struct, frozen=True):
    """A name to be placed."""

    text: str
    importance: Importance
    candidates: tuple[Candidate, ...]
    style: str
    """Key into the drawing's text styles."""


class Placement(Struct, frozen=True):
    """Where the labels went, and which found no room."""

    placed: tuple[tuple[Label, Candidate], ...]
    dropped: tuple[Label, ...]


_COLLISION = 40.0
_TOUCHED = 0.06
"""Share of a label that may be touched before it counts as a collision."""


class _Sheet(Struct):
    """The state of one placing."""

    obstacles: list[Box]
    chosen: dict[int, Candidate] = field(default_factory=dict)

    def best(self, number: int, label: Label) -> Candidate | None:
        """Return the cheapest place of a label, all others staying where they are."""
        found, least = None, float("inf")
        for candidate in label.candidates:
            if candidate.cost < least:  # nothing makes a place cheaper than it is by itself
                cost = self.cost(number, candidate)
                if cost < least:
                    found, least = candidate, cost
        return found

    def cost(self, number: int, candidate: Candidate) -> float:
        """Return what it costs to put a label there, all others staying where they are."""
        cost, box = candidate.cost, candidate.box
        for obstacle in self.obstacles:
            if box.meets(obstacle):
                cost += 6 * box.overlap(obstacle) / max(obstacle.area, 1)
        for other, place in self.chosen.items():
            if other != number and box.meets(place.box):
                shared = box.overlap(place.box)
                cost += 3 + _COLLISION * shared / min(box.area, place.box.area)
        return cost


def place_labels(labels: list[Label], obstacles: list[Box]) -> Placement:
    """Place `labels` around each other and around `obstacles` (the dots of towns)."""
    order = sorted(range(len(labels)), key=lambda n: (-labels[n].importance, n))
    sheet = _Sheet(obstacles)
    for _ in range(4):
        moved = False
        for number in order:
            label = labels[number]
            best = sheet.best(number, label)
            if best is not None and sheet.chosen.get(number) != best:
                sheet.chosen[number] = best
                moved = True
        if not moved:
            break
    return _without_collisions(labels, order, sheet)


def _without_collisions(labels: list[Label], order: list[int], sheet: _Sheet) -> Placement:
    placed: list[tuple[Label, Candidate]] = []
    dropped: list[Label] = []
    for number in order:
        candidate = sheet.chosen.get(number)
        label = labels[number]
        free = candidate is not None and all(
            candidate.box.overlap(other.box) <= _TOUCHED * min(candidate.box.area, other.box.area)
            for _, other in placed)
        dotted = candidate is not None and any(
            candidate.box.overlap(o) > 0.5 * o.area for o in sheet.obstacles)
        if candidate is None or not free or (dotted and label.importance < Importance.COUNTRY):
            dropped.append(label)
        else:
            placed.append((label, candidate))
    return Placement(tuple(placed), tuple(dropped))
