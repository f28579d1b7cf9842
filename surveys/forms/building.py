"""What the working group types to design a survey. Rules that hold beyond the page are the services'."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoping.forms.base import ScopingForm
from scoping.models import Issue
from surveys.design import Design
from surveys.models import (
    FEWEST_STEPS,
    MOST_STEPS,
    Anonymity,
    GroupIssue,
    IssueQuestion,
    ProfileKind,
    ProfileQuestion,
    Survey,
)
from surveys.services.building import OwnIssue
from surveys.services.building.profile import FEWEST_OPTIONS, MOST_OPTIONS

WHOLE = {"invalid": gettext_lazy("Enter a whole number.")}
STEPS = range(FEWEST_STEPS, MOST_STEPS + 1)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _number(label: Any, help_text: Any = "", *, required: bool = False, **more: Any) -> forms.IntegerField:
    messages = WHOLE | {"required": gettext_lazy("Enter a whole number.")}
    return forms.IntegerField(label=label, help_text=help_text, required=required, error_messages=messages, **more)


class JudgingForm(ScopingForm):
    """The kind of question, and for a rating its steps with ten labels, of which those within the steps count."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Respondents give each issue"),
        choices=[
            (IssueQuestion.RATING, gettext_lazy("a rating: how important it is, on a scale")),
            (
                IssueQuestion.TOP,
                gettext_lazy("a place among the most important ones: the few that matter most are chosen"),
            ),
            (IssueQuestion.RANKING, gettext_lazy("a rank: the first few are put in order")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    steps = forms.TypedChoiceField(
        label=gettext_lazy("Steps of the scale"),
        choices=[(step, str(step)) for step in STEPS],
        coerce=int,
        widget=forms.RadioSelect,
    )
    choose = _number(
        gettext_lazy("How many"), gettext_lazy("Issues to choose, or to put in order. Five are usual."), required=True
    )
    both_importances = forms.BooleanField(
        required=False,
        label=gettext_lazy("Ask everybody for both importances"),
        help_text=gettext_lazy(
            "For the company, and for its stakeholders: twice as many ratings. Otherwise internal groups rate "
            "for the company and external ones for stakeholders."
        ),
    )
    comment_per_issue = forms.BooleanField(required=False, label=gettext_lazy("A comment on each issue"))
    comment_overall = forms.BooleanField(required=False, label=gettext_lazy("A comment at the end"))
    ask_missing = forms.BooleanField(
        required=False,
        label=gettext_lazy("“Which issue is missing from this list?”"),
        help_text=gettext_lazy("What people write can be taken over onto the long list."),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        names = ("kind", "steps", "choose", "both_importances", "comment_per_issue", "comment_overall", "ask_missing")
        kwargs["initial"] = {name: getattr(survey, name) for name in names}
        super().__init__(*args, **kwargs)
        self.fields["steps"].error_messages["required"] = _(
            "Choose a number of steps, from %(fewest)d to %(most)d."
        ) % {"fewest": FEWEST_STEPS, "most": MOST_STEPS}
        for step in range(1, MOST_STEPS + 1):
            self.fields[f"label_{step}"] = forms.CharField(
                label=_("Step %(step)d") % {"step": step},
                required=False,
                initial=survey.step_labels[step - 1] if step <= len(survey.step_labels) else "",
            )

    def labels(self) -> list[forms.BoundField]:
        return [self[f"label_{step}"] for step in range(1, MOST_STEPS + 1)]

    def design(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, as `set_judging` takes it. Labels above the last step are not seen, and not sent on."""
        labels = [values[f"label_{step}"] for step in range(1, values["steps"] + 1)]
        others = {name: value for name, value in values.items() if not name.startswith("label_")}
        return {**others, "step_labels": labels}


class TextsForm(ScopingForm):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("The question that respondents see first."),
        error_messages={"required": gettext_lazy("Give the survey a title, such as the question it asks.")},
    )
    introduction = forms.CharField(required=False, label=gettext_lazy("Introduction"), widget=_area(4))
    closing = forms.CharField(
        required=False,
        label=gettext_lazy("Closing"),
        widget=_area(3),
        help_text=gettext_lazy(
            "What follows “Thank you” once an answer is sent: what happens next, whom to ask. "
            "That the answers will be counted stands there in any case."
        ),
    )
    privacy_note = forms.CharField(
        required=False,
        label=gettext_lazy("Privacy note"),
        widget=_area(3),
        help_text=gettext_lazy(
            "Such as who answers questions on data protection. It comes below what the product says itself, "
            "which follows from the anonymity you chose and always stands there."
        ),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(survey, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        company = survey.assessment.company
        self.fields["introduction"].help_text = _(
            "Why you ask and what will come of it. Left empty, respondents read: “Your answers help %(company)s decide "
            "which issues come first in its work and in its sustainability report.”"
        ) % {"company": company}


class AnonymityForm(ScopingForm):
    anonymity = forms.ChoiceField(
        label=gettext_lazy("What connects an answer with a person"),
        choices=Anonymity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    minimum_group = _number(
        gettext_lazy("Fewest people"),
        gettext_lazy(
            "Results of fewer people than this are never shown, on no page and in no file. At least 3, and 5 is usual; "
            "where people are identified it may be 1."
        ),
        required=True,
    )
    editable = forms.BooleanField(
        required=False,
        label=gettext_lazy("Answers may be changed until the survey closes"),
        help_text=gettext_lazy("By the personal link, in a confidential or identified survey."),
    )
    retention_days = _number(
        gettext_lazy("Delete personal data after"),
        gettext_lazy(
            "Days after the survey has closed when addresses and comments are deleted. Ratings stay. Left empty, they "
            "are kept until you delete them."
        ),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(survey, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class ProfileForm(ScopingForm):
    text = forms.CharField(
        label=gettext_lazy("Question"),
        help_text=gettext_lazy("Such as: How long have you worked with us?"),
        error_messages={"required": gettext_lazy("Write the question as respondents shall read it.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("The answer is"),
        choices=[
            (ProfileKind.CHOICE, gettext_lazy("one of several")),
            (ProfileKind.NUMBER, gettext_lazy("a whole number")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    options = forms.CharField(
        label=gettext_lazy("Answers to choose from"),
        widget=_area(6),
    )
    lowest = _number(gettext_lazy("Lowest number"))
    highest = _number(gettext_lazy("Highest number"))

    def __init__(self, *args: Any, question: ProfileQuestion | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": ProfileKind.CHOICE}
        if question is not None:
            kwargs["initial"] = {name: getattr(question, name) for name in ("text", "kind", "lowest", "highest")}
            kwargs["initial"]["options"] = "\n".join(question.options)
        super().__init__(*args, **kwargs)
        options, bounds = self.fields["options"], {"fewest": FEWEST_OPTIONS, "most": MOST_OPTIONS}
        options.help_text = _("One per line, %(fewest)d to %(most)d, in the order in which they shall stand.") % bounds
        options.error_messages["required"] = (
            _("Give %(fewest)d to %(most)d answers to choose from, one per line.") % bounds
        )
        # A number needs none; the page hides them then.
        options.required = self.data.get("kind") != ProfileKind.NUMBER

    def design(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What was sent, as `save_question` takes it."""
        return {**values, "options": values["options"].splitlines()}


@dataclass(frozen=True)
class IssueRow:
    """The fields of one issue; `has_own` says whether the group has words of its own, sent or stored."""

    issue: Issue
    asked: forms.BoundField
    name: forms.BoundField
    description: forms.BoundField

    @property
    def has_own(self) -> bool:
        return bool(self.name.value() or self.description.value())


class GroupDesignForm(ScopingForm):
    """What is particular to one group; three fields for each issue."""

    introduction = forms.CharField(
        required=False,
        label=gettext_lazy("Introduction for this group"),
        widget=_area(4),
        help_text=gettext_lazy("Instead of the one for everybody. Left empty, the group reads that one."),
    )
    target = _number(gettext_lazy("Answers hoped for"), gettext_lazy("The monitor shows how far you are."))
    population = _number(
        gettext_lazy("People in the group"),
        gettext_lazy("If you know it, the monitor shows what the answers can tell of all."),
    )

    def __init__(self, *args: Any, design: Design, group_id: int, **kwargs: Any) -> None:
        own = design.designs.get(group_id)
        if own is not None:
            kwargs["initial"] = {name: getattr(own, name) for name in ("introduction", "target", "population")}
        super().__init__(*args, **kwargs)
        headcount = next((group.headcount for group in design.groups if group.pk == group_id), None)
        if headcount:
            self.fields["population"].help_text = _(
                "Only if the survey is for a part of the group. Left empty, all %(people)s of the register count."
            ) % {"people": f"{headcount:,}"}
        self.issues = design.issues
        rows: dict[int, GroupIssue] = {row.issue_id: row for row in own.issues.all()} if own else {}
        for issue in design.issues:
            row = rows.get(issue.pk)
            self.fields[f"asked_{issue.code}"] = forms.BooleanField(
                required=False, label=issue.name, initial=row.asked if row else True
            )
            self.fields[f"name_{issue.code}"] = forms.CharField(
                required=False, label=gettext_lazy("Name"), initial=row.name if row else ""
            )
            self.fields[f"description_{issue.code}"] = forms.CharField(
                required=False,
                label=gettext_lazy("What it means"),
                initial=row.description if row else "",
                widget=_area(2),
            )

    def rows(self) -> list[IssueRow]:
        return [
            IssueRow(issue, *(self[f"{part}_{issue.code}"] for part in ("asked", "name", "description")))
            for issue in self.issues
        ]

    def own_issues(self, values: Mapping[str, Any]) -> dict[str, OwnIssue]:
        """What was sent on the issues, as `save_group_design` takes it.

        An issue that joined the list after the page was opened is left alone: its box was not there to be ticked.
        """
        return {
            issue.code: OwnIssue(*(values[f"{part}_{issue.code}"] for part in ("asked", "name", "description")))
            for issue in self.issues
            if f"name_{issue.code}" in self.data
        }
