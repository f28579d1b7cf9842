"""Tags, names, directions, and what a browser asks for."""

import pytest
from django.core.exceptions import ValidationError

from surveys.languages import canonical, direction_of, interface_language, name_of, offered, preferred


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("zh-hans", "zh-Hans"),
        (" PT_br ", "pt-BR"),
        ("ku-arab", "ku-Arab"),
        ("de-1996", "de-1996"),
        ("es-419", "es-419"),
        ("zh-yue-hant-hk", "zh-yue-Hant-HK"),
        ("en-u-ca-buddhist", "en-u-ca-buddhist"),
        ("de-x-plain", "de-x-plain"),
        ("fil", "fil"),
    ],
)
def test_a_tag_gets_its_usual_case(typed: str, tag: str):
    assert canonical(typed) == tag


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "e",
        "english",
        "xx",
        "x-mine",
        "de-",
        "de--AT",
        "de-1996-1996",
        "en-a-bbb-a-ccc",
        "i-klingon",
        "zh hans",
        "中文",
    ],
)
def test_what_is_no_tag_is_refused(typed: str):
    with pytest.raises(ValidationError):
        canonical(typed)


@pytest.mark.parametrize(("typed", "meant"), [("cn", "zh-Hans"), ("jp", "ja"), ("en-UK", "en-GB")])
def test_a_frequent_mistake_gets_its_correction(typed: str, meant: str):
    with pytest.raises(ValidationError, match=f"Did you mean “{meant}”"):
        canonical(typed)


def test_a_tag_that_the_database_cannot_hold_is_refused():
    with pytest.raises(ValidationError, match="at most 20"):
        canonical("de-Latn-DE-1996-x-abcdefgh")


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("zh-Hans", "简体中文"),
        ("zh-CN", "简体中文"),
        ("ar", "العربيّة"),
        ("de-AT", "Deutsch (AT)"),
        ("zu", "isiZulu"),
        ("tlh", "tlh"),
    ],
)
def test_a_language_has_its_own_name(tag: str, name: str):
    assert name_of(tag) == name


@pytest.mark.parametrize(
    ("tag", "direction"),
    [
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("fa", "rtl"),
        ("ur", "rtl"),
        ("ckb", "rtl"),
        ("ku-Arab", "rtl"),
        ("ku", "ltr"),
        ("ar-Latn", "ltr"),
        ("az-arab-IR", "rtl"),
        ("en", "ltr"),
        ("zh-Hant", "ltr"),
        ("en-x-arab", "ltr"),
    ],
)
def test_the_direction_follows_the_script(tag: str, direction: str):
    assert direction_of(tag) == direction


@pytest.mark.parametrize(
    ("tag", "ours"),
    [("zh-Hans", "zh-hans"), ("zh-CN", "zh-hans"), ("zh", "zh-hans"), ("zh-TW", "en"), ("zh-Hant", "en"), ("ar", "en")],
)
def test_our_own_words_are_in_english_or_simplified_chinese(tag: str, ours: str):
    assert interface_language(tag) == ours


@pytest.mark.parametrize(
    ("header", "tags", "found"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", ["en", "zh-Hans"], "zh-Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", ["fr", "zh-Hans", "zh-Hant"], "zh-Hant"),
        ("zh-TW,en;q=0.8", ["fr", "zh-Hans", "en"], "en"),
        ("en-US", ["de", "en-GB"], "en-GB"),
        ("pt", ["en", "pt-BR"], "pt-BR"),
        ("de-CH-1996", ["en", "de"], "de"),
        ("en;q=0.2, ar;q=0.9", ["en", "ar"], "ar"),
        ("ar;q=0, en", ["ar", "en"], "en"),
        ("fr", ["en", "ar"], "en"),
        ("*", ["ar", "en"], "ar"),
        ("", ["en", "ar"], "en"),
        (";;;q=x,,\x00", ["en", "ar"], "en"),
        ("ar;q=2", ["en", "ar"], "en"),
        ("x" * 100_000, ["en"], "en"),
    ],
)
def test_a_browser_gets_the_language_it_likes_best(header: str, tags: list[str], found: str):
    assert preferred(header, tags) == found


def test_every_language_on_offer_is_a_tag_with_a_name():
    tags = [tag for tag, _ in offered()]
    assert len(tags) == len(set(tags)) > 80
    assert all(canonical(tag) == tag and name_of(tag) != tag for tag in tags)
