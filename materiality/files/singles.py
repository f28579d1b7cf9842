"""Every file that is made for itself, in the order in which a page shows them."""

from django.utils.translation import gettext_noop

from materiality.charts import CHARTS
from materiality.disclosure.files import disclosures_docx, disclosures_xlsx
from materiality.files import reasons, writers
from materiality.files.kind import ANSWERS, DOCUMENTS, EVERYTHING, FIGURES, TABLES, Kind

FIGURE_OPTIONS = ("format", "width_mm", "dpi", "language", "proposal")

SINGLES: tuple[Kind, ...] = (
    *(
        Kind(
            slug=slug,
            label=chart.label,
            group=FIGURES,
            about="",
            extension="png",
            write=writers.chart(slug),
            unavailable=reasons.chart(slug),
            takes=FIGURE_OPTIONS,
        )
        for slug, chart in CHARTS.items()
    ),
    Kind(
        slug="ranking",
        label=gettext_noop("Ranking (CSV)"),
        group=TABLES,
        about=gettext_noop("One row per issue: rank, tier, scores, certainty, means of the groups."),
        extension="csv",
        write=writers.export("csv"),
        unavailable=reasons.no_result,
    ),
    Kind(
        slug="tables",
        label=gettext_noop("All tables (Excel)"),
        group=TABLES,
        about=gettext_noop("A workbook with a sheet for each table of the results page, and the method."),
        extension="xlsx",
        write=writers.export("xlsx"),
        unavailable=reasons.no_result,
    ),
    Kind(
        slug="result",
        label=gettext_noop("The result as data (JSON)"),
        group=TABLES,
        about=gettext_noop("Everything that was computed and decided, for programs."),
        extension="json",
        write=writers.export("json"),
        unavailable=reasons.no_result,
    ),
    Kind(
        slug="disclosures",
        label=gettext_noop("Disclosure tables (Excel)"),
        group=TABLES,
        about=gettext_noop("GRI 3, HKEX, ESRS 2, Shanghai and Shenzhen: a sheet per table. What is missing is marked."),
        extension="xlsx",
        write=writers.disclosures(disclosures_xlsx),
        unavailable=reasons.not_ranked,
    ),
    Kind(
        slug="disclosures-word",
        label=gettext_noop("Disclosure tables (Word)"),
        group=DOCUMENTS,
        about=gettext_noop("The same tables to paste from."),
        extension="docx",
        write=writers.disclosures(disclosures_docx),
        unavailable=reasons.not_ranked,
    ),
    Kind(
        slug="chapter",
        label=gettext_noop("Chapter for the report (Word)"),
        group=DOCUMENTS,
        about=gettext_noop("Method, matrix, tiers, stakeholders and issues, in the organisation’s template."),
        extension="docx",
        write=writers.chapter,
        unavailable=reasons.not_ranked,
    ),
    Kind(
        slug="deck",
        label=gettext_noop("Slides (PowerPoint)"),
        group=DOCUMENTS,
        about=gettext_noop("For a board or a report team, in the organisation’s template."),
        extension="pptx",
        write=writers.deck,
        unavailable=reasons.not_ranked,
    ),
    Kind(
        slug="meeting-paper",
        label=gettext_noop("Meeting paper (PDF)"),
        group=DOCUMENTS,
        about=gettext_noop("Two pages for the committee or board that confirms the result."),
        extension="pdf",
        write=writers.meeting_paper,
        unavailable=reasons.no_proposal,
    ),
    Kind(
        slug="minutes",
        label=gettext_noop("Text for the minutes"),
        group=DOCUMENTS,
        about=gettext_noop("What was proposed and decided, to paste into the minutes of the meeting."),
        extension="txt",
        write=writers.minutes,
        unavailable=reasons.no_proposal,
    ),
    Kind(
        slug="answers",
        label=gettext_noop("Answers (CSV)"),
        group=ANSWERS,
        about=gettext_noop("One row per answer, for any program."),
        extension="csv",
        write=writers.answers_csv,
        unavailable=reasons.no_answers,
        takes=(),
        editors_only=True,
    ),
    Kind(
        slug="answers-xlsx",
        label=gettext_noop("Answers (Excel)"),
        group=ANSWERS,
        about=gettext_noop("The same rows as a workbook, with a sheet that says what was asked."),
        extension="xlsx",
        write=writers.answers_xlsx,
        unavailable=reasons.no_workbook_of_answers,
        takes=(),
        editors_only=True,
    ),
    Kind(
        slug="answers-parquet",
        label=gettext_noop("Answers (Parquet)"),
        group=ANSWERS,
        about=gettext_noop("The same rows with typed columns and the questions, for R, Python or a data warehouse."),
        extension="parquet",
        write=writers.answers_parquet,
        unavailable=reasons.no_answers,
        takes=(),
        editors_only=True,
    ),
    Kind(
        slug="bundle",
        label=gettext_noop("Evidence bundle (ZIP)"),
        group=EVERYTHING,
        about=gettext_noop("Everything from which the result can be recomputed, with a program that does it."),
        extension="zip",
        write=writers.evidence(public=False),
        unavailable=reasons.not_ranked,
    ),
    Kind(
        slug="public-bundle",
        label=gettext_noop("Evidence bundle, public edition (ZIP)"),
        group=EVERYTHING,
        about=gettext_noop("The same for anybody: without names, remarks and the words of the audit trail."),
        extension="zip",
        write=writers.evidence(public=True),
        unavailable=reasons.not_ranked,
    ),
)
