"""From a folder of briefs to the editions of a bulletin: the recipe.

1. Find     the series by walking up from the path; read its settings.
2. Read     every brief to the model: heading, title, standfirst, byline, body.
3. Compose  lift citations into notes, mend typography, number notes, place
            pictures, draw maps, in screen colours or inks.
4. Set      each brief: lines, pages with their notes, copyfit; and paint it.
            What steps 2 to 4 make of a brief is kept for the next build.
5. Lay out  the pages around the briefs, by the theme's templates and the engine.
6. Finish   the pages to each edition, and verify what it claims.
7. Write    PDFs, sources and reports, each whole or not at all.

Mistakes are collected on the way and told all at once: reading goes on after
a mistake, setting does not begin after one. `check` is the same recipe without
its last step. docs/architecture.md tells the same story with the rooms in
which it happens.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from msgspec import Struct

from reportgen.assets import Assets, read_theme
from reportgen.citations.decisions import Decisions
from reportgen.citations.locked import Lock
from reportgen.conformance.gate import Gate
from reportgen.conformance.seen import Seen
from reportgen.conformance.verdicts import Verdict
from reportgen.diagnostics import Diagnostic, ExitStatus, ReportgenError, Sink, Span
from reportgen.editions.finish import Material, finish
from reportgen.editions.streams import saved
from reportgen.editions.table import EDITIONS, Edition
from reportgen.export import (
    Finished,
    Product,
    file_stem,
    material_of,
    press_of,
    products_of,
    write_products,
)
from reportgen.model import Bulletin, Letter, Shape
from reportgen.reading.decisions import FILE as DECISIONS_FILE
from reportgen.reading.issue import Issue, find
from reportgen.reading.leftovers import TEXT_SUFFIXES, tell_unused_pictures
from reportgen.reading.locked import FILE as LOCK_FILE
from reportgen.rendering.inspection import Slot
from reportgen.result import stop_if_failed
from reportgen.series import Series
from reportgen.session import Session, open_session
from reportgen.standards import ColourSpace, TagSet
from reportgen.store import Store, digest
from reportgen.timing import Clock
from reportgen.unchanged import KeptBuild, keep, key_of, surroundings

if TYPE_CHECKING:
    from reportgen.composing.cited import Cited


class Built(Struct, frozen=True):
    """What a build made."""

    files: tuple[Path, ...]
    """The files written, the PDFs first."""
    pages: int
    """Of the first edition."""
    diagnostics: tuple[Diagnostic, ...]


class Made(Struct, frozen=True):
    """A bulletin in its editions, not yet written."""

    issue: Issue
    bulletin: Bulletin
    editions: tuple[Finished, ...]
    pages: int
    """Of the first edition."""
    slots: Mapping[str, Slot]
    """Places that the first edition keeps free."""


class Prepared(Struct, frozen=True):
    """All that a build writes, and what it says."""

    folder: str
    """Name of the folder in which it belongs."""
    products: tuple[Product, ...]
    pages: int
    diagnostics: tuple[Diagnostic, ...]


def build(path: Path, output: Path | None = None, only: tuple[str, ...] = (),
          editions: Sequence[str] = (), *, strict: bool = False, store: Store | None = None,
          clock: Clock | None = None) -> Built:
    """Build the issue or brief at `path` into `output` (default: build/ in the current folder).

    `only` names the briefs of an issue to build; none means all. `editions`
    names rows of EDITIONS; none means those of series.toml, else screen. Raises
    ReportgenError with all diagnostics if the inputs have errors (status 1), or
    if the layout broke a promise or an edition is not what it claims to be
    (status 3); nothing is written then. With `strict`, warnings are errors.
    """
    prepared = prepare(path, only, editions, strict=strict, store=store, clock=clock)
    return written(prepared, output)


def written(prepared: Prepared, output: Path | None = None) -> Built:
    """Write what was prepared. Raises ReportgenError, status 3."""
    sink = Sink()
    for diagnostic in prepared.diagnostics:
        sink.add(diagnostic)
    files = write_products(prepared.products, (output or Path("build")) / prepared.folder, sink)
    return Built(files, prepared.pages, tuple(sink))


def prepare(path: Path, only: tuple[str, ...] = (), editions: Sequence[str] = (), *,
            strict: bool = False, store: Store | None = None,
            clock: Clock | None = None) -> Prepared:
    """Make all that `build` would write, and write nothing. Raises as `build`."""
    sink = Sink()
    store = store or Store.of_user()
    key = key_of(path, only, editions, strict=strict)
    try:
        made = make(path, only, editions, sink, strict=strict, store=store, clock=clock)
        products = products_of(made.issue, made.bulletin, made.editions, sink)
        if made.bulletin.shape is Shape.BULLETIN and not only:
            tell_unused_pictures(made.issue.target.path, made.issue.series, sink)
        prepared = Prepared(made.issue.target.name, products, made.pages, tuple(sink))
        _keep(prepared, made.issue, key, store)
    finally:
        store.trim()  # what a build that fails has kept counts as well
    return prepared


def _keep(prepared: Prepared, issue: Issue, key: str, store: Store) -> None:
    """Keep what was prepared, for the case that nothing changes (reportgen.unchanged)."""
    workspace = issue.series.workspace
    inputs, missing, listings = surroundings(
        workspace.root, issue.target.path, workspace.taken,
        is_series=issue.series.source is not None)
    keep(key, store, KeptBuild(
        str(workspace.root), inputs, missing, listings, prepared.folder,
        tuple((p.name, p.data) for p in prepared.products), prepared.pages,
        prepared.diagnostics))


def check(path: Path, only: tuple[str, ...] = (), editions: Sequence[str] = (), *,
          strict: bool = False, store: Store | None = None,
          clock: Clock | None = None) -> tuple[Diagnostic, ...]:
    """Return what `build` would say: everything is made, editions and gate included."""
    try:
        return prepare(path, only, editions, strict=strict, store=store, clock=clock).diagnostics
    except ReportgenError as error:
        return tuple(error.diagnostics)


def draft(path: Path, output: Path | None = None, only: tuple[str, ...] = (),
          editions: Sequence[str] = (), *, store: Store | None = None,
          clock: Clock | None = None) -> Built:
    """Write the PDFs of `path` whatever the checks of the layout say, each breach marked.

    Their names end in `-draft`; no standard is claimed for them. Raises ReportgenError if the
    inputs have errors (status 1).
    """
    sink = Sink()
    session = open_session(path, only, sink, press_of, store=store, clock=clock, draft=True)
    wanted = _wanted(editions, session.frame.series if session else None, sink)
    stop_if_failed(sink, strict=False)
    assert session is not None
    products = []
    for edition in wanted:
        pdf = session.pages(edition.colours)[1].join(edition.tags, sink, draft=True)
        products.append(Product(f"{file_stem(session.issue())}-{edition.name}-draft.pdf",
                                saved(pdf, edition.tags.pdf_version)))
    count = session.pages(wanted[0].colours)[1].count
    return written(Prepared(session.frame.target.name, tuple(products), count, tuple(sink)),
                   output)


def make(path: Path, only: tuple[str, ...], editions: Sequence[str], sink: Sink,
         *, strict: bool = False, store: Store | None = None, clock: Clock | None = None) -> Made:
    """Make the editions of the issue or brief at `path`, and verify them. Raises as `build`."""
    session = open_session(path, only, sink, press_of, strict=strict, store=store, clock=clock)
    wanted = _wanted(editions, session.frame.series if session else None, sink)
    if session is not None and sink.failed:
        session.read_all()
    stop_if_failed(sink, strict=strict)
    assert session is not None
    for edition in wanted:
        session.pages(edition.colours)
    bulletin, pages = session.pages(wanted[0].colours)
    issue = session.issue()
    material = material_of(issue, bulletin, session.press,
                           embedded=any(edition.embeds for edition in wanted))
    finished = _finished(wanted, session, material, sink)
    stop_if_failed(sink, ExitStatus.OUTPUT, strict=strict)
    return Made(issue, bulletin, finished, pages.count, pages.slots)


def _finished(wanted: tuple[Edition, ...], session: Session, material: Material,
              sink: Sink) -> tuple[Finished, ...]:
    """Return each edition, finished and verified; what fails is an error in `sink`."""
    gate = Gate(material.press.ink_limit, material.press.condition)
    same = Counter((edition.colours, edition.tags) for edition in wanted)
    kept: dict[tuple[ColourSpace, TagSet], bytes] = {}
    finished = []
    for edition in wanted:
        shared = same[edition.colours, edition.tags] > 1
        pdf = _made_of(edition, session, material, kept if shared else None, sink)
        if pdf is not None:
            with session.clock.phase("verifying", edition.name):
                verdicts = _verified(pdf, edition, gate, session, sink)
            finished.append(Finished(edition, pdf, verdicts, material.press))
    return tuple(finished)


def _made_of(edition: Edition, session: Session, material: Material,
             kept: dict[tuple[ColourSpace, TagSet], bytes] | None, sink: Sink) -> bytes | None:
    """Return the bytes of an edition; None if its pages cannot be joined.

    Pages that several editions have are joined once, and `kept`. The open file is let go of here,
    before the validator needs as much memory.
    """
    key = edition.colours, edition.tags
    with session.clock.phase("joining", edition.name):
        if kept is not None and key in kept:
            pages = pikepdf.open(io.BytesIO(kept[key]))
        else:
            pages = session.pages(edition.colours)[1].join(edition.tags, sink)
            if kept is not None:
                kept[key] = saved(pages, edition.tags.pdf_version)
                pages = pikepdf.open(io.BytesIO(kept[key]))
    if sink.failed:
        return None
    with session.clock.phase("finishing", edition.name):
        return finish(pages, edition, material)


def _verified(pdf: bytes, edition: Edition, gate: Gate, session: Session,
              sink: Sink) -> tuple[Verdict, ...]:
    """Return the verdicts on an edition; pages that passed in the last build are not read again."""
    key = digest(str(session.frame.target.path), edition.name)
    known: frozenset[str] | None = session.store.get("seen", key, sink)
    seen = Seen(known or frozenset()) if session.store.folder else None
    verdicts = gate.verify(pdf, edition.name, edition.standards, sink, seen)
    if seen is not None and seen.passed:
        session.store.put("seen", key, frozenset(seen.passed))
    return verdicts


def _wanted(names: Sequence[str], series: Series | None, sink: Sink) -> tuple[Edition, ...]:
    """Return the rows of the editions asked for; a name that is none is an error."""
    span = Span("command line")
    if not names and series is not None:
        names, span = series.settings.editions, series.place_of("editions")
    for name in names:
        if name not in EDITIONS:
            near = get_close_matches(name, EDITIONS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(EDITIONS)}"
            sink.error("unknown-edition", f'no edition "{name}"', span, hint)
    return tuple(EDITIONS[n] for n in dict.fromkeys(names or ("screen",)) if n in EDITIONS)


def letter_of(made: Made, pdf_link: str, sink: Sink, *, chosen: bool = False,
              web_link: str = "") -> Letter | None:
    """Return the letter that carries the first edition of `made`, or links to it.

    `pdf_link` is where the PDF can be read; empty: it is attached. `chosen` says
    that `made` has the regions that its readers chose alone, `web_link` where it stands on
    the web. None, and an error in
    `sink`, if a template of the mail is wrong.
    """
    from reportgen.rendering.letter import letter_of as write_letter

    series = made.issue.series
    folder = series.workspace.root if series.source else None
    theme = read_theme(series.settings.theme, folder, series.place_of("theme"), sink)
    assets = Assets(folder, theme.chain)
    return write_letter(made.bulletin, made.editions[0].pdf, pdf_link, assets, sink,
                        chosen=chosen, web_link=web_link)


def citations_of(path: Path, sink: Sink) -> list[dict[str, str]]:
    """Return a row for every source that a note of the briefs of `path` cites, in their order.

    Notes are all that the pages will have: lifted out of brackets, from links, end notes, citations
    by author and date and by key. What may be a citation, and stays, has a row as well.
    """
    from reportgen.composing.cited import cited, row_of

    frame = find(path, (), sink)
    rows = []
    for file in frame.files if frame else ():
        assert frame
        told = Sink()
        brief = frame.brief(file, told)
        for diagnostic in told:
            sink.add(diagnostic)
        if brief is not None:
            rows += [row_of(row)
                     for row in cited(brief, frame.series, frame.lock, frame.decisions)]
    return rows


def decisions_file(path: Path, sink: Sink) -> tuple[Path, str, list[Cited], Lock] | None:
    """Return the file of decisions about `path`, its text, what may be decided, and the lock.

    None, and errors in `sink`, if there is nothing to decide about or the file cannot be read.
    """
    from reportgen.composing.cited import cited

    frame = find(path, (), sink)
    if frame is None or sink.failed:
        return None
    rows = [row for file in frame.files if (brief := frame.brief(file, sink))
            for row in cited(brief, frame.series, frame.lock, Decisions())]
    folder = frame.target.path if frame.target.path.is_dir() else frame.target.path.parent
    file = folder / DECISIONS_FILE
    source = frame.series.workspace.read_text(file, sink) if file.is_file() else None
    return file, source.text if source else "", rows, frame.lock


class Mended(Struct, frozen=True):
    """A brief's file whose glyphs and spaces can be mended."""

    path: Path
    name: str
    """As shown to the editor."""
    before: str
    after: str
    encoding: str


def mendings_of(path: Path, only: tuple[str, ...], sink: Sink) -> list[Mended]:
    """Return the files of text of `path` in which typography would change glyphs or spaces.

    A file whose encoding lacks a sign that is wanted is a warning in `sink`.
    """
    from reportgen.composing.mending import changes_of, decoded, mended

    frame = find(path, only, sink)
    found = []
    for file in frame.files if frame else ():
        assert frame
        if file.suffix.lower() not in TEXT_SUFFIXES:
            continue
        brief = frame.brief(file, sink)
        if brief is None:
            continue
        text, encoding = decoded(frame.series.workspace.taken[brief.span.file])
        after = mended(text, changes_of(brief, frame.series))
        try:
            after.encode(encoding)
        except UnicodeEncodeError as error:
            sink.warning("encoding", f"it is not mended: {encoding} has no "
                         f'"{after[error.start]}" (U+{ord(after[error.start]):04X})',
                         Span(brief.span.file), "save the file as UTF-8")
            continue
        if after != text:
            found.append(Mended(file, brief.span.file, text, after, encoding))
    return found


def addresses_of(path: Path, sink: Sink) -> tuple[dict[str, Span], Lock, Path | None]:
    """Return the addresses of the sources of `path`, each with its place, and the lock file.

    The lock file lies in the issue's folder; its path is None if there is nothing to read.
    """
    from reportgen.composing.cited import cited

    frame = find(path, (), sink)
    if frame is None:
        return {}, Lock(), None
    found: dict[str, Span] = {}
    for file in frame.files:
        brief = frame.brief(file, sink)
        for row in cited(brief, frame.series, Lock(), frame.decisions) if brief else ():
            if row.source and row.source.url:
                found.setdefault(row.source.url, row.span)
    folder = frame.target.path if frame.target.path.is_dir() else frame.target.path.parent
    return found, frame.lock, folder / LOCK_FILE
