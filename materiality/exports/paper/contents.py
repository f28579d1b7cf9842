"""What stands in the meeting paper, as plain texts and lists; where and how large is the template's business.

What is proposed comes from the proposal's document alone. Around it stands what the record says: changes since the year
before while the proposal is live, and points that were open until it was decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from figures.data import MatrixFigure
from figures.fonts import MissingFont
from figures.layout import lay_out
from figures.palette import LIGHT, Palette, palette_with, style_of
from materiality.boundary import boundary_cases
from materiality.exports.chapter.material import moves_of
from materiality.exports.chapter.texts import about_matrix
from materiality.exports.paper.wording import (
    close_text,
    directed,
    left_open,
    line,
    lines,
    moved_text,
    put_forward,
    signed,
    standing,
    title_of,
    who_answered,
)
from materiality.exports.sentences import is_chinese
from materiality.exports.simulated import simulated_sentence
from materiality.findings import headline, percent
from materiality.house_style.selectors import look_of
from materiality.matrix import spoken
from materiality.models import Proposal, ReviewComment
from materiality.presentation import ordered_groups, people_told
from materiality.review.decided import moved_by_decision
from materiality.telling import told_notes
from scoping.selectors.continuity import changes_of
from scoping.wording import dated, run_on

DECIDED, CLOSE = "†", "*"
Contents = dict[str, Any]


def contents_of(proposal: Proposal) -> Contents:
    """The paper on `proposal` in the active language."""
    document = proposal.document
    results = document if proposal.run_id else None
    day = timezone.localtime(proposal.proposed_at).date()
    moved, close = _moved(results), _close(results)
    palette = palette_with(look_of(proposal.assessment.organisation).colours)
    return {
        "lang": "zh" if is_chinese() else "en",
        "region": "cn" if is_chinese() else "gb",
        "date": [day.year, day.month, day.day],
        "colours": asdict(palette),
        # What warns has the same colour in every organisation.
        "warning": asdict(LIGHT.tiers[0]),
        "title": title_of(document),
        "company": line(document["company_name"]),
        "subtitle": line(
            _("Proposal %(number)d of the assessment “%(name)s”, put forward on %(day)s")
            % {"number": proposal.number, "name": document["title"], "day": dated(day)}
        ),
        "body": _("For decision by %(body)s") % {"body": line(proposal.body)},
        "meeting": _("Meeting of %(day)s") % {"day": dated(proposal.meeting_on)} if proposal.meeting_on else "",
        "notice": _notice(results),
        "standing": standing(proposal),
        "proposed": {"head": _("What is proposed"), "texts": _proposed(proposal)},
        "asked": {"head": _("Decision asked for"), "texts": _asked(proposal)},
        "tiers_head": _("Issues by tier") if results or _has_tiers(document) else _("The list of issues"),
        "finding": line("".join(part.text for part in headline(document))) if results else "",
        "tiers": _tiers(document, moved, close) if results or _has_tiers(document) else _categories(document),
        "marks": _marks(moved, close),
        "moved": _rows(_("In another tier than computed"), moved),
        "close": _rows(_("Close to a boundary"), close),
        "answered": _answered(results),
        "notes": _texts(_("Notes"), told_notes(results) if results else []),
        "matrix": _matrix(results, palette),
        "changes": _changes(proposal, results),
        "open": _open_points(proposal),
        "note": _texts(_("From the working group"), lines(proposal.note)),
        "decision": _decision(proposal, results),
        "foot": _foot(document, results),
        "words": {
            "more": _("and {n} more in the annexed table"),
            "more_recorded": _("and {n} more in the record of the assessment"),
            "no_issue": _("No issue is in this tier."),
            "page": _("Page {page} of {pages}"),
        },
    }


def _notice(results: Mapping[str, Any] | None) -> str:
    if not results or not results["simulated"]:
        return ""
    return simulated_sentence(results["simulated"], results["respondents"])


def _foot(document: Mapping[str, Any], results: Mapping[str, Any] | None) -> str:
    """On each page, so that one that is taken out still says it."""
    found = line(f"{document['company_name']}, {document['reporting_period']}")
    return f"{found}  ·  {_('Simulated answers')}" if results and results["simulated"] else found


def _proposed(proposal: Proposal) -> list[str]:
    told = [put_forward(proposal)]
    if proposal.run_id:
        told.append(_("It follows from %(answers)s") % {"answers": who_answered(proposal.document)})
    return told


def _asked(proposal: Proposal) -> list[str]:
    document = proposal.document
    if proposal.run_id:
        text = _(
            "To confirm the result for %(period)s, the ranking and the tiers, or to return it to the working group "
            "with remarks."
        )
    elif _has_tiers(document):
        text = _(
            "To confirm this list and its tiers for %(period)s, or to return it to the working group with remarks."
        )
    else:
        text = _("To confirm this list for %(period)s, or to return it to the working group with remarks.")
    told = [text % {"period": line(document["reporting_period"])}]
    if _has_tiers(document):
        told.append(left_open(document))
    told.append(_("Once confirmed, it is locked; what changes it later makes the confirmation void."))
    if proposal.people_needed == 2:
        told.append(_("Two people have to confirm."))
    return told


# --- issues ---------------------------------------------------------------------------------------------------
def _has_tiers(document: Mapping[str, Any]) -> bool:
    return any(issue["tier"] for issue in document["issues"])


def _tiers(document: Mapping[str, Any], moved: Sequence[Contents], close: Sequence[Contents]) -> list[Contents]:
    """Each tier with its issues, highest first; then the issues without one."""
    issues = document["issues"]
    names = [tier["name"] for tier in document.get("tiers", ())]
    names += dict.fromkeys(issue["tier"] for issue in issues if issue["tier"] and issue["tier"] not in names)
    marked = {row["code"]: DECIDED for row in moved} | {row["code"]: CLOSE for row in close}
    found = [
        _part(name, style_of(number), [issue for issue in issues if issue["tier"] == name], marked)
        for number, name in enumerate(names)
    ]
    without = [issue for issue in issues if issue["tier"] is None]
    return [*found, *([_part(_("Without a tier"), None, without, marked)] if without else [])]


def _categories(document: Mapping[str, Any]) -> list[Contents]:
    """A list without tiers, by category."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for issue in document["issues"]:
        found.setdefault(issue["category"] or _("Without a category"), []).append(issue)
    return [_part(name, None, issues, {}) for name, issues in found.items()]


def _part(name: str, style: int | None, issues: Sequence[Mapping[str, Any]], marked: Mapping[str, str]) -> Contents:
    rows = [
        {"rank": issue.get("rank"), "name": directed(issue["name"]), "marks": marked.get(issue["code"], "")}
        for issue in issues
    ]
    return {"name": directed(name), "style": style, "count": f"{len(issues):,}", "issues": rows}


def _moved(results: Mapping[str, Any] | None) -> list[Contents]:
    return [
        {"code": issue["code"], "name": directed(issue["name"]), "told": directed(moved_text(issue))}
        for issue in (moved_by_decision(results) if results else ())
    ]


def _close(results: Mapping[str, Any] | None) -> list[Contents]:
    return [
        {"code": case.issue["code"], "name": directed(case.issue["name"]), "told": directed(close_text(case))}
        for case in (boundary_cases(dict(results)) if results else ())
    ]


def _marks(moved: Sequence[Contents], close: Sequence[Contents]) -> str:
    told = [f"{DECIDED} {_('in another tier than computed')}"] if moved else []
    told += [f"{CLOSE} {_('close to a boundary')}"] if close else []
    return "   ".join(told)


def _rows(head: str, rows: Sequence[Contents]) -> Contents | None:
    return {"head": head, "rows": list(rows)} if rows else None


def _texts(head: str, texts: Sequence[str]) -> Contents | None:
    found = [directed(text) for text in texts]
    return {"head": head, "texts": found} if found else None


# --- who, matrix, record --------------------------------------------------------------------------------------
def _answered(results: Mapping[str, Any] | None) -> Contents:
    head = _("Who answered")
    if results is None:
        return {"head": head, "lead": _("Nobody was asked: no survey was held."), "columns": [], "rows": []}
    sides = {"internal": _("the company"), "external": _("stakeholders")}
    rows = [
        {
            "name": directed(group["name"]),
            "side": sides[group["side"]],
            "answers": people_told(group, results),
            "share": "–" if not group["share"] else percent(group["share"]) if group["share"] < 1 else "100 %",
        }
        for group in ordered_groups(dict(results))
    ]
    return {
        "head": head,
        "lead": who_answered(results),
        "columns": [_("Group"), _("Speaks for"), _("Answers"), _("Share of its axis")],
        "rows": rows,
    }


def _matrix(results: Mapping[str, Any] | None, palette: Palette) -> Contents | None:
    """None where no issue has a score: the headline on the first page says so."""
    if results is None:
        return None
    # matplotlib takes half a second to import; what draws nothing does not wait for it.
    from figures.plot import paint_file

    if not any(issue["rank"] is not None for issue in results["issues"]):
        return None
    told = {"head": _("The matrix"), "svg": None, "alt": ""}
    try:
        layout = lay_out(MatrixFigure.from_results(results, spoken()))
        svg = paint_file(layout, "svg", palette=palette, framed=False).decode()
    except MissingFont:
        raise
    except ValueError as error:
        # A result that cannot be drawn can be decided all the same.
        return told | {"source": line(_("The matrix could not be drawn. %(error)s") % {"error": error})}
    about = line(about_matrix(results, layout.figure.title))
    return told | {"svg": svg, "alt": about, "source": line(layout.source)}


def _changes(proposal: Proposal, results: Mapping[str, Any] | None) -> Contents | None:
    """Of a live proposal alone: the list and the current result may be others by now."""
    previous = proposal.assessment.previous
    if previous is None or proposal.state not in Proposal.LIVE:
        return None
    changes = changes_of(proposal.assessment)
    told = [changes.summary] if changes else []
    told += moves_of(proposal.assessment, results) if results else []
    return _texts(_("What has changed since %(period)s") % {"period": line(previous.reporting_period)}, told)


def _open_points(proposal: Proposal) -> Contents | None:
    """Those that were not resolved when it was decided; while it is open, those that are not."""
    until = proposal.confirmed_at or proposal.ended_at
    points = ReviewComment.objects.filter(assessment=proposal.assessment, is_open_point=True)
    if until:
        points = points.filter(Q(resolved_at=None) | Q(resolved_at__gt=until), at__lte=until)
    else:
        points = points.filter(resolved_at=None)
    return _rows(
        _("Open points"),
        [
            {"name": directed(point.issue.name if point.issue else ""), "told": directed(point.text)}
            for point in points.select_related("issue")
        ],
    )


def _decision(proposal: Proposal, results: Mapping[str, Any] | None) -> Contents:
    record = [signed(one) for one in proposal.signatures.all()]
    record += [standing(proposal)] if standing(proposal) else []
    proof = [_("Digest of what is proposed (SHA-256): %(digest)s.") % {"digest": proposal.digest}]
    if results:
        proof.append(
            _("Result %(run)s, computed on %(day)s by version %(engine)s of the analysis with the seed %(seed)s.")
            % {
                "run": results["run"],
                "day": dated(timezone.localtime(datetime.fromisoformat(results["computed_at"])).date()),
                "engine": results["engine"],
                "seed": results["seed"],
            }
        )
    return {
        "head": _("Decision"),
        "record": record,
        "options": [_("Confirmed as proposed"), _("Returned to the working group with these remarks:")],
        "people": proposal.people_needed,
        "fields": [pgettext("of a person", "Name"), _("Date"), _("Signature")],
        "proof": run_on(proof),
    }
