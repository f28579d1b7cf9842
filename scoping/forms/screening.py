"""What people enter to screen: criteria and rule, one page of marks, and where they decide against a proposal.

Marks and decisions are hundreds of small inputs with one rule for all, so their forms read the sent values themselves.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import HIGHEST_MARK, Assessment, Criterion, ShortListDecision, ShortListRule
from scoping.screening import in_decimals
from scoping.selectors.screening import GivenMark, MarkingPage, ScreenedIssue, Screening
from scoping.selectors.screening.marks import ISSUES_PER_PAGE, IssueToMark
from scoping.services.screening import (
    DEFAULT_CRITERIA,
    LONGEST_REASON,
    MOST_CRITERIA,
    CriterionPlan,
    NewMark,
    Overrule,
)

# No id has more digits, and none that has would fit into a column.
ID = r"\d{1,18}"


class CriteriaForm(ScopingForm):
    """The rule, and one row for each criterion with an empty one below."""

    rule = forms.ChoiceField(
        label=gettext_lazy("An issue is on the short list if"),
        choices=[
            (ShortListRule.TOTAL, gettext_lazy("the mean marks on all criteria add up to at least the threshold")),
            (ShortListRule.MUST_HAVE, gettext_lazy("the mean mark on every must-have criterion reaches the threshold")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two rules.")},
    )
    threshold = forms.DecimalField(
        label=gettext_lazy("Threshold"),
        max_digits=5,
        decimal_places=2,
        help_text=gettext_lazy(
            "A total goes from 0 to 3 for each criterion, a mean mark from 0 to 3. Just reaching it is enough."
        ),
        error_messages={
            "required": gettext_lazy("Enter a number, such as 6."),
            "invalid": gettext_lazy("Enter a number, such as 6 or 7.5."),
            "max_decimal_places": gettext_lazy("Two decimals are enough, such as 7.5 or 2.25."),
        },
    )

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        threshold = f"{assessment.short_list_threshold.normalize():f}"
        kwargs["initial"] = {"rule": assessment.short_list_rule, "threshold": threshold}
        super().__init__(*args, **kwargs)
        self.present = {criterion.pk: criterion for criterion in assessment.criteria.all()}
        rows: list[Criterion | CriterionPlan | None] = [*(self.present.values() or DEFAULT_CRITERIA), None]
        sent = sum(f"name_{number}" in self.data for number in range(1, MOST_CRITERIA + 1))
        self.rows = range(1, min(max(len(rows), sent), MOST_CRITERIA) + 1)
        for number in self.rows:
            self._add_row(number, rows[number - 1] if number <= len(rows) else None)

    def _add_row(self, number: int, row: Criterion | CriterionPlan | None) -> None:
        """The fields of one row. Which criterion it changes goes with it, whatever place it has by then."""
        pk = row.pk if isinstance(row, Criterion) else None
        stored = bool(self.data.get(f"criterion_{number}")) if self.is_bound else pk is not None
        self.fields[f"criterion_{number}"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=pk, max_value=10**18
        )
        self.fields[f"name_{number}"] = forms.CharField(
            label=gettext("Name"),
            max_length=200,
            required=stored,
            initial=row.name if row else "",
            error_messages={"required": gettext("Name it. To take it away, use “Remove a criterion” below.")},
        )
        self.fields[f"description_{number}"] = forms.CharField(
            label=gettext("What a high mark means"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            initial=row.description if row else "",
        )
        self.fields[f"must_have_{number}"] = forms.BooleanField(
            label=gettext("Must-have"), required=False, initial=row.must_have if row else False
        )
        self.fields[f"place_{number}"] = forms.IntegerField(
            label=gettext("Place"),
            required=False,
            min_value=1,
            max_value=MOST_CRITERIA,
            initial=number,
            error_messages={
                "invalid": gettext("Enter a whole number."),
                "min_value": gettext("The first place is 1."),
                "max_value": gettext("The last place is %(last)s.") % {"last": MOST_CRITERIA},
            },
        )

    def fields_by_row(self) -> list[dict[str, forms.BoundField]]:
        """The fields of each row, for the template."""
        parts = ("criterion", "name", "description", "must_have", "place")
        return [{part: self[f"{part}_{number}"] for part in parts} for number in self.rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for number in self.rows:
            name, criterion = values.get(f"name_{number}"), values.get(f"criterion_{number}")
            if criterion and criterion not in self.present:
                self._make_new(number)
                self.fields[f"name_{number}"].required = False
                self.add_error(
                    f"name_{number}",
                    gettext(
                        "Somebody removed this criterion meanwhile, with its marks. "
                        "Save again to add it as a new one, or empty its name to leave it out."
                    ),
                )
            elif (
                not criterion
                and not name
                and (values.get(f"description_{number}") or values.get(f"must_have_{number}"))
            ):
                self.add_error(f"name_{number}", gettext("This criterion needs a name."))
        return values

    def _make_new(self, number: int) -> None:
        data = cast(QueryDict, self.data).copy()
        data[f"criterion_{number}"] = ""
        self.data = data

    def plans(self) -> list[CriterionPlan]:
        """The criteria in the order that is wanted: those whose place was changed go there, the others keep theirs."""
        values = self.cleaned_data
        named = [number for number in self.rows if values[f"name_{number}"]]
        places = {number: values[f"place_{number}"] or number for number in named}
        order = [number for number in named if places[number] == number]
        for number in sorted(set(named) - set(order), key=lambda number: places[number]):
            order.insert(places[number] - 1, number)
        return [
            CriterionPlan(
                values[f"name_{number}"],
                values[f"description_{number}"],
                values[f"must_have_{number}"],
                values[f"criterion_{number}"],
            )
            for number in order
        ]


# --- marks ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MarkCell:
    """One mark to be given: the names of its two inputs, what stands in them, and what is wrong with that."""

    criterion: str
    place: str  # the end of both names: issue and criterion
    value: str
    reason: str
    error: str


@dataclass(frozen=True)
class MarkRow:
    issue: IssueToMark
    cells: list[MarkCell]


class MarksForm(ScopingForm):
    """The marks of one member on one page of issues. An input that is not sent leaves its mark as it is."""

    KEY = re.compile(rf"(mark|why)-({ID})-({ID})")
    STEPS = tuple(str(mark) for mark in range(HIGHEST_MARK + 1))

    def __init__(self, data: QueryDict | None, *, page: MarkingPage) -> None:
        super().__init__(data)
        self.page = page
        self.errors_at: dict[tuple[int, int], str] = {}

    @staticmethod
    def issues_in(data: QueryDict | None) -> list[int] | None:
        """The issues that the sent page showed, so that it comes back as it was."""
        if data is None:
            return None
        return [int(pk) for pk in data.getlist("issue") if re.fullmatch(ID, pk)][:ISSUES_PER_PAGE]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place, (mark, reason) in self._sent().items():
            if mark not in ("", *self.STEPS):
                self.errors_at[place] = gettext("Choose a mark from 0 to %(highest)s, or none.") % {
                    "highest": HIGHEST_MARK
                }
            elif not mark and reason:
                self.errors_at[place] = gettext("There is a reason but no mark. Choose a mark, or clear the reason.")
            elif len(reason) > LONGEST_REASON:
                self.errors_at[place] = _too_long(reason)
        if self.errors_at:
            raise ValidationError(
                gettext("Mend what is marked below, then save again. Everything you entered is still here.")
            )
        return values

    def _sent(self) -> dict[tuple[int, int], tuple[str, str]]:
        """By issue and criterion: mark and reason as they were sent."""
        sent = {}
        for key in self.data:
            if found := self.KEY.fullmatch(key):
                place = f"{found[2]}-{found[3]}"
                sent[int(found[2]), int(found[3])] = (
                    self.data.get(f"mark-{place}", "").strip(),
                    _line(self.data.get(f"why-{place}", "")),
                )
        return sent

    def marks(self) -> list[NewMark]:
        return [
            NewMark(issue, criterion, int(mark) if mark else None, reason)
            for (issue, criterion), (mark, reason) in self._sent().items()
        ]

    def rows(self) -> list[MarkRow]:
        """What the page shows: what was typed, or else what is stored."""
        sent = self._sent() if self.is_bound else {}
        rows = []
        for issue in self.page.issues:
            cells = []
            for criterion in self.page.criteria:
                place = (issue.id, criterion.pk)
                stored = self.page.marks.get(place, ("", ""))
                mark, reason = sent.get(place, stored)
                error = self.errors_at.get(place, "")
                cells.append(MarkCell(criterion.name, f"{issue.id}-{criterion.pk}", str(mark), reason, error))
            rows.append(MarkRow(issue, cells))
        return rows


# --- decisions --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class DecisionRow:
    """An issue with what is proposed, and the one thing that can be said against it."""

    issue: ScreenedIssue
    total: str
    marks: list[GivenMark]
    below_the_line: bool  # the first that does not reach the threshold
    otherwise: str  # "in" or "out": the opposite of what happens if nobody ticks anything
    overruled: bool
    reason: str
    error: str


class DecideForm(ScopingForm):
    """Who took part, and each issue that shall be on the list, or off it, whatever the marks propose.

    The proposals that the page showed are sent with it, since marks may change before the decision arrives.
    """

    KEY = re.compile(rf"(to|why)-({ID})")
    PROPOSALS = {"in": True, "out": False, "open": None}  # noqa: RUF012

    note = forms.CharField(
        label=gettext_lazy("Who took part, and what was discussed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stays with the decision, as the record for your report."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        screening: Screening,
        current: ShortListDecision | None,
        reasons: Mapping[int, list[GivenMark]],
        applies: bool,
    ) -> None:
        super().__init__(data)
        self.screening, self.reasons, self.applies = screening, reasons, applies
        self.carried = _overrules_of(current)
        self.errors_at: dict[int, str] = {}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for issue, (to, reason) in self._sent().items():
            if to not in ("", "in", "out"):
                self.errors_at[issue] = gettext("Tick the box again, or leave it.")
            elif len(reason) > LONGEST_REASON:
                self.errors_at[issue] = _too_long(reason)
            elif reason and not to:
                self.errors_at[issue] = gettext(
                    "There is a reason, but the box is not ticked. Tick it, or clear the reason."
                )
            elif to and not reason:
                self.errors_at[issue] = gettext("Say why you decide against the proposal.")
        if self.errors_at:
            names = [issue.name for issue in self.screening.issues if issue.id in self.errors_at]
            text = gettext("Mend what is marked below, at %(where)s. Everything you entered is still here.")
            if len(names) > 5:
                text = gettext(
                    "Mend what is marked below, at %(where)s and others. Everything you entered is still here."
                )
            raise ValidationError(text % {"where": gettext(", ").join(f"“{name}”" for name in names[:5])})
        return values

    def _sent(self) -> dict[int, tuple[str, str]]:
        """By issue: where it shall go instead ("in", "out" or nowhere else), and why."""
        issues = {int(found[2]) for key in self.data if (found := self.KEY.fullmatch(key))}
        return {issue: (self.data.get(f"to-{issue}", ""), _line(self.data.get(f"why-{issue}", ""))) for issue in issues}

    def overrules(self) -> list[Overrule]:
        return [Overrule(issue, to == "in", reason) for issue, (to, reason) in self._sent().items() if to]

    def seen(self) -> dict[int, bool | None]:
        """The proposals that the sent page showed."""
        pairs = re.findall(rf"\b({ID}):(in|out|open)\b", self.data.get("seen", ""))
        return {int(issue): self.PROPOSALS[proposal] for issue, proposal in pairs}

    def for_survey(self) -> bool:
        return self.data.get("for") != "next"

    def showing(self) -> str:
        """The proposals that this page shows, to be sent back."""
        words = {proposal: word for word, proposal in self.PROPOSALS.items()}
        return " ".join(f"{issue.id}:{words[issue.outcome.proposal]}" for issue in self.screening.issues)

    def rows(self) -> list[DecisionRow]:
        """What the page shows, in the order of the screening; before anything is sent, what was overruled last time."""
        sent = self._sent() if self.is_bound else self.carried
        threshold = None if self.screening.by_must_haves else self.screening.rule.threshold
        first_out = self.screening.proposed_out[:1]
        rows = []
        for issue in self.screening.issues:
            otherwise = "out" if issue.by_default else "in"
            to, reason = sent.get(issue.id, ("", ""))
            overruled = to == otherwise
            total = issue.outcome.total
            rows.append(
                DecisionRow(
                    issue=issue,
                    total="" if total is None else in_decimals(total, threshold),
                    marks=self.reasons.get(issue.id, []),
                    below_the_line=issue in first_out,
                    otherwise=otherwise,
                    overruled=overruled,
                    # Where the proposal has come round to it meanwhile, there is nothing left to explain.
                    reason=reason if overruled or (self.is_bound and not to) else "",
                    error=self.errors_at.get(issue.id, ""),
                )
            )
        return rows


def _overrules_of(decision: ShortListDecision | None) -> dict[int, tuple[str, str]]:
    """What was decided against the proposals last time: it is likely to be wanted again."""
    return {
        entry["issue"]: ("in" if entry["listed"] else "out", entry["reason"])
        for entry in (decision.entries if decision else [])
        if entry["listed"] is (entry["proposed"] is False)
    }


def _too_long(reason: str) -> str:
    text = gettext("This has %(length)s characters. Shorten it to %(most)s.")
    return text % {"length": len(reason), "most": LONGEST_REASON}


def _line(text: str) -> str:
    """As it is stored: one line, without what no database takes."""
    return " ".join(text.replace("\x00", "").split())
