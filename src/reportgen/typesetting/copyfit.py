"""Copyfitting: a brief fills its pages, by leading, size and looseness, without steps.

A brief that overruns its pages by a little is set tighter until it fits, and no tighter than it
must be. One that overruns by more is set looser, so that its last page is at least a third full.
What can be done neither is told with what to cut or add.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reportgen.diagnostics import Sink
from reportgen.model import ComposedBrief
from reportgen.typesetting.brief import BriefSetter, SetBrief
from reportgen.typesetting.galley import Fit
from reportgen.typesetting.material import Row, TextLine
from reportgen.typesetting.pages import LEAST_FILL, PageMaker, PagePlan

_STEP = 0.1
"""pt between the sizes that are tried; leading is chosen without steps."""

_FULL_WITH_NOTES = 2 / 3
"""Share of a page that looks full though most of it is notes."""

_MODERATE = 0.65
"""How far to the loosest setting a brief goes whose pages are ended early."""

_GAPS = (1.0, 0.85, 0.7, 0.5)
"""Factors on the space in the head of a brief."""


class _Trial(Struct, frozen=True):
    fit: Fit
    plans: list[PagePlan]
    maker: PageMaker
    fill_last: bool = False

    @property
    def pages(self) -> int:
        return len(self.plans)

    @property
    def last_fill(self) -> float:
        """Share of the column that the last page takes: its text, or most of it with notes."""
        if not self.plans:
            return 0.0
        last = self.plans[-1]
        full = last.used >= self.maker.column * _FULL_WITH_NOTES
        return (last.used if full else last.text) / self.maker.column

    @property
    def is_good(self) -> bool:
        """Whether the brief ends on its first page, or well into another."""
        return self.pages < 2 or self.last_fill >= LEAST_FILL


def fitted(setter: BriefSetter, sink: Sink) -> SetBrief:
    """Return the brief at the fit that fills its pages best."""
    design = _tried(setter, setter.design())
    design = _without_empty_pages(setter, design)
    if design.is_good:
        return setter.set(design.fit)
    tight = _tightened(setter, design)
    if tight is not None:
        _tell(setter.brief, design, tight, sink, "smaller")
        return setter.set(tight.fit)
    loose = _loosened(setter, design)
    if loose.is_good:
        _tell(setter.brief, design, loose, sink, "looser")
    else:
        _overrun(setter.brief, design, sink)
    return setter.set(loose.fit, fill_last=loose.fill_last)


def _tried(setter: BriefSetter, fit: Fit, *, fill_last: bool = False) -> _Trial:
    plans, maker = setter.plans(fit, fill_last=fill_last)
    return _Trial(fit, plans, maker, fill_last)


def _without_empty_pages(setter: BriefSetter, trial: _Trial) -> _Trial:
    """Make pictures smaller as long as one leaves the page before it emptier than a third."""
    for _ in range(6):
        if all(plan.used / trial.maker.column >= LEAST_FILL for plan in trial.plans[:-1]):
            break
        trial = _tried(setter, replace(trial.fit, pictures=trial.fit.pictures * 0.8))
    return trial


# ---------------------------------------------------------------- tighter


def _tightened(setter: BriefSetter, design: _Trial) -> _Trial | None:
    """Return the largest setting that takes a page less, or None."""
    target = design.pages - 1
    bounds, most = setter.specification.fit, design.fit.leading
    tightest = _tried(setter, replace(design.fit, size=bounds.least_size, gaps=_GAPS[-1],
                                      leading=bounds.least_leading))
    if tightest.pages > target:
        return _shortened(setter, tightest, target, most)
    for gaps in _GAPS:
        for size in _sizes(design.fit.size, bounds.least_size):
            least = max(bounds.least_leading, size * bounds.least_leading / bounds.least_size)
            found = _with_leading(setter, replace(design.fit, size=size, gaps=gaps), target,
                                  least, most)
            if found is not None:
                return found
    return tightest


def _sizes(first: float, last: float) -> list[float]:
    """Return the sizes from `first` to `last`, in steps."""
    count = round(abs(first - last) / _STEP)
    step = (last - first) / count if count else 0.0
    return [round(first + step * number, 3) for number in range(count + 1)]


def _with_leading(setter: BriefSetter, fit: Fit, target: int, least: float,
                  most: float) -> _Trial | None:
    """Return the trial with the largest leading that takes `target` pages, or None."""
    trial = _tried(setter, replace(fit, leading=least))
    if trial.pages > target:
        return None
    low, high = least, most
    for _ in range(7):
        middle = (low + high) / 2
        tried = _tried(setter, replace(fit, leading=round(middle, 3)))
        if tried.pages <= target:
            low, trial = middle, tried
        else:
            high = middle
    return trial


def _shortened(setter: BriefSetter, tightest: _Trial, target: int,
               most: float) -> _Trial | None:
    """Return a trial in which paragraphs take a line less where that costs least, or None."""
    paragraphs = setter.shortest(tightest.fit)
    over = tightest.plans[-1].used / tightest.fit.leading
    if over > len(paragraphs) + 2:
        return None
    for count in range(1, len(paragraphs) + 1):
        longer = dict.fromkeys(paragraphs[:count], -1)
        fit = replace(tightest.fit, longer=longer)
        if _tried(setter, fit).pages <= target:
            return _with_leading(setter, fit, target, fit.leading, most)
    return None


# ---------------------------------------------------------------- looser


def _loosened(setter: BriefSetter, design: _Trial) -> _Trial:
    """Return the setting whose last page is a third full with the least change.

    Where leading and size alone cannot bring that about, pages are ended early as well.
    """

    def tried(share: float, *, fill_last: bool) -> _Trial | None:
        bounds, fit = setter.specification.fit, design.fit
        size = fit.size + (bounds.most_size - fit.size) * round(share * 2) / 2
        leading = fit.leading + (bounds.most_leading - fit.leading) * share
        trial = _tried(setter, replace(fit, size=round(size, 3), leading=round(leading, 3)),
                       fill_last=fill_last)
        return trial if trial.pages == design.pages and trial.is_good else None

    found = tried(1.0, fill_last=False)
    if found is None:
        return (tried(_MODERATE, fill_last=True) or tried(1.0, fill_last=True)
                or _tried(setter, design.fit, fill_last=True))
    low, high = 0.0, 1.0
    for _ in range(4):
        middle = (low + high) / 2
        closer = tried(middle, fill_last=False)
        low, high, found = (low, middle, closer) if closer else (middle, high, found)
    return found


# ---------------------------------------------------------------- told


def _tell(brief: ComposedBrief, design: _Trial, found: _Trial, sink: Sink, how: str) -> None:
    fit, count = found.fit, found.pages
    sink.note("copyfit", f"set {how}, at {fit.size:.2f}/{fit.leading:.2f} pt instead of "
              f"{design.fit.size:.2f}/{design.fit.leading:.2f}, to fill "
              f"{count} page{'s' if count > 1 else ''}", brief.span)


def _overrun(brief: ComposedBrief, design: _Trial, sink: Sink) -> None:
    """Tell how much text is too much, or too little."""
    plan = design.plans[-1]
    rows = [row for row in design.maker.rows[plan.first:plan.stop] if row.text]
    lines, words, letters = _counted(rows)
    missing = max(1, round((LEAST_FILL * design.maker.column - plan.text) / design.fit.leading))
    a_word, a_letter = words / max(lines, 1), letters / max(lines, 1)
    sink.warning(
        "overrun", f"the brief ends with {lines} lines on its page {design.pages}", brief.span,
        f"cut about {lines} lines ({words} words, {letters} characters), or add about {missing} "
        f"({round(missing * a_word)} words, {round(missing * a_letter)} characters)")


def _counted(rows: list[Row]) -> tuple[int, int, int]:
    """Return the lines, words and characters in rows."""
    texts = ["".join(piece.text for piece in thing.line.pieces)
             for row in rows for thing in row.things if isinstance(thing, TextLine)]
    return len(rows), sum(len(text.split()) for text in texts), sum(map(len, texts))
