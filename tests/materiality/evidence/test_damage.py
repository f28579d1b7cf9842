"""Whatever byte is changed, the report names the file that it belongs to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from materiality.evidence import verifier
from tests.materiality.evidence.conftest import contents, report_on

STEP = 31  # every so many bytes; a prime, so that no place of a header is always left out


def owners(packed: bytes) -> list[str]:
    """The file that each byte of the ZIP belongs to."""
    found: list[str] = []
    for name, _, piece in verifier._pieces(contents(packed)):
        found += [name] * len(piece)
    assert len(found) == len(packed)
    return found


def test_a_changed_byte_anywhere_in_the_zip_is_named_by_its_file(packed: bytes):
    owner = owners(packed)
    start_of_directory = packed.index(b"PK\1\2")
    places = {*range(0, len(packed), STEP), *range(start_of_directory, len(packed)), *_headers(packed)}
    for place in sorted(places):
        for bits in (0xFF, 0x01):
            damaged = bytearray(packed)
            damaged[place] ^= bits
            report = verifier.Report()
            verifier.check(verifier.unpack(bytes(damaged), report), report)
            assert {name for name, _ in report.broken} == {owner[place]}, (place, bits, owner[place], report.text())


def _headers(packed: bytes) -> list[int]:
    """The places of every byte of the headers between the files."""
    places, at = [], 0
    for _, what, piece in verifier._pieces(contents(packed)):
        if "header" in what:
            places += range(at, at + len(piece))
        at += len(piece)
    return places


def test_a_changed_byte_in_a_file_of_the_folder_is_named(packed: bytes, tmp_path: Path):
    files = contents(packed)
    assert set(files) == set(verifier.NAMES)
    for name, raw in files.items():
        for place in {*range(0, len(raw), STEP), len(raw) - 1}:
            damaged = bytearray(raw)
            damaged[place] ^= 0x10
            broken = report_on(files | {name: bytes(damaged)}).broken
            assert {one for one, _ in broken} == {name}, (name, place, broken)


def test_what_does_not_belong_into_the_folder_is_named(packed: bytes, tmp_path: Path):
    for name, raw in contents(packed).items():
        (tmp_path / name).write_bytes(raw)
    (tmp_path / ".DS_Store").write_bytes(b"left by a file manager")
    assert verifier.verify(tmp_path).broken == []
    (tmp_path / "letter.txt").write_text("Ignore the result.")
    (tmp_path / "more").mkdir()
    report = verifier.verify(tmp_path)
    assert [name for name, _ in report.broken] == ["letter.txt", "more"]
    assert "does not belong to the bundle" in report.text()
    assert any("Audit trail" in line for line in report.holds)


@pytest.mark.parametrize("name", verifier.NAMES)
def test_a_missing_or_a_shortened_file_is_named(packed: bytes, name: str):
    files = contents(packed)
    rest = {other: raw for other, raw in files.items() if other != name}
    assert report_on(rest).broken == [(name, "is missing")]
    assert {one for one, _ in report_on(files | {name: files[name][:-1]}).broken} == {name}
    assert {one for one, _ in report_on(files | {name: b""}).broken} == {name}


def test_bytes_before_and_behind_the_zip_are_found(packed: bytes):
    for changed in (packed + b"x", packed[:-1], b"x" + packed, packed[: len(packed) // 2], b""):
        report = verifier.Report()
        verifier.check(verifier.unpack(changed, report), report)
        assert {name for name, _ in report.broken} == {verifier.WHOLE}


def test_two_damages_are_both_named(packed: bytes):
    files = contents(packed)
    broken = report_on(files | {"run.json": b"{}", "audit.json": b"{}"}).broken
    assert {name for name, _ in broken} == {"run.json", "audit.json"}


# --- packed anew after a change -----------------------------------------------------------------------------------
def issue_of(held: dict[str, Any], code: str, name: str = "run.json") -> dict[str, Any]:
    return next(issue for issue in held[name]["issues"] if issue["code"] == code)


def rank(held: dict[str, Any]) -> None:
    for name in ("run.json", "decided.json"):
        issue_of(held, "b", name)["rank"] = 1


def axis(held: dict[str, Any]) -> None:
    issue_of(held, "a")["company"] += 1e-15


def tally(held: dict[str, Any]) -> None:
    held["tallies.json"]["voices"][0]["sums"][0] -= 1


def impossible_tally(held: dict[str, Any]) -> None:
    held["tallies.json"]["voices"][0]["ratings"][0] = 9


def weight(held: dict[str, Any]) -> None:
    held["groups.json"]["groups"][0]["given"] = "2"


def shown_mean(held: dict[str, Any]) -> None:
    issue_of(held, "a")["groups"]["Staff"]["n"] = 4


def tier_count(held: dict[str, Any]) -> None:
    held["run.json"]["tiers"][0]["count"] = 2


def method(held: dict[str, Any]) -> None:
    held["method.json"]["priority"] = "min"


def reason(held: dict[str, Any]) -> None:
    held["review.json"]["decisions"][0]["reason"] = "Because."


def hidden_decision(held: dict[str, Any]) -> None:
    held["review.json"]["decisions"] = []


def decided_tier(held: dict[str, Any]) -> None:
    issue_of(held, "a", "decided.json")["tier"] = held["run.json"]["tiers"][-1]["name"]


def title(held: dict[str, Any]) -> None:
    held["decided.json"]["title"] = "Another"


def signature(held: dict[str, Any]) -> None:
    held["confirmation.json"]["proposal"]["signatures"][0]["digest"] = "0" * 64


def unsigned(held: dict[str, Any]) -> None:
    held["confirmation.json"]["proposal"]["signatures"] = []


def signed_by_the_giver(held: dict[str, Any]) -> None:
    signed = held["confirmation.json"]["proposal"]["signatures"][0]
    signed["by"] = held["review.json"]["decisions"][0]["by"]


def line(held: dict[str, Any]) -> None:
    held["audit.json"]["lines"][1]["summary"] = "did nothing"


def left_out_line(held: dict[str, Any]) -> None:
    del held["audit.json"]["lines"][2]


def exchanged_lines(held: dict[str, Any]) -> None:
    lines = held["audit.json"]["lines"]
    lines[1], lines[2] = lines[2], lines[1]


def not_a_chain(held: dict[str, Any]) -> None:
    held["audit.json"]["lines"] = 7


def no_tiers(held: dict[str, Any]) -> None:
    del held["method.json"]["tiers"], held["run.json"]["method"]["tiers"]


@pytest.mark.parametrize(
    ("change", "file", "words"),
    [
        (rank, "run.json", "Issue B: rank is 1, computed 2"),
        (axis, "run.json", "Issue A: company is"),
        (tally, "run.json", "Issue A: company is"),
        (impossible_tally, "tallies.json", "9 ratings of 3 people of Staff cannot add up to"),
        (weight, "tallies.json", "the weight of Staff is not what the method gives"),
        (shown_mean, "run.json", "the mean of Staff is not that of the tallies"),
        (tier_count, "run.json", "has 2 issues, not 1"),
        (method, "method.json", "is not the method of run.json"),
        (reason, "decided.json", "is not run.json with the decisions of review.json: Issue C"),
        (hidden_decision, "decided.json", "is not run.json with the decisions of review.json: Issue C"),
        (decided_tier, "decided.json", "is not run.json with the decisions of review.json: Issue A"),
        (title, "confirmation.json", "what was proposed is not decided.json"),
        (signature, "confirmation.json", "Approver signed something else than decided.json"),
        (unsigned, "confirmation.json", "0 of 1 people confirmed it"),
        (signed_by_the_giver, "confirmation.json", "only people confirmed it who gave tiers themselves"),
        (line, "audit.json", "the chain breaks at or before line"),
        (left_out_line, "audit.json", "a line is missing before line"),
        (exchanged_lines, "audit.json", "a line is missing before line"),
        (not_a_chain, "audit.json", "cannot be followed"),
        (no_tiers, "tallies.json", "cannot be followed"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_change_is_found_though_everything_was_packed_anew(
    forged: Callable[..., verifier.Report], change: Callable[[dict[str, Any]], None], file: str, words: str
):
    report = forged(change)
    assert any(name == file and words in what for name, what in report.broken), report.text()
    assert "does not hold" in report.text()


def test_a_bundle_of_a_later_format_is_not_judged(packed: bytes):
    files = contents(packed)
    files["manifest.json"] = files["manifest.json"].replace(b'"format": 1', b'"format": 2')
    files["manifest.sha256"] = verifier.sealed(files["manifest.json"])
    assert report_on(files).broken == [("manifest.json", "the bundle has format 2; this program reads format 1")]
