import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from scoping.models import Assessment, Side
from surveys.models import Response, Survey
from tests.support.factories import AssessmentFactory, IssueFactory, OrganisationFactory, StakeholderGroupFactory
from tests.surveys.imports.files import (
    ISSUES,
    PLAIN_MAPPING,
    TWO_ROWS_MAPPING,
    csv_text,
    plain_file,
    two_row_answers,
    two_row_file,
    write,
)

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> list[str]:
    """The lines that the command prints."""
    out = StringIO()
    call_command("import_responses", *map(str, arguments), stdout=out)
    return out.getvalue().rstrip("\n").split("\n")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return plain_file(tmp_path, ["Client", "1", "2"], ["Employee", "4", "5"], ["Client", "", ""])


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    return write(tmp_path, PLAIN_MAPPING, name="MAP.toml")


def test_the_last_line_is_the_slug(file: Path, mapping: Path) -> None:
    assert run("--new", "Our survey", file, "--mapping", mapping)[-1] == "our-survey"
    assert Response.objects.count() == 2


def test_groups_too_small_to_be_shown_are_named(tmp_path: Path, mapping: Path) -> None:
    clients = [["Client", "1", "2"]] * 4
    file = plain_file(tmp_path, *clients, *[["Employee", "4", "5"]] * 5)
    note = "Note: fewer than 5 people answered in Client. Such a group is not shown by itself"
    assert run("--new", "Our survey", file, "--mapping", mapping)[-3].startswith(note)
    later = plain_file(tmp_path, *clients, ["Client", "3", "3"])
    assert note not in "\n".join(run("our-survey", later, "--mapping", mapping))


def test_a_machine_without_organisation_gets_one(file: Path, mapping: Path) -> None:
    run("--new", "Our survey", file, "--mapping", mapping)
    assert Organisation.objects.get().name == "Salient"


def test_an_organisation_made_on_the_way_is_named_after_the_company(file: Path, mapping: Path) -> None:
    run("--new", "Our survey", file, "--mapping", mapping, "--company", "Example Ltd.", "--period", "FY24")
    made = Assessment.objects.get()
    assert (made.organisation.name, made.company, made.reporting_period) == ("Example Ltd.", "Example Ltd.", "FY24")


def test_the_only_organisation_is_taken(file: Path, mapping: Path) -> None:
    organisation = OrganisationFactory()
    run("--new", "Our survey", file, "--mapping", mapping)
    assert Assessment.objects.get().organisation == organisation


def test_of_several_organisations_one_must_be_named(file: Path, mapping: Path) -> None:
    OrganisationFactory(slug="one")
    other = OrganisationFactory(slug="two")
    with pytest.raises(CommandError, match="--organisation SLUG: one, two"):
        run("--new", "Our survey", file, "--mapping", mapping)
    run("--new", "Our survey", file, "--mapping", mapping, "--organisation", "two")
    assert Assessment.objects.get().organisation == other


def test_an_unknown_organisation_is_refused(file: Path, mapping: Path) -> None:
    OrganisationFactory(slug="one")
    with pytest.raises(CommandError, match=r'no organisation "three"\. There are: one'):
        run("--new", "Our survey", file, "--mapping", mapping, "--organisation", "three")


def test_a_dry_run_shows_the_plan_and_writes_nothing(file: Path, mapping: Path) -> None:
    lines = run("--new", "Our survey", file, "--mapping", mapping, "--dry-run")
    text = "\n".join(lines)
    assert "2 respondents in 2 stakeholder groups" in text
    assert re.search(r"Employee +internal +1$", text, re.MULTILINE)
    assert re.search(r"Water +column B +2 answers$", text, re.MULTILINE)
    assert re.search(r'"4" +4 +1 time$', text, re.MULTILINE)
    assert "Left out: 1 row: not one issue rated (row 4)" in text
    assert lines[-1] == "Dry run: nothing was stored."
    assert not Organisation.objects.exists()


def test_a_dry_run_into_an_assessment_writes_nothing(file: Path, mapping: Path) -> None:
    slug = run("--new", "Our survey", file, "--mapping", mapping)[-1]
    answers, surveys = Response.objects.count(), Survey.objects.count()
    run(slug, file, "--mapping", mapping, "--dry-run")
    assert (Response.objects.count(), Survey.objects.count()) == (answers, surveys)


def test_a_second_import_says_that_it_knows_the_rows(file: Path, mapping: Path) -> None:
    slug = run("--new", "Our survey", file, "--mapping", mapping)[-1]
    lines = run(slug, file, "--mapping", mapping)
    assert lines[-2:] == ["Imported 0 answers into Our survey. 2 were imported before and not stored again.", slug]


def test_an_unknown_assessment_is_refused_with_the_nearest(file: Path, mapping: Path) -> None:
    run("--new", "Our survey", file, "--mapping", mapping)
    with pytest.raises(CommandError, match=r'no assessment "our-survy"\. Did you mean "our-survey"\? .*--new NAME'):
        run("our-survy", file, "--mapping", mapping)


def test_slug_and_new_exclude_each_other(file: Path, mapping: Path) -> None:
    with pytest.raises(CommandError, match="Give either SLUG FILE, or --new NAME FILE"):
        run("slug", file, "--new", "Our survey", "--mapping", mapping)
    with pytest.raises(CommandError, match="Give either SLUG FILE, or --new NAME FILE"):
        run(file, "--mapping", mapping)


def test_a_taken_name_is_refused_before_the_file_is_read(file: Path, mapping: Path, tmp_path: Path) -> None:
    run("--new", "Our survey", file, "--mapping", mapping)
    with pytest.raises(CommandError, match="give its slug instead of --new"):
        run("--new", "Our survey", tmp_path / "nowhere.csv", "--mapping", mapping)


def test_a_problem_of_the_file_is_told_without_a_traceback(tmp_path: Path, mapping: Path) -> None:
    path = plain_file(tmp_path, ["Client", "1", "2"], ["Client", "1"])
    with pytest.raises(CommandError, match="row 3: 2 cells"):
        run("--new", "Our survey", path, "--mapping", mapping)
    assert not Assessment.objects.exists()


def test_the_mapping_can_overrule_the_encoding(tmp_path: Path) -> None:
    path = plain_file(tmp_path, ["Größe", "1", "2"], encoding="cp437")
    mapping = write(tmp_path, '[file]\nencoding = "cp437"\n' + PLAIN_MAPPING, name="MAP.toml")
    run("--new", "Our survey", path, "--mapping", mapping)
    assert Assessment.objects.get().groups.get().name == "Größe"


def test_without_a_mapping_the_file_alone_is_enough(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(40))
    lines = run("--new", "Our survey", path)
    assert "# SurveyMonkey export: encoding mac_roman" in lines[0]
    assert '"Very important" = 4' in lines
    assert lines[-1] == "our-survey"
    assert [issue.name for issue in Assessment.objects.get().issues.all()] == ISSUES


def test_the_mapping_that_is_printed_gives_the_same_answers(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(40))
    printed = "\n".join(run("--new", "One", path, "--dry-run")).partition("\nanswers.csv\n")[0]
    run("--new", "One", path)
    run("--new", "Two", path, "--mapping", write(tmp_path, printed, name="MAP.toml"))
    one, two = (
        sorted(
            Response.objects.filter(questionnaire__survey__assessment__name=name).values_list("group__name", "ratings")
        )
        for name in ("One", "Two")
    )
    assert one == two != []


def test_words_that_are_not_understood_need_a_mapping_and_nothing_is_stored(tmp_path: Path) -> None:
    rows = [["Staff", word, word] for word in ("Super", "Hm", "Meh")]
    path = write(tmp_path, csv_text([["Role", "Rate [Water]", "Rate [Energy]"], *rows]))
    out = StringIO()
    with pytest.raises(
        CommandError, match=r"rating is not known of 'Super', .* a mapping is needed\. .* --mapping MAP"
    ):
        call_command("import_responses", str(path), new="Our survey", stdout=out)
    assert '"Super" = 0' in out.getvalue()
    assert not Organisation.objects.exists()


def test_a_file_without_ratings_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, csv_text([["Name", "What do you think?"], ["A", "much"]]))
    with pytest.raises(CommandError, match="no column is recognised as a rated issue, so a mapping is needed"):
        run("--new", "Our survey", path)


def test_into_an_assessment_columns_are_matched_by_likeness(tmp_path: Path) -> None:
    made = AssessmentFactory(slug="a1")
    for position, name in enumerate(["Privacy protection", "Tackling climate change"]):
        IssueFactory(assessment=made, position=position, name=name, code=f"issue-{position}")
    StakeholderGroupFactory(assessment=made, name="Customers", code="customers", side=Side.EXTERNAL)
    rows = [["Client", "1", "2"], ["Client", "4", "5"], ["Client", "3", "3"]]
    path = write(tmp_path, csv_text([["Role", "Rate [Climate change]", "Rate [Data privacy]"], *rows]))
    run("a1", path)
    assert sorted(bytes(answer.ratings) for answer in Response.objects.all()) == [b"\2\1", b"\3\3", b"\5\4"]


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    page = (settings.BASE_DIR / "docs" / "import.md").read_text()
    blocks = dict(re.findall(r"```(csv|toml)\n(.*?)```", page, re.DOTALL)[:2])
    file = write(tmp_path, blocks["csv"])
    mapping = write(tmp_path, blocks["toml"], name="MAP.toml")
    lines = run("--new", "Supplier survey", file, "--mapping", mapping)
    assert lines[-1] == "supplier-survey"
    assert f"```text\n{chr(10).join(lines)}\n```" in page


def test_two_header_rows_in_an_old_mac_encoding_are_imported(tmp_path: Path) -> None:
    path = two_row_file(tmp_path, two_row_answers(40))
    mapping = write(tmp_path, TWO_ROWS_MAPPING, name="MAP.toml")
    run("--new", "Our survey", path, "--mapping", mapping)
    made = Assessment.objects.get()
    assert "Énergie" in [issue.name for issue in made.issues.all()]
    assert "Männlich" in [group.name for group in made.groups.all()]


def test_nothing_that_identifies_a_respondent_is_stored(tmp_path: Path, mapping: Path) -> None:
    path = write(
        tmp_path,
        "RespondentID,IP Address,Latitude,Role,Please rate the importance of Water\n"
        "R_2YPOQ602ER1jkf1,192.0.2.77,47.115097045898,Client,4\n",
    )
    run("--new", "Our survey", path, "--mapping", mapping)
    answer = Response.objects.values().get()
    assert bytes(answer.pop("ratings")) == bytes([4])
    for identifying in ("R_2YPOQ602ER1jkf1", "192.0.2.77", "47.115"):
        assert identifying not in str(answer)
