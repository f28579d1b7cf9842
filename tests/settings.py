"""Settings of the test run: those of the product, in a folder of their own, with the slow parts off.

Every test process (each of pytest's workers) has its own folder, and so its own SQLite file, queue of files
and secret key. A process that a test starts with the product's own settings lands in the same folder and the
same database: there the tests are an embedded installation like any other.
"""

import os
import tempfile
from pathlib import Path

RUN_FOLDER = "SALIENT_TEST_RUN"
if RUN_FOLDER not in os.environ:
    given = os.environ.get("SALIENT_VAR")
    folder = Path(given).absolute() / "tests" if given else tempfile.mkdtemp(prefix="salient-tests-")
    os.environ[RUN_FOLDER] = str(folder)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FOLDER = Path(os.environ[RUN_FOLDER]) / WORKER
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ["SALIENT_VAR"] = str(FOLDER)
if redis := os.environ.get("REDIS_URL"):
    # A database number for each process: nobody hears another one's bells.
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = f"{redis.rstrip('/').rpartition('/')[0]}/{number}" if redis.count("/") > 2 else redis

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, EMBEDDED, INSTALLED_APPS, MIDDLEWARE, STATIC_ROOT, STORAGES, VAR  # noqa: E402

# Embedded, the test database is the one that the product finds in this folder.
DATABASES["default"]["TEST"] = {"NAME": str(VAR / "salient.sqlite3") if EMBEDDED else f"test_salient_{WORKER}"}
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False  # a test of the limits turns them on
GUESSES_ALLOWED = 1_000_000
API_REQUESTS_PER_MINUTE = API_FAILURES_ALLOWED = 1_000_000

# A page that asks the database once per row fails its test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = [*MIDDLEWARE, "tests.support.one_query_per_row.watch_pages"]
