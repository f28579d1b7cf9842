"""What single cells mean: addresses, languages, days, links, goals. Each reader raises CellError with what to do.

Forms read what people type by the same rules.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from scoping.libraries.sdgs import GOALS
from scoping.lists.hints import did_you_mean
from scoping.models import SourceKind
from tables.names import key, tidy
from tables.problems import shorten


class CellError(ValueError):
    """The cell cannot be meant; the text says why, and what would be right."""


# --- contacts ---------------------------------------------------------------------------------------------
# Nearly every address is of this shape, which Django's slower validator accepts too.
_ATOM, _LABEL = r"[A-Za-z0-9_+%-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
plain_email = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}").fullmatch
_any_email = EmailValidator()
LONGEST_EMAIL = 254


def read_email(text: str) -> str:
    if len(text) > LONGEST_EMAIL:
        raise CellError(
            _("An e-mail address has at most %(most)s characters; this one has %(n)s.")
            % {"most": LONGEST_EMAIL, "n": f"{len(text):,}"}
        )
    if not plain_email(text):
        try:
            _any_email(text)
        except ValidationError as error:
            message = (
                _(
                    "“%(text)s” is not an e-mail address, such as li.wei@example.org. One row holds one person and "
                    "one address."
                )
                if text.count("@") > 1
                else _("“%(text)s” is not an e-mail address, such as li.wei@example.org.")
            )
            raise CellError(message % {"text": shorten(text)}) from error
    return text


LONGEST_LANGUAGE = 20
# What people write where a code is meant.
LANGUAGES = {
    "en": ("english", "eng", "英文", "英语"),
    "zh-Hans": ("chinese", "simplified chinese", "mandarin", "中文", "汉语", "简体中文", "简体", "zh-cn", "chs"),
    "zh-Hant": ("traditional chinese", "繁體中文", "繁体中文", "zh-tw", "zh-hk", "cht"),
    "de": ("german", "deutsch", "德语", "德文"),
    "fr": ("french", "français", "法语", "法文"),
    "es": ("spanish", "español", "西班牙语"),
    "ja": ("japanese", "日本語", "日语", "日文"),
    "ko": ("korean", "한국어", "韩语", "韩文"),
}
_LANGUAGE_OF = {key(word): code for code, words in LANGUAGES.items() for word in (code, *words)}
_language_code = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}").fullmatch


@lru_cache(maxsize=1000)
def read_language(text: str) -> str:
    """The code of a language; its usual names are understood."""
    known = _LANGUAGE_OF.get(key(text).replace("_", "-"))
    code = known or text.replace("_", "-")
    if not _language_code(code) or len(code) > LONGEST_LANGUAGE:
        raise CellError(
            _("“%(text)s” is not a language. Write its code, such as en or zh-Hans.") % {"text": shorten(text, 40)}
        )
    return code


# --- issues -----------------------------------------------------------------------------------------------
def read_code(text: str, limit: int = 60) -> str:
    """As a code is written in links: small letters, digits and hyphens."""
    code = slugify(re.sub(r"[./]", "-", text))
    if not code:
        raise CellError(
            _("“%(text)s” is not a code: use letters A to Z, digits and hyphens, or leave it empty.")
            % {"text": shorten(text, 40)}
        )
    if len(code) > limit:
        raise CellError(
            _("A code has at most %(limit)s characters; this one has %(n)s.") % {"limit": limit, "n": len(code)}
        )
    return code


_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?").fullmatch


def read_day(text: str) -> date:
    found = _DAY(tidy(text))
    try:
        if not found or int(found[1]) < 1900:
            raise ValueError
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError as error:
        raise CellError(
            _("“%(text)s” is not a day. Write year, month and day, such as 2026-03-05.") % {"text": shorten(text, 40)}
        ) from error


_web_address = URLValidator(schemes=["http", "https"])


def read_link(text: str, limit: int = 500) -> str:
    if len(text) > limit:
        raise CellError(
            _("A link has at most %(limit)s characters; this one has %(n)s.") % {"limit": limit, "n": f"{len(text):,}"}
        )
    try:
        _web_address(text)
    except ValidationError as error:
        raise CellError(
            _(
                "“%(text)s” is not a web address. It begins with https:// or http://, such as "
                "https://example.org/report."
            )
            % {"text": shorten(text)}
        ) from error
    return text


SOURCE_KINDS: dict[str, tuple[str, ...]] = {
    SourceKind.INTERVIEW: ("internal interview", "interviews", "内部访谈", "访谈"),
    SourceKind.SURVEY: ("surveys", "questionnaire", "内外部调研", "内外部调查", "问卷", "问卷调查", "调研", "调查"),
    SourceKind.EXPERT: ("experts", "expert", "专家分析", "专家", "专家意见"),
    SourceKind.MEDIA: ("media", "press", "媒体分析", "媒体", "舆情"),
    SourceKind.PEERS: ("peer", "benchmarking", "同业对标", "同行对标", "对标", "同业"),
    SourceKind.GUIDELINE: ("guidelines", "standard", "standards", "esg指引", "esg指南", "指引", "指南", "标准"),
}
_KIND_OF = {
    key(word): SourceKind(kind)
    for kind, words in SOURCE_KINDS.items()
    for word in (kind, SourceKind(kind).label, *words)
}


def read_source_kind(text: str) -> SourceKind:
    kind = _KIND_OF.get(key(text))
    if kind is None:
        labels = [_(known.label) for known in SourceKind]
        raise CellError(
            _("“%(text)s” is not a kind of source.%(hint)s Kinds are %(names)s.")
            % {"text": shorten(text, 40), "hint": did_you_mean(text, labels), "names": _(", ").join(labels)}
        )
    return kind


_GOAL = re.compile(r"(?:(?:sdg|goal|目标)s?\s*)?(\d{1,3})(?:\.0)?\s*(?:[:.\-–：].*)?").fullmatch
_GOAL_OF = {key(name): number for number, name in GOALS.items()}
_MOST_PARTS = 1 + max(len(re.findall(r"[,，、]", name)) for name in GOALS.values())


def read_goals(text: str) -> list[int]:
    """Numbers of Sustainable Development Goals, given as numbers or names, each once and in their order."""
    parts = [part for part in (piece.strip() for piece in re.split(r"[,;，；、\n]", text)) if part]
    goals: set[int] = set()
    at = 0
    while at < len(parts):
        number, taken = _goal(parts[at:])
        goals.add(number)
        at += taken
    return sorted(goals)


def _goal(parts: Sequence[str]) -> tuple[int, int]:
    """The goal at the beginning of `parts`, and how many parts it takes: some names have commas in them."""
    for taken in range(min(_MOST_PARTS, len(parts)), 0, -1):
        if number := _GOAL_OF.get(key(", ".join(parts[:taken]))):
            return number, taken
    found = _GOAL(key(parts[0]))
    if found is None:
        hint = did_you_mean(parts[0], GOALS.values())
        raise CellError(
            _("“%(text)s” is not a goal.%(hint)s Write numbers from 1 to 17, such as 7, 12, 13.")
            % {"text": shorten(parts[0], 40), "hint": hint}
        )
    if not 1 <= int(found[1]) <= len(GOALS):
        raise CellError(
            _("There is no goal %(found)s: the Sustainable Development Goals are numbered 1 to %(n)s.")
            % {"found": found[1], "n": len(GOALS)}
        )
    return int(found[1]), 1


def read_parts(text: str) -> list[str]:
    """The entries of a cell that holds several, parted by semicolons."""
    return [part for part in (tidy(piece) for piece in re.split(r"[;；\n]", text)) if part]


def read_count(text: str, highest: int = 32_767) -> int:
    """A whole number from 1."""
    found = re.fullmatch(r"(\d{1,6})(?:\.0+)?", tidy(text))
    if found is None or not 1 <= int(found[1]) <= highest:
        raise CellError(_("“%(text)s” is not a whole number from 1.") % {"text": shorten(text, 40)})
    return int(found[1])
