import pytest

from tests.support import system_packages


@pytest.fixture
def nothing_is_installed(monkeypatch):
    monkeypatch.setattr(system_packages, "NEEDED", {"chromium": "no-such-program", "fonts-x": "/no/such/*.ttf"})


def test_when_all_is_there_nothing_is_said(monkeypatch, capsys):
    monkeypatch.setattr(system_packages, "NEEDED", {"dash": "sh", "base-files": "/etc/debian_ver*"})
    assert system_packages.main([]) == 0
    assert capsys.readouterr().err == ""


def test_without_the_right_to_install_it_names_the_command(nothing_is_installed, monkeypatch, capsys):
    monkeypatch.setattr(system_packages, "_root", lambda: None)
    assert system_packages.main([]) == 1
    assert "Run: sudo apt-get install chromium fonts-x\n" in capsys.readouterr().err


def test_with_check_nothing_is_installed(nothing_is_installed, monkeypatch):
    monkeypatch.setattr(system_packages.subprocess, "run", pytest.fail)
    monkeypatch.setattr(system_packages, "_root", list)
    assert system_packages.main(["--check"]) == 1


def test_what_is_missing_is_installed_without_questions(nothing_is_installed, monkeypatch, tmp_path):
    asked = []

    class Done:
        returncode = 0

    def run(command, **options):
        asked.append((command[-2:], options))
        monkeypatch.setattr(system_packages, "NEEDED", {"dash": "sh"})  # now it is there
        return Done

    monkeypatch.setattr(system_packages, "_root", list)
    monkeypatch.setattr(system_packages.subprocess, "run", run)
    assert system_packages.main([]) == 0
    assert asked == [(["chromium", "fonts-x"], {"stdin": system_packages.subprocess.DEVNULL})]


def test_an_install_that_fails_names_the_command(nothing_is_installed, monkeypatch, capsys):
    monkeypatch.setattr(system_packages, "_root", list)
    monkeypatch.setattr(system_packages, "INSTALL", "exit 100")
    assert system_packages.main([]) == 1
    assert "sudo apt-get install chromium fonts-x" in capsys.readouterr().err
