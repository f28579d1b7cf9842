"""A case file with a mistake is refused, with the file, the line, what was found and what was expected."""

import datetime

import pytest

from scoping.cases.catalogue import find_case, read_case
from scoping.cases.errors import CaseError, CaseNotFound
from scoping.cases.format import parse_case
from scoping.cases.rules import GOALS, KINDS, SIDES, STAGES, TABLES
from scoping.libraries import sdgs
from scoping.models import (
    Assessment,
    Channel,
    Concern,
    Criterion,
    IndexEntry,
    Issue,
    Mention,
    Pillar,
    ProcessNote,
    ProcessStage,
    PublishedResult,
    Side,
    SourceKind,
    StakeholderGroup,
    Tier,
)

GOOD = """\
format = 1
slug = "paper-2024"
name = "Paper Mill 2024"
company = "Paper Mill"
reporting_period = "2024"

[report]
title = "Sustainability Report 2024"

[[tiers]]
name = "High"
count = 1
source = "p. 9"

[[tiers]]
name = "Low"
count = 1
source = "p. 9"

[[groups]]
code = "staff"
name = "Staff"
side = "internal"
source = "p. 7"

[[groups]]
code = "neighbours"
name = "Neighbours"
side = "external"
weight = 2.5
source = "p. 7"
reading = "The weight is a reading."

[[issues]]
code = "water"
name = "Water"
published = { rank = 1, tier = "High" }
source = "p. 9"

[[issues]]
code = "noise"
name = "Noise"
published = { rank = 2, tier = "Low" }
source = "p. 9"

[[concerns]]
group = "neighbours"
topic = "Noise at night"
issue = "noise"
source = "p. 7"
"""

# One entry of everything that a report may tell around its list; put behind GOOD.
AROUND = """
[[channels]]
group = "staff"
name = "Round table"
frequency = "each quarter"
source = "p. 7, round table"

[[pillars]]
name = "Clean Mill"
topics = ["Clean water", "Quiet nights"]
issues = ["water", "noise"]
source = "p. 5"

[[process]]
stage = "confirmation"
text = "Put before the board."
by = "Board"
on = "May 2024"
source = "p. 8"

[[criteria]]
name = "Effect on the river"
description = "Whether the river is better for it."
must_have = true
source = "p. 8"

[[index]]
framework = "gri"
code = "303"
title = "Water and effluents"
location = "Chapter 3"
issue = "water"
source = "p. 60"

[[mentions]]
issue = "noise"
kind = "media"
source = "Local newspaper; p. 8"
found_on = 2024-02-03
quotation = "Nobody sleeps."
link = "https://example.org/noise"
reference = "gri:303"
"""
SHEET = """\
meaning = "Without clean water there is no paper."
practice = "A plant cleans it."
improvement = "A second plant will."
chapters = ["3.1 Water", "3.2 The plant"]
sdgs = [14, 6]
owners = "Works manager"
"""


def line_of(text: str, part: str, nth: int = 1) -> int:
    return [number for number, line in enumerate(text.split("\n"), 1) if line.startswith(part)][nth - 1]


def mistake(text: str) -> str:
    with pytest.raises(CaseError) as caught:
        parse_case(text, file="paper.toml")
    return str(caught.value)


def test_a_good_file_is_read() -> None:
    case = parse_case(GOOD, file="paper.toml")
    assert [group.code for group in case.groups] == ["staff", "neighbours"]
    assert str(case.groups[1].weight) == "2.5"
    assert case.issues[1].published is not None
    assert case.concerns[0].issue == "noise"


def test_the_sheet_of_an_issue_is_read() -> None:
    water = parse_case(GOOD.replace('name = "Water"\n', 'name = "Water"\n' + SHEET), file="paper.toml").issues[0]
    assert (water.meaning, water.practice) == ("Without clean water there is no paper.", "A plant cleans it.")
    assert (water.improvement, water.owners) == ("A second plant will.", "Works manager")
    assert (water.chapters, water.sdgs) == (("3.1 Water", "3.2 The plant"), (6, 14))


def test_what_the_report_tells_around_its_list_is_read() -> None:
    text = GOOD.replace('side = "internal"', 'side = "internal"\nrelevance = "They run the mill."') + AROUND
    case = parse_case(text, file="paper.toml")
    assert case.groups[0].relevance == "They run the mill."
    assert (case.channels[0].group, case.channels[0].frequency) == ("staff", "each quarter")
    assert (case.pillars[0].topics, case.pillars[0].issues) == (("Clean water", "Quiet nights"), ("water", "noise"))
    assert (case.process[0].stage, case.process[0].by, case.process[0].on) == ("confirmation", "Board", "May 2024")
    assert (case.criteria[0].name, case.criteria[0].must_have) == ("Effect on the river", True)
    assert (case.index[0].framework, case.index[0].code, case.index[0].issue) == ("gri", "303", "water")
    assert (case.mentions[0].kind, case.mentions[0].found_on) == ("media", datetime.date(2024, 2, 3))


def test_a_case_has_a_survey_unless_it_says_otherwise() -> None:
    assert parse_case(GOOD, file="paper.toml").with_survey
    assert not parse_case("with_survey = false\n" + GOOD, file="paper.toml").with_survey


def test_a_list_over_several_lines_is_read() -> None:
    text = GOOD.replace('name = "Water"\n', 'name = "Water"\nchapters = [\n    "3.1 Water",\n    "3.2 The plant",\n]\n')
    assert parse_case(text, file="paper.toml").issues[0].chapters == ("3.1 Water", "3.2 The plant")


def test_a_list_without_groups_tiers_or_ranks_is_a_case_too() -> None:
    text = GOOD[: GOOD.index("[[tiers]]")] + '[[issues]]\ncode = "water"\nname = "Water"\nsource = "p. 9"\n'
    case = parse_case(text, file="paper.toml")
    assert (case.tiers, case.groups, case.issues[0].published) == ((), (), None)


def test_tiers_may_be_published_without_ranks_and_for_some_issues_only() -> None:
    text = GOOD.replace("rank = 1, ", "").replace('published = { rank = 2, tier = "Low" }\n', "")
    case = parse_case(text, file="paper.toml")
    assert [issue.published.rank if issue.published else "none" for issue in case.issues] == [None, "none"]


@pytest.mark.parametrize(
    ("good", "bad", "line", "said"),
    [
        ('name = "Staff"', 'nmae = "Staff"', 'nmae = "Staff"', ['unknown key "nmae"', 'Did you mean "name"?']),
        ("[report]", "[reprot]", "[reprot]", ['unknown key "reprot"', 'Did you mean "report"?']),
        ("[[concerns]]", "[[concern]]", "[[concern]]", ['unknown key "concern"', 'Did you mean "concerns"?']),
        ('group = "neighbours"', 'group = "neighbors"', 'group = "neigh', ["not among the groups", '"neighbours"?']),
        ('issue = "noise"', 'issue = "nois"', 'issue = "nois"', ["not among the issues", 'Did you mean "noise"?']),
        ('tier = "Low"', 'tier = "Lov"', "published = { rank = 2", ["not among the tiers", 'Did you mean "Low"?']),
        ('side = "external"', 'side = "outside"', 'side = "outside"', ['"outside"', "internal or external"]),
        ("weight = 2.5", 'weight = "heavy"', "weight =", ['"heavy"', "a number from 0"]),
        ("weight = 2.5", "weight = -1", "weight =", ["-1", "a number from 0"]),
        ("weight = 2.5", "weight = inf", "weight =", ["Infinity", "a number from 0"]),
        ("weight = 2.5", "weight = true", "weight =", ["True", "a number from 0"]),
        ("format = 1", "format = 2", "format = 2", ["format of the file is 2", "format = 1"]),
        ("format = 1", "format = true", "format = true", ["format of the file is True", "format = 1"]),
        ('code = "water"', 'code = "Wa ter"', 'code = "Wa', ['"Wa ter"', "small letters"]),
        ('name = "Paper Mill 2024"', "name = 2024", "name = 2024", ["2024", "a text in quotes"]),
        ('name = "Water"', 'name = " "', 'name = " "', ['" "', "the name of the issue"]),
        ('name = "Noise"', f'name = "{"n" * 301}"', 'name = "nnn', ["at most 300 characters, not 301"]),
        ("rank = 1, ", 'rank = "first", ', 'published = { rank = "first"', ['"first"', "a whole number from 1"]),
        ("rank = 1, ", "rnak = 1, ", "published = { rnak", ['unknown key "rnak"', 'Did you mean "rank"?']),
        ('code = "noise"', 'code = "water"', 'code = "water"@2', ['code "water" is given a second time']),
        ('name = "Noise"', 'name = "Water"', 'name = "Water"@2', ['name "Water" is given a second time']),
        ('name = "Low"', 'name = "High"', 'name = "High"@2', ['name "High" is given a second time']),
        ("rank = 2, ", "rank = 1, ", 'published = { rank = 1, tier = "Low"', ['as "Water" has', "every rank once"]),
        ("rank = 2, ", "rank = 3, ", "published = { rank = 3", ["rank 3", "a rank from 1 to 2"]),
        ("count = 1", "count = 2", "count = 2", ['tier "High" has count 2, but 1 issues', "count = 1"]),
        ("count = 1\n", "", "[[tiers]]", ['tier "High" has no count']),
    ],
)
def test_a_mistake_is_named_with_its_line(good: str, bad: str, line: str, said: list[str]) -> None:
    text = GOOD.replace(good, bad, 1)
    part, _, nth = line.partition("@")
    message = mistake(text)
    assert f"paper.toml, line {line_of(text, part, int(nth or 1))}: " in message
    assert "Expected: " in message
    for words in said:
        assert words in message


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("sdgs = [14, 6]", "sdgs = [14, 18]", ["sdgs of [[issues]] no. 1 is [14, 18]", "from 1 to 17"]),
        ("sdgs = [14, 6]", "sdgs = [6, 6]", ["each once"]),
        ("sdgs = [14, 6]", "sdgs = 6", ["a list such as [7, 13]"]),
        ('chapters = ["3.1 Water", "3.2 The plant"]', 'chapters = "3.1 Water"', ["a list of texts"]),
        ('chapters = ["3.1 Water", "3.2 The plant"]', "chapters = [3.1]", ["a list of texts"]),
        ('"3.2 The plant"', '"3.1 Water"', ['chapters of [[issues]] no. 1 has "3.1 Water" twice']),
        ('meaning = "Without', 'meening = "Without', ['unknown key "meening"', 'Did you mean "meaning"?']),
        ("[[channels]]", "[[chanels]]", ['unknown key "chanels"', 'Did you mean "channels"?']),
        ('group = "staff"', 'group = "staf"', ["not among the groups", 'Did you mean "staff"?']),
        (
            'issues = ["water", "noise"]',
            'issues = ["water", "nois"]',
            ["not among the issues", 'Did you mean "noise"?'],
        ),
        ('issues = ["water", "noise"]', 'issues = ["noise", "noise"]', ['has "noise" twice']),
        ('stage = "confirmation"', 'stage = "confirm"', ['Did you mean "confirmation"?']),
        ("must_have = true", 'must_have = "yes"', ["true or false"]),
        ('framework = "gri"', 'framework = "GRI"', ['"GRI"', "small letters"]),
        ('code = "303"', "code = 303", ["303", "a text in quotes"]),
        ('issue = "water"\nsource = "p. 60"', 'issue = "wader"\nsource = "p. 60"', ['Did you mean "water"?']),
        ('kind = "media"', 'kind = "medium"', ['Did you mean "media"?']),
        ("found_on = 2024-02-03", 'found_on = "3 February"', ["a day without quotes"]),
        ("found_on = 2024-02-03", "found_on = 2024-02-03T10:00:00", ["a day without quotes"]),
        ('"https://example.org/noise"', '"javascript:alert(1)"', ["an address that begins with https://"]),
        ('source = "p. 7, round table"\n', "", ["[[channels]] no. 1 has no source"]),
    ],
)
def test_a_mistake_around_the_list_is_named_too(good: str, bad: str, said: list[str]) -> None:
    text = GOOD.replace('name = "Water"\n', 'name = "Water"\n' + SHEET) + AROUND
    assert text.count(good) == 1
    message = mistake(text.replace(good, bad))
    assert "Expected: " in message
    for words in said:
        assert words in message


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("channels", 'name "Round table" is given a second time for staff'),
        ("pillars", 'name "Clean Mill" is given a second time'),
        ("process", 'source "p. 8" is given a second time for confirmation'),
        ("criteria", 'name "Effect on the river" is given a second time'),
        ("index", 'code "303" is given a second time for gri'),
        ("mentions", 'source "Local newspaper; p. 8" is given a second time for noise, media'),
    ],
)
def test_what_names_an_entry_is_given_once(table: str, said: str) -> None:
    entry = AROUND[AROUND.index(f"\n[[{table}]]") :].split("\n\n")[0].rstrip() + "\n"
    assert said in mistake(GOOD + AROUND + entry)


def test_the_words_of_a_case_are_those_of_the_models() -> None:
    assert (list(SIDES), list(STAGES), list(KINDS)) == (Side.values, ProcessStage.values, SourceKind.values)
    assert set(GOALS) == set(sdgs.GOALS)


def test_a_missing_key_is_named_at_its_entry() -> None:
    text = GOOD.replace('name = "Neighbours"\n', "")
    message = mistake(text)
    assert f"line {line_of(text, '[[groups]]', 2)}: [[groups]] no. 2 has no name. Expected: the name of the" in message


def test_tiers_that_do_not_add_up_are_named() -> None:
    text = GOOD.replace("count = 1", "count = 2", 1).replace('published = { rank = 2, tier = "Low" }\n', "")
    message = mistake(text)
    assert "the counts of the tiers add up to 3. Expected: 2, the number of issues" in message


def test_ranks_that_cross_the_tiers_are_named() -> None:
    text = GOOD.replace("rank = 1,", "rank = 9,").replace("rank = 2,", "rank = 1,").replace("rank = 9,", "rank = 2,")
    assert '"Water" has rank 2 in tier "High", below issues of a lower tier' in mistake(text)


def test_a_side_on_which_nobody_has_weight_is_refused() -> None:
    text = GOOD.replace("weight = 2.5", "weight = 0")
    message = mistake(text)
    assert f"line {line_of(text, 'weight = 0')}: all 1 external groups have the weight 0" in message


def test_a_topic_stands_once_in_a_group() -> None:
    text = GOOD + GOOD[GOOD.index("\n[[concerns]]") :]
    assert 'topic "Noise at night" is given a second time for neighbours' in mistake(text)


def test_a_table_in_place_of_entries_is_explained() -> None:
    text = GOOD.replace("[[concerns]]", "[concerns]")
    assert "Expected: entries that each begin with [[concerns]]" in mistake(text)


def test_broken_notation_is_named_with_its_line() -> None:
    text = GOOD.replace('name = "Staff"', "name = Staff")
    assert mistake(text).startswith(f"paper.toml, line {line_of(text, 'name = Staff')}: not valid TOML: ")


def test_an_unfinished_file_is_named_with_its_last_line() -> None:
    assert mistake('slug = "paper').startswith("paper.toml, line 1: not valid TOML: ")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace('side = "external"', 'side = "outside"').replace('name = "Staff"', "name = 5")
    lines = mistake(text).split("\n")
    assert [line.split(":")[0] for line in lines] == [
        f"paper.toml, line {line_of(text, 'name = 5')}",
        f"paper.toml, line {line_of(text, 'side = ' + chr(34) + 'outside')}",
    ]


def test_a_key_is_not_looked_for_inside_a_long_text() -> None:
    text = GOOD.replace('name = "Staff"', 'reading = """\nname = 1\nside = 2\n"""\nname = 5')
    assert f"line {line_of(text, 'name = 5')}: " in mistake(text)


def test_windows_line_ends_are_counted_the_same() -> None:
    text = GOOD.replace("weight = 2.5", "weight = -1").replace("\n", "\r\n")
    assert f"line {line_of(text, 'weight')}: " in mistake(text)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path) -> None:
    path = tmp_path / "old.toml"
    path.write_bytes(b'slug = "x"\nname = "Caf\xe9"\n')
    with pytest.raises(CaseError, match=r"old.toml, line 2: byte 0xe9 is not UTF-8"):
        read_case(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path) -> None:
    path = tmp_path / "mark.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    assert find_case(str(path)).slug == "paper-2024"


def test_a_file_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(CaseNotFound, match=r"missing.toml\" cannot be read"):
        find_case(str(tmp_path / "missing.toml"))


def test_an_unknown_case_gets_the_list_of_those_there_are() -> None:
    with pytest.raises(CaseNotFound, match=r'There is no case "qifu2022". Did you mean "qifu-2022"\? There are: '):
        find_case("qifu2022")


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("tiers", Tier),
        ("groups", StakeholderGroup),
        ("channels", Channel),
        ("issues", Issue),
        ("concerns", Concern),
        ("pillars", Pillar),
        ("process", ProcessNote),
        ("criteria", Criterion),
        ("index", IndexEntry),
        ("mentions", Mention),
        ("", Assessment),
    ],
)
def test_no_text_of_a_case_is_too_long_for_its_column(table: str, model: type) -> None:
    columns = {field.name: field.max_length for field in model._meta.get_fields() if getattr(field, "max_length", 0)}
    columns |= {"by": columns.get("done_by", 0), "on": columns.get("done_on", 0)}
    limits = {key: rule.limit for key, rule in TABLES[table].items() if rule.limit and columns.get(key)}
    assert limits
    assert {key: limit for key, limit in limits.items() if limit > columns[key]} == {}


def test_the_origin_fits_its_column_at_its_longest() -> None:
    report = TABLES["report"]
    longest = report["title"].limit + len(", ") + report["chapter"].limit
    assert longest <= Assessment._meta.get_field("origin").max_length
    assert TABLES["issues"]["source"].limit <= PublishedResult._meta.get_field("source").max_length
