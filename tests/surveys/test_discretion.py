import io
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings

from surveys.discretion import WithoutLinks, without_links

TOKEN = "AbCdEfGh_-0123456789xy"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"Not Found: /p/{TOKEN}/", "Not Found: /p/…/"),
        (f'"GET /s/{TOKEN}/thanks?lang=zh HTTP/1.1" 500', '"GET /s/…/thanks?lang=zh HTTP/1.1" 500'),
        (f"https://salient.example.org/p/{TOKEN[:10]}", "https://salient.example.org/p/…"),
        ("Not Found: /o/example/a/2022/", "Not Found: /o/example/a/2022/"),
        ("/static/app.css", "/static/app.css"),
    ],
)
def test_links_are_cut_out_of_lines(line, left):
    assert without_links(line) == left


def test_the_log_of_the_product_holds_no_link():
    """With the product's own configuration: an error in a respondent's page, as Django reports it."""
    script = (
        "import django, logging; django.setup();"
        f"logging.getLogger('django.request').error('Internal Server Error: %s', '/p/{TOKEN}/')"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, cwd=settings.BASE_DIR
    )
    assert "Internal Server Error: /p/…/" in done.stderr
    assert TOKEN not in done.stderr + done.stdout


def test_lines_without_arguments_pass_as_well():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutLinks())
    handler.handle(logging.makeLogRecord({"msg": f"/s/{TOKEN}/ %(a)s", "args": {"a": 1}}))
    handler.handle(logging.makeLogRecord({"msg": ValueError("plain"), "args": ()}))
    assert stream.getvalue() == "/s/…/ 1\nplain\n"
