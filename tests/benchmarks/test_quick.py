"""Every benchmark runs from end to end at its small size, with its real parts."""

import pytest

from benchmarks.command import catalogue
from benchmarks.comparison import Outcome
from benchmarks.sizes import QUICK


def run(name: str) -> dict[str, Outcome]:
    return {outcome.name: outcome for outcome in catalogue()[name](QUICK)}


def test_every_benchmark_is_run_here() -> None:
    assert set(catalogue()) == {
        "scoping-pages-postgresql",
        "scoping-pages-sqlite",
        "contact-import-postgresql",
        "contact-import-sqlite",
        "invitations-postgresql",
        "invitations-sqlite",
        "simulation",
        "submit-throughput",
        "fifty-respondents",
        "form-page",
        "recount-postgresql",
        "recount-sqlite",
        "ten-million",
        "fold-after-100-new-postgresql",
        "fold-after-100-new-sqlite",
        "response-monitor-postgresql",
        "response-monitor-sqlite",
        "answers-export-postgresql",
        "answers-export-sqlite",
        "answers-xlsx-100000",
        "analysis-size-independence",
        "coverage",
        "means-against-pandas",
        "intervals-against-scipy",
        "what-if",
        "png-export",
        "api-list-postgresql",
        "api-list-sqlite",
        "chart-files",
        "report-pack",
        "public-page-bytes",
    }


@pytest.mark.embedded
def test_simulation() -> None:
    assert run("simulation")["simulation"].holds


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["recount-sqlite", "analysis-size-independence"])
def test_without_a_server(name: str) -> None:
    outcomes = run(name)
    assert list(outcomes) == [name]
    assert outcomes[name].ratio > 0


@pytest.mark.embedded
def test_scoping_pages_on_sqlite() -> None:
    # It raises if a page fails, or if a template asks the database.
    outcomes = run("scoping-pages-sqlite")
    assert list(outcomes) == ["scoping-pages-sqlite", "scoping-queries-sqlite"]
    assert outcomes["scoping-queries-sqlite"].holds


@pytest.mark.embedded
def test_contact_import_on_sqlite() -> None:
    # It raises if a contact is missing.
    assert list(run("contact-import-sqlite")) == ["contact-import-csv-sqlite", "contact-import-xlsx-sqlite"]


@pytest.mark.embedded
def test_response_monitor_on_sqlite() -> None:
    # It raises if the page lacks what comes from tallies.
    assert list(run("response-monitor-sqlite")) == ["response-monitor-sqlite"]


@pytest.mark.embedded
def test_answers_export_on_sqlite() -> None:
    # It raises if an answer is missing in the file.
    outcomes = run("answers-export-sqlite")
    assert list(outcomes) == ["answers-export-sqlite", "answers-export-memory-sqlite"]
    assert outcomes["answers-export-memory-sqlite"].holds


@pytest.mark.embedded
def test_answers_as_a_workbook() -> None:
    # It raises if an answer is missing in the file.
    assert list(run("answers-xlsx-100000")) == ["answers-xlsx-100000"]


@pytest.mark.embedded
def test_invitations_on_sqlite() -> None:
    # It raises if a person is missing.
    assert list(run("invitations-sqlite")) == ["invitations-sqlite", "invitations-memory-sqlite"]


@pytest.mark.embedded
def test_fold_on_sqlite() -> None:
    # It raises if a new answer is not counted, or if a result has no certainty.
    outcomes = run("fold-after-100-new-sqlite")
    assert list(outcomes) == [
        "results-in-place-within-sqlite",
        "results-in-place-sqlite",
        "fold-after-100-new-sqlite",
    ]


@pytest.mark.embedded
def test_intervals_against_scipy() -> None:
    # It raises if both do not find the same intervals.
    assert list(run("intervals-against-scipy")) == ["intervals-against-scipy"]


@pytest.mark.embedded
def test_png_export() -> None:
    assert list(run("png-export")) == ["png-export-18-labels", "png-export-30-labels"]


@pytest.mark.embedded
def test_charts_are_drawn_for_print() -> None:
    assert list(run("chart-files")) == ["chart-matrix-300-dpi", "chart-tiers-300-dpi", "chart-heat-300-dpi"]


@pytest.mark.embedded
def test_report_pack() -> None:
    # It raises if a file is missing in the pack.
    assert list(run("report-pack")) == ["report-pack"]


@pytest.mark.embedded
def test_the_public_page_stays_within_its_limit() -> None:
    outcomes = run("public-page-bytes")
    assert list(outcomes) == ["public-page-bytes"]
    assert outcomes["public-page-bytes"].holds


@pytest.mark.embedded
def test_list_of_the_api_on_sqlite() -> None:
    # It raises if an issue is missing.
    assert list(run("api-list-sqlite")) == ["api-list-sqlite"]


@pytest.mark.production
def test_recount_on_postgresql() -> None:
    assert list(run("recount-postgresql")) == ["recount-postgresql"]


@pytest.mark.production
def test_fold_on_postgresql() -> None:
    assert list(run("fold-after-100-new-postgresql")) == [
        "results-in-place-within-postgresql",
        "results-in-place-postgresql",
        "fold-after-100-new-postgresql",
    ]


@pytest.mark.production
def test_means_against_pandas() -> None:
    # It raises if both do not find the same means.
    assert list(run("means-against-pandas")) == ["means-against-pandas"]


@pytest.mark.production
def test_scoping_pages_on_postgresql() -> None:
    assert list(run("scoping-pages-postgresql")) == ["scoping-pages-postgresql", "scoping-queries-postgresql"]


@pytest.mark.production
def test_contact_import_on_postgresql() -> None:
    outcomes = run("contact-import-postgresql")
    assert list(outcomes) == ["contact-import-csv-postgresql", "contact-import-xlsx-postgresql"]


@pytest.mark.production
def test_response_monitor_on_postgresql() -> None:
    assert list(run("response-monitor-postgresql")) == ["response-monitor-postgresql"]


@pytest.mark.production
def test_answers_export_on_postgresql() -> None:
    outcomes = run("answers-export-postgresql")
    assert list(outcomes) == ["answers-export-postgresql", "answers-export-memory-postgresql"]
    assert outcomes["answers-export-memory-postgresql"].holds


@pytest.mark.production
def test_ten_million() -> None:
    # It raises if an answer is not stored, or counted and counted afresh by real workers.
    outcomes = run("ten-million")
    assert list(outcomes) == [
        "simulate-ten-million",
        "simulate-ten-million-memory",
        "fold-ten-million",
        "fold-ten-million-memory",
        "recount-two-workers",
    ]
    assert outcomes["simulate-ten-million-memory"].holds


@pytest.mark.production
def test_submit_throughput() -> None:
    # It raises if any answer that was accepted is not stored and counted.
    assert list(run("submit-throughput")) == ["submit-throughput", "form-throughput"]


@pytest.mark.production
def test_fifty_respondents() -> None:
    # It raises if one of them is refused, or an answer is not stored and counted.
    assert list(run("fifty-respondents")) == ["fifty-respondents-submit", "fifty-respondents-form"]


@pytest.mark.production
def test_form_page_stays_within_its_limits() -> None:
    outcomes = run("form-page")
    assert list(outcomes) == ["form-queries", "form-weight", "form-weight-gzip"]
    assert all(outcome.holds for outcome in outcomes.values())


@pytest.mark.production
def test_whatif_in_a_browser() -> None:
    # It hangs, and so fails, if a move is not redrawn.
    outcomes = run("what-if")
    assert list(outcomes) == ["what-if-round-trip", "what-if-round-trip-40x8"]
    assert all(outcome.ours > 0 for outcome in outcomes.values())


def test_coverage() -> None:
    """With fifty surveys of each kind chance moves a share by some percent."""
    outcomes = run("coverage")
    assert len(outcomes) == 9
    assert all(0.75 < outcome.ratio < 1 for outcome in outcomes.values())
