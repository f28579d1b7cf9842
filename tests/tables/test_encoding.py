import pytest

from tables.encoding import confirm, detect
from tables.problems import SourceError

FILE = "answers.csv"
FRENCH = "À quel point l'accès à l'énergie est-il très important ? Déchets, santé, qualité de l’air, français, être"
GERMAN = "Wie wichtig ist die Förderung älterer Beschäftigter? Überhaupt nicht wichtig, größte Bedeutung, „Maß“ – so"
SPANISH = "¿Qué tan importante es la educación? Niños, señor, corrupción, año, energía, más"
SWEDISH = "Hur viktigt är klimatförändringar? Å, mänskliga rättigheter, miljö, hållbarhet, på"
ENGLISH = "Employees’ health – “very important” … don’t know, café"
POLISH = "Jak ważne są zmiany klimatu? Pracownicy, społeczność, środowisko, źródła energii, nie mogę ocenić, żółć"
CZECH = "Jak důležitá je změna klimatu? Zaměstnanci, životní prostředí, velmi důležité, úřad, příští"
RUSSIAN = "Насколько важно изменение климата? Сотрудники, здоровье и безопасность, очень важно"
CHINESE = "您认为气候变化有多重要？员工健康与安全，非常重要，不重要，客户，供应商"


@pytest.mark.parametrize("page", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("text", [FRENCH, GERMAN, SPANISH, SWEDISH, ENGLISH])
def test_windows_and_old_mac_are_told_apart_by_the_words(text: str, page: str) -> None:
    assert detect(text.encode(page), name=FILE).name == page


@pytest.mark.parametrize("text", [POLISH, CZECH])
def test_central_european_text_is_read_as_such(text: str) -> None:
    raw = text.encode("cp1250")
    assert raw.decode(detect(raw, name=FILE).name) == text


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (CHINESE, "gb18030")])
def test_other_scripts_are_recognised(text: str, encoding: str) -> None:
    raw = (text + "\n" + text).encode(encoding)
    assert raw.decode(detect(raw, name=FILE).name) == text + "\n" + text


def test_one_mangled_space_is_enough_to_see_an_old_mac() -> None:
    # What Latin-1 and a Mac made of a no-break space, twice over; the only bytes of the file beyond ASCII.
    raw = b"Are you a fan?\x8c\xe6,Do you agree?\nYes,No\n" * 3
    assert detect(raw, name=FILE).name == "mac_roman"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    raw = f"Role,Wichtigkeit größer\nEmployee,5\n{GERMAN}".encode(encoding)
    name = detect(raw, name=FILE).name
    assert raw.decode(name).endswith(GERMAN)


def test_a_damaged_utf8_file_is_named_as_such_with_its_line() -> None:
    raw = (GERMAN + "\n").encode() * 3 + b"kaputt \xff\n"
    with pytest.raises(SourceError, match=r"answers\.csv, line 4: the file is UTF-8, but the byte 0xff"):
        detect(raw, name=FILE)


def test_zero_bytes_are_no_text() -> None:
    with pytest.raises(SourceError, match="zero bytes"):
        detect(b"Role,Rating\nEmployee,\x005\n", name=FILE)


def test_an_encoding_that_does_not_fit_is_refused_with_the_line() -> None:
    with pytest.raises(SourceError, match=r"line 2: the byte 0x8e does not belong to the encoding utf-8"):
        confirm(b"Role\n\x8energie\n", "utf-8", name=FILE)


def test_a_given_utf8_still_loses_its_mark() -> None:
    assert confirm(b"\xef\xbb\xbfRole\n", "utf-8", name=FILE) == "utf-8-sig"
