"""Copyfitting: a brief fills whole pages; it never ends on a page with three lines.

A brief that overruns its page by a little is set a step smaller, and again,
down the ladder of the theme, until it fits. One that cannot fit is left at the
design size, with a warning that says by how many lines.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reportgen.diagnostics import Sink
from reportgen.model import Bulletin, ComposedBrief, Shape
from reportgen.rendering.checks import LEAST_FILL
from reportgen.rendering.inspection import BriefFacts, PageFacts

Inspect = Callable[[Bulletin], PageFacts]
"""Lays a bulletin out and returns its facts."""


def overruns(facts: BriefFacts) -> bool:
    """Whether a brief's last page holds too little to be a page of its own."""
    return len(facts.pages) > 1 and facts.last_fill < LEAST_FILL


def copyfit(bulletin: Bulletin, facts: PageFacts, steps: int, inspect: Inspect,
            sink: Sink) -> Bulletin:
    """Return `bulletin` with every overrunning brief at the first step of the ladder that fits."""
    chosen: dict[str, int] = {}
    for brief in bulletin.briefs:
        found = facts.briefs.get(brief.anchor)
        if found is None or not overruns(found):
            continue
        step = _fitting(bulletin, brief, steps, len(found.pages), inspect)
        if step:
            chosen[brief.name] = step
            sink.note("copyfit", f"set {step} step{'s' if step > 1 else ''} smaller, to fit "
                      f"{len(found.pages) - 1} page{'s' if len(found.pages) > 2 else ''}",
                      brief.span)
        else:
            sink.warning("overrun", f"the brief ends with {found.last_lines} lines on its page "
                         f"{len(found.pages)}", brief.span,
                         f"cut about {found.last_lines} lines, or add text to fill the page")
    return bulletin.fitted(chosen) if chosen else bulletin


def _fitting(bulletin: Bulletin, brief: ComposedBrief, steps: int, pages: int,
             inspect: Inspect) -> int:
    """Return the first step at which a brief alone takes a page less, 0 if there is none.

    A smaller step never takes more room, so the ladder is searched by halves.
    """

    def fits(step: int) -> bool:
        alone = replace(bulletin, shape=Shape.OFFPRINT, briefs=(brief.fitted(step),), sources=())
        found = inspect(alone).briefs.get(brief.anchor)
        return found is not None and len(found.pages) < pages

    if not steps or not fits(steps):
        return 0
    low, high = 1, steps
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    return high
