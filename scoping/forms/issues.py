"""What people type about issues: names, lists of them, where they were found, and their sheets."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from scoping.forms.base import ScopingForm
from scoping.libraries.sdgs import GOALS, goal_name
from scoping.models import Issue, Mention, SourceKind, Standing
from scoping.selectors.issues import NO_SOURCE, SHORT_KINDS, Filters, LongList, Named, alike_to
from scoping.services.issues import LONGEST_DESCRIPTION, TAKEN, NewIssue
from scoping.services.mentions import NewMention
from scoping.services.scope import LONGEST_TEXT

KINDS = [(value, gettext_lazy(label)) for value, label in SourceKind.choices]


class FirstMentionForm(ScopingForm):
    """A form that may say where what it adds was found: both fields, or none."""

    source_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"),
        choices=[("", gettext_lazy("not noted yet")), *KINDS],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the six kinds of source.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Found in"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Who or what: an interview, a survey, an article, a standard."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        kind, source = values.get("source_kind"), values.get("source")
        if kind and not source and "source" not in self.errors:
            self.add_error("source", gettext("Say who or what it was, or choose “not noted yet”."))
        if source and not kind and "source_kind" not in self.errors:
            self.add_error("source_kind", gettext("Choose the kind of this source."))
        return values

    def mention(self) -> NewMention | None:
        kind = self.cleaned_data.get("source_kind")
        return NewMention(kind, self.cleaned_data["source"]) if kind else None


class IssueForm(FirstMentionForm):
    """A new issue with its first mention, or the name of one that is there. A name like another's is asked about."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=300,
        error_messages={"required": gettext_lazy("Name the issue as respondents will read it.")},
    )
    different = forms.BooleanField(required=False, label=gettext_lazy("Mine is another issue"))
    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One sentence that a respondent understands. It stands under the name in the survey."),
    )
    category = forms.CharField(
        label=gettext_lazy("Category"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "categories"}),  # those in use already, offered by the page
        help_text=gettext_lazy("Such as Environmental. It stands beside the issue in every table."),
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The short name in exports and links. If you leave it empty, it is made from the name."),
        error_messages={"invalid": gettext_lazy("Use letters A to Z, digits and hyphens only.")},
    )
    place = forms.IntegerField(
        label=gettext_lazy("Place in the list"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("The order in which respondents see the issues. If you leave it empty: at the end."),
        error_messages={
            "invalid": gettext_lazy("Enter a whole number, 1 for the top."),
            "min_value": gettext_lazy("The top of the list is 1."),
        },
    )

    def __init__(
        self,
        *args: Any,
        issue: Issue | None = None,
        others: Sequence[Named] = (),
        apart: Collection[int] = (),
        place: int | None = None,
        frozen: bool = False,
        **kwargs: Any,
    ) -> None:
        """`others`: the unmerged issues; `apart`: the ids of those that are known to be different from `issue`."""
        if issue is not None:
            fields = ("name", "description", "category", "code")
            kwargs["initial"] = {field: getattr(issue, field) for field in fields} | {"place": place}
        super().__init__(*args, **kwargs)
        self.issue = issue
        self.others = [other for other in others if other.id not in apart and (not issue or other.id != issue.pk)]
        self.alike: list[Named] = []
        if issue is not None:
            del self.fields["source_kind"], self.fields["source"]
        if frozen or (issue is not None and issue.standing != Standing.LISTED):
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        name = values.get("name", "")
        renamed = self.issue is None or name != self.issue.name
        if name and renamed:
            folded = " ".join(name.split()).casefold()
            # The very same name is refused by the service, with another message.
            self.alike = [other for other in alike_to(name, self.others) if other.name.casefold() != folded]
        if self.alike and not values.get("different"):
            self.add_error("different", gettext("Look at these first. Tick the box if yours is another issue."))
        return values

    def values(self) -> dict[str, Any]:
        """The arguments of save_issue."""
        plain = {field: self.cleaned_data[field] for field in ("name", "description", "category", "code")}
        return plain | {
            "place": self.cleaned_data.get("place"),
            "mention": self.mention(),
            "apart_from": [other.id for other in self.alike] if self.cleaned_data.get("different") else [],
        }


class PasteForm(FirstMentionForm):
    lines = forms.CharField(
        label=gettext_lazy("Issues, one per line"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "Name, category and description may follow each other, parted by a tab (as copied from a "
            "spreadsheet) or by a vertical bar: Water use | Environmental | Using water sparingly."
        ),
        error_messages={"required": gettext_lazy("Paste at least one line.")},
    )
    only_new = forms.BooleanField(
        required=False,
        label=gettext_lazy("Leave out lines that are on the list already"),
        help_text=gettext_lazy("Then only the new ones are added; what is on the list stays as it is."),
    )

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        problems = []
        for number, columns in enumerate(_columns(text), start=1):
            if len(columns) > 3:
                text_of = gettext("Line %(line)s: %(n)s columns. There are three: name, category, description.")
                problems.append(text_of % {"line": number, "n": len(columns)})
            elif not columns[0]:
                text_of = gettext("Line %(line)s: the name is missing in front of “%(rest)s”.")
                problems.append(text_of % {"line": number, "rest": " | ".join(columns[1:]).strip()})
        if problems:
            raise ValidationError(problems[:20])
        return text

    @property
    def has_known(self) -> bool:
        """Whether lines were refused since their names are taken."""
        return self.has_error(NON_FIELD_ERRORS, code=TAKEN)

    def issues(self) -> list[NewIssue]:
        mention = self.mention()
        mentions = (mention,) if mention else ()
        return [_new_issue(columns, mentions) for columns in _columns(self.cleaned_data["lines"])]


def _new_issue(columns: list[str], mentions: tuple[NewMention, ...]) -> NewIssue:
    name, category, description = [*columns, "", ""][:3]
    return NewIssue(name, category, description, mentions=mentions)


def _columns(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    return [[column.strip() for column in line.split("\t" if "\t" in line else "|")] for line in lines]


class MentionForm(ScopingForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of source"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the kind of source."),
            "invalid_choice": gettext_lazy("Choose one of the six kinds of source."),
        },
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Who or what: an interview with the plant manager, an article, a rule."),
        error_messages={
            "required": gettext_lazy("Say who or what it was: an interview, a survey, an article, a standard.")
        },
    )
    found_on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("When it was said, published or found."),
        error_messages={"invalid": gettext_lazy("Enter a day, such as 2026-03-14.")},
    )
    quotation = forms.CharField(
        label=gettext_lazy("Quotation"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The words that name the issue, as they were said or printed."),
    )
    link = forms.CharField(
        label=pgettext_lazy("address of a page", "Link"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Where one can read it up."),
    )

    def __init__(self, *args: Any, mention: Mention | None = None, **kwargs: Any) -> None:
        if mention is not None:
            fields = ("kind", "source", "found_on", "quotation", "link")
            kwargs["initial"] = {field: getattr(mention, field) for field in fields}
        super().__init__(*args, **kwargs)

    def wanted(self) -> NewMention:
        return NewMention(**self.cleaned_data)


class SheetForm(ScopingForm):
    meaning = forms.CharField(
        label=gettext_lazy("What it means to us"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Why the issue matters to the company, in one to three sentences."),
    )
    practice = forms.CharField(
        label=gettext_lazy("Our practice"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What the company does about it today."),
    )
    improvement = forms.CharField(
        label=gettext_lazy("Improvement measures"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What it will do better, and until when."),
    )
    chapters = forms.CharField(
        label=gettext_lazy("Corresponding chapters"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The chapters of the report about it, one per line."),
    )
    sdgs = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Sustainable Development Goals"),
        required=False,
        coerce=int,
        choices=lambda: [(number, f"{number} {goal_name(number)}") for number in GOALS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose among the 17 goals.")},
    )
    owners = forms.CharField(
        label=gettext_lazy("Owners"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Who answers for it in the company, such as Procurement, J. Wang."),
    )

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        fields = ("meaning", "practice", "improvement", "chapters", "sdgs", "owners")
        kwargs["initial"] = {field: getattr(issue, field) for field in fields}
        super().__init__(*args, **kwargs)


class MergeForm(ScopingForm):
    """Into which issue (its code) another one is merged; the page shows those that are alike first."""

    into = forms.ChoiceField(
        label=gettext_lazy("Merge into"),
        error_messages={
            "required": gettext_lazy("Choose the issue that shall stand for both."),
            "invalid_choice": gettext_lazy(
                "Choose one of the issues in the list. It may have been removed or merged meanwhile."
            ),
        },
    )

    def __init__(self, *args: Any, issue: Issue, others: Sequence[Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ones = [other for other in others if other.id != issue.pk]
        self.alike = alike_to(issue.name, open_ones)
        alike = {other.id for other in self.alike}
        self.rest = [other for other in open_ones if other.id not in alike]
        self.fields["into"].choices = [(other.code, other.name) for other in open_ones]  # type: ignore[attr-defined]


ANY = pgettext_lazy("filter", "any")


class FilterForm(forms.Form):
    """What part of the long list is wanted. Anything else than an offered choice wants everything."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=[("", ANY), *((value, gettext_lazy(label)) for value, label in Standing.choices)],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Source"),
        required=False,
        choices=[
            ("", ANY),
            *((kind.value, gettext_lazy(short)) for kind, short in SHORT_KINDS.items()),
            (NO_SOURCE, pgettext_lazy("source", "none yet")),
        ],
    )

    def __init__(self, *args: Any, long_list: LongList, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", ANY), *((name, name) for name in long_list.categories)]  # type: ignore[attr-defined]

    def filters(self) -> Filters:
        self.is_valid()
        chosen = self.cleaned_data
        return Filters(
            chosen.get("q", ""), chosen.get("category", ""), chosen.get("standing", ""), chosen.get("kind", "")
        )
