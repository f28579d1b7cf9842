"""What people type about peers: a company with its published list, and which of our issues a peer's issue is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Peer
from scoping.peers import OwnIssue
from scoping.selectors.peers import Question
from scoping.services.peers import MOST_PROBLEMS, NewPeerIssue

COLUMNS = ("name", "category", "tier", "level", "rank")


class PeerForm(ScopingForm):
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        error_messages={"required": gettext_lazy("Name the company that published the list.")},
    )
    reporting_period = forms.CharField(
        label=gettext_lazy("Reporting period"),
        max_length=60,
        help_text=gettext_lazy("Such as 2025, or FY2025."),
        error_messages={"required": gettext_lazy("Name the period that the report is for.")},
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("The report and the place in it, such as: ESG Report 2025, page 14."),
    )
    link = forms.URLField(
        label=pgettext_lazy("address of a page", "Link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Where the report can be read."),
        error_messages={"invalid": gettext_lazy("Enter a web address that begins with https://, or leave it empty.")},
    )
    lines = forms.CharField(
        label=gettext_lazy("Issues, one per line"),
        # A list has at most 500 issues; this is more than their longest names and tiers take.
        max_length=400_000,
        strip=False,  # lines are counted from the first, and a tab at the end is meant
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
        help_text=gettext_lazy(
            "Name, category, tier, level and rank, parted by a tab (as copied from a spreadsheet) or by a "
            "vertical bar: Water use | Environmental | Highly important | 1 | 4. All but the name may be left out. "
            "Level 1 is the highest tier; without levels, the tiers count in the order in which they first occur."
        ),
        error_messages={
            "required": gettext_lazy("Paste at least one line."),
            "max_length": gettext_lazy("This is more text than a list of 500 issues has. Paste the issues alone."),
        },
    )

    def __init__(self, *args: Any, peer: Peer | None = None, **kwargs: Any) -> None:
        if peer is not None:
            fields = ("company", "reporting_period", "source", "link")
            kwargs["initial"] = {field: getattr(peer, field) for field in fields} | {"lines": _as_lines(peer)}
        super().__init__(*args, **kwargs)

    def clean_lines(self) -> str:
        text: str = self.cleaned_data["lines"]
        if not text.strip():
            raise ValidationError(gettext("Paste at least one line."))
        problems = [
            gettext("Line %(line)s: %(n)s columns. There are five: name, category, tier, level, rank.")
            % {"line": number, "n": len(cells)}
            for number, cells in _cells(text)
            if len(cells) > len(COLUMNS)
        ]
        if problems:
            raise ValidationError(problems[:MOST_PROBLEMS])
        return text

    def issues(self) -> list[NewPeerIssue]:
        found = []
        for number, cells in _cells(self.cleaned_data["lines"]):
            name, category, tier, level, rank = [*cells, *[""] * len(COLUMNS)][: len(COLUMNS)]
            found.append(NewPeerIssue(name, category, tier, level, rank, line=number))
        return found


def _cells(text: str) -> list[tuple[int, list[str]]]:
    """The cells of every line that is not empty, with the number of the line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return [(number, [cell.strip() for cell in line.split("\t" if "\t" in line else "|")]) for number, line in lines]


def _as_lines(peer: Peer) -> str:
    lines = []
    for issue in peer.issues.all():
        cells = [issue.name, issue.category, issue.tier, str(issue.level or ""), str(issue.rank or "")]
        while not cells[-1]:
            cells.pop()
        # A tab where the text itself has a bar; at least one, so that the line is read as it was written.
        lines.append(
            "\t".join([*cells, ""] if len(cells) == 1 else cells) if "|" in "".join(cells) else " | ".join(cells)
        )
    return "\n".join(lines)


NONE_OF_OURS, BY_NAME, ANOTHER = "none", "by-name", "another"


class MatchForm(ScopingForm):
    """Which of our issues it is: one of the likely ones, another one of the list, none, or as the names decide."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Of our issues it is"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the answers."),
            "invalid_choice": gettext_lazy("The list has changed meanwhile. Choose one of the answers."),
        },
    )
    other = forms.ChoiceField(
        label=gettext_lazy("Another issue of our list"),
        choices=[],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This issue is not on the list any more. Choose another one.")},
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        likely = [issue.code for issue in question.likely]
        if question.answer is not None:
            known = question.answer in likely
            kwargs["initial"] = {
                "answer": f"issue:{question.answer}" if known else ANOTHER if question.answer else NONE_OF_OURS,
                "other": "" if known else question.answer,
            }
        super().__init__(*args, **kwargs)
        answers = _choices(question.likely, before="issue:")
        if question.others:
            answers.append((ANOTHER, gettext("another one, chosen below")))
        answers.append((NONE_OF_OURS, gettext("none of them")))
        if question.answer is not None:
            answers.append((BY_NAME, gettext("what its name says (takes back what was said before)")))
        self.fields["answer"].choices = answers  # type: ignore[attr-defined]
        self.fields["other"].choices = [("", gettext("choose an issue")), *_choices(question.others)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("answer") == ANOTHER and not values.get("other"):
            self.add_error("other", gettext("Choose the issue from the list."))
        return values

    def code(self) -> str | None:
        """The code of our issue; empty for none of ours, None where the names shall decide."""
        answer = self.cleaned_data["answer"]
        if answer == BY_NAME:
            return None
        if answer == ANOTHER:
            return str(self.cleaned_data["other"])
        return "" if answer == NONE_OF_OURS else str(answer).removeprefix("issue:")


def _choices(issues: Sequence[OwnIssue], before: str = "") -> list[tuple[str, str]]:
    return [(f"{before}{issue.code}", issue.name) for issue in issues]
