"""What is written of a bulletin: its editions, its sources, reports; each whole or not at all."""

from __future__ import annotations

import io
import json
from pathlib import Path

from msgspec import Struct

from reportgen import versions
from reportgen.assets import Kind, shipped
from reportgen.composing.notes import csl_items
from reportgen.conformance.verdicts import CannotVerify, Verdict
from reportgen.diagnostics import ExitStatus, ReportgenError, Sink, Span
from reportgen.editions.finish import Attachment, Material
from reportgen.editions.press import Press
from reportgen.editions.table import Edition
from reportgen.editions.xmp import Particulars
from reportgen.model import Bulletin, Shape, Table, plain, slug
from reportgen.reading.issue import Issue
from reportgen.series import Series
from reportgen.standards import ColourSpace, TagSet
from reportgen.texts import walk
from reportgen.worksheet import worksheet
from reportgen.workspace import write_all

_SHIPPED_CONDITION = "FOGRA39"
_MAX_PROFILE_BYTES = 20_000_000
_MEDIA_TYPES = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain"}


class Finished(Struct, frozen=True):
    """An edition, and what the validators said of it."""

    edition: Edition
    pdf: bytes
    verdicts: tuple[Verdict, ...]
    press: Press


class Product(Struct, frozen=True):
    """A file to be written."""

    name: str
    data: bytes


# ---------------------------------------------------------------- what editions are made of


def material_of(issue: Issue, bulletin: Bulletin, press: Press, *,
                embedded: bool = True) -> Material:
    """Return what the editions of an issue are made of, beside their pages.

    Where nothing is to be `embedded`, it holds no attachments.
    """
    title = bulletin_title(bulletin)
    particulars = Particulars(
        title, bulletin.authors,
        ". ".join(f"{b.region}: {plain(b.title)}" for b in bulletin.briefs),
        ", ".join(dict.fromkeys(b.region for b in bulletin.briefs)), bulletin.language,
        f"{bulletin.date}T00:00:00Z", f"reportgen {versions.own()}, {versions.engine()}")
    profile = (shipped(Kind.STYLE) / "icc" / "sRGB.icc").read_bytes()
    attachments = _attachments(issue, bulletin) if embedded else ()
    return Material(particulars, attachments, profile, press)


def bulletin_title(bulletin: Bulletin) -> str:
    """Return the title of the whole file, as templates/bulletin.html has it."""
    if bulletin.shape is Shape.OFFPRINT:
        return plain(bulletin.briefs[0].title)
    number = f"{bulletin.words['issue']} {bulletin.number}" if bulletin.number else ""
    return ", ".join(part for part in (bulletin.title, number, bulletin.month) if part)


def press_of(series: Series, sink: Sink) -> Press:
    """Return the printing condition of a series; a profile that is none is an error."""
    settings = series.settings
    slug = (shipped(Kind.STYLE) / "fonts" / "BulletinSans-Regular.ttf").read_bytes()
    own = (shipped(Kind.STYLE) / "icc" / "FOGRA39L_coated.icc").read_bytes()
    span = series.place_of("print-profile")
    condition = settings.print_condition or _SHIPPED_CONDITION
    if settings.print_profile:
        from reportgen.conformance.preflight import is_press_profile

        path = series.workspace.inside(settings.print_profile)
        data = (series.workspace.read_bytes(path, sink, _MAX_PROFILE_BYTES, span)
                if path else None)
        if path is None:
            sink.error("outside-series", f"{settings.print_profile} lies outside the series", span)
        elif data is not None and not is_press_profile(data):
            sink.error("profile", f"{settings.print_profile} is no ICC profile of a press, or it "
                       "is damaged", span,
                       "ask the printer for the CMYK profile of the paper")
        elif data is not None:
            own = data
    return Press(own, condition, settings.print_ink_limit, slug)


def _attachments(issue: Issue, bulletin: Bulletin) -> tuple[Attachment, ...]:
    """Return the files to embed: the briefs as they were read, sources and data."""
    taken = issue.series.workspace.taken
    found = [Attachment(Path(b.span.file).name, taken[b.span.file],
                        _MEDIA_TYPES.get(Path(b.span.file).suffix.lower(), "text/plain"), "Source",
                        f"The brief as its author sent it: {plain(b.title)}")
             for b in bulletin.briefs if b.span.file in taken]
    found.append(Attachment("sources.json", sources_json(bulletin), "application/json", "Data",
                            "The documents that the briefs cite, as CSL-JSON"))
    return (*found, *_tables(bulletin))


def _tables(bulletin: Bulletin) -> list[Attachment]:
    """Return the tables of the briefs, and their figures, as CSV (RFC 4180)."""
    found = []
    for brief in bulletin.briefs:
        tables = [b for b in walk(brief.blocks) if isinstance(b, Table)]
        for number, table in enumerate(tables, 1):
            rows = [[plain(cell) for cell in row] for row in (table.head, *table.rows)]
            found.append(_csv(f"{brief.name}-table-{number}.csv", rows,
                              f"Table {number} of the brief on {brief.region}"))
        if brief.figures:
            figures = [["value", "label"], *([f.value, f.label] for f in brief.figures)]
            found.append(_csv(f"{brief.name}-figures.csv", figures,
                              f"The figures of the brief on {brief.region}"))
    return found


def _csv(name: str, rows: list[list[str]], description: str) -> Attachment:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return Attachment(name, out.getvalue().encode(), "text/csv", "Data", description)


def sources_json(bulletin: Bulletin) -> bytes:
    """Return the documents that the briefs cite, as CSL-JSON."""
    return (json.dumps(csl_items(bulletin.briefs), ensure_ascii=False, indent=1) + "\n").encode()


# ---------------------------------------------------------------- what is written


def products_of(issue: Issue, bulletin: Bulletin, editions: tuple[Finished, ...],
                sink: Sink) -> tuple[Product, ...]:
    """Return the files of a build, the PDFs first."""
    stem = file_stem(issue)
    files = [Product(f"{stem}-{f.edition.name}.pdf", f.pdf) for f in editions]
    for finished in editions:
        if finished.edition.colours is ColourSpace.CMYK:
            files += _press_reports(f"{stem}-{finished.edition.name}", finished, sink)
    if any(f.edition.tags is not TagSet.NONE for f in editions):
        files.append(Product("accessibility.md",
                             worksheet(bulletin, bulletin_title(bulletin)).encode()))
    changes = "".join(f"{change}\n" for change in sink.changes)
    files += [Product("sources.json", sources_json(bulletin)),
              Product("changes.txt", ("place\trule\tbefore\tafter\n" + changes)
                      .encode("utf-8", "replace"))]
    return tuple(files)


def _press_reports(stem: str, finished: Finished, sink: Sink) -> list[Product]:
    """Return the preflight report and, where Ghostscript is, the proof."""
    from reportgen.conformance.plates import ghostscript, plates_of, proof

    reports = [Product(f"{stem}-preflight.txt", report_text(finished).encode())]
    if ghostscript() is None:
        return reports
    try:
        sheet = proof(plates_of(finished.pdf), finished.press.profile)
    except CannotVerify as error:
        sink.warning("no-proof", f"there is no proof: {error}", Span("edition print"))
    else:
        reports.append(Product(f"{stem}-proof.png", sheet))
    return reports


def report_text(finished: Finished) -> str:
    """Return what the validators said of an edition, to be read."""
    rows = [f"edition {finished.edition.name}, {finished.edition.purpose}"]
    for verdict in finished.verdicts:
        rows.append(f"{'passed' if verdict.passed else 'FAILED'}  {verdict.standard.title}  by "
                    f"{verdict.validator}")
        rows += [f"  {finding.rule}: {finding.message}" for finding in verdict.findings]
        rows += [f"  {remark}" for remark in verdict.remarks]
    tested = {verdict.standard for verdict in finished.verdicts}
    rows += [f"not tested  {s.title}" for s in finished.edition.standards if s not in tested]
    return "\n".join(rows) + "\n"


def file_stem(issue: Issue) -> str:
    """Return what the names of an issue's files begin with."""
    whole = issue.target.shape is Shape.BULLETIN
    return slug(f"{issue.series.settings.title}-{issue.target.name}" if whole
                 else issue.target.name)


def _tell_other_series(products: tuple[Product, ...], folder: Path, sink: Sink) -> None:
    """Warn where reports take the place of those of another series' bulletin."""
    own = next((p.name.rsplit("-", 1)[0] for p in products if p.name.endswith(".pdf")), "")
    name = next((p.name for p in products if p.name == "sources.json"), "")
    others = sorted(path.name for path in folder.glob("*-screen.pdf")
                    if not path.name.startswith(f"{own}-")) if folder.is_dir() else []
    if own and name and others and (folder / name).exists():
        sink.warning("shared-folder", f"{others[0]} lies in the same folder: {name}, changes.txt "
                     f"and accessibility.md are those of {own} now", Span(str(folder)),
                     "build each series into a folder of its own: -o DIR")


def write_products(products: tuple[Product, ...], folder: Path, sink: Sink) -> tuple[Path, ...]:
    """Write files into `folder` and return their paths. Raises ReportgenError, status 3."""
    paths = tuple(folder / product.name for product in products)
    _tell_other_series(products, folder, sink)
    try:
        write_all({path: p.data for path, p in zip(paths, products, strict=True)})
    except OSError as error:
        sink.error("cannot-write", f"{error.filename}: {error.strerror}", Span(str(folder)),
                   "is the disk full, or the folder write-protected?")
        raise ReportgenError(sink, ExitStatus.OUTPUT) from error
    return paths
