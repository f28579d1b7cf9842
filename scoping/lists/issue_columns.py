"""The columns of the long list of issues, and what their cells mean. Knows texts, not the database."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop, pgettext_lazy

from scoping.lists.cells import read_code, read_day, read_goals, read_link, read_parts, read_source_kind
from scoping.lists.columns import Column
from scoping.models import SourceKind
from scoping.services.scope import LONGEST_TEXT

COLUMNS = (
    Column(
        "name", gettext_noop("Name"), gettext_noop("As respondents read it."), required=True, limit=300,
        others=("issue", "issue name", "name of issue", "topic", "material topic", "material issue", "title", "议题",
                "议题名称", "名称", "实质性议题", "重要性议题", "esg议题", "重大议题"),
    ),
    Column(
        "code", gettext_noop("Code"),
        gettext_noop("The short name in links and exports. Left empty, it is made from the name."), limit=60,
        others=("id", "issue code", "issue id", "key", "编号", "代码", "编码", "议题编号", "议题代码"),
    ),
    Column(
        "category", gettext_noop("Category"), gettext_noop("Such as Environmental."), limit=120,
        others=("dimension", "area", "theme", "类别", "分类", "维度", "领域", "议题类别"),
    ),
    Column(
        "description", gettext_noop("Description"),
        gettext_noop("One sentence that a respondent understands."), limit=2000,
        others=("definition", "explanation", "描述", "说明", "定义", "释义", "议题描述", "议题说明"),
    ),
    Column(
        "meaning", gettext_noop("Meaning"),
        gettext_noop("What the issue means to the company."), limit=LONGEST_TEXT, lines=True,
        others=("significance", "why it matters", "what it means to us", "meaning to us", "relevance", "意义", "重要性",
                "对我们的意义", "重要意义"),
    ),
    Column(
        "practice", gettext_noop("Practice"),
        gettext_noop("What the company does about it."), limit=LONGEST_TEXT, lines=True,
        others=("our practice", "practices", "management approach", "measures", "what we do", "response", "实践",
                "我们的实践", "举措", "行动", "管理措施", "回应"),
    ),
    Column(
        "improvement", gettext_noop("Improvement"),
        gettext_noop("What it will do better."), limit=LONGEST_TEXT, lines=True,
        others=("improvements", "improvement measures", "next steps", "改进", "改进措施", "提升措施", "改善措施"),
    ),
    Column(
        "chapters", gettext_noop("Chapters"),
        gettext_noop("The chapters of the report about it: one per line, or parted by semicolons."),
        limit=LONGEST_TEXT, lines=True,
        others=("chapter", "corresponding chapters", "corresponding chapter", "report chapters", "章节", "对应章节",
                "报告章节", "所在章节"),
    ),
    Column(
        "sdgs", gettext_noop("SDGs"),
        gettext_noop("Numbers or names of the Sustainable Development Goals, such as 7, 12, 13."),
        others=("sdg", "goals", "sustainable development goals", "un sdgs", "可持续发展目标", "联合国可持续发展目标",
                "对应sdgs", "对应sdg"),
    ),
    Column(
        "owners", gettext_noop("Owners"), gettext_noop("Who answers for it in the company."), limit=300,
        others=("owner", "responsible", "department", "departments", "负责人", "责任人", "负责部门", "责任部门"),
    ),
    Column(
        "kind", gettext_noop("Source kind"),
        gettext_noop(
            "Where it was found: Internal interviews, Internal and external survey, Expert analysis, Media "
            "analysis, Peer benchmarking, ESG guidelines."
        ),
        others=("kind of source", "type of source", "source type", "来源类型", "来源类别", "来源种类"),
    ),
    Column(
        "source", gettext_noop("Source"),
        gettext_noop("Who or what it was: an interview, a survey, an article, a standard."), limit=300,
        others=("mention", "found in", "来源", "出处", "来源名称"),
    ),
    Column(
        "found_on", gettext_noop("Found on"), gettext_noop("The day, as year, month and day: 2026-03-05."),
        others=("date", "found", "day", "date found", "日期", "发现日期", "来源日期"),
    ),
    Column(
        "quotation", gettext_noop("Quotation"), gettext_noop("The words."), limit=LONGEST_TEXT, lines=True,
        others=("quote", "citation", "引文", "引用", "原文", "摘录"),
    ),
    Column(
        "link", "Link", gettext_noop("The web address."), limit=500, shown=pgettext_lazy("web address", "Link"),
        others=("url", "web address", "hyperlink", "website", "链接", "网址", "网页"),
    ),
)  # fmt: skip
COLUMN = {column.field: column for column in COLUMNS}
ISSUE_FIELDS = tuple(column.field for column in COLUMNS[:10])
MENTION_FIELDS = tuple(column.field for column in COLUMNS[10:])
# What the survey shows: it does not change under a question that is asked.
FROZEN_FIELDS = frozenset({"name", "code", "category", "description"})
READERS: dict[str, Callable[[str], Any]] = {
    "code": read_code,
    "chapters": lambda text: "\n".join(read_parts(text)),
    "sdgs": read_goals,
    "kind": read_source_kind,
    "found_on": read_day,
    "link": read_link,
}


def as_cell(name: str, value: Any) -> str:
    """A field as a cell of the file."""
    if value is None:
        return ""
    if name == "sdgs":
        return ", ".join(map(str, value))
    if name == "kind":
        return str(SourceKind(value).label)
    return value.isoformat() if isinstance(value, date) else str(value)
