"""The report pack: all that can be had of one result, in one ZIP file with folders and a list of what is what."""

import hashlib
import io
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext_noop

from materiality.files.kind import ANSWERS, DOCUMENTS, EVERYTHING, FIGURES, TABLES, Kind, Progress
from materiality.files.options import Options
from materiality.files.singles import SINGLES
from materiality.files.snapshot import Snapshot
from materiality.models import ProposalState
from scoping.wording import listed

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


def write_pack(snapshot: Snapshot, options: Options, out: BinaryIO, progress: Progress) -> None:
    """All kinds of files, each as it comes by itself. What cannot be had is named in README.txt, with the reason.

    Raises
    ------
    ValueError
        If a part that can be had could not be made, such as for want of a font.
    """
    parts, missing = parts_of(snapshot, options)
    top = f"{snapshot.assessment.slug}-report-pack"
    at = timezone.localtime(snapshot.computed_at or timezone.now())
    packed: list[Packed] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number, part in enumerate(parts):
            progress(number, len(parts), PACKING)
            content = io.BytesIO()
            part.kind.write(snapshot, part.options, content, lambda *_: None)
            _add(file, f"{top}/{part.path}", content.getvalue(), at)
            packed.append(Packed(part, content.tell(), hashlib.sha256(content.getbuffer()).hexdigest()))
        _add(file, f"{top}/README.txt", readme(snapshot, options, packed, missing).encode(), at)


def parts_of(snapshot: Snapshot, options: Options) -> tuple[list[Part], list[tuple[Kind, str]]]:
    """What goes into the pack, and what does not, with the reasons."""
    parts: list[Part] = []
    missing: list[tuple[Kind, str]] = []
    # What tells of reviews and confirmations as they are now comes first, soonest after the result was read.
    for kind in sorted(SINGLES, key=lambda one: one.group != EVERYTHING):
        if kind.group == ANSWERS and not options.answers:
            continue
        reason = kind.unavailable(snapshot)
        if reason:
            missing.append((kind, reason))
            continue
        for chosen in _of_figure(options) if kind.group == FIGURES else (replace(options, language="en"),):
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


def readme(snapshot: Snapshot, options: Options, packed: list[Packed], missing: list[tuple[Kind, str]]) -> str:
    """What is in the pack, of which result, and how to tell that nothing was changed since."""
    assessment, results = snapshot.assessment, snapshot.results
    lines = [f"Report pack: {assessment.name}", f"{assessment.company}, reporting period {assessment.reporting_period}"]
    lines += ["", *_result(snapshot)]
    for group, folder in FOLDERS.items():
        found = [one for one in packed if one.part.path.startswith(f"{folder}/")]
        if not found:
            continue
        lines += ["", folder.upper(), ""]
        width = max(len(one.part.path) for one in found)
        lines += [f"  {one.part.path:<{width}}  {_said(one.part)}" for one in found]
        if group == FIGURES:
            lines += ["", "  PNG for office programs, SVG for the web, PDF for print."]
    if missing:
        lines += ["", "NOT IN THIS PACK", "", *(f"  {kind.label}: {reason}" for kind, reason in missing)]
    if not options.answers:
        left = "The answers themselves are not in this pack. Owners and analysts can ask for one that has them."
        lines += ["", left] if results else []
    lines += ["", "SHA-256 OF EACH FILE", ""]
    lines += [f"  {one.sha256}  {one.part.path}  ({one.size:,} bytes)" for one in packed]
    return "\r\n".join([*lines, "", "Made with Salient.", ""])


def _said(part: Part) -> str:
    if part.kind.group == FIGURES and part.options.format == "csv":
        return f"{part.kind.label}: the numbers behind the figure"
    return str(part.kind.label)


def _result(snapshot: Snapshot) -> list[str]:
    results, proposal = snapshot.results, snapshot.proposal
    if results is None:
        lines = ["No survey was held: the list of issues is the result."]
    else:
        at = timezone.localtime(snapshot.computed_at) if snapshot.computed_at else timezone.localtime()
        tiers = listed([f"{tier['count']} {tier['name']}" for tier in results["tiers"]])
        lines = [f"Result of {at:%d %B %Y, %H:%M}, from {results['respondents']:,} answers: {tiers}."]
        if results["simulated"]:
            lines.append(f"SIMULATED: {results['simulated']:,} of these answers are simulated.")
        decided = sum("decision" in issue for issue in results["issues"])
        if decided:
            lines.append(f"Tiers given by decision of the working group: {decided}. The tables name them with reasons.")
        lines.append(f"Run {results['run']}")
    if proposal is None:
        return [*lines, "This result has not been confirmed."]
    if proposal.confirmed_at and proposal.state == ProposalState.CONFIRMED:
        on = timezone.localtime(proposal.confirmed_at)
        return [*lines, f"Confirmed by {proposal.body} on {on:%d %B %Y}. SHA-256 of what was signed: {proposal.digest}"]
    state = proposal.get_state_display()
    return [
        *lines,
        f"Proposal {proposal.number} to {proposal.body}: {state}. SHA-256 of its document: {proposal.digest}",
    ]


def _add(file: zipfile.ZipFile, path: str, content: bytes, at: datetime) -> None:
    info = zipfile.ZipInfo(path, at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    packed = path.rpartition(".")[2] in PACKED
    file.writestr(info, content, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
