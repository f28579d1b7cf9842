"""Many respondents at once: a survey of made-up groups and issues, and answers stored the fast way.

The rows are those that the survey form leaves behind; only their way in is shorter. Runs in a room.
"""

import io
from collections.abc import Iterator
from itertools import repeat

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts.models import Organisation
from benchmarks.progress import show
from scoping.models import Assessment, Issue, Side, StakeholderGroup
from surveys.models import Questionnaire, Survey
from surveys.services import open_survey, prepare_survey

NO_ANSWER_SHARE = 0.03
_AT_ONCE = 50_000
_THEMES = ("Energy", "Water", "Employees", "Suppliers", "Customers", "Local communities", "Data", "Governance")
_ASPECTS = ("use and cost", "safety", "training and development", "risks in the supply chain", "reporting")


def new_survey(*, groups: int, issues: int) -> Survey:
    """An assessment with an open survey, half of its groups internal."""
    organisation = Organisation.objects.create(name="Benchmark Ltd.", slug="benchmark")
    assessment = Assessment.objects.create(
        organisation=organisation, slug="benchmark", name="Benchmark", company="Benchmark Ltd.", reporting_period="2022"
    )
    for position in range(groups):
        side = Side.EXTERNAL if position % 2 else Side.INTERNAL
        StakeholderGroup.objects.create(
            assessment=assessment, code=f"group-{position}", name=f"Group {position}", side=side, position=position
        )
    for position in range(issues):
        Issue.objects.create(
            assessment=assessment,
            code=f"issue-{position}",
            name=issue_name(position),
            description="A sentence about this issue of the length that such sentences mostly have on a form.",
            position=position,
        )
    survey = prepare_survey(assessment=assessment)
    open_survey(survey=survey, by=None)
    return survey


def issue_name(position: int) -> str:
    """As long as the names in reports: "Energy: training and development"."""
    theme, aspect = _THEMES[position % len(_THEMES)], _ASPECTS[position // len(_THEMES) % len(_ASPECTS)]
    return f"{theme}: {aspect}"


def draw_ratings(respondents: int, items: int, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Ratings from 1 to 5 around a mean per item, a few left out: (at most 50,000, items) at a time."""
    random = np.random.default_rng(seed)
    means = random.uniform(2.2, 4.6, items).astype(np.float32)
    for start in range(0, respondents, _AT_ONCE):
        shape = (min(_AT_ONCE, respondents - start), items)
        drawn = np.rint(random.standard_normal(shape, np.float32) * np.float32(0.9) + means)
        ratings = np.clip(drawn, 1, 5).astype(np.uint8)
        ratings[random.random(shape, np.float32) < NO_ANSWER_SHARE] = 0
        yield ratings


def store_answers(survey: Survey, *, respondents: int, seed: int, tallied: bool) -> None:
    """Store that many answers to the survey's newest questionnaire, spread over its groups in turn."""
    questionnaire = survey.questionnaires.order_by("-version")[0]
    groups = np.array(survey.assessment.groups.values_list("pk", flat=True))
    random = np.random.default_rng(seed + 1)
    store = _copy if connection.vendor == "postgresql" else _insert
    stored = 0
    with transaction.atomic():
        for ratings in draw_ratings(respondents, questionnaire.items.count(), seed):
            keys = np.frombuffer(random.bytes(16 * len(ratings)), dtype="S16")
            store(questionnaire, keys, groups[(stored + np.arange(len(ratings))) % len(groups)], ratings, tallied)
            stored += len(ratings)
            if respondents > _AT_ONCE:
                show(f"storing answers: {stored:,} of {respondents:,}")


def settle() -> None:
    """What PostgreSQL does by itself some time after many rows came in."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE) surveys_response")
            cursor.execute("CHECKPOINT")


def _copy(
    questionnaire: Questionnaire,
    keys: NDArray[np.bytes_],
    groups: NDArray[np.int64],
    ratings: NDArray[np.uint8],
    tallied: bool,
) -> None:
    """PostgreSQL's binary COPY: each field is its length and its bytes, all of them as long in every row."""
    items = ratings.shape[1]
    row = np.dtype(
        [
            ("fields", ">i2"),
            ("id_length", ">i4"), ("id", "V16"),
            ("questionnaire_length", ">i4"), ("questionnaire", ">i8"),
            ("group_length", ">i4"), ("group", ">i8"),
            ("ratings_length", ">i4"), ("ratings", "u1", (items,)),
            ("simulated_length", ">i4"), ("simulated", "u1"),
            ("tallied_length", ">i4"), ("tallied", "u1"),
        ]
    )  # fmt: skip
    rows = np.zeros(len(ratings), row)
    rows["fields"] = 6
    rows["id_length"], rows["id"] = 16, keys.view("V16")
    rows["questionnaire_length"], rows["questionnaire"] = 8, questionnaire.pk
    rows["group_length"], rows["group"] = 8, groups
    rows["ratings_length"], rows["ratings"] = items, ratings
    rows["simulated_length"] = rows["tallied_length"] = 1
    rows["tallied"] = tallied
    with connection.cursor() as cursor:
        statement = (
            "COPY surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied) "
            "FROM STDIN (FORMAT binary)"
        )
        with cursor.cursor.copy(statement) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            stream = io.BytesIO(rows.tobytes())
            while piece := stream.read(2**20):
                copy.write(piece)
            copy.write(b"\xff\xff")


def _insert(
    questionnaire: Questionnaire,
    keys: NDArray[np.bytes_],
    groups: NDArray[np.int64],
    ratings: NDArray[np.uint8],
    tallied: bool,
) -> None:
    packed, items = ratings.tobytes(), ratings.shape[1]
    key_bytes = keys.tobytes()
    with connection.cursor() as cursor:
        # Room for the index of random keys, which would otherwise be written out again and again.
        cursor.execute("PRAGMA cache_size = -400000")
        cursor.cursor.executemany(
            "INSERT INTO surveys_response (id, questionnaire_id, group_id, ratings, simulated, tallied) "
            "VALUES (?, ?, ?, ?, 0, ?)".replace("?", "%s"),
            zip(
                (key_bytes[at : at + 16].hex() for at in range(0, len(key_bytes), 16)),
                repeat(questionnaire.pk),
                groups.tolist(),
                (packed[at : at + items] for at in range(0, len(packed), items)),
                repeat(tallied),
                strict=False,
            ),
        )
