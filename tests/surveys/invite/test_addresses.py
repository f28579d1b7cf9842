import pytest

from surveys.addresses import Person, Problem, from_file, pasted, read_person
from tables.problems import SourceError


def people(text):
    return [(one.address, one.name, one.language) for one in pasted(text) if isinstance(one, Person)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("li.wei@example.org", ("li.wei@example.org", "", "")),
        ("Li Wei <li.wei@Example.ORG>", ("li.wei@example.org", "Li Wei", "")),
        ('"Wei, Li" <li.wei@example.org>,', ("li.wei@example.org", "Wei, Li", "")),
        ("Wei, Li <li.wei@example.org>", ("li.wei@example.org", "Wei, Li", "")),
        ("li.wei@example.org, Li Wei, zh-Hans", ("li.wei@example.org", "Li Wei", "zh-Hans")),
        ("Li Wei; li.wei@example.org; English", ("li.wei@example.org", "Li Wei", "en")),
        ("li.wei@example.org\t李伟\t中文", ("li.wei@example.org", "李伟", "zh-Hans")),
        ("李伟，li.wei@example.org，中文", ("li.wei@example.org", "李伟", "zh-Hans")),
        ("<li.wei@example.org>;Li Wei;en", ("li.wei@example.org", "Li Wei", "en")),
    ],
)
def test_a_line_is_read_however_it_was_written(line, expected):
    assert people(line) == [expected]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Li Wei", "holds no e-mail address"),
        ("li.wei@", "is not an e-mail address"),
        ("a@example.org, b@example.org", "One row holds one person and one address"),
        ("a@example.org;A;gibberish language", "is not a language"),
        (f"a@example.org,{'x' * 201}", "at most 200 are kept"),
        ("a@example.org,Li\x0bWei", "control character"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named_with_its_number(line, said):
    (problem,) = (one for one in pasted(f"first@example.org\n\n{line}") if isinstance(one, Problem))
    assert problem.line == 3
    assert said in problem.reason


def test_a_name_with_a_line_break_is_refused_before_it_reaches_a_header():
    found = read_person(1, "a@example.org", "Li\r\nBcc: all@example.org", "")
    assert isinstance(found, Problem)
    assert isinstance(read_person(1, "a@example.org\nBcc: b@example.org", "", ""), Problem)


def test_bidi_controls_are_taken_out_of_names():
    assert people("Li \u202eWei <a@example.org>") == [("a@example.org", "Li Wei", "")]


def test_a_file_is_read_by_its_headers_in_chinese_too():
    raw = "姓名;邮箱;语言\n李伟;li.wei@example.org;中文\n".encode("gb18030")
    assert [(one.address, one.name, one.language) for one in from_file("list.csv", raw)] == [
        ("li.wei@example.org", "李伟", "zh-Hans")
    ]


def test_a_file_without_addresses_is_refused_as_a_whole():
    with pytest.raises(SourceError, match="there is no column E-mail"):
        from_file("list.csv", b"name,phone\nLi,1\n")


def test_a_list_can_be_gone_through_twice():
    people = pasted("a@example.org\nb@example.org")
    assert len(list(people)) == len(list(people)) == 2
