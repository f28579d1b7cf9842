"""Fixtures for every test. The parts that start something are in tests/support/."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from jobs import bell
from tests.support import people
from tests.support.waiting_jobs import run_waiting_jobs as run_all

pytest_plugins = ["tests.support.browser", "tests.support.workers"]

# With DATABASE_URL given by tests.support.production.
PRODUCTION = not settings.EMBEDDED


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "embedded: is about the SQLite file and the queue of files")


def pytest_report_header() -> str:
    database = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
    other = "browser and embedded tests" if PRODUCTION else "production tests"
    return f"salient: {database}; {other} belong to the other of the two runs of `make test`"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The suite runs twice. What only one of the two databases can tell is left out of the other run."""
    others = {"browser", "embedded"} if PRODUCTION else {"production"}
    elsewhere = [item for item in items if others & {mark.name for mark in item.iter_markers()}]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = Path(os.environ["SALIENT_TEST_RUN"])
    if not hasattr(config, "workerinput") and folder.name.startswith("salient-tests-"):
        shutil.rmtree(folder, ignore_errors=True)


# --- database ---------------------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Nothing: tests/settings.py names a database for each process. What a killed run left is not opened again."""
    if not PRODUCTION:
        name = settings.DATABASES["default"]["TEST"]["NAME"]
        for leftover in (name, f"{name}-wal", f"{name}-shm"):
            Path(leftover).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Processes started by tests find the test database where the product looks for its own."""
    if PRODUCTION:
        base = os.environ["DATABASE_URL"].rpartition("/")[0]
        os.environ["DATABASE_URL"] = f"{base}/{connection.settings_dict['NAME']}"


# --- jobs -------------------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The ids of the jobs that were rung for. Nothing reaches a queue, unless the test asks for `doorbell`."""
    rung: list[UUID] = []
    monkeypatch.setattr(bell, "publish", rung.append)
    return rung


@pytest.fixture
def run_waiting_jobs() -> Callable[[], int]:
    """Runs every waiting job here and now, also those that wait for a later time; returns how many."""
    return run_all


# --- people -----------------------------------------------------------------------------------------------
@pytest.fixture
def house(db: None) -> people.House:
    """An organisation with .owner .analyst .approver .viewer; an .outsider who owns .elsewhere."""
    return people.build_house()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """client_of(user): a client signed in as that user."""
    return people.client_of


@pytest.fixture
def owner_client(house: people.House) -> Client:
    return people.client_of(house.owner)


@pytest.fixture
def analyst_client(house: people.House) -> Client:
    return people.client_of(house.analyst)


@pytest.fixture
def approver_client(house: people.House) -> Client:
    return people.client_of(house.approver)


@pytest.fixture
def viewer_client(house: people.House) -> Client:
    return people.client_of(house.viewer)


@pytest.fixture
def outsider_client(house: people.House) -> Client:
    return people.client_of(house.outsider)
