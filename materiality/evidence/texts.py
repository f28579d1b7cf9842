"""What the README of a bundle says."""

from collections.abc import Iterable, Mapping
from textwrap import fill
from typing import Any

from materiality.evidence.verifier import LEFT_OUT

WHAT: dict[str, str] = {
    "README.txt": "this text",
    "manifest.json": "every file with its size and its SHA-256",
    "manifest.sha256": "the SHA-256 of the manifest",
    "run.json": "the result as it was computed",
    "decided.json": "the result with the tiers that were given by decision; this is what is proposed and signed",
    "method.json": "every choice between answers and tiers",
    "groups.json": "the stakeholder groups, and what their weights come from",
    "tallies.json": "how many people of each group rated each issue, and the sum of their ratings",
    "review.json": "the tiers that were given by decision, with reasons",
    "confirmation.json": "what was put before the body that confirms, and the signatures",
    "audit.json": "what was done in this assessment, as a part of the organisation's audit trail",
    "questionnaire.json": "what was asked, of whom and in which words",
    "verify.py": "a program that checks all of this",
}

_README = """\
{title}
{company}, {period}

This is the evidence behind a materiality assessment, made by Salient. It holds:

{files}

To check it, unpack it and run, with Python 3.8 or newer and nothing else:

    python verify.py

The program says which file was changed, if one was, and computes scores, ranks and tiers again from the tallies.

What it shows, and what it does not. Each seal in the audit trail covers all lines before it, and the SHA-256 of
decided.json is what was signed: it stands on the meeting paper too. The last seal of an earlier bundle stands in
audit.json of a later one. Whoever compares these with what they were given earlier knows that nothing was changed
since. A bundle by itself cannot show that it was not made anew as a whole, nor that the answers were given by those
who were asked. How sure places are is an estimate and is not computed again.

People. Nobody's answers are in it: of every group there are sums, of as many people as the survey promised at least,
and nothing that the result itself does not tell.
{people}
"""
_COMPLETE = """\
Members of the working group stand as identifiers without names; who signed stands with name and role.

This is the complete edition: for members, and for auditors to whom they give it.
"""
_PUBLIC = """\
Who gave tiers is not told; signatures stand with roles and without names.

"""
_LEAVES_OUT = f"""\
This is the public edition: anybody may have it. It leaves out {LEFT_OUT}. Of a group of fewer people than the survey \
promised, groups.json and tallies.json do not tell how many answered, unless groups weigh by that. run.json and \
decided.json are as they were computed and signed, with every number and note of the result.
"""


def readme(document: Mapping[str, Any], names: Iterable[str], *, public: bool = False) -> str:
    """The text of README.txt for a bundle of `document` with these files."""
    people = _PUBLIC + fill(_LEAVES_OUT, 118) if public else _COMPLETE
    width = max(len(name) for name in WHAT)
    return _README.format(
        title=document["title"],
        company=document["company_name"],
        period=document["reporting_period"],
        people=people.rstrip(),
        files="\n".join(f"    {name:<{width}}  {WHAT[name]}" for name in WHAT if name in names),
    )
