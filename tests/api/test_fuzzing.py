"""Requests made up from the schema, good and bad ones: no server error, and nothing that the schema does not say."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.tokens import SCOPES
from tests.api.conftest import key_of
from tests.api.test_every_operation import concluded, one_more
from tests.support.people import build_house

# What takes away the ground that the others stand on.
LEFT_OUT = ("assessments_remove", "members_remove", "members_change")
# Good data is refused where the assessment does not allow it, as the schema says it may be.
PASSED_OVER = "positive_data_acceptance"
# What bad data may be refused with: the tool's own list, and 414 where the bad data is a query that is too long.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429]
SETTINGS = f"""
[parameters]
slug = "here"
code = "issue-0"

[checks.negative_data_rejection]
expected-statuses = {REFUSALS}
"""


@pytest.mark.embedded
@pytest.mark.django_db(transaction=True)
def test_nothing_is_found_by_made_up_requests(live_server, settings, tmp_path: Path):
    settings.BASE_URL = live_server.url
    house = build_house()
    key = key_of(house.owner, *SCOPES)
    one_more(concluded(house.organisation, "here"))
    (tmp_path / "schemathesis.toml").write_text(SETTINGS)
    tool = Path(sys.executable).parent / "schemathesis"
    assert shutil.which(tool)
    command = [
        str(tool), "run", f"{live_server.url}/api/v1/schema/", "--header", f"Authorization: Bearer {key}",
        "--exclude-checks", PASSED_OVER, "--phases", "examples,fuzzing", "--max-examples", "4", "--seed", "2026",
        "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all", "--warnings", "off",
        *(part for name in LEFT_OUT for part in ("--exclude-operation-id", name)),
    ]  # fmt: skip
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=170, check=False)
    assert told.returncode == 0, told.stdout[-8000:] + told.stderr[-2000:]
    assert "201 selected" in told.stdout
