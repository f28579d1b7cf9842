import pytest

from surveys import rows
from tests.support.factories import QuestionnaireFactory, ResponseFactory, StakeholderGroupFactory

# Every byte that a response can hold, the zero of "no answer" among them.
EVERY_BYTE = bytes(range(255))


@pytest.mark.parametrize("expected", [4, 0], ids=["as a scan", "by the index"])
def test_reading_all_answers_keeps_every_byte_and_whose_it_is(db: None, expected: int):
    questionnaire = QuestionnaireFactory()
    staff, clients = (
        StakeholderGroupFactory(assessment=questionnaire.survey.assessment, position=position) for position in (0, 1)
    )
    kept = {"questionnaire": questionnaire, "tallied": True}
    ResponseFactory(group=staff, ratings=EVERY_BYTE, **kept)
    ResponseFactory(group=staff, ratings=EVERY_BYTE[::-1], **kept)
    ResponseFactory(group=clients, ratings=EVERY_BYTE, **kept)
    ResponseFactory(group=clients, ratings=EVERY_BYTE[::-1], simulated=True, **kept)
    ResponseFactory(group=clients, ratings=EVERY_BYTE, questionnaire=questionnaire, tallied=False)

    found: dict = {}
    for piece in rows.tallied(questionnaire_id=questionnaire.pk, items=255, expected=expected):
        for key, packed in piece.items():
            found[key] = found.get(key, b"") + packed
    assert found.keys() == {(staff.pk, False), (clients.pk, False), (clients.pk, True)}
    assert found[clients.pk, False] == EVERY_BYTE
    assert found[clients.pk, True] == EVERY_BYTE[::-1]
    assert found[staff.pk, False] in (EVERY_BYTE + EVERY_BYTE[::-1], EVERY_BYTE[::-1] + EVERY_BYTE)


def test_a_misshapen_answer_is_refused_on_the_way(db: None):
    questionnaire = QuestionnaireFactory()
    ResponseFactory(questionnaire=questionnaire, ratings=b"\x01\x02", tallied=True)
    with pytest.raises(rows.MisshapenAnswer, match="have 2 ratings, the questionnaire has 3 issues"):
        list(rows.tallied(questionnaire_id=questionnaire.pk, items=3, expected=1))
