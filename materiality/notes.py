"""What a reader of a result must know, as facts that become sentences in the language of the page.

A run keeps both: the sentences in English, since they may be signed, and the facts that they were made of
(materiality/telling.py). Facts tell of no fewer people than their sentence does.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from materiality.voices import Voice
from scoping.wording import enumerated, in_a_row
from surveys.models import QualityFlag

# As many names as a note can bear.
MOST_ISSUES = 4

# What a note is about ("about"), and what it tells of that: plain JSON.
Kept = dict[str, Any]


def in_words(note: Mapping[str, Any]) -> str:
    """The note in a sentence or two. KeyError where this version knows no such note."""
    return SENTENCES[note["about"]](note)


def in_english(notes: Sequence[Kept]) -> dict[str, list[Any]]:
    """The notes as a results document has them."""
    with translation.override("en"):
        return {"notes": [in_words(note) for note in notes], "note_facts": list(notes)}


def joined(notes: Sequence[Kept], document: dict[str, Any], *, first: bool = False) -> None:
    """Puts more notes into a results document: behind its own, or before them."""
    for key, more in in_english(notes).items():
        document[key] = [*more, *document[key]] if first else [*document[key], *more]


# --- names ------------------------------------------------------------------------------------------------
def some(names: Sequence[Any], most: int = MOST_ISSUES) -> Kept:
    """The first of them, and how many more there are."""
    return {"first": list(names[:most]), "more": max(len(names) - most, 0)}


def named(voice: Voice) -> Kept:
    """A voice as a note names it: its groups, and what it speaks on where every group is heard on both axes."""
    return {"groups": [answers.group.name for answers in voice.groups], "on": voice.input.question}


def _voice(one: Kept) -> str:
    names = one["groups"]
    if one["on"] == "company":
        names = [_("%(group)s, on the company") % {"group": name} for name in names]
    elif one["on"] == "stakeholders":
        names = [_("%(group)s, on stakeholders") % {"group": name} for name in names]
    return _("%(groups)s together") % {"groups": enumerated(names)} if len(names) > 1 else names[0]


def _listed(names: Kept) -> str:
    told = [name if isinstance(name, str) else _voice(name) for name in names["first"]]
    if names["more"]:
        told.append(_("%(n)d more") % {"n": names["more"]})
    return enumerated(told)


# --- what is not told, and what does not count ------------------------------------------------------------
def _left_out(note: Mapping[str, Any]) -> str:
    labels = dict(QualityFlag.choices)
    told = [
        _("%(answers)s (%(label)s)")
        % {"answers": answers or _("fewer than %(k)d") % {"k": note["k"]}, "label": _(labels[flag])}
        for answers, flag in note["answers"]
    ]
    return _("Left out of the count by the working group: %(answers)s.") % {"answers": in_a_row(told)}


def _pooled(note: Mapping[str, Any]) -> str:
    return _(
        "Where fewer than %(k)d people of a group rated an issue, they are counted and shown with another group: "
        "%(groups)s. By themselves their ratings could be worked out."
    ) % {"k": note["k"], "groups": in_a_row([_voice(voice) for voice in note["groups"]])}


def _lost(note: Mapping[str, Any]) -> str:
    if note["others"]:
        told = _(
            "Fewer than %(k)d people of %(groups)s rated some issues, and there is no other group to count them with: "
            "these ratings do not count."
        )
    elif note["axis"] == "company":
        told = _(
            "Fewer than %(k)d people of %(groups)s rated the issues, and there is no other group to count them with: "
            "these ratings do not count, so importance to the company is not known."
        )
    else:
        told = _(
            "Fewer than %(k)d people of %(groups)s rated the issues, and there is no other group to count them with: "
            "these ratings do not count, so importance to stakeholders is not known."
        )
    return told % {"k": note["k"], "groups": _listed(note["groups"])}


def _silent(note: Mapping[str, Any]) -> str:
    groups = note["groups"]
    if len(groups["first"]) + groups["more"] == 1:
        told = _("No answers from %(groups)s. It drops out, and the other weights are rescaled.")
    else:
        told = _("No answers from %(groups)s. They drop out, and the other weights are rescaled.")
    return told % {"groups": _listed(groups)}


def _waiting(note: Mapping[str, Any]) -> str:
    groups = note["groups"]
    if len(groups["first"]) + groups["more"] == 1:
        told = _(
            "Answers have come from %(groups)s and are not shown yet: while the survey is open, that takes %(first)d "
            "answers of a group, or %(k)d and the end of the survey. Until then it drops out, and the other weights "
            "are rescaled."
        )
    else:
        told = _(
            "Answers have come from %(groups)s and are not shown yet: while the survey is open, that takes %(first)d "
            "answers of a group, or %(k)d and the end of the survey. Until then they drop out, and the other weights "
            "are rescaled."
        )
    return told % {"groups": _listed(groups), "first": 2 * note["k"], "k": note["k"]}


def _unsure(note: Mapping[str, Any]) -> str:
    if note["issues"] is None:
        told = _("Too few answers to say how sure the place of any issue is: fewer than %(fewest)d ratings on an axis.")
        return told % {"fewest": note["fewest"]}
    told = _("Too few answers to say how sure the place of %(issues)s is: fewer than %(fewest)d ratings on an axis.")
    return told % {"issues": _listed(note["issues"]), "fewest": note["fewest"]}


# --- notes of the engine ----------------------------------------------------------------------------------
def _one_respondent(note: Mapping[str, Any]) -> str:
    if note["certainty"]:
        told = _(
            "%(group)s has one respondent, so nothing is known of the spread within it: its ratings are taken as "
            "fixed, and the certainty shown is too high."
        )
    else:
        told = _("%(group)s has one respondent, so nothing is known of the spread within it.")
    return told % {"group": _voice(note["group"])}


def _borrowed_spread(note: Mapping[str, Any]) -> str:
    if not note["certainty"]:
        told = _("%(group)s has one respondent.")
    elif note["axis"] == "company":
        told = _(
            "%(group)s has one respondent: how far that may be off is taken from the other groups that speak for "
            "importance to the company."
        )
    else:
        told = _(
            "%(group)s has one respondent: how far that may be off is taken from the other groups that speak for "
            "importance to stakeholders."
        )
    return told % {"group": _voice(note["group"])}


def _issues_without_answers_in_group(note: Mapping[str, Any]) -> str:
    told = _("Nobody in %(group)s rated %(issues)s. There the group drops out.")
    return told % {"group": _voice(note["group"]), "issues": _listed(note["issues"])}


def _issues_with_one_answer_in_group(note: Mapping[str, Any]) -> str:
    told = _(
        "Only one person in %(group)s rated %(issues)s: how far that may be off is taken from the group's other issues."
    )
    return told % {"group": _voice(note["group"]), "issues": _listed(note["issues"])}


def _axis_without_groups(note: Mapping[str, Any]) -> str:
    if note["axis"] == "company":
        return _(
            "No internal group is registered, so importance to the company is not known. Priority is importance to "
            "stakeholders alone."
        )
    return _(
        "No external group is registered, so importance to stakeholders is not known. Priority is importance to the "
        "company alone."
    )


def _axis_without_answers(note: Mapping[str, Any]) -> str:
    if note["axis"] == "company":
        return _(
            "No internal group with a weight has answered, so importance to the company is not known. Priority is "
            "importance to stakeholders alone."
        )
    return _(
        "No external group with a weight has answered, so importance to stakeholders is not known. Priority is "
        "importance to the company alone."
    )


def _axis_waiting(note: Mapping[str, Any]) -> str:
    if note["axis"] == "company":
        return _(
            "No answers of internal groups with a weight are shown yet, so importance to the company is not known. "
            "Priority is importance to stakeholders alone."
        )
    return _(
        "No answers of external groups with a weight are shown yet, so importance to stakeholders is not known. "
        "Priority is importance to the company alone."
    )


def _issues_without_answers(note: Mapping[str, Any]) -> str:
    few = note["fewer_than"]
    if few:
        told = _("Fewer than %(k)d people rated %(issues)s: no rank and no tier.")
    else:
        told = _("Nobody rated %(issues)s: no rank and no tier.")
    return told % {"k": few, "issues": _listed(note["issues"])}


def _issues_without_axis(note: Mapping[str, Any]) -> str:
    few, company = note["fewer_than"], note["axis"] == "company"
    if few and company:
        told = _("Fewer than %(k)d people on the side of the company rated %(issues)s: no rank and no tier.")
    elif few:
        told = _("Fewer than %(k)d people on the side of stakeholders rated %(issues)s: no rank and no tier.")
    elif company:
        told = _("Nobody on the side of the company rated %(issues)s: no rank and no tier.")
    else:
        told = _("Nobody on the side of stakeholders rated %(issues)s: no rank and no tier.")
    return told % {"k": few, "issues": _listed(note["issues"])}


def _too_few_priorities(note: Mapping[str, Any]) -> str:
    return _(
        "Natural breaks need %(tiers)d different scores and found %(found)d: no tiers. Choose fixed counts or cut-offs."
    ) % {"tiers": note["tiers"], "found": note["found"]}


# --- plans and scenarios ----------------------------------------------------------------------------------
def _unused_sizes(note: Mapping[str, Any]) -> str:
    told = _("The sizes planned for the tiers do not add up to %(n)d issues, so they were not used.")
    return told % {"n": note["issues"]}


def _shortened(note: Mapping[str, Any]) -> str:
    told = _("With %(n)d issues instead of %(of)d, the lowest tiers hold fewer: %(counts)s.")
    return told % {"n": note["issues"], "of": note["of"], "counts": " / ".join(map(str, note["counts"]))}


def _groups_left_out(note: Mapping[str, Any]) -> str:
    return _(
        "Left out in this scenario, with no weight: %(groups)s. Where a group is counted together with others, its "
        "answers stay in their average."
    ) % {"groups": _(", ").join(note["names"])}


def _issues_left_out(note: Mapping[str, Any]) -> str:
    return _("Left out in this scenario: %(issues)s.") % {"issues": _(", ").join(note["names"])}


SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "left_out": _left_out,
    "pooled": _pooled,
    "lost": _lost,
    "groups_without_answers": _silent,
    "groups_waiting": _waiting,
    "unknown_certainty": _unsure,
    "group_with_one_respondent": _one_respondent,
    "group_with_borrowed_spread": _borrowed_spread,
    "issues_without_answers_in_group": _issues_without_answers_in_group,
    "issues_with_one_answer_in_group": _issues_with_one_answer_in_group,
    "axis_without_groups": _axis_without_groups,
    "axis_without_answers": _axis_without_answers,
    "axis_waiting": _axis_waiting,
    "issues_without_answers": _issues_without_answers,
    "issues_without_axis": _issues_without_axis,
    "too_few_priorities": _too_few_priorities,
    "unused_sizes": _unused_sizes,
    "scenario_shortened_tiers": _shortened,
    "scenario_left_out_groups": _groups_left_out,
    "scenario_left_out_issues": _issues_left_out,
}
