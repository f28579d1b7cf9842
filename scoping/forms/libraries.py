"""What people tick in a library."""

from django.http import QueryDict

from scoping.forms.base import ScopingForm
from scoping.services.libraries import Choice

NEW = "new:"  # in front of the code of the issue from which a new one is told apart


class PickForm(ScopingForm):
    """Ticked `entries`; for one that is like an issue of the list, `into-<code>` names the issue, or a new one.

    It has no fields of its own: which entries there are is the service's to say.
    """

    data: QueryDict

    def choices(self) -> list[Choice]:
        return [self._choice(code) for code in self.data.getlist("entries")]

    def _choice(self, code: str) -> Choice:
        wanted = str(self.data.get(f"into-{code}", "")).strip()
        if wanted.startswith(NEW):
            return Choice(code, apart_from=wanted.removeprefix(NEW))
        return Choice(code, into=wanted)

    def ticked(self) -> set[str]:
        """What was ticked when the form came back with a message."""
        return set(self.data.getlist("entries")) if self.is_bound else set()

    def chosen_new(self) -> set[str]:
        """The entries for which a new issue was asked, though one is like it."""
        asked = {name: str(value) for name, value in self.data.items() if name.startswith("into-")}
        return {name.removeprefix("into-") for name, value in asked.items() if value.startswith(NEW)}
