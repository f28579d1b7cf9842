"""What every scoping form does."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class ScopingForm(forms.Form):
    """A form that hands its values to a service and shows what the service has to say."""

    use_required_attribute = False  # our messages say what to do next; the browser's do not

    def attempt(self, service: Callable[[dict[str, Any]], object]) -> bool:
        """Calls `service` with the cleaned values; whether that worked. If not, its reasons stand at the fields."""
        if not self.is_valid():
            return False
        try:
            service(self.cleaned_data)
        except ValidationError as error:
            # Not their texts alone: a form may ask for the code of an error.
            by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
            for name, errors in by_field.items():
                self.add_error(name if name in self.fields else None, ValidationError(errors))
            return False
        return True

    def load_choices(self) -> None:
        """Asks the database what the drop-downs offer, once and here, since a template would ask it anew."""
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and not field.widget.is_hidden:
                field.choices = list(field.iterator(field))
