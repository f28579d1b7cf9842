"""The run as JSON: the same document that `manage.py analyse --json` prints."""

import json
from typing import Any


def run_json(results: dict[str, Any]) -> bytes:
    return (json.dumps(results, ensure_ascii=False, indent=2) + "\n").encode()
