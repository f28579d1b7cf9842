"""What people tick in a library."""

from typing import Any

from django import forms

from scoping.forms.base import ScopingForm
from scoping.libraries.format import Library
from scoping.services.libraries import Choice

NEW = "new:"  # in front of the code of the issue from which a new one is told apart


class PickForm(ScopingForm):
    """Ticked entries; for one that is like an issue of the list, `into-<code>` names the issue, or a new one."""

    entries = forms.MultipleChoiceField(
        required=False,  # the service says what to do when nothing is ticked
        error_messages={"invalid_choice": "There is no entry “%(value)s” here. Look at the list again, then tick."},
    )

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"].choices = [(entry.code, entry.name) for entry in library.entries]  # type: ignore[attr-defined]

    def choices(self) -> list[Choice]:
        return [self._choice(code) for code in self.cleaned_data.get("entries", [])]

    def _choice(self, code: str) -> Choice:
        wanted = str(self.data.get(f"into-{code}", "")).strip()
        if wanted.startswith(NEW):
            return Choice(code, apart_from=wanted.removeprefix(NEW))
        return Choice(code, into=wanted)

    def ticked(self) -> set[str]:
        """What was ticked when the form came back with a message."""
        return set(self["entries"].value() or []) if self.is_bound else set()

    def chosen_new(self) -> set[str]:
        """The entries for which a new issue was asked, though one is like it."""
        asked = {name: str(value) for name, value in self.data.items() if name.startswith("into-")}
        return {name.removeprefix("into-") for name, value in asked.items() if value.startswith(NEW)}
