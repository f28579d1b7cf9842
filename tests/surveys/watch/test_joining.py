"""Groups that results count as one stay one in the file of answers: nothing can be taken away from the other."""

from itertools import combinations

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from materiality.voices import voices_of
from scoping.models import Side
from surveys.answers_export import NotYet, answers_export
from surveys.models import Anonymity, Response
from surveys.selectors import tallies_of
from surveys.services import (
    close_survey,
    fold_responses,
    open_survey,
    prepare_survey,
    reopen_survey,
    settle_tallies,
)
from tests.support.factories import AssessmentFactory, ProfileQuestionFactory, ResponseFactory
from tests.surveys.watch.conftest import VARIED
from tests.surveys.watch.test_export import CODES, exported

K = 5
TOGETHER = "Group 0 and Group 2 together"


@pytest.fixture
def small(store, closed):
    """Seven of the first group and three of the third, which speak for the same side; nine of the second."""
    store(7)
    store(3, group=2)
    store(9, group=1)
    return closed()


def worked_out(survey):
    """Numbers of people of an issue that are left when what stands under labels of the file is taken away from what
    results tell of groups, or the other way round."""
    file = {}
    for row in exported(survey):
        rated = [row[code] != "" for code in CODES]
        file[row["group"]] = file.get(row["group"], np.zeros(len(CODES), int)) + rated
    pooled = [voice for voice in voices_of(tallies_of(survey.assessment)) if voice.is_pool]
    left = set()
    for voice in pooled:
        told = voice.input.tally.counts
        for number in range(len(file) + 1):
            for labels in combinations(file, number):
                names = [answers.group.name for answers in voice.groups]
                if all(any(name in label for name in names) for label in labels):
                    left |= set(np.abs(told - sum((file[label] for label in labels), 0 * told))[told > 0].tolist())
    return left


def test_nothing_of_a_few_can_be_worked_out(small):
    assert worked_out(small) == {10, 0}


def test_groups_of_one_mean_are_one_label(small):
    assert sorted(row["group"] for row in exported(small)) == [TOGETHER] * 10 + ["Group 1"] * 9


def test_a_single_question_that_few_have_rated_joins_them(store, closed):
    store(5, ratings=bytes([0, *VARIED[1:]]))
    store(3)
    store(6, group=2)
    survey = closed()
    assert {row["group"] for row in exported(survey)} == {TOGETHER}
    # Nine for one question; for all others nobody is pooled, and each group by itself has enough.
    assert worked_out(survey) == {9, 0}


def test_groups_hang_together_by_a_third(survey, store, closed):
    survey.assessment.groups.update(side=Side.INTERNAL)
    # The first joins the smallest that rated: for one issue the second, for all others the third.
    store(3)
    store(6, group=1)
    store(5, group=2, ratings=bytes([0, *VARIED[1:]]))
    rows = exported(closed())
    assert {row["group"] for row in rows} == {"Group 0, Group 1 and Group 2 together"}


def test_with_both_importances_everybody_speaks_on_either_axis(house):
    assessment = AssessmentFactory(organisation=house.organisation, slug="b1", groups=2, issues=3)
    survey = prepare_survey(assessment=assessment)
    survey.both_importances = True
    survey.save()
    open_survey(survey=survey)
    questionnaire = survey.questionnaires.get()
    for group, number in zip(assessment.groups.all(), (3, 8), strict=True):
        for _ in range(number):
            ResponseFactory(questionnaire=questionnaire, group=group, ratings=bytes([1, 2, 3, 4, 5, 1]))
    fold_responses(survey=survey)
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert {row["group"] for row in exported(survey)} == {"Group 0 and Group 1 together"}


def test_what_a_later_few_would_show_keeps_the_others_out_too(store, closed, survey, small):
    settle_tallies(survey.questionnaires.get())
    assert len(exported(survey)) == 19
    reopen_survey(survey=survey)
    store(1, group=2)
    survey.refresh_from_db()
    close_survey(survey=survey)
    survey.refresh_from_db()
    export = answers_export(survey)
    assert ([group.name for group in export.left_out], export.together) == (["Group 0", "Group 2"], [])


def test_where_people_are_known_nobody_is_joined(small):
    small.anonymity = Anonymity.IDENTIFIED
    small.save()
    assert {row["group"] for row in exported(small)} == {"Group 0", "Group 1", "Group 2"}


def test_profile_answers_are_shared_under_a_label(house):
    assessment = AssessmentFactory(organisation=house.organisation, slug="p2", groups=3, issues=3)
    survey = prepare_survey(assessment=assessment)
    ProfileQuestionFactory(survey=survey, position=0, code="years", options=["Up to 5", "More"])
    open_survey(survey=survey)
    questionnaire, (first, _, third) = survey.questionnaires.get(), assessment.groups.all()
    for group, years in [(first, 1)] * 3 + [(first, 2)] * 3 + [(third, 1)] * 2 + [(third, 2)]:
        Response.objects.create(
            questionnaire=questionnaire, group=group, ratings=bytes([1, 2, 3]), profile={"years": years}
        )
    fold_responses(survey=survey)
    close_survey(survey=survey)
    survey.refresh_from_db()
    assert sorted(row["years"] for row in exported(survey)) == [""] * 4 + ["Up to 5"] * 5


def test_while_answers_wait_to_be_counted_there_is_no_file(store, closed, owner_client):
    store(9, group=0)
    store(3, group=2, fold=False)
    survey = closed()
    # Counted, the three are pooled with the nine; the nine by themselves would have told what the three said.
    with pytest.raises(NotYet, match="not counted yet"):
        answers_export(survey)
    address = reverse("surveys:watch", kwargs={"organisation": "example", "slug": "a1"})
    assert "Some answers are not counted yet" in owner_client.get(address).content.decode()
    fold_responses(survey=survey)
    assert {row["group"] for row in exported(survey)} == {TOGETHER}


def test_it_is_said_before_the_download_and_by_the_command(small, owner_client, tmp_path, capsys):
    address = reverse("surveys:watch", kwargs={"organisation": "example", "slug": "a1"})
    page = owner_client.get(address).content.decode()
    assert "<strong>Under one label:</strong> Group 0 and Group 2." in page
    assert "Not in the file" not in page
    response = owner_client.get(f"{address}answers.csv")
    assert response["Salient-Groups-Together"] == "group-0+group-2; fewer than 5 people"
    call_command("export_answers", "a1", "--output", str(tmp_path / "a.csv"))
    assert "since fewer than 5 people would show: Group 0 and Group 2" in capsys.readouterr().err
