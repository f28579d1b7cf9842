from pathlib import Path

import pytest

from surveys.imports.mapping import read_mapping
from surveys.imports.problems import MappingError
from tests.surveys.imports.files import PLAIN_MAPPING, TWO_ROWS_MAPPING, mapping_of

LEAST = '[group]\ncolumn = "Role"\n[items]\npattern = "^Rate"\n'


def test_a_whole_mapping_is_read() -> None:
    mapping = mapping_of('[file]\nencoding = "mac_roman"\ndelimiter = "tab"\nheader_rows = 2\n' + PLAIN_MAPPING)
    assert (mapping.encoding, mapping.delimiter, mapping.header_rows) == ("mac-roman", "\t", 2)
    assert (mapping.group_column, mapping.internal, mapping.unstated) == ("Role", ("Employee",), None)
    assert mapping.scale == (1, 5)
    assert mapping.no_answer == {"", "n/a"}


def test_labels_are_read_as_an_inline_table_or_a_section() -> None:
    inline = LEAST + '[ratings]\nlabels = { "Very important" = 4 }\n'
    assert mapping_of(inline).labels == {"very important": 4}
    assert mapping_of(TWO_ROWS_MAPPING).labels["very important"] == 4


def test_one_group_for_all_needs_no_column() -> None:
    mapping = mapping_of('[group]\nname = "Clients"\n[items]\npattern = "^Rate"\n')
    assert (mapping.group_name, mapping.group_column) == ("Clients", None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[group]\ncolumn = Role\n", r"MAP\.toml: this is not valid TOML: .*line 2"),
        ('[grup]\ncolumn = "Role"\n', r'"grup" is not a section of a mapping\. Did you mean "group"\?'),
        ('column = "Role"\n', r"It belongs below \[group\]"),
        (LEAST + "[ratings]\nlables = {}\n", r'line 6, \[ratings\] lables: unknown key\. Did you mean "labels"'),
        (
            '[group]\ncolumn = 3\n[items]\npattern = "x"\n',
            r"line 2, \[group\] column: must be a text in quotation marks, not 3",
        ),
        ('[items]\npattern = "x"\n', r"\[group\] column: give either column"),
        (LEAST.replace("[items]", 'name = "All"\n[items]'), r"line 3, \[group\] name: give either column"),
        (
            '[group]\nname = "All"\nunstated = "Rest"\n[items]\npattern = "x"\n',
            r"line 3, \[group\] unstated: is for column",
        ),
        ('[group]\ncolumn = "Role"\n', r"\[items\] pattern: is missing"),
        ('[group]\ncolumn = "Role"\n[items]\npattern = " "\n', r"line 4, \[items\] pattern: is empty"),
        (LEAST.replace("^Rate", "^Rate ("), r'line 4, \[items\] pattern: "\^Rate \(" is not a .* at character 7'),
        (LEAST + 'name = "of .*"\n', r"line 5, \[items\] name: needs a group in parentheses"),
        (LEAST + "[ratings]\nscale = [5, 1]\n", r"line 6, \[ratings\] scale: must rise"),
        (LEAST + "[ratings]\nscale = [0, 10]\n", r"For a scale that starts at 0"),
        (LEAST + "[ratings]\nscale = [1, 300]\n", r"at most 254"),
        (LEAST + "[ratings]\nscale = [1, 2, 3]\n", r"must be its two ends"),
        (LEAST + "[ratings]\nscale = [true, 5]\n", r"must be its two ends"),
        (
            LEAST + '[ratings]\nscale = [1, 5]\nlabels = { "Top" = 6 }\n',
            r'\[ratings\] labels: "Top" = 6 is outside the scale 1 to 5',
        ),
        (LEAST + '[ratings]\nlabels = { "Top" = "5" }\n', r'"Top" must become a whole number, not \'5\''),
        (LEAST + '[ratings]\nlabels = { "Top" = 5, "TOP" = 4 }\n', r'"TOP" stands there twice'),
        (LEAST + '[ratings]\nno_answer = ["n/a"]\nlabels = { "N/A" = 5 }\n', r"also listed under no_answer"),
        (LEAST + '[ratings]\nno_answer = "N/A"\n', r"no_answer: must be a list in square brackets"),
        (LEAST + "[ratings]\nno_answer = [true]\n", r"must be a list of texts"),
        (
            LEAST + '[file]\nencoding = "utf-9"\n',
            r'line 6, \[file\] encoding: "utf-9" is not an encoding\. Did you mean "utf-8"',
        ),
        (LEAST + '[file]\nencoding = "base64"\n', r'"base64" is not an encoding'),
        (
            LEAST + '[file]\ndelimiter = "::"\n',
            r"delimiter: must be one character or one of comma, semicolon, tab, pipe",
        ),
        (LEAST + "[file]\nheader_rows = 4\n", r"header_rows: must be 1 to 3, not 4"),
        (LEAST.replace("[items]", 'internal = ["A", "A"]\n[items]'), r'internal: "A" stands there twice'),
    ],
)
def test_what_cannot_be_followed_is_named_with_its_place(text: str, problem: str) -> None:
    with pytest.raises(MappingError, match=problem):
        mapping_of(text)


def test_a_missing_mapping_is_named(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"MAP\.toml: the mapping cannot be read \(No such file"):
        read_mapping(tmp_path / "MAP.toml")


def test_a_mapping_saved_by_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "MAP.toml"
    path.write_bytes(b"\xef\xbb\xbf" + PLAIN_MAPPING.encode())
    assert read_mapping(path).group_column == "Role"


def test_a_mapping_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "MAP.toml"
    path.write_bytes(LEAST.replace("Role", "Größe").encode("cp1252"))
    with pytest.raises(MappingError, match="must be saved as UTF-8"):
        read_mapping(path)
