"""The evidence bundle: a ZIP of documents that says of itself, by a program that it holds, whether it is whole.

The same state makes the same bytes. What of the answers stands in it is what the run kept of its input
(materiality/inputs.py). The digests of runs and tallies do not: they are of counts before protection, and who guesses
the answers of a very small group could find by a digest that the guess is right.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accounts import audit
from materiality.evidence import documents, verifier
from materiality.evidence.public_edition import public_edition
from materiality.evidence.texts import WHAT, readme
from materiality.inputs import inputs_document
from materiality.models import AnalysisRun, Proposal, ProposalState
from materiality.review.decided import digest_of
from materiality.scoring.method import Method
from materiality.services.grounds import document_of
from materiality.services.running import is_of_other_input
from materiality.voices import inputs_of, voices_of
from materiality.weighing import facts_used
from scoping.models import Assessment
from surveys.models import Questionnaire
from surveys.selectors import tallies_of

PROGRAM = Path(verifier.__file__)


def bundle_zip(assessment: Assessment, proposal: Proposal | None = None, *, public: bool = False) -> bytes:
    """The evidence behind what was proposed; without a proposal, behind the result as it is decided now.

    Parameters
    ----------
    public : the edition for anybody, without names, remarks and the words of the audit trail (public_edition.py).

    Raises
    ------
    ValidationError
        Where there is no result.
    """
    if proposal:
        return _bundle(assessment, proposal.document, proposal.run, proposal, public=public)
    current, document = document_of(assessment)
    run = current.run if current else None
    return _bundle(assessment, document, run, _proposal_of(assessment, document), public=public)


def bundle_of_results(results: dict[str, Any], assessment: Assessment, *, public: bool = False) -> bytes:
    """The evidence behind a result or decided result of `assessment`, found by the run that it names."""
    run = AnalysisRun.objects.get(pk=results["run"], assessment=assessment) if "run" in results else None
    return _bundle(assessment, results, run, _proposal_of(assessment, results), public=public)


def _proposal_of(assessment: Assessment, document: Mapping[str, Any]) -> Proposal | None:
    """The proposal of this very document: the one that is in force, else the newest."""
    found = list(assessment.proposals.filter(digest=digest_of(document)).order_by("-number"))
    live = [one for one in found if one.state in Proposal.LIVE]
    return next(iter(live or found), None)


def _bundle(
    assessment: Assessment,
    decided: dict[str, Any],
    run: AnalysisRun | None,
    proposal: Proposal | None,
    *,
    public: bool,
) -> bytes:
    audit.seal(assessment.organisation)
    inputs = kept_inputs(run) if run else {}
    held: dict[str, Any] = {
        "review.json": documents.review_document(assessment, decided),
        "confirmation.json": documents.confirmation_document(assessment, proposal),
        "audit.json": audit.excerpt(assessment.organisation, assessment.slug),
    }
    if run:
        held |= {"run.json": run.results, "method.json": run.parameters}
        questionnaire = _questionnaire(assessment, inputs)
        if questionnaire:
            held["questionnaire.json"] = documents.questionnaire_document(questionnaire)
    if inputs:
        held["groups.json"] = documents.groups_document(inputs)
        held["tallies.json"] = documents.tallies_document(inputs)
    if public:
        held = public_edition(held)
    files = {name: _json(document) for name, document in held.items()}
    files["decided.json"] = verifier.canonical(decided)
    files["verify.py"] = PROGRAM.read_bytes()
    files["README.txt"] = readme(
        decided, [*files, "README.txt", verifier.MANIFEST, verifier.SEALED], public=public
    ).encode()
    edition = verifier.PUBLIC if public else verifier.COMPLETE
    files[verifier.MANIFEST] = _manifest(edition, decided, run, proposal, files)
    files[verifier.SEALED] = verifier.sealed(files[verifier.MANIFEST])
    return verifier.pack(files)


def kept_inputs(run: AnalysisRun) -> dict[str, Any]:
    """What `run` was computed from; of a run that kept nothing yet, as long as the answers are still the same.

    Empty where they have moved on since.
    """
    if run.inputs:
        return dict(run.inputs)
    survey = tallies_of(run.assessment)
    if survey is None or is_of_other_input(run, survey, engine=run.engine):
        return {}
    method = Method.from_dict(run.parameters)
    facts = facts_used(run.assessment, survey, method)
    voices = voices_of(survey)
    inputs = inputs_document(survey, voices, inputs_of(voices, facts, method), facts)
    AnalysisRun.objects.filter(pk=run.pk).update(inputs=inputs)
    return inputs


def _questionnaire(assessment: Assessment, inputs: Mapping[str, Any]) -> Questionnaire | None:
    """The questionnaire of the run; the newest one where the run does not say."""
    versions = Questionnaire.objects.filter(survey__assessment=assessment)
    return versions.filter(pk=inputs["questionnaire"]).first() if inputs else versions.order_by("-version").first()


def _manifest(
    edition: str,
    decided: Mapping[str, Any],
    run: AnalysisRun | None,
    proposal: Proposal | None,
    files: Mapping[str, bytes],
) -> bytes:
    hashes = {name: verifier.sha256(content) for name, content in files.items()}
    about = {
        name: {"what": WHAT[name], "bytes": len(files[name]), "sha256": hashes[name]} for name in WHAT if name in files
    }
    return _json(
        {
            "format": verifier.FORMAT,
            "edition": edition,
            "product": "Salient",
            "engine": run.engine if run else None,
            "assessment": decided["assessment"],
            "title": decided["title"],
            "run": str(run.pk) if run else None,
            "proposal": proposal.number if proposal else None,
            "is_confirmed": bool(proposal and proposal.state == ProposalState.CONFIRMED),
            "files": about,
            "digest": verifier.digest_of(hashes),
        }
    )


def _json(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
