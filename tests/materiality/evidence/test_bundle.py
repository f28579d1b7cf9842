"""What stands in a bundle, and that it holds."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.services import record
from materiality.evidence import bundle_of_results, bundle_zip, verifier
from materiality.models import AnalysisRun, Override, Proposal
from materiality.review.decided import digest_of
from materiality.review.selectors import decided_results
from materiality.services import Choice, analyse_now, choose_method
from materiality.services.confirming import propose, reopen
from scoping.models import Assessment
from tests.materiality.conftest import Answer
from tests.materiality.evidence.conftest import contents, documents, report_on
from tests.support.factories import AssessmentFactory, IssueFactory
from tests.support.people import House


def holds(packed: bytes) -> str:
    report = report_on(contents(packed))
    assert report.broken == []
    return report.text()


def test_the_bundle_of_a_confirmed_result_holds_and_says_who_confirmed_it(confirmed: Proposal, packed: bytes):
    said = holds(packed)
    assert "3 issues: axes, priorities, ranks and tiers follow from the tallies of 2 groups." in said
    assert "One tier was given by decision, with its reason; all else is as computed." in said
    assert f"Confirmed by the board: Approver (password, {confirmed.signatures.get().at.isoformat()})" in said
    assert confirmed.digest in said
    assert said.endswith("This bundle holds.")


def test_the_same_state_makes_the_same_bytes(confirmed: Proposal, packed: bytes):
    assert bundle_zip(confirmed.assessment, confirmed) == packed
    assert bundle_zip(confirmed.assessment) == packed
    assert bundle_of_results(confirmed.document, confirmed.assessment) == packed


def test_what_was_signed_is_the_hash_of_a_file(confirmed: Proposal, packed: bytes):
    assert verifier.sha256(contents(packed)["decided.json"]) == confirmed.digest == digest_of(confirmed.document)


def test_a_result_under_the_new_name_of_its_company_holds(override: Assessment, house: House):
    Assessment.objects.filter(pk=override.pk).update(company="Sample Ltd.")
    override.refresh_from_db()
    proposal = propose(assessment=override, body="the board", by=house.analyst)
    packed = bundle_zip(override, proposal)
    assert documents(packed)["decided.json"]["company_name"] == "Sample Ltd."
    assert "all else is as computed" in holds(packed)


def test_members_stand_as_ids_and_signers_with_their_names(confirmed: Proposal, packed: bytes, house: House):
    files = contents(packed)
    held = documents(packed)
    assert held["review.json"]["decisions"][0]["by"] == str(house.analyst.pk)
    assert held["review.json"]["roles"] == {str(house.analyst.pk): "analyst"}
    assert held["confirmation.json"]["proposal"]["signatures"][0]["name"] == "Approver"
    for name, raw in files.items():
        assert b"@example.org" not in raw, name
        assert (b'"Approver"' in raw) == (name == "confirmation.json"), name


def test_lines_of_others_are_hashes(confirmed: Proposal, house: House):
    for subject in ("members", "other-2030"):
        record(organisation=house.organisation, actor=house.owner, subject=subject, summary="something secret")
    record(organisation=house.organisation, actor=house.owner, subject=confirmed.assessment.slug, summary="the last")
    packed = bundle_zip(confirmed.assessment, confirmed)
    holds(packed)
    lines = documents(packed)["audit.json"]["lines"]
    assert [set(line) for line in lines[-3:-1]] == [{"position", "hash"}] * 2
    assert lines[-1]["summary"] == "the last"
    assert b"secret" not in packed
    assert b"other-2030" not in packed


def test_an_override_that_ended_is_kept_and_does_not_count(override: Assessment, house: House):
    one = Override.objects.get()
    Override.objects.filter(pk=one.pk).update(ended_at=one.at, ended_by=house.owner)
    packed = bundle_zip(override)
    assert "No tier was given by decision" in holds(packed)
    [told] = documents(packed)["review.json"]["decisions"]
    assert (told["counts"], told["reason"], told["ended_by"]) == (False, "A law comes into force.", str(house.owner.pk))


def test_an_earlier_run_is_bundled_from_what_it_kept(override: Assessment, answer: Answer):
    earlier = override.current.run
    answer("clients", [1, 2, 5])
    analyse_now(assessment=override)
    packed = bundle_of_results(decided_results(earlier), override)
    assert "follow from the tallies" in holds(packed)
    assert documents(packed)["manifest.json"]["run"] == str(earlier.pk)


def test_a_run_of_earlier_software_gets_its_tallies_while_answers_are_the_same(override: Assessment, answer: Answer):
    kept = override.current.run.inputs
    AnalysisRun.objects.update(inputs={})
    packed = bundle_zip(Assessment.objects.get())
    assert "follow from the tallies" in holds(packed)
    assert AnalysisRun.objects.get().inputs == kept


def test_where_the_answers_have_moved_on_it_says_that_nothing_was_computed_again(override: Assessment, answer: Answer):
    AnalysisRun.objects.update(inputs={})
    run = AnalysisRun.objects.get()
    answer("clients", [1, 2, 5])
    analyse_now(assessment=override)
    packed = bundle_of_results(run.results, override)
    assert "The tallies of this result were not kept" in holds(packed)
    assert {"tallies.json", "groups.json"}.isdisjoint(contents(packed))


def test_a_confirmation_that_became_void_is_told_with_why(confirmed: Proposal, house: House):
    reopen(proposal=confirmed, by=house.owner, because="The scope was wrong.")
    confirmed.refresh_from_db()
    packed = bundle_zip(confirmed.assessment, confirmed)
    assert "Proposal 1 to the board is not in force: void" in holds(packed)
    assert documents(packed)["confirmation.json"]["proposal"]["ended_because"] == "The scope was wrong."


@pytest.mark.parametrize(
    "choice",
    [
        Choice("mean", "cut_offs", ("4", "3")),
        Choice("distance", "axis_cut_offs", ("4", "3")),
        Choice("max", "natural_breaks"),
        Choice("min", "quantiles"),
    ],
    ids=lambda choice: f"{choice.priority}-{choice.rule}",
)
def test_results_by_other_methods_hold(answered: Assessment, answer: Answer, choice: Choice):
    answer("staff", [4, 0, 2])
    choose_method(assessment=answered, choice=choice)
    analyse_now(assessment=answered)
    assert "follow from the tallies" in holds(bundle_zip(answered))


def test_without_a_survey_the_list_is_what_is_confirmed(house: House):
    assessment = AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False)
    IssueFactory(assessment=assessment, code="a", name="Issue <A>")
    propose(assessment=assessment, body="the board", by=house.analyst)
    packed = bundle_zip(assessment)
    assert "No survey was held" in holds(packed)
    assert {"run.json", "method.json", "questionnaire.json"}.isdisjoint(contents(packed))
    assert documents(packed)["confirmation.json"]["proposal"]["state"] == "open"


def test_without_a_result_there_is_no_bundle(answered: Assessment):
    with pytest.raises(ValidationError, match="There is no result yet"):
        bundle_zip(answered)


def test_names_of_any_kind_are_packed_and_hold(answered: Assessment):
    name = "艾 \u0627\u0644 🙂 <script> =1+1 $_^ \\ \u2028" + "x" * 200
    answered.issues.filter(code="a").update(name=name)
    answered.groups.filter(code="staff").update(name=name[:60])
    analyse_now(assessment=answered)
    holds(bundle_zip(answered))


def test_the_program_checks_the_folder_that_it_was_unpacked_to(packed: bytes, tmp_path: Path):
    for name, raw in contents(packed).items():
        (tmp_path / name).write_bytes(raw)
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("This bundle holds.\n")
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    (tmp_path / "groups.json").unlink()
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "- run.json: is not what was packed" in ran.stdout
    assert "- groups.json: is missing" in ran.stdout


def test_names_that_the_screen_cannot_show_stop_nothing(override: Assessment, house: House, tmp_path: Path):
    propose(assessment=override, body="董事会", by=house.analyst)
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(bundle_zip(override))
    ran = subprocess.run(
        [sys.executable, verifier.__file__, str(bundle)],
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Proposal 1 to \\u8463" in ran.stdout


def test_the_program_runs_beside_the_zip_too(packed: bytes, tmp_path: Path):
    bundle = tmp_path / "evidence.zip"
    bundle.write_bytes(packed)
    assert verifier.main([str(bundle)]) == 0
    assert verifier.main([str(tmp_path / "nothing.zip")]) == 2
    assert verifier.main([str(tmp_path)]) == 2
    assert verifier.main(["--help"]) == 2
    bundle.write_bytes(b"something else")
    assert verifier.main([str(bundle)]) == 1


def test_commands_write_a_bundle_and_check_it(override: Assessment, tmp_path: Path):
    path, out = tmp_path / "evidence.zip", StringIO()
    call_command("export", override.slug, format="bundle", output=str(path), stdout=StringIO())
    call_command("verify", str(path), stdout=out)
    assert "This bundle holds." in out.getvalue()
    damaged = bytearray(path.read_bytes())
    damaged[damaged.index(b'"priority"')] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(CommandError, match=r"This bundle does not hold: [a-z]+\.json\."):
        call_command("verify", str(path))
    with pytest.raises(CommandError, match=r"nothing\.zip"):
        call_command("verify", str(tmp_path / "nothing.zip"))


def test_an_assessment_without_a_survey_is_exported(house: House, tmp_path: Path):
    IssueFactory(assessment=AssessmentFactory(organisation=house.organisation, slug="list", with_survey=False))
    path = tmp_path / "evidence.zip"
    call_command("export", "list", format="bundle", output=str(path), stdout=StringIO())
    call_command("verify", str(path), stdout=StringIO())


def test_the_last_seal_of_an_earlier_bundle_stands_in_a_later_one(override: Assessment, house: House):
    earlier = documents(bundle_zip(override))["audit.json"]["lines"][-1]["seal"]
    record(organisation=house.organisation, actor=house.owner, subject=override.slug, summary="went on")
    later = documents(bundle_zip(override))["audit.json"]["lines"]
    assert earlier in [line.get("seal") for line in later[:-1]]
