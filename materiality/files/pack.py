"""The report pack: all that can be had of one result, in one ZIP file with folders and a list of what is what.

Each part goes into the ZIP file as it is written, so that no more of it is in memory than its writer keeps there.
"""

import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import IO, Any, BinaryIO, cast

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from figures.fonts import MissingFont
from materiality.exports.simulated import simulated_sentence
from materiality.files.kind import ANSWERS, DOCUMENTS, EVERYTHING, FIGURES, TABLES, Kind, Progress
from materiality.files.options import LANGUAGES, Options
from materiality.files.singles import SINGLES
from materiality.files.snapshot import Snapshot
from materiality.files.store import Counting
from materiality.models import Proposal, ProposalState
from scoping.wording import dated, enumerated

FOLDERS = {FIGURES: "figures", TABLES: "tables", DOCUMENTS: "documents", ANSWERS: "answers", EVERYTHING: "evidence"}
PICTURES = ("png", "svg", "pdf")
PACKING = gettext_noop("Writing the files of the pack")
# What is packed already does not get smaller.
PACKED = ("png", "docx", "xlsx", "pptx", "zip", "parquet")


@dataclass(frozen=True)
class Part:
    """One file of the pack, and where it lies."""

    kind: Kind
    options: Options
    path: str


@dataclass(frozen=True)
class Packed:
    """A part that is in: its size in bytes, and the SHA-256 over it."""

    part: Part
    size: int
    sha256: str


class Entry(Counting):
    """A part on its way into the ZIP file, where it begins with its first byte: one that could not be drawn leaves
    nothing there. A context; what was begun is ended with it."""

    def __init__(self, begin: Callable[[], IO[bytes]]) -> None:
        super().__init__()
        self._begin = begin
        self._ended = ExitStack()
        self.has_begun = False

    def __enter__(self) -> "Entry":
        self._ended.__enter__()
        return self

    def __exit__(self, *failure: Any) -> None:
        self._ended.__exit__(*failure)

    def begin(self) -> None:
        if not self.has_begun:
            self.file, self.has_begun = self._ended.enter_context(self._begin()), True

    def write(self, content: Any) -> int:
        self.begin()
        return super().write(content)


def write_pack(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    """All kinds of files, each as it comes by itself. What cannot be had, or not be drawn with the fonts that are
    installed, is named in README.txt, with the reason.

    Raises
    ------
    ValueError
        If a part that can be had could not be made, such as with a template that cannot be used.
    """
    parts, missing = parts_of(snapshot, options)
    top = f"{snapshot.assessment.slug}-report-pack"
    at = timezone.localtime(snapshot.computed_at or timezone.now())
    packed: list[Packed] = []
    undrawn: dict[str, list[Part]] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number, part in enumerate(parts):
            # A part may take longer than a worker may be silent, so what it tells of itself is told on.
            told = partial(_tell, progress, number, len(parts))
            told()
            try:
                packed.append(_written(part, snapshot, file, _info(f"{top}/{part.path}", at), told))
            except MissingFont as error:
                undrawn.setdefault(str(error), []).append(part)
        file.writestr(_info(f"{top}/README.txt", at), readme(snapshot, options, packed, missing, undrawn))


def _tell(progress: Progress, number: int, parts: int, *_own: Any) -> None:
    progress(number, parts, PACKING)


def _written(part: Part, snapshot: Snapshot, file: zipfile.ZipFile, info: zipfile.ZipInfo, told: Progress) -> Packed:
    """Write `part` into the ZIP file. MissingFont if it cannot be drawn; nothing of it is there then."""
    # How long the answers will be is not known before they are written, nor is it bounded.
    is_open_ended = part.kind.group == ANSWERS
    with Entry(partial(file.open, info, "w", force_zip64=is_open_ended)) as content:
        try:
            part.kind.write(snapshot, part.options, cast(BinaryIO, content), told)
        except MissingFont as error:
            if content.has_begun:
                raise ValueError(str(error)) from error
            raise
        content.begin()  # of nothing, too
    return Packed(part, content.size, content.digest.hexdigest())


def parts_of(snapshot: Snapshot, options: Options) -> tuple[list[Part], list[tuple[Kind, str]]]:
    """What goes into the pack, and what does not, with the reasons in the language of the pack."""
    parts: list[Part] = []
    missing: list[tuple[Kind, str]] = []
    # What tells of reviews and confirmations as they are now comes first, soonest after the result was read.
    for kind in sorted(SINGLES, key=lambda one: one.group != EVERYTHING):
        if kind.group == ANSWERS and not options.answers:
            continue
        with translation.override(options.language):
            reason = kind.unavailable(snapshot)
        if reason:
            missing.append((kind, reason))
            continue
        for chosen in _of_figure(options) if kind.group == FIGURES else (_of_other(kind, options),):
            folder = FOLDERS[TABLES if chosen.format == "csv" and kind.group == FIGURES else kind.group]
            name = kind.filename(snapshot.assessment, chosen).removeprefix(f"{snapshot.assessment.slug}-")
            if folder == "tables" and kind.group == FIGURES:
                name = f"behind-{name}"
            parts.append(Part(kind, chosen, f"{folder}/{name}"))
    return parts, missing


def _of_figure(options: Options) -> tuple[Options, ...]:
    """The formats of a figure; the numbers behind it have no language."""
    pictures = (replace(options, format=format) for format in PICTURES)
    return (*pictures, replace(options, format="csv", language="en"))


def _of_other(kind: Kind, options: Options) -> Options:
    """What programs read has no language."""
    return options if "language" in kind.takes else replace(options, language="en")


def readme(
    snapshot: Snapshot,
    options: Options,
    packed: list[Packed],
    missing: list[tuple[Kind, str]],
    undrawn: dict[str, list[Part]],
) -> str:
    """What is in the pack and what is not, of which result, and how to tell that nothing was changed since; in its
    language."""
    with translation.override(options.language):
        return "\r\n".join([*_lines(snapshot, options, packed, missing, undrawn), ""])


def _lines(
    snapshot: Snapshot,
    options: Options,
    packed: list[Packed],
    missing: list[tuple[Kind, str]],
    undrawn: dict[str, list[Part]],
) -> list[str]:
    assessment = snapshot.assessment
    told = {"company": assessment.company, "period": assessment.reporting_period}
    lines = [_("Report pack: %(name)s") % {"name": assessment.name}]
    lines += [_("%(company)s, reporting period %(period)s") % told, "", *_result(snapshot), "", _spoken(options)]
    for group, folder in FOLDERS.items():
        found = [one for one in packed if one.part.path.startswith(f"{folder}/")]
        if not found:
            continue
        lines += ["", folder.upper(), ""]
        width = max(len(one.part.path) for one in found)
        lines += [f"  {one.part.path:<{width}}  {_said(one.part)}" for one in found]
        if group == FIGURES:
            lines += ["", "  " + _("PNG for office programs, SVG for the web, PDF for print.")]
    if missing or undrawn:
        lines += ["", _("NOT IN THIS PACK"), ""]
        lines += ["  " + _("%(name)s: %(value)s") % {"name": _(str(kind.label)), "value": why} for kind, why in missing]
    for why, parts in undrawn.items():
        lines += ["  " + _("Could not be drawn: %(why)s") % {"why": why}, *(f"    {part.path}" for part in parts)]
    if not options.answers and snapshot.results:
        left = _("The answers themselves are not in this pack. Owners and analysts can ask for one that has them.")
        lines += ["", left]
    lines += ["", _("SHA-256 OF EACH FILE"), ""]
    lines += [f"  {one.sha256}  {one.part.path}  {_('(%(size)s bytes)') % {'size': f'{one.size:,}'}}" for one in packed]
    return [*lines, "", _("Made with Salient.")]


def _spoken(options: Options) -> str:
    text = _(
        "Figures, documents and Excel tables are in this language: %(language)s. Data (CSV, JSON), answers and "
        "evidence are in English, in which programs read them."
    )
    return text % {"language": LANGUAGES[options.language]}


def _said(part: Part) -> str:
    label = _(str(part.kind.label))
    if part.kind.group == FIGURES and part.options.format == "csv":
        return _("%(figure)s: the numbers behind the figure") % {"figure": label}
    return label


def _result(snapshot: Snapshot) -> list[str]:
    results, proposal = snapshot.results, snapshot.proposal
    if results is None:
        lines = [_("No survey was held: the list of issues is the result.")]
    else:
        at = timezone.localtime(snapshot.computed_at) if snapshot.computed_at else timezone.localtime()
        counts = [
            _("%(number)d %(tier)s") % {"number": tier["count"], "tier": tier["name"]} for tier in results["tiers"]
        ]
        told = {"day": dated(at.date()), "time": f"{at:%H:%M}", "answers": f"{results['respondents']:,}"}
        text = ngettext(
            "Result of %(day)s, %(time)s, from %(answers)s answer: %(tiers)s.",
            "Result of %(day)s, %(time)s, from %(answers)s answers: %(tiers)s.",
            results["respondents"],
        )
        lines = [text % (told | {"tiers": enumerated(counts)})]
        if results["simulated"]:
            lines.append(
                _("SIMULATED: %(told)s") % {"told": simulated_sentence(results["simulated"], results["respondents"])}
            )
        decided = sum("decision" in issue for issue in results["issues"])
        if decided:
            text = _("Tiers given by decision of the working group: %(number)d. The tables name them with reasons.")
            lines.append(text % {"number": decided})
        lines.append(_("Run %(run)s") % {"run": results["run"]})
    return [*lines, _confirmed(proposal) if proposal else _("This result has not been confirmed.")]


def _confirmed(proposal: Proposal) -> str:
    told = {"body": proposal.body, "digest": proposal.digest}
    if proposal.confirmed_at and proposal.state == ProposalState.CONFIRMED:
        on = dated(timezone.localtime(proposal.confirmed_at).date())
        text = _("Confirmed by %(body)s on %(day)s. SHA-256 of what was signed: %(digest)s")
        return text % (told | {"day": on})
    text = _("Proposal %(number)d to %(body)s: %(state)s. SHA-256 of its document: %(digest)s")
    return text % (told | {"number": proposal.number, "state": proposal.get_state_display()})


def _info(path: str, at: datetime) -> zipfile.ZipInfo:
    """The entry of one file, read by everybody."""
    info = zipfile.ZipInfo(path, at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    info.compress_type = zipfile.ZIP_STORED if path.rpartition(".")[2] in PACKED else zipfile.ZIP_DEFLATED
    return info
