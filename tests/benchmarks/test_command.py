"""The command: what it prints, what it writes, how it ends."""

import json
from pathlib import Path

import pytest

from benchmarks import command
from benchmarks.comparison import Bar, Outcome
from benchmarks.room import NoServer
from benchmarks.sizes import FULL, QUICK, Size


def lacking(size: Size) -> list[Outcome]:
    raise NoServer("There is no server.")


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[Size]:
    """The sizes that were run, with a catalogue of one that holds, one that misses, one that lacks its server."""
    run: list[Size] = []

    def measured(name: str, ratio: float, size: Size) -> list[Outcome]:
        run.append(size)
        return [Outcome(name, ratio, "a peer", 1.0, "s", ratio, Bar("<=", 3))]

    catalogue = {
        "good": lambda size: measured("good", 2.0, size),
        "slow": lambda size: measured("slow", 4.0, size),
        "lacking": lacking,
    }
    monkeypatch.setattr(command, "catalogue", lambda: catalogue)
    return run


def test_all_bars_held_is_success(sizes: list[Size], tmp_path: Path) -> None:
    assert command.main(["good", "--output", str(tmp_path / "bench.json")]) == 0


def test_a_missed_bar_is_failure(sizes: list[Size], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["good", "slow", "--output", str(tmp_path / "bench.json")]) == 1
    assert "Not held: slow" in capsys.readouterr().out


def test_a_missing_server_is_failure_and_is_said(
    sizes: list[Size], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["good", "lacking", "--output", str(tmp_path / "bench.json")]) == 2
    said = capsys.readouterr()
    assert "lacking: There is no server." in said.err
    assert "Not measured: lacking" in said.out


def test_an_unknown_name_is_refused_with_those_there_are(
    sizes: list[Size], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main(["godo", "--output", str(tmp_path / "bench.json")])
    assert stopped.value.code == 2
    assert "'godo'" in capsys.readouterr().err


def test_small_sizes_do_not_judge(sizes: list[Size], tmp_path: Path) -> None:
    assert command.main(["slow", "--quick", "--output", str(tmp_path / "bench.json")]) == 0
    assert sizes == [QUICK]


def test_full_sizes_are_the_usual_ones(sizes: list[Size], tmp_path: Path) -> None:
    command.main(["good", "--output", str(tmp_path / "bench.json")])
    assert sizes == [FULL]


def test_the_file_holds_every_outcome(sizes: list[Size], tmp_path: Path) -> None:
    command.main(["good", "slow", "--output", str(tmp_path / "new" / "bench.json")])
    written = json.loads((tmp_path / "new" / "bench.json").read_text())
    assert [(line["name"], line["ratio"], line["holds"]) for line in written] == [
        ("good", 2.0, True),
        ("slow", 4.0, False),
    ]


def test_the_table_says_what_missed(sizes: list[Size], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["good", "slow", "--output", str(tmp_path / "bench.json")])
    lines = capsys.readouterr().out.splitlines()
    assert "holds" in next(line for line in lines if line.startswith("good"))
    assert "MISSED" in next(line for line in lines if line.startswith("slow"))
