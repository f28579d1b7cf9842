"""Who writes which file: from a snapshot and options to bytes. What a writer has to say to people is a ValueError."""

from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality.charts import CHARTS, ChartStyle
from materiality.charts.chart import Format
from materiality.disclosure.cells import Framework
from materiality.disclosure.frameworks import disclosures_of
from materiality.evidence import bundle_of_results, bundle_zip
from materiality.exports import EXPORTS
from materiality.exports.chapter import chapter_docx
from materiality.exports.chapter.material import Material, material_of
from materiality.exports.deck import deck_pptx
from materiality.exports.paper import meeting_paper_pdf, minutes_text
from materiality.files.options import Options
from materiality.files.snapshot import Snapshot
from materiality.files.state import now
from materiality.models import Proposal
from scoping.lists.issues import IssueList
from surveys.answers_export import AnswersExport, NotYet, answers_export
from surveys.microdata import write_answers_csv, write_answers_parquet, write_answers_xlsx
from tables.writing import csv_bytes, xlsx_bytes

Progress = Callable[[int, int, str], None]
Write = Callable[[Snapshot, Options, BinaryIO, Progress], None]
WRITING = gettext_noop("Writing the file")
WRITING_ANSWERS = gettext_noop("Writing the answers")


def chart(slug: str) -> Write:
    """A chart in the chosen format; as CSV the numbers behind it."""

    def write(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
        progress(0, 1, WRITING)
        out.write(chart_bytes(slug, snapshot, options))

    return write


def chart_bytes(slug: str, snapshot: Snapshot, options: Options) -> bytes:
    found, results, assessment = CHARTS[slug], snapshot.results, snapshot.assessment
    if options.format == "csv":
        return csv_bytes(found.table(results, assessment))
    style = ChartStyle(
        dpi=options.dpi, width_mm=options.width_mm, colours=snapshot.look.colours, language=options.language
    )
    return found.paint(results, assessment, cast(Format, options.format), style)


def spoken(write: Write) -> Write:
    """The same in the language that was chosen. How far the work is, is told in that of the record."""

    def in_language(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
        with translation.override(options.language):
            write(snapshot, options, out, progress)

    return in_language


def export(format: str) -> Write:
    """A file of the results alone (materiality/exports)."""

    def write(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
        progress(0, 1, WRITING)
        if snapshot.results is None:
            raise ValueError(_("There is no result yet: collect answers and analyse."))
        out.write(EXPORTS[format].write(snapshot.results, snapshot.assessment))

    return write


def tables(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    """A sheet for each table of the result; where no survey is held, the list as it can be imported again."""
    if snapshot.results is not None:
        export("xlsx")(snapshot, options, out, progress)
        return
    progress(0, 1, WRITING)
    out.write(xlsx_bytes([IssueList(snapshot.assessment).table()], title=snapshot.assessment.name))


def chapter(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    progress(0, 1, WRITING)
    out.write(chapter_docx(snapshot.results, snapshot.assessment, snapshot.look.docx))


def deck(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    progress(0, 1, WRITING)
    out.write(deck_pptx(snapshot.results, snapshot.assessment, template=snapshot.look.pptx))


def disclosures(write_them: Callable[[Sequence[Framework], Material], bytes]) -> Write:
    """The disclosure tables of all frameworks, in the format that `write_them` has."""

    def write(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
        progress(0, 1, WRITING)
        material = material_of(snapshot.assessment, snapshot.results)
        out.write(write_them(disclosures_of(snapshot.assessment, material), material))

    return write


def meeting_paper(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    progress(0, 1, WRITING)
    out.write(meeting_paper_pdf(_proposal(snapshot)))


def minutes(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    progress(0, 1, WRITING)
    out.write(minutes_text(_proposal(snapshot)).encode())


def _proposal(snapshot: Snapshot) -> Proposal:
    if snapshot.proposal is None:
        raise ValueError(_("Nothing is proposed (any more): put the result before the committee or board first."))
    return snapshot.proposal


def evidence(*, public: bool) -> Write:
    """Of the result of the snapshot. It seals the audit trail, which is to stay, so it is not made in the past."""

    def write(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
        progress(0, 1, WRITING)
        with now():
            if options.proposal:
                content = bundle_zip(snapshot.assessment, snapshot.proposal, public=public)
            elif snapshot.results is not None:
                content = bundle_of_results(snapshot.results, snapshot.assessment, public=public)
            else:
                content = bundle_zip(snapshot.assessment, public=public)
        out.write(content)

    return write


def answers_csv(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    write_answers_csv(_answers(snapshot), out, lambda done, total: progress(done, total, WRITING_ANSWERS))


def answers_parquet(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    write_answers_parquet(_answers(snapshot), out, lambda done, total: progress(done, total, WRITING_ANSWERS))


def answers_xlsx(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    write_answers_xlsx(_answers(snapshot), out, lambda done, total: progress(done, total, WRITING_ANSWERS))


def _answers(snapshot: Snapshot) -> AnswersExport:
    if snapshot.survey is None:
        raise ValueError(_("No survey is held here, so there are no answers."))
    try:
        return answers_export(snapshot.survey)
    except NotYet as refusal:
        raise ValueError(str(refusal)) from refusal
