"""The libraries as data: how many entries of each kind, that their codes hold together, and the strict reading."""

import re
from collections import Counter

import pytest

from scoping.libraries.catalogue import FOLDER, SLUGS, LibraryNotFound, find_library, libraries, read_library
from scoping.libraries.format import Library, LibraryError, parse_library
from scoping.libraries.sdgs import GOALS
from scoping.models import Issue, Mention

LEAST = """
slug = "noise"
name = "Noise standard"
label = "NS"
publisher = "Noise Board"
edition = "2020"
year = 2020
origin = "https://example.org/"
note = "Names only."
kinds = ["topic", "sub-topic"]
coded = ["topic"]

[[groups]]
name = "Loud"
category = "Environmental"
entries = [
  { code = "1", name = "Engines" },
  { code = "1.1", name = "Night" },
  { code = "2", name = "Horns", year = 2021, note = "New.", original = "喇叭" },
  { code = "2.1", name = "Night" },
  { code = "2.2", name = "Others", alone = "Other horns" },
]
"""


def per_group(slug: str) -> dict[str, int]:
    return dict(Counter(entry.group for entry in find_library(slug).entries))


def per_kind(slug: str) -> dict[str, int]:
    return dict(Counter(entry.kind for entry in find_library(slug).entries))


def codes(slug: str, kind: str) -> list[str]:
    return [entry.code for entry in find_library(slug).entries if entry.kind == kind]


# --- what the standards have ------------------------------------------------------------------------------
def test_every_file_is_in_the_catalogue() -> None:
    assert sorted(SLUGS) == sorted(path.stem for path in FOLDER.glob("*.toml"))
    assert [library.slug for library in libraries()] == list(SLUGS)


def test_gri_has_its_topic_standards_by_series() -> None:
    assert per_group("gri") == {"Economic": 7, "Environmental": 10, "Social": 17}


@pytest.mark.parametrize("code", ["307", "412", "419", "1", "2", "3", "11", "12", "13", "14"])
def test_gri_has_no_withdrawn_universal_or_sector_standard(code: str) -> None:
    assert code not in find_library("gri").by_code


@pytest.mark.parametrize(
    ("code", "year"),
    [("101", 2024), ("102", 2025), ("103", 2025), ("201", 2016), ("207", 2019), ("303", 2018), ("304", 2016),
     ("305", 2016), ("306", 2020), ("403", 2018), ("418", 2016)],
)  # fmt: skip
def test_gri_standards_have_the_year_of_their_edition(code: str, year: int) -> None:
    assert find_library("gri").by_code[code].year == year


def test_hkex_has_twelve_aspects_and_the_disclosures_of_the_index() -> None:
    assert codes("hkex", "aspect") == [f"A{n}" for n in range(1, 5)] + [f"B{n}" for n in range(1, 9)]
    below = Counter(entry.parent for entry in find_library("hkex").entries if entry.parent)
    # The general disclosure of each aspect and its indicators, as QiFu's content index has them.
    assert below == {"A1": 7, "A2": 6, "A3": 2, "A4": 2, "B1": 3, "B2": 4, "B3": 3, "B4": 3, "B5": 5, "B6": 6, "B7": 4,
                     "B8": 3}  # fmt: skip


def test_esrs_has_ten_standards_and_their_sub_topics() -> None:
    assert codes("esrs", "topic") == ["E1", "E2", "E3", "E4", "E5", "S1", "S2", "S3", "S4", "G1"]
    assert per_kind("esrs") == {"topic": 10, "sub-topic": 37, "sub-sub-topic": 73}
    below = Counter(entry.parent for entry in find_library("esrs").entries if entry.kind == "sub-topic")
    assert below == {"E1": 3, "E2": 7, "E3": 2, "E4": 4, "E5": 3, "S1": 3, "S2": 3, "S3": 3, "S4": 3, "G1": 6}


def test_sasb_has_26_categories_under_five_dimensions() -> None:
    assert per_group("sasb") == {
        "Environment": 6,
        "Social Capital": 7,
        "Human Capital": 3,
        "Business Model & Innovation": 5,
        "Leadership & Governance": 5,
    }


def test_the_exchanges_of_shanghai_and_shenzhen_have_21_topics() -> None:
    assert per_group("sse-szse") == {"Environmental": 8, "Social": 9, "Sustainability-related governance": 4}
    assert codes("sse-szse", "topic") == [str(n) for n in range(1, 22)]


def test_the_topics_of_shanghai_and_shenzhen_have_their_chinese_names() -> None:
    assert all(re.fullmatch("[\u4e00-\u9fff]+", entry.original) for entry in find_library("sse-szse").entries)


def test_there_are_17_goals() -> None:
    assert list(GOALS) == list(range(1, 18))
    assert (GOALS[1], GOALS[13], GOALS[17]) == ("No Poverty", "Climate Action", "Partnerships for the Goals")


def test_tcfd_has_four_pillars_and_eleven_disclosures() -> None:
    assert per_kind("tcfd") == {"pillar": 4, "disclosure": 11}
    assert Counter(entry.parent for entry in find_library("tcfd").entries if entry.parent) == {
        "governance": 2, "strategy": 3, "risk-management": 3, "metrics-and-targets": 3,
    }  # fmt: skip


@pytest.mark.parametrize("library", libraries(), ids=lambda library: library.slug)
def test_names_that_can_stand_alone_tell_entries_apart(library: Library) -> None:
    twice = [name for name, count in Counter(entry.full_name for entry in library.entries).items() if count > 1]
    # A new GRI standard bears the name of the one that it replaces.
    assert twice == (["Biodiversity", "Energy"] if library.slug == "gri" else [])


@pytest.mark.parametrize("library", libraries(), ids=lambda library: library.slug)
def test_entries_fit_the_columns_that_they_go_to(library: Library) -> None:
    for entry in library.entries:
        for model, column, text in (
            (Issue, "name", entry.full_name),
            (Issue, "category", entry.category),
            (Mention, "source", entry.citation),
            (Mention, "reference", entry.reference),
        ):
            assert len(text) <= (model._meta.get_field(column).max_length or 0), (entry.code, column)


@pytest.mark.parametrize(
    ("reference", "citation"),
    [
        ("gri:305", "GRI 305 Emissions (2016)"),
        ("hkex:A1.1", "HKEX ESG Guide A1.1 Kinds and amounts of emissions (2020)"),
        ("esrs:S1.3.4", "ESRS S1 Privacy (2023)"),
        ("sse-szse:9", "SSE/SZSE Rural revitalization (2024)"),
        ("tcfd:strategy", "TCFD Strategy (2017)"),
        ("tcfd:strategy.a", "TCFD Strategy: Climate risks and opportunities over time (2017)"),
    ],
)
def test_a_citation_has_the_nearest_code_of_the_standard(reference: str, citation: str) -> None:
    slug, _, code = reference.partition(":")
    entry = find_library(slug).by_code[code]
    assert (entry.reference, entry.citation) == (reference, citation)


# --- the catalogue ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", ["", "griffin", "../cases/qifu-2022", "gri.toml", "GRI"])
def test_an_unknown_library_is_not_found(slug: str) -> None:
    with pytest.raises(LibraryNotFound, match="There are: gri, hkex"):
        find_library(slug)


def test_a_library_is_read_once() -> None:
    assert find_library("gri") is find_library("gri")


def test_a_file_under_another_name_is_refused(tmp_path) -> None:
    (tmp_path / "quiet.toml").write_text(LEAST, encoding="utf-8")
    with pytest.raises(LibraryError, match=r"quiet\.toml, slug: “noise” is not the name of the file"):
        read_library(tmp_path / "quiet.toml")


# --- the strict reading -----------------------------------------------------------------------------------
def test_a_library_is_read_with_what_follows_from_its_codes() -> None:
    engines, night, horns, night_too, others = parse_library(LEAST, file="noise.toml").entries
    assert (engines.category, engines.kind, engines.level, engines.year) == ("Environmental", "topic", 0, 2020)
    assert (night.parent, night.kind, night.level, night.is_coded) == ("1", "sub-topic", 1, False)
    assert (night.full_name, night_too.full_name) == ("Night (engines)", "Night (horns)")
    assert others.full_name == "Other horns"
    assert (horns.year, horns.note, horns.names) == (2021, "New.", ("Horns", "喇叭"))
    assert night.citation == "NS 1 Night (2020)"


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ('slug = "noise"', 'slug = "No Ise"', "slug: “No Ise” is not made of small letters"),
        ('label = "NS"\n', "", "the file: label is missing or no text in quotes"),
        ('note = "Names only."', "note = 7", "the file: note is missing or no text in quotes"),
        ("year = 2020", "year = 20", "the file: year is 20; expected is a year such as 2016"),
        ("year = 2020", "year = true", "the file: year is True"),
        ('"https://example.org/"', '"javascript:alert(1)"', "origin: “javascript:alert(1)” is not an address"),
        ('kinds = ["topic", "sub-topic"]', 'kinds = "topic"', "kinds is missing or no list of texts"),
        ('coded = ["topic"]', 'coded = ["standard"]', "coded: “standard” is not among the kinds"),
        ('category = "Environmental"', 'colour = "red"', "group 1: unknown key “colour”. Known are: category, entries"),
        ('name = "Engines"', 'title = "Engines"', "group 1 “Loud”, entry 1: unknown key “title”"),
        ('code = "2.1"', 'code = "2 1"', "group 1 “Loud”, entry 4: code “2 1” is not letters, digits"),
        ('code = "2.1"', 'code = "3.1"', "code “3.1”: there is no “3” before it"),
        ('code = "2.1"', 'code = "1.1"', "code “1.1” is given a second time, for “Night”"),
        ('code = "2.2"', 'code = "2.1.1"', "code “2.1.1” has level 3, but kinds names only 2"),
        ('name = "Engines"', f'name = "{"x" * 201}"', "group 1 “Loud”, entry 1: name has 201 characters"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(was: str, becomes: str, message: str) -> None:
    with pytest.raises(LibraryError, match=re.escape(f"noise.toml, {message}")):
        parse_library(LEAST.replace(was, becomes, 1), file="noise.toml")


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(LibraryError) as caught:
        parse_library(LEAST.replace('label = "NS"\n', "").replace('"Names only."', "7"), file="noise.toml")
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["slug = ", "groups = 7", "", LEAST.partition("[[groups]]")[0]])
def test_what_is_no_library_is_refused(text: str) -> None:
    with pytest.raises(LibraryError, match=r"noise\.toml"):
        parse_library(text, file="noise.toml")
