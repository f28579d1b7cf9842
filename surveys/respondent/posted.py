"""What a form sends: the answer itself, and the fields that the form adds for itself."""

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from surveys.answers import Extras, Reading, read_form
from surveys.frozen import FrozenQuestionnaire, Sheet
from surveys.keys import is_secret, new_secret
from surveys.respondent.clock import seconds_since
from surveys.respondent.visits import LANGUAGE, Visit

# An item's code is a slug, so none of these is ever one.
SECRET, VERSION, OPENED, ACTION = "form.key", "form.version", "form.opened", "form.action"
REPLACES = "form.replaces"
OWN_FIELDS = frozenset({SECRET, VERSION, OPENED, ACTION, REPLACES, LANGUAGE})
SEND_ANYWAY, SOMEONE_ELSE = "anyway", "again"


@dataclass(frozen=True)
class Posted:
    """A form as it came, read with the questions that are asked now."""

    fields: QueryDict
    questionnaire: FrozenQuestionnaire
    sheet: Sheet
    cookie: str | None = None

    @classmethod
    def of(cls, visit: Visit, cookie: str | None = None) -> "Posted":
        return cls(visit.request.POST, visit.link.questionnaire, visit.sheet, cookie)

    @property
    def action(self) -> str:
        return self.fields.get(ACTION, "")

    @cached_property
    def secret(self) -> str:
        """The form's own; without one, the cookie's; without both, a new one: the answer is not refused."""
        for secret in (self.fields.get(SECRET), self.cookie):
            if is_secret(secret):
                return str(secret)
        return new_secret()

    @property
    def opened(self) -> str:
        return self.fields.get(OPENED, "")

    @property
    def replaces(self) -> bool:
        """Whether it said, when it was shown, that it changes an answer that was sent."""
        return REPLACES in self.fields

    @property
    def outdated(self) -> bool:
        """Whether it was opened before the questionnaire changed."""
        return self.fields.get(VERSION, "") not in ("", str(self.questionnaire.version))

    @cached_property
    def reading(self) -> Reading:
        fields = ((name, values) for name, values in self.fields.lists() if name not in OWN_FIELDS)
        return read_form(self.questionnaire, self.sheet, fields)

    @property
    def ready(self) -> bool:
        """Whether it can be sent as it is."""
        reading = self.reading
        if reading.problems or reading.unknown or self.outdated:
            return False
        return self.action == SEND_ANYWAY or not reading.missing(self.questionnaire, self.sheet)

    @property
    def answer(self) -> bytes:
        return self.reading.answer(self.questionnaire, self.sheet)

    @property
    def extras(self) -> Extras:
        return self.reading.extras(self.sheet, seconds_since(self.opened))
