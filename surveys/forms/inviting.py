"""What the working group types to invite people and to write to them. What may stand in a mail is the service's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import StakeholderGroup
from surveys.addresses import MOST_PASTED
from surveys.languages import direction_of, name_of
from surveys.mail_texts import default_texts
from surveys.models import Invitation, MailingKind, MailPolicy, Survey

WHOLE = {
    "invalid": gettext_lazy("Enter a whole number."),
    "required": gettext_lazy("Enter a whole number."),
}


class PasteForm(ScopingForm):
    lines = forms.CharField(
        label=gettext_lazy("People, one on each line"),
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "An address, or Name <address>, or address, name and language parted by commas, semicolons or tabs, as "
            "when you copy cells of a spreadsheet."
        ),
        error_messages={"required": gettext_lazy("Paste at least one address.")},
        strip=True,
    )

    def clean_lines(self) -> str:
        lines: str = self.cleaned_data["lines"]
        count = lines.count("\n") + 1
        if count > MOST_PASTED:
            too_many = _("These are %(count)s lines, and at most %(most)s can be pasted. Upload the list as a file.")
            raise forms.ValidationError(too_many % {"count": f"{count:,}", "most": f"{MOST_PASTED:,}"})
        return lines


class CorrectionForm(ScopingForm):
    """Address, name and language of one person. What they may be is the service's."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        strip=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("With another address the old link ends, and the next invitation goes there."),
        error_messages={"required": gettext_lazy("Enter the person’s address.")},
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Such as en or zh-Hans; empty for the survey’s own."),
    )

    @classmethod
    def of(cls, invitation: Invitation, data: Any = None) -> "CorrectionForm":
        return cls(data, initial={name: getattr(invitation, name) for name in ("address", "name", "language")})


@dataclass(frozen=True)
class LanguageTexts:
    """The two fields of one language on the page."""

    tag: str
    name: str
    direction: str
    subject: BoundField
    body: BoundField
    is_source: bool


class MailingForm(ScopingForm):
    """A mailing: which groups, where replies go, and subject and text in each language of the survey."""

    kind = forms.ChoiceField(choices=MailingKind.choices, widget=forms.HiddenInput)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("To the groups"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one group."),
            "invalid_choice": gettext_lazy("Choose among the groups of the list."),
        },
    )
    reply_to = forms.CharField(
        label=gettext_lazy("Replies go to"),
        required=False,
        max_length=254,
        strip=False,
        help_text=gettext_lazy("An address of yours that somebody reads. Without one, replies go to the sender."),
    )

    def __init__(self, data: Any, *, survey: Survey, kind: str, groups: Sequence[tuple[StakeholderGroup, int]]) -> None:
        """`groups` come with how many people of theirs the mailing would go to; those with some are suggested."""
        self.tags = [survey.source_language, *(tag for tag in survey.languages if tag != survey.source_language)]
        texts = default_texts(kind, self.tags, closes=survey.closes_at is not None, anonymity=survey.anonymity)
        initial: dict[str, Any] = {
            "kind": kind,
            "groups": [group.code for group, number in groups if number],
        }
        for tag in self.tags:
            initial |= {f"{part}.{tag}": texts[tag][part] for part in ("subject", "body")}
        super().__init__(data, initial=initial)
        self.fields["groups"].choices = [(group.code, group.name) for group, _ in groups]  # type: ignore[attr-defined]
        for tag in self.tags:
            name, direction = name_of(tag), direction_of(tag)
            attributes = {"lang": tag, "dir": direction}
            required = tag == survey.source_language
            # Not stripped: a line break in a subject is the service's to name.
            self.fields[f"subject.{tag}"] = forms.CharField(
                label=_("Subject, %(language)s") % {"language": name},
                required=required,
                strip=False,
                widget=forms.TextInput(attrs=attributes),
                error_messages={"required": _("Give the mail a subject.")},
            )
            self.fields[f"body.{tag}"] = forms.CharField(
                label=_("Text, %(language)s") % {"language": name},
                required=required,
                widget=forms.Textarea(attrs={"rows": 12, **attributes}),
                error_messages={"required": _("Write a text.")},
            )

    def languages(self) -> list[LanguageTexts]:
        return [
            LanguageTexts(tag, name_of(tag), direction_of(tag), self[f"subject.{tag}"], self[f"body.{tag}"], place == 0)
            for place, tag in enumerate(self.tags)
        ]

    def texts(self) -> Mapping[str, Mapping[str, str]]:
        """By language, of a form that was checked."""
        return {
            tag: {part: self.cleaned_data.get(f"{part}.{tag}", "") for part in ("subject", "body")} for tag in self.tags
        }


class PolicyForm(ScopingForm):
    reminders = forms.IntegerField(
        label=gettext_lazy("Reminders to one person, at most"),
        min_value=0,
        max_value=10,
        help_text=gettext_lazy("On top of the invitation. 0 for none."),
        error_messages=WHOLE,
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("Mails a minute"),
        min_value=1,
        max_value=60_000,
        help_text=gettext_lazy("Of all surveys together. Ask whoever runs the mail server what it takes."),
        error_messages=WHOLE,
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("Mails a day"),
        min_value=1,
        max_value=10_000_000,
        help_text=gettext_lazy("When they are used up, what is left goes out on the next day by itself."),
        error_messages=WHOLE,
    )
    approval_above = forms.IntegerField(
        label=gettext_lazy("A second person approves above"),
        min_value=0,
        max_value=10_000_000,
        help_text=gettext_lazy("People in one mailing. 0: every mailing needs a second person."),
        error_messages=WHOLE,
    )

    @classmethod
    def of(cls, policy: MailPolicy, data: Any) -> "PolicyForm":
        names = ("reminders", "per_minute", "per_day", "approval_above")
        return cls(data, initial={name: getattr(policy, name) for name in names})
