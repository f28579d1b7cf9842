"""The long list as a file: what it would change, what it refuses, and what is stored."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent, User
from scoping.lists.issue_columns import COLUMNS
from scoping.lists.issue_plan import IssuePlan, IssueRow, MentionRow, plan_issues, point_out_twins
from scoping.lists.issues import IssueList
from scoping.lists.plan import Action
from scoping.lists.sources import read_list
from scoping.models import Assessment, Issue, Mention, Phase, SourceKind, Standing
from tables.writing import csv_bytes, xlsx_bytes
from tests.support.factories import AssessmentFactory, IssueFactory, MentionFactory, UserFactory

TODAY = date(2026, 5, 1)
FIELDS = ("name", "code", "category", "description", "meaning", "practice", "improvement", "chapters", "owners")


def row_of(pk: int, name: str, code: str, **more: Any) -> IssueRow:
    mentions = more.pop("mentions", ())
    row = {key: more.pop(key) for key in ("merged_into", "asked") if key in more}
    values = dict.fromkeys(FIELDS, "") | {"sdgs": []} | {"name": name, "code": code} | more
    return IssueRow(pk=pk, values=values, mentions=mentions, **row)


WATER = row_of(1, "Water use", "water-use", category="Environment", sdgs=[6])
TALK = MentionRow(5, SourceKind.INTERVIEW, "CFO", None, "", "")


def plan(text: str, *present: IssueRow, room: int = 500, opened: bool = False) -> IssuePlan:
    file = read_list("issues.csv", text.encode(), COLUMNS)
    return plan_issues(file, present=present, room=room, opened=opened, today=TODAY)


def problems(made: IssuePlan) -> list[tuple[int, str, str]]:
    return [(line.row, line.column, line.note) for line in made.problems]


def facts(made: IssuePlan) -> dict[str, int]:
    return {fact.name: fact.number for fact in made.facts}


# --- the plan ---------------------------------------------------------------------------------------------
def test_a_new_issue_is_added_with_all_that_the_row_says():
    made = plan('Name,Code,Category,SDGs,Chapters\nWater use,E-1,Environment,"6, 14",Water; Rivers\n')
    values = made.added[0].values
    assert (values["code"], values["sdgs"], values["chapters"]) == ("e-1", [6, 14], "Water\nRivers")
    assert "Environment" in made.page()[0].values


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Name,Category\nDust,环境\nNoise,社会\n", "New categories: 环境 and 社会."),
        ("Name,Category\nDust,environment\n", ""),
    ],
)
def test_categories_that_are_new_beside_those_in_use_are_pointed_out(text: str, hint: str):
    said = " ".join(plan(text, WATER).notices)
    assert hint in said
    assert ("New categories" in said) == bool(hint)
    assert "New categories" not in " ".join(plan(text).notices)


def test_an_issue_is_recognised_by_its_code():
    made = plan("Code,Name\nwater-use,Water consumption\n", WATER)
    assert made.page()[0].changes == (("Name", "Water use", "Water consumption"),)


def test_an_issue_is_recognised_by_its_name_in_any_letters_and_width():
    made = plan("Name,Category\nＷＡＴＥＲ  use,Environment\n", row_of(1, "WATER use", "w", category="Environment"))
    assert facts(made)["New"] == 0


def test_a_change_names_the_field_with_old_and_new():
    made = plan('Name,Category,SDGs\nWater use,Planet,"6,14"\n', WATER)
    assert made.page()[0].changes == (("Category", "Environment", "Planet"), ("SDGs", "6", "6, 14"))


def test_an_empty_cell_leaves_what_is_there():
    made = plan("Name,Category,SDGs\nWater use,,\n", WATER)
    assert [line.action for line in made.page()] == ["unchanged"]


def test_lines_of_a_text_that_were_put_on_one_are_no_change():
    made = plan("Name,Meaning\nWater use,One. Two.\n", row_of(1, "Water use", "w", meaning="One.\n\nTwo."))
    assert [line.action for line in made.page()] == ["unchanged"]


def test_several_rows_add_several_mentions_to_one_issue():
    made = plan(
        "Name,Source kind,Source,Found on\n"
        "Water use,Internal interviews,CFO,2026-03-05\n"
        "water use,media,A newspaper,\n"
        "Water use,Internal interviews,COO,\n"
    )
    assert [str(mention) for mention in made.added[0].mentions] == [
        "Internal interviews: CFO, 2026-03-05",
        "Media analysis: A newspaper",
        "Internal interviews: COO",
    ]
    assert facts(made) == {"New": 1, "Changed": 0, "Unchanged": 0, "New mentions": 3}
    assert made.page()[1].note == "More about the issue of row 2."


def test_a_mention_that_is_there_is_not_added_again():
    made = plan("Name,Source kind,Source\nWater use,interview,cfo\n", row_of(1, "Water use", "w", mentions=(TALK,)))
    assert facts(made) == {"New": 0, "Changed": 0, "Unchanged": 1, "New mentions": 0}


def test_a_mention_gets_what_the_file_knows_more_of_it():
    made = plan(
        "Name,Source kind,Source,Quotation\nWater use,interview,CFO,We need it.\n",
        row_of(1, "Water use", "w", mentions=(TALK,)),
    )
    assert made.changed[0].changed_mentions == [TALK._replace(quotation="We need it.")]


def test_another_quotation_of_the_same_source_is_another_mention():
    said = TALK._replace(quotation="We need it.")
    made = plan(
        "Name,Source kind,Source,Quotation\nWater use,interview,CFO,Rivers run dry.\n",
        row_of(1, "Water use", "w", mentions=(said,)),
    )
    assert facts(made)["New mentions"] == 1


def test_a_row_that_says_the_same_again_is_called_a_repetition():
    made = plan("Name,Category\nWater use,Environment\nWaste,\nWater use,environment\n")
    assert [(line.row, line.note) for line in made.page(Action.REPEAT)] == [(4, "Repeats row 2.")]


@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        ("Water use,,Environment\nWater use,,Society\n", "Category", "“Society” here, but “Environment” in row 2"),
        ("Water use,a,\nWater use,b,\n", "Code", "“b” here, but “a” in row 2"),
        ("Water use,a,\nWaste,a,\n", "Name", "“Waste” here, but “Water use” in row 2"),
        ("Water use,a,\nWaste,b,\nWaste,a,\n", "Code", "“Waste” is another issue"),
    ],
)
def test_rows_that_contradict_each_other_are_a_problem_that_names_both(rows: str, column: str, said: str):
    found = problems(plan(f"Name,Code,Category\n{rows}"))
    assert [name for _, name, _ in found] == [column]
    assert said in found[0][2]


@pytest.mark.parametrize(
    ("header", "row", "column", "said"),
    [
        ("Name,Category", ",Environment", "Name", "name the issue"),
        ("Name", "A" * 301, "Name", "has 301 characters; at most 300 fit"),
        ("Name,Code", "Water,水", "Code", "letters A to Z"),
        ("Name,SDGs", 'Water,"6, 18"', "SDGs", "numbered 1 to 17"),
        ("Name,Source kind,Source,Found on", "Water,media,News,05/03/26", "Found on", "such as 2026-03-05"),
        ("Name,Source kind,Source,Found on", "Water,media,News,2026-05-02", "Found on", "has not come yet"),
        ("Name,Source kind,Source,Link", "Water,media,News,javascript:x", "Link", "not a web address"),
        ("Name,Source kind,Source", "Water,gossip,News", "Source kind", "not a kind of source"),
        ("Name,Source", "Water,News", "Source kind", "The cell is empty, but the row has a Source"),
        ("Name,Source kind,Link", "Water,media,https://example.org", "Source", "Say who or what the source was"),
        ("Name,Owners", f"Water,{'A' * 301}", "Owners", "at most 300"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_row_and_column(header: str, row: str, column: str, said: str):
    found = problems(plan(f"{header}\nFine{',' * header.count(',')}\n{row}\n"))
    assert [(number, name) for number, name, _ in found] == [(3, column)]
    assert said in found[0][2]


def test_a_merged_issue_is_refused_with_the_one_to_name_instead():
    made = plan("Name\nWater use\n", row_of(1, "Water use", "w", merged_into="Water"))
    assert "was merged into “Water”. Name that one" in problems(made)[0][2]


@pytest.mark.parametrize(
    ("header", "column"), [("Category", "Category"), ("Description", "Description"), ("Name", "Name")]
)
def test_what_the_survey_asks_about_stays_as_it_is(header: str, column: str):
    asked = row_of(1, "Water use", "water-use", category="Environment", asked=True)
    made = plan(f"Code,{header}{'' if header == 'Name' else ',Name'}\nwater-use,Changed\n", asked, opened=True)
    assert problems(made)[0][1] == column
    assert "The survey has opened and asks about this issue" in problems(made)[0][2]


def test_the_sheet_and_the_mentions_never_freeze():
    asked = row_of(1, "Water use", "water-use", category="Environment", asked=True)
    made = plan(
        "Name,Category,Practice,Source kind,Source\nWater use,Environment,We save it,expert,A panel\n",
        asked,
        opened=True,
    )
    assert [change.title for change in made.page()[0].changes] == ["Practice", "Mention"]


def test_new_issues_after_opening_wait_for_the_next_list():
    made = plan("Name\nWaste\n", opened=True)
    assert "the new issue waits for the next assessment" in made.notices[0]


def test_a_list_that_grows_too_long_is_refused_from_the_first_row_that_has_no_room():
    made = plan("Name\nWater\nWaste\nAir\n", room=1)
    assert [row for row, _, _ in problems(made)] == [3, 4]


def test_new_issues_that_are_called_much_like_others_are_pointed_out_and_no_problem():
    made = plan("Name\nEmployee training and development\nTax\n", row_of(1, "Training and development of staff", "t"))
    point_out_twins(made, [row_of(1, "Training and development of staff", "t")])
    assert made.page(Action.ADD)[0].note == "Much like “Training and development of staff” in the list."
    assert made.page(Action.ADD)[1].note == ""
    assert made.problems == []


def test_pointing_out_twins_does_not_change_the_digest():
    made, again = plan("Name\nWater use\nUse of water\n"), plan("Name\nWater use\nUse of water\n")
    point_out_twins(made, [])
    assert made.page()[1].note == "Much like “Water use” in row 2."
    assert made.digest == again.digest


@pytest.mark.parametrize("name", ["=1+1", "+Water", "-Water", "@Water"])
def test_formulas_are_plain_texts(name: str):
    assert plan(f'Name\n"{name}"\n').added[0].name == name


# --- the import -------------------------------------------------------------------------------------------
@pytest.fixture
def assessment(db: None) -> Assessment:
    return AssessmentFactory(slug="paper-2024")


def imported(assessment: Assessment, text: str, by: User | None = None) -> Any:
    issues = IssueList(assessment)
    return issues.carry_out(issues.read("issues.csv", text.encode()), by=by)


def test_an_import_stores_issues_in_their_order_with_codes_and_mentions(assessment: Assessment):
    IssueFactory(assessment=assessment, position=3, name="Tax", code="tax")
    by = UserFactory()
    counts = imported(
        assessment,
        "Name,Code,Source kind,Source\nWaste,,media,News\n水资源,,,\nAir,tax-2,,\nWaste,,expert,A panel\n",
        by=by,
    )
    assert (counts.added, counts.changed) == (3, 0)
    issues = list(assessment.issues.values_list("position", "name", "code", "standing"))
    assert issues[1:] == [
        (4, "Waste", "waste", Standing.LISTED),
        (5, "水资源", "issue-5", Standing.LISTED),
        (6, "Air", "tax-2", Standing.LISTED),
    ]
    assert [mention.source for mention in assessment.issues.get(code="waste").mentions.all()] == ["News", "A panel"]
    assert {mention.added_by for mention in Mention.objects.all()} == {by}


def test_an_import_changes_what_the_file_says_and_keeps_the_rest(assessment: Assessment):
    issue = IssueFactory(assessment=assessment, name="Water", code="water", meaning="Much.", practice="Saving.")
    MentionFactory(issue=issue, kind=SourceKind.INTERVIEW, source="CFO", reference="gri:303")
    imported(
        assessment,
        "Code,Name,Practice,Source kind,Source,Quotation\nwater,Water use,Reusing.,interview,CFO,We need it.\n",
    )
    issue.refresh_from_db()
    assert (issue.name, issue.code, issue.meaning, issue.practice) == ("Water use", "water", "Much.", "Reusing.")
    mention = issue.mentions.get()
    assert (mention.quotation, mention.reference) == ("We need it.", "gri:303")


def test_importing_the_same_file_twice_changes_nothing(assessment: Assessment):
    text = (
        "Name,SDGs,Chapters,Source kind,Source,Found on,Quotation\n"
        'Water,"6,14",A; B,interview,CFO,,\n'
        "Water,,,interview,CFO,2026-01-02,\nWater,,,interview,CFO,,Much\nWaste,,,,,,\n"
    )
    imported(assessment, text)
    before = list(Issue.objects.values()), list(Mention.objects.values())
    counts = imported(assessment, text)
    assert (counts.added, counts.changed) == (0, 0)
    assert (list(Issue.objects.values()), list(Mention.objects.values())) == before


def test_one_problem_refuses_the_whole_file_and_nothing_is_stored(assessment: Assessment):
    with pytest.raises(ValidationError, match="Row 3, SDGs: There is no goal 99"):
        imported(assessment, "Name,SDGs\nWater,6\nWaste,99\n")
    assert not assessment.issues.exists()


def test_an_import_that_fails_while_storing_leaves_nothing(assessment: Assessment, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Mention.objects, "bulk_update", broken)
    with pytest.raises(RuntimeError):
        imported(assessment, "Name,Source kind,Source\nWater,media,News\n")
    assert not Issue.objects.exists()
    assert not AuditEvent.objects.exists()


def test_after_opening_new_issues_are_stored_for_the_next_list(assessment: Assessment):
    Assessment.objects.update(phase=Phase.SURVEY)
    assessment.refresh_from_db()
    imported(assessment, "Name\nWaste\n")
    assert assessment.issues.get().standing == Standing.NEXT


def test_the_phase_counts_as_it_is_when_the_file_is_imported(assessment: Assessment):
    Assessment.objects.update(phase=Phase.SURVEY)  # after the page has fetched the assessment
    imported(assessment, "Name\nWaste\n")
    assert assessment.issues.get().standing == Standing.NEXT


def test_the_audit_trail_counts(assessment: Assessment):
    imported(assessment, "Name\nWaste\nWater\n")
    assert AuditEvent.objects.latest("pk").summary == "imported issues: 2 added"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("phase", [Phase.SCOPING, Phase.SURVEY])
def test_an_export_that_is_imported_unchanged_changes_nothing(assessment: Assessment, format: str, phase: Phase):
    Assessment.objects.update(phase=phase)
    texts = ["=1+1", "+Water", "-Water", "@Water", "'=quoted", "a; b\nc", "水，“土”"]
    for position, text in enumerate(texts):
        issue = IssueFactory(
            assessment=assessment, position=position, name=text.replace("\n", " "), code=f"i-{position}",
            category=text.replace("\n", " "), meaning=f"{text}\n\n{text}", chapters=text, sdgs=[1, 16], owners="CFO",
        )  # fmt: skip
        for number in range(position % 4):
            MentionFactory(
                issue=issue, kind=SourceKind.MEDIA, source=text.replace("\n", " "), quotation=f"{text}\n{number // 2}",
                found_on=date(2026, 1, 2) if number else None, link="https://example.org/?a=1&b=2" if number else "",
            )  # fmt: skip
    IssueFactory(assessment=assessment, position=50, standing=Standing.LEFT_OUT)
    merged = IssueFactory(assessment=assessment, position=51, standing=Standing.MERGED, merged_into=issue)
    assessment.refresh_from_db()
    issues = IssueList(assessment)
    raw = csv_bytes(issues.table()) if format == "csv" else xlsx_bytes([issues.table()], title="Issues")
    made = issues.plan(issues.read(f"export.{format}", raw))
    assert {action: number for action, number in made.rows.items() if number} == {"unchanged": len(made.lines)}
    assert len(made.lines) == 12
    assert merged.name not in [line.name for line in made.page()]
