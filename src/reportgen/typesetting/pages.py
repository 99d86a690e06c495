"""Making pages of the vertical list of a brief: where pages end, and the notes at their feet.

M. F. Plass, Optimal pagination techniques for automatic typesetting systems (1981): the best
sequence of page breaks over the whole brief, a page being what its rows need plus what the notes
called in them need. So a note stands on the page of its call because that is how the page was
made. A note that no page can hold beside its call goes on at the foot of the next page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

from msgspec import Struct

from reportgen.typesetting.material import NoteMaterial, Row

LEAST_FILL = 1 / 3
"""Of a brief's pages but its last, none is emptier than this."""

_A_PAGE, _EMPTY, _THIN_END, _SPLIT, _ROOM, _ROOM_IF_FILLED = 2e5, 5e6, 2e4, 8e3, 12.0, 0.5
_BAD = 2_500.0
"""Cost of a page beyond which shorter ones are looked at as well."""

_SPLITTABLE = 6
"""Lines of a note that may go on on the next page; a shorter one is kept whole if it can be."""


class NoteArea(Struct, frozen=True):
    """The room of the notes at the foot of a page. pt."""

    above: float
    """From the text to the rule."""
    rule: float
    below: float
    """From the rule to the first note."""
    between: float
    """After each note."""

    @property
    def frame(self) -> float:
        """What the area needs beside the notes."""
        return self.above + self.rule + self.below


class PagePlan(Struct, frozen=True):
    """What stands on a page: rows, and lines of notes, by their numbers."""

    first: int
    stop: int
    """Rows from `first` to before `stop`."""
    note_first: int
    note_stop: int
    """Lines of notes, counted through the brief."""
    text: float
    """Height of the rows, pt."""
    used: float
    """Height of rows and notes, pt."""
    gap: float
    """Space above the notes that is left, pt."""


class _State(Struct):
    row: int
    carried: int
    cost: float
    before: _State | None
    plan: PagePlan | None


class PageMaker:
    """Ends pages in a list of rows.

    `column` is the height of a page's column in pt; room on a page is counted in `leading`, that of
    the text, in pt; `fill_last` asks that pages end early, so that the last one is a third full.
    """

    def __init__(self, rows: Sequence[Row], notes: Mapping[str, NoteMaterial], column: float,
                 area: NoteArea, leading: float, fill_last: bool = False) -> None:
        self.rows, self.notes, self.column = rows, notes, column
        self.area, self.leading, self.fill_last = area, leading, fill_last
        self.lines: list[tuple[str, Row, float]] = []
        """Lines of notes: identifier, row, and the space below it."""
        self.note_counts = [0]
        self.note_starts: list[int] = []
        for row in self.rows:
            for name in row.notes:
                made = self.notes[name].rows
                self.lines += [(name, line, self.area.between if line is made[-1] else 0.0)
                               for line in made]
            self.note_counts.append(len(self.lines))
        self.least = self.column * (0.4 if self.fill_last else 0.75)
        self.note_heights = [0.0, *accumulate(line.height + below
                                              for _, line, below in self.lines)]

    def run(self) -> list[PagePlan]:
        """Return the pages, as few as there can be, with the least cost."""
        count = len(self.rows)
        states: dict[tuple[int, int], _State] = {(0, 0): _State(0, 0, 0.0, None, None)}
        order: list[list[tuple[int, int]]] = [[] for _ in range(count + 1)]
        order[0].append((0, 0))
        for at in range(count + 1):
            done = 0
            while done < len(order[at]):  # states with lines of notes only may follow
                state = states[order[at][done]]
                done += 1
                for plan, cost, carried in self._pages_from(state):
                    key = plan.stop, carried
                    known = states.get(key)
                    total = state.cost + cost
                    if known is None:
                        order[plan.stop].append(key)
                    if known is None or total < known.cost:
                        states[key] = _State(plan.stop, carried, total, state, plan)
        end = states[count, 0]
        plans: list[PagePlan] = []
        step: _State | None = end
        while step is not None and step.plan is not None:
            plans.append(step.plan)
            step = step.before
        return plans[::-1]

    def _pages_from(self, state: _State) -> list[tuple[PagePlan, float, int]]:
        """Return the pages that can begin after a state: the page, its cost, lines carried on."""
        first, carried = state.row, state.carried
        count = len(self.rows)
        if first == count and not carried:
            return []
        begin = self.note_counts[first] - carried
        full, short = self._fitting(first, begin, count)
        if full and min(cost for _, cost, _ in full) < _A_PAGE + _BAD:
            return full
        # Pages that are far from full are of use only where no other page can be made.
        found = full + [self._page(first, stop, begin, self.note_counts[stop], text, used, 0)
                        for stop, text, used in short]
        return found or [self._forced(first, begin, carried)]

    def _fitting(self, first: int, begin: int, count: int,
                 ) -> tuple[list[tuple[PagePlan, float, int]], list[tuple[int, float, float]]]:
        """Return the pages that begin with row `first` and the line `begin` of notes.

        Those that are far from full are only told by where they end, and what is used of them.
        """
        rows, counts, heights = self.rows, self.note_counts, self.note_heights
        limit, frame, least = self.column + 0.01, self.area.frame, self.least
        found: list[tuple[PagePlan, float, int]] = []
        short: list[tuple[int, float, float]] = []
        text = sum(row.height for row in rows[first].repeat) if first < count else 0.0
        for stop in range(first + 1, count + 1):
            row = rows[stop - 1]
            text += row.height + (row.before if stop - 1 > first else 0.0)
            if text > limit:
                break
            end = counts[stop]
            used = text + (frame + heights[end] - heights[begin] if end > begin else 0.0)
            if used <= limit:
                if used > least or stop == count:
                    found.append(self._page(first, stop, begin, end, text, used, 0))
                else:
                    short.append((stop, text, used))
                continue
            split = self._split(begin, stop, text)
            if split is not None:
                used = text + self.foot(begin, split)
                found.append(self._page(first, stop, begin, split, text, used, end - split))
            break
        return found, short

    def foot(self, begin: int, end: int) -> float:
        """Return the height of lines of notes, with the frame around them."""
        if end <= begin:
            return 0.0
        return self.area.frame + self.note_heights[end] - self.note_heights[begin]

    def _split(self, begin: int, stop: int, text: float) -> int | None:
        """Return before which line of its last note the foot of a page ends, or None."""
        start, end = self.note_counts[stop - 1], self.note_counts[stop]
        names = self.rows[stop - 1].notes
        if not names or len(self.notes[names[-1]].rows) < _SPLITTABLE:
            return None
        last = end - len(self.notes[names[-1]].rows)
        for split in range(end - 2, max(start, last) + 1, -1):
            if text + self.foot(begin, split) <= self.column + 0.01:
                return split
        return None

    def _page(self, first: int, stop: int, begin: int, end: int, text: float, used: float,
              carried: int) -> tuple[PagePlan, float, int]:
        plan = PagePlan(first, stop, begin, end, text, used, max(self.column - used, 0.0))
        cost = _A_PAGE
        fill = used / self.column
        if carried:
            cost += _SPLIT
        if stop == len(self.rows) and not carried:
            share = text / self.column
            if first and share < LEAST_FILL and self.fill_last:
                cost += _THIN_END * (1 + (LEAST_FILL - share) * 100)
            return plan, cost, carried
        if stop < len(self.rows):
            cost += self.rows[stop].penalty
        lines = plan.gap / self.leading
        cost += (_ROOM_IF_FILLED if self.fill_last else _ROOM) * lines * lines
        if text / self.column < LEAST_FILL and fill < LEAST_FILL:
            cost += _EMPTY
        return plan, cost, carried

    def _forced(self, first: int, begin: int, carried: int) -> tuple[PagePlan, float, int]:
        """Return a page where nothing fits as it should: lines of notes alone, or one row."""
        count = len(self.rows)
        stop = first
        text = 0.0
        if first < count and self.foot(begin, begin + carried) < self.column * 0.6:
            stop, text = first + 1, self.rows[first].height
        end = self.note_counts[stop]
        split = begin
        while split < end and text + self.foot(begin, split + 1) <= self.column + 0.01:
            split += 1
        if stop == first and split == begin:  # a line of a note that is taller than the page
            split = begin + 1
        used = text + self.foot(begin, split)
        plan = PagePlan(first, stop, begin, split, text, used, max(self.column - used, 0.0))
        return plan, _A_PAGE * 1.5, end - split
