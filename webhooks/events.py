"""The events that organisations can be told about. Their payloads name things and hold nobody's answer."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

SURVEY_CLOSED = "survey.closed"
RUN_FINISHED = "run.finished"
RESULT_CONFIRMED = "result.confirmed"
RESULT_RETURNED = "result.returned"
RESULT_VOID = "result.void"
REPORT_PUBLISHED = "report.published"
TEST = "test"  # sent on request, to every endpoint

EVENTS: Mapping[str, str] = {
    SURVEY_CLOSED: gettext_noop("A survey was closed"),
    RUN_FINISHED: gettext_noop("An analysis gave a new result"),
    RESULT_CONFIRMED: gettext_noop("A result was confirmed"),
    RESULT_RETURNED: gettext_noop("A proposed result was returned to the working group"),
    RESULT_VOID: gettext_noop("The confirmation of a result became void"),
    REPORT_PUBLISHED: gettext_noop("A report was published"),
}
