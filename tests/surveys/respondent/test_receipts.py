"""The receipt: shown once, and good for asking whether the answer counts."""

import pytest
from django.test import Client

from surveys.models import Exclusion, QualityFlag, Response
from surveys.respondent.cookies import ANSWER, RECEIPT
from surveys.services import fold_responses
from tests.surveys.respondent.pages import fields_in, receipt_in, text_of

ALL = {f"issue-{position}": "4" for position in range(5)}


@pytest.fixture
def asked(ask):
    return ask()


@pytest.fixture
def checking(asked):
    return asked.page(name="respond-receipt")


@pytest.fixture
def receipt(client, asked):
    return receipt_in(client.post(asked.page(), ALL, follow=True))


def test_the_receipt_is_the_secret_of_the_form(client, asked):
    secret = fields_in(client.get(asked.page()))["form.key"]
    assert receipt_in(client.post(asked.page(), ALL | {"form.key": secret}, follow=True)) == secret


def test_it_travels_in_a_cookie_of_the_thank_you_page_alone(client, asked):
    cookie = client.post(asked.page(), ALL).cookies[RECEIPT]
    assert (cookie["path"], cookie["max-age"], cookie["httponly"]) == (asked.page(name="respond-thanks"), 300, True)


def test_it_is_shown_once_and_then_nothing_leads_to_the_answer(client, asked, receipt):
    assert len(receipt) == 22
    assert receipt_in(client.get(asked.page(name="respond-thanks"))) == ""
    assert receipt not in {morsel.value for morsel in client.cookies.values()}
    assert client.cookies[ANSWER].value == "sent"


@pytest.mark.parametrize("written", ["{}", " {} ", "spaced"])
def test_an_answer_waits_and_is_counted(client, asked, checking, receipt, written):
    given = " ".join(receipt) if written == "spaced" else written.format(receipt)
    assert "Stored, and about to be counted" in text_of(Client().post(checking, {"receipt": given}))
    fold_responses(survey=asked.survey)
    assert "Stored and counted" in text_of(Client().post(checking, {"receipt": given}))


def test_an_answer_that_was_left_out_says_so(client, asked, checking, receipt):
    exclusion = Exclusion.objects.create(survey=asked.survey, flag=QualityFlag.SPEEDER, reason="Too fast")
    Response.objects.update(exclusion=exclusion)
    assert "left out of the count" in text_of(client.post(checking, {"receipt": receipt}))


@pytest.mark.parametrize("given", ["", "x", "A" * 22, "<script>", "'; DROP TABLE", "é" * 22])
def test_what_is_no_receipt_is_said_to_be_unknown(client, checking, given):
    response = client.post(checking, {"receipt": given})
    assert response.status_code == 200
    assert "No stored answer has this receipt" in text_of(response)
    assert "<script>" not in response.content.decode().partition("</head>")[2]


def test_a_receipt_is_good_for_its_own_group_only(client, asked, receipt):
    other = asked.page(1, name="respond-receipt")
    assert "No stored answer has this receipt" in text_of(client.post(other, {"receipt": receipt}))


def test_the_page_itself_asks_for_a_receipt_and_reads_nothing(client, checking, django_assert_num_queries):
    client.get(checking)  # this process remembers the questionnaire now
    with django_assert_num_queries(1):
        assert "Check a receipt" in text_of(client.get(checking))
    with django_assert_num_queries(0):
        assert "Check a receipt" in text_of(client.get("/p/receipt"))


def test_the_page_for_personal_links_speaks_chinese(client, db):
    assert 'lang="zh-Hans"' in client.get("/p/receipt", headers={"Accept-Language": "zh-CN"}).content.decode()
