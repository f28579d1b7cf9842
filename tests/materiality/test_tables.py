import csv
import io

from materiality.exports.tables import ranking, tables_csv
from tests.materiality.documents import issue, results


def read_csv(document: dict) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tables_csv(document).decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_per_issue_and_a_mean_per_group():
    rows = read_csv(results())
    assert [row["Code"] for row in rows] == ["alpha", "beta", "gamma"]
    assert (rows[0]["Staff: mean"], rows[0]["Clients: mean"]) == ("4", "3.5")


def test_csv_keeps_every_digit():
    third = 1 / 3
    rows = read_csv(results(issue("alpha", 1, "High", priority=third)))
    assert float(rows[0]["Priority"]) == third


def test_names_that_look_like_formulas_stay_text():
    document = results(issue("alpha", 1, "High", name='=HYPERLINK("http://x")', category="@SUM(A1)"))
    row = read_csv(document)[0]
    assert row["Issue"].startswith("'=")
    assert row["Category"].startswith("'@")


def test_simulated_answers_say_so_in_the_file_that_travels_alone():
    document = results(simulated=20)
    assert read_csv(document)[0]["Simulated answers in this result"] == "20"


def test_published_columns_appear_only_where_something_was_published():
    published = results(issue("alpha", 1, "High", published={"tier": "High", "rank": 1}), issue("beta", 2, "Minor"))
    assert ranking(published).rows[0][-2:] == [1, "High"]
    assert ranking(published).rows[1][-2:] == [None, None]
    assert "Published rank" not in ranking(results()).header


def test_an_issue_nobody_rated_has_empty_cells_and_not_zeros():
    row = ranking(results(issue("alpha", 1, "High"), issue("beta", None, None))).rows[1]
    assert row[0] is None
    assert row[4:8] == [None, None, None, None]
