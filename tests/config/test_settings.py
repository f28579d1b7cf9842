"""The settings as a process sees them that starts with a given environment."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secret_key import embedded_secret_key

PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "salient.example.org",
    "BASE_URL": "https://salient.example.org",
}


def bare_environment() -> dict[str, str]:
    """That of this process, without anything that the settings read."""
    ours = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "HTTPS", "DEBUG", "SALIENT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def ask(expression: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Prints `expression` over the settings in a new process, whose environment has nothing else of ours."""
    code = f"from config import settings; print({expression})"
    command = [sys.executable, "-c", code]
    environment = bare_environment() | {"SALIENT_VAR": str(folder)} | environment
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path):
    key = embedded_secret_key(tmp_path)
    assert len(key) >= 50
    assert embedded_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(ImproperlyConfigured, match=r"file/var, which cannot be used.*set SALIENT_VAR"):
        embedded_secret_key(blocked / "var")


def test_a_command_says_so_in_one_line(tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    manage = Path(__file__).parents[2] / "manage.py"
    settings = {"SALIENT_VAR": str(blocked / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment = bare_environment() | settings
    done = subprocess.run(
        [sys.executable, str(manage), "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: Salient keeps its database")
    assert "Traceback" not in done.stderr


def test_debug_is_off_unless_asked(tmp_path: Path):
    assert ask("settings.DEBUG", tmp_path).stdout == "False\n"
    assert ask("settings.DEBUG", tmp_path, DEBUG="1").stdout == "True\n"


def test_the_embedded_default_is_a_durable_sqlite_file(tmp_path: Path):
    answer = ask("settings.DATABASES['default']['NAME'], settings.DATABASES['default']['OPTIONS']", tmp_path).stdout
    assert str(tmp_path / "salient.sqlite3") in answer
    assert "synchronous=FULL" in answer
    assert "IMMEDIATE" in answer


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL"])
def test_production_demands_what_it_cannot_do_without(tmp_path: Path, missing: str):
    done = ask("1", tmp_path, **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_production_makes_no_key_file_and_wants_https(tmp_path: Path):
    answer = ask("settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT", tmp_path, **PRODUCTION)
    assert answer.stdout == "True True\n"
    assert [path.name for path in tmp_path.iterdir()] == ["locale"]
