"""Keeps respondents' links out of logs: out of what an error in one of their pages, or any line, says of the address.

The pages themselves are not logged at all (surveys/respondent/visits.py); this is for what nobody foresaw.
"""

import logging
import re

_LINK = re.compile(r"/([sp])/[A-Za-z0-9_-]{8,}")


class WithoutLinks(logging.Filter):
    """For a handler: every token of a link in a line becomes an ellipsis."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = without_links(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(without_links(part) if isinstance(part, str) else part for part in record.args)
        return True


def without_links(text: str) -> str:
    return _LINK.sub(r"/\1/…", text)
