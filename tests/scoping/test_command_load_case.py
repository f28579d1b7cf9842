"""manage.py load_case: the last line of its output is the slug, and a mistake is named."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Organisation
from scoping.models import Assessment
from tests.support.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_case", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_last_line_is_the_slug() -> None:
    assert run("qifu-2022").splitlines()[-1] == "qifu-2022"


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (
            "qifu-2022",
            "18 issues, 8 stakeholder groups, 30 concerns, 7 steps of the process, 48 rows of the content index",
        ),
        ("uxin-2022", "18 issues, 5 pillars, 8 steps of the process, from: "),
        ("atrenew-2021", "20 issues, 7 stakeholder groups, 24 concerns, 29 channels, 4 pillars"),
    ],
)
def test_it_says_what_the_case_holds(case: str, said: str) -> None:
    assert said in run(case)


def test_it_says_that_a_case_has_no_survey() -> None:
    assert "Nobody is surveyed" in run("uxin-2022")
    assert "Nobody is surveyed" not in run("qifu-2022")


def test_all_three_go_into_one_organisation() -> None:
    for case in ("qifu-2022", "uxin-2022", "atrenew-2021"):
        run(case)
    assert Organisation.objects.count() == 1
    assert set(Assessment.objects.values_list("slug", flat=True)) == {"qifu-2022", "uxin-2022", "atrenew-2021"}


def test_without_an_organisation_one_is_made_for_the_company() -> None:
    run("qifu-2022")
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.slug) == ("QiFu Technology", "qifu-technology")


def test_a_second_run_makes_nothing_new() -> None:
    run("qifu-2022")
    run("qifu-2022")
    assert (Organisation.objects.count(), Assessment.objects.count()) == (1, 1)


def test_the_only_organisation_is_taken() -> None:
    organisation = OrganisationFactory()
    run("qifu-2022")
    assert organisation.assessments.get().slug == "qifu-2022"


def test_one_of_several_must_be_named() -> None:
    OrganisationFactory(slug="one")
    OrganisationFactory(slug="two")
    with pytest.raises(CommandError, match="--organisation SLUG: one, two"):
        run("qifu-2022")


def test_the_named_organisation_gets_the_case() -> None:
    OrganisationFactory()
    named = OrganisationFactory(slug="named")
    run("qifu-2022", "--organisation", "named")
    assert named.assessments.count() == 1


def test_where_the_case_is_loaded_already_it_is_brought_up_to_date() -> None:
    OrganisationFactory()
    holder = OrganisationFactory(slug="holder")
    run("qifu-2022", "--organisation", "holder")
    run("qifu-2022")
    assert list(Assessment.objects.values_list("organisation", flat=True)) == [holder.pk]


def test_an_unknown_organisation_is_named_with_those_there_are() -> None:
    OrganisationFactory(slug="one")
    with pytest.raises(CommandError, match=r'no organisation "tow"\. There are: one'):
        run("qifu-2022", "--organisation", "tow")


def test_an_unknown_case_is_named_and_nothing_is_made() -> None:
    with pytest.raises(CommandError, match='There is no case "qifu-2023"'):
        run("qifu-2023")
    assert not Organisation.objects.exists()


def test_a_file_with_a_mistake_is_named_with_its_line(tmp_path) -> None:
    path = tmp_path / "typo.toml"
    path.write_text('format = 1\nslgu = "x"\n')
    with pytest.raises(CommandError, match=r'typo.toml, line 2: the file has the unknown key "slgu".*"slug"'):
        run(str(path))
