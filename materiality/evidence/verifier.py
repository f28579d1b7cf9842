"""Checks an evidence bundle of Salient.

    python verify.py [BUNDLE]

BUNDLE is the ZIP file, or the folder that it was unpacked to; without it, the folder that this file lies in. Python 3.8
or newer is all that is needed. What is checked: that every file is as it was packed; that scores, ranks and tiers
follow from the tallies, computed again with fractions; that tiers given by decision are those of the decided result;
that signatures are given to that result; and that the lines of the audit trail form a chain. Ends with 0 where all of
it holds, with 1 where something does not, and with 2 where there is no bundle.

This program computes by itself and shares no arithmetic with the one that made the bundle: it follows docs/scoring.md.
It is one file because it travels alone.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import struct
import sys
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

FORMAT = 1
COMPLETE, PUBLIC = "complete", "public"
MANIFEST, SEALED = "manifest.json", "manifest.sha256"
# The files of a bundle, in the order in which they lie in the ZIP.
NAMES = (
    "README.txt", MANIFEST, SEALED, "run.json", "decided.json", "method.json", "groups.json", "tallies.json",
    "review.json", "confirmation.json", "audit.json", "questionnaire.json", "verify.py",
)  # fmt: skip
# What file managers leave in folders that were looked at, and Python in those that it ran in.
OF_THE_SYSTEM = (".DS_Store", "Thumbs.db", "desktop.ini", "__pycache__")
# What is not in the edition for anybody.
LEFT_OUT = (
    "names and identifiers of members, remarks and notes; decisions that do not count any more; the audit trail but "
    "for its hashes; letters to respondents; headcounts and invitations that nothing is weighed by; and, beside the "
    "result, how many answered of groups of few"
)
WHOLE = "the ZIP"
MOST_TOLD = 12
# Sums of squares that differ by less are as good: priorities are told as floating-point numbers.
EQUALLY_GOOD = Fraction(1, 10**9)


class Report:
    """What holds, what is to be known, and what does not hold: (file, what is wrong with it)."""

    def __init__(self) -> None:
        self.holds: list[str] = []
        self.notes: list[str] = []
        self.broken: list[tuple[str, str]] = []

    def breaks(self, name: str, what: str) -> None:
        self.broken.append((name, what))

    def text(self) -> str:
        lines = ["+ " + line for line in self.holds] + ["  " + line for line in self.notes]
        lines += ["- {}: {}".format(*one) for one in self.broken[:MOST_TOLD]]
        if len(self.broken) > MOST_TOLD:
            lines.append(f"- and {len(self.broken) - MOST_TOLD} more")
        files = ", ".join(dict.fromkeys(name for name, _ in self.broken))
        return "\n".join([*lines, f"This bundle does not hold: {files}." if files else "This bundle holds."])


def verify(path: str | Path) -> Report:
    """The report on a ZIP or a folder; OSError where it cannot be read."""
    report = Report()
    path = Path(path)
    others: list[str] = []
    if path.is_dir():
        files = {name: (path / name).read_bytes() for name in NAMES if (path / name).is_file()}
        if MANIFEST not in files and SEALED not in files:
            raise FileNotFoundError(f"{path} holds no bundle: there is no {MANIFEST} in it")
        others = sorted(one.name for one in path.iterdir() if one.name not in (*NAMES, *OF_THE_SYSTEM))
    else:
        files = unpack(path.read_bytes(), report)
    check(files, report)
    # Beside the bundle: what is in it is checked all the same.
    for name in others:
        report.breaks(name, "does not belong to the bundle; check it in a folder of its own")
    return report


def check(files: dict[str, bytes], report: Report) -> None:
    """Check the contents of a bundle, by file name; without any, what is wrong has been said."""
    if not files:
        return
    manifest = _check_files(files, report)
    if report.broken or manifest is None:
        report.notes.append("Nothing else was checked, as it would be checked against damaged files.")
        return
    held = {name: json.loads(content) for name, content in files.items() if name.endswith(".json")}
    if manifest.get("format") != FORMAT:
        report.breaks(MANIFEST, f"the bundle has format {manifest.get('format')}; this program reads format {FORMAT}")
        return
    edition = manifest.get("edition")
    if edition not in (COMPLETE, PUBLIC):
        report.breaks(MANIFEST, f"{edition!r} is no edition of a bundle")
        return
    said = "complete edition" if edition == COMPLETE else f"public edition. It leaves out {LEFT_OUT}"
    report.notes.append(f"This is the {said}.")
    for name, step in (
        ("tallies.json", _check_result),
        ("decided.json", _check_decided),
        ("confirmation.json", _check_confirmation),
        ("audit.json", _check_audit),
    ):
        try:
            step(held, files, report)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
            report.breaks(name, f"cannot be followed ({type(error).__name__}: {error})")


# --- the ZIP ------------------------------------------------------------------------------------------------------
# Files lie in it as they are, without compression, and every byte of the ZIP follows from their names and contents.
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DAY = 33  # 1 January 1980, the first day that a ZIP knows
_REGULAR_FILE = 0o100644 << 16


def pack(files: dict[str, bytes]) -> bytes:
    """The ZIP of these files."""
    return b"".join(content for _, _, content in _pieces(files))


def _pieces(files: dict[str, bytes]) -> list[tuple[str, str, bytes]]:
    """What a ZIP is made of, in order: (file, what of it, bytes)."""
    pieces: list[tuple[str, str, bytes]] = []
    directory: list[tuple[str, str, bytes]] = []
    offset = 0
    for name in (one for one in NAMES if one in files):
        content, called = files[name], name.encode("ascii")
        about = (20, 0, 0, 0, _DAY, zlib.crc32(content), len(content), len(content), len(called), 0)
        head = _LOCAL.pack(b"PK\3\4", *about) + called
        pieces += [(name, "its header in the ZIP is damaged", head), (name, "is damaged", content)]
        entry = _CENTRAL.pack(b"PK\1\2", 3 << 8 | 20, *about, 0, 0, 0, _REGULAR_FILE, offset) + called
        directory.append((name, "its entry in the directory of the ZIP is damaged", entry))
        offset += len(head) + len(content)
    size = sum(len(entry) for _, _, entry in directory)
    end = _END.pack(b"PK\5\6", 0, 0, len(directory), len(directory), size, offset, 0)
    return [*pieces, *directory, (WHOLE, "its end is damaged", end)]


def unpack(packed: bytes, report: Report) -> dict[str, bytes]:
    """The files in a ZIP; what of the ZIP is damaged is reported by the file that it belongs to."""
    files = _walk(packed)
    if files is None:
        files = _look_up(packed)
    if files is None:
        report.breaks(WHOLE, "is not as Salient packed it. If it was packed anew, unpack it and check the folder")
        return {}
    at = 0
    for name, what, content in _pieces(files):
        if packed[at : at + len(content)] != content:
            report.breaks(name, what)
        at += len(content)
    if len(packed) > at:
        report.breaks(WHOLE, f"{len(packed) - at} bytes too many lie behind its end")
    return files


def _walk(packed: bytes) -> dict[str, bytes] | None:
    """The files, read from the first header on; None where one header cannot be read."""
    files: dict[str, bytes] = {}
    at = 0
    while packed[at : at + 4] == b"PK\3\4" and len(packed) >= at + _LOCAL.size:
        size, length, extra = _LOCAL.unpack_from(packed, at)[-3:]
        start = at + _LOCAL.size + length + extra
        name = packed[at + _LOCAL.size : start - extra].decode("ascii", "replace")
        if name not in NAMES or name in files:
            return None
        files[name] = packed[start : start + size]
        at = start + size
    directory = packed[-6:-2]
    complete = packed[at : at + 4] == b"PK\1\2" or directory == struct.pack("<I", at)
    return files if files and complete else None


def _look_up(packed: bytes) -> dict[str, bytes] | None:
    """The files, found by the directory at the end; None where that cannot be read."""
    if len(packed) < _END.size or packed[-_END.size :][:4] != b"PK\5\6":
        return None
    _, _, _, count, _, _, at, _ = _END.unpack(packed[-_END.size :])
    files: dict[str, bytes] = {}
    for _ in range(count):
        if packed[at : at + 4] != b"PK\1\2" or len(packed) < at + _CENTRAL.size:
            return None
        fields = _CENTRAL.unpack_from(packed, at)
        size, length, offset = fields[9], fields[10], fields[-1]
        name = packed[at + _CENTRAL.size : at + _CENTRAL.size + length].decode("ascii", "replace")
        if name not in NAMES or name in files:
            return None
        start = offset + _LOCAL.size + length
        files[name] = packed[start : start + size]
        at += _CENTRAL.size + length
    return files


# --- the files ----------------------------------------------------------------------------------------------------
def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sealed(manifest: bytes) -> bytes:
    """The content of manifest.sha256: the hash of the manifest, and the hash of that line, so that a damaged manifest
    and a damaged hash are told apart."""
    line = f"{sha256(manifest)}  {MANIFEST}\n".encode()
    return line + f"{sha256(line)}  the line above\n".encode()


def digest_of(hashes: dict[str, str]) -> str:
    """One SHA-256 for all files of a bundle: over a line for each, as sha256sum writes it, by name."""
    return sha256("".join(f"{hashes[name]}  {name}\n" for name in sorted(hashes)).encode())


def _check_files(files: dict[str, bytes], report: Report) -> dict[str, Any] | None:
    """Every file against its SHA-256; the manifest where it can be trusted."""
    for name in (MANIFEST, SEALED):
        if name not in files:
            report.breaks(name, "is missing")
            return None
    if files[SEALED] != sealed(files[MANIFEST]):
        line, end, own = files[SEALED].partition(b"\n")
        if own != f"{sha256(line + end)}  the line above\n".encode():
            report.breaks(SEALED, "is not what was packed")
        else:
            report.breaks(MANIFEST, "is not what was packed")
            return None
    try:
        manifest = json.loads(files[MANIFEST])
        hashes = {name: str(about["sha256"]) for name, about in manifest["files"].items()}
        together = manifest["digest"]
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        report.breaks(MANIFEST, "cannot be read")
        return None
    for name, expected in hashes.items():
        if name not in files:
            report.breaks(name, "is missing")
        elif sha256(files[name]) != expected:
            report.breaks(name, "is not what was packed")
    for name in files:
        if name not in hashes and name not in (MANIFEST, SEALED):
            report.breaks(name, "is not listed in the manifest")
    if together != digest_of(hashes):
        report.breaks(MANIFEST, "its digest is not that of the files")
    for name in files:
        if name.endswith(".json") and not any(name == broken for broken, _ in report.broken):
            try:
                json.loads(files[name])
            except (ValueError, RecursionError):
                report.breaks(name, "is not JSON")
    if not report.broken:
        report.holds.append(f"{len(files)} files are as they were packed. Digest of the bundle: {together}")
    return manifest


# --- scores, ranks and tiers --------------------------------------------------------------------------------------
_NUMBER = re.compile(r"-?\d{1,1000}(\.\d{1,1000})?(e[+-]?\d{1,3})?(/\d{1,1000})?")


def exact(number: Any) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    text = str(number)
    if isinstance(number, bool) or not _NUMBER.fullmatch(text):
        raise ValueError(f"{text[:40]} is not a number")
    return Fraction(text)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _check_result(held: dict[str, Any], files: dict[str, bytes], report: Report) -> None:
    if "run.json" not in held:
        report.notes.append("No survey was held: the list of issues is the result, and there is nothing to compute.")
        return
    if "tallies.json" not in held:
        report.notes.append("The tallies of this result were not kept, so scores, ranks and tiers were not computed.")
        return
    run, method, tallies = held["run.json"], held["method.json"], held["tallies.json"]
    if run["method"] != method:
        report.breaks("method.json", "is not the method of run.json")
    if run["scale"] != tallies["scale"]:
        report.breaks("tallies.json", "has another scale than run.json")
    if sorted(tallies["issues"]) != sorted(issue["code"] for issue in run["issues"]):
        report.breaks("tallies.json", "is of other issues than run.json")
    if report.broken:
        return
    before = len(report.broken)
    computed = compute(method, held["groups.json"]["groups"], tallies, report)
    _compare(run, method, tallies, computed, report)
    if len(report.broken) == before:
        report.holds.append(
            f"{len(run['issues'])} issues: axes, priorities, ranks and tiers follow from the tallies of "
            f"{len(tallies['voices'])} groups."
        )
        report.notes.append("Not computed again: how sure places are, and figures of agreement. They are estimates.")


def compute(method: Any, groups: Any, tallies: Any, report: Report) -> dict[str, Any]:
    """Everything that follows from the tallies, exactly; lists by the issues of the tallies."""
    scale, voices, issues = tallies["scale"], tallies["voices"], range(len(tallies["issues"]))
    weights = weights_of(method, groups)
    missing = {"left_out": None, "lowest": scale[0], "middle": Fraction(scale[0] + scale[1], 2)}[method["cannot_judge"]]
    means = []
    for voice in voices:
        if exact(voice["weight"]) != sum(weights[code] for code in voice["groups"]):
            report.breaks("tallies.json", f"the weight of {voice['name']} is not what the method gives")
        means.append([_mean(voice, place, scale, missing, report) for place in issues])
    axes: list[list[Any]] = []
    for axis in method["axes"]:
        speaking = [(exact(v["weight"]), means[at]) for at, v in enumerate(voices) if v["axis"] == axis]
        axes.append([_weighted([(w, own[i]) for w, own in speaking if w and own[i] is not None]) for i in issues])
    present = [values for values in axes if any(value is not None for value in values)]
    keys = [_join(method["priority"], [values[i] for values in present]) for i in issues]
    return {
        "means": means,
        "axes": dict(zip(method["axes"], axes)),  # noqa: B905
        "keys": keys,
        "priority": [_priority(method["priority"], key) for key in keys],
        "ranks": [None if key is None else 1 + sum(o is not None and o > key for o in keys) for key in keys],
        "lowest": [None if key is None else min(values[i] for values in present) for i, key in enumerate(keys)],
    }


def weights_of(method: Any, groups: Any) -> dict[str, Fraction]:
    """The weight of each group by the method's rule: {code: weight}."""
    rule, found = method["weights"], {}
    for group in groups:
        # None: some have answered, and the public edition does not tell how few.
        given, answered = exact(group["given"]), group["answered"]
        if rule == "given" or not given or answered == 0:
            found[group["code"]] = given
        elif rule == "equal":
            found[group["code"]] = Fraction(1)
        elif rule == "headcount":
            found[group["code"]] = Fraction(group["headcount"])
        elif rule == "respondents":
            found[group["code"]] = Fraction(answered)
        elif rule == "response_rate":
            found[group["code"]] = Fraction(answered, group["headcount"] or group["invited"])
        elif rule == "power_interest":
            found[group["code"]] = exact(group["suggested"])
        else:
            raise ValueError(f"{rule!r} is not a rule for weights")
    return found


def _mean(voice: Any, place: int, scale: Any, missing: Any, report: Report) -> Fraction | None:
    # The public edition does not tell of how few people a voice is that tells of no rating.
    n, total, people = voice["ratings"][place], voice["sums"][place], voice["respondents"] or 0
    if not 0 <= n <= people or not scale[0] * n <= total <= scale[1] * n:
        report.breaks("tallies.json", f"{n} ratings of {people} people of {voice['name']} cannot add up to {total}")
    if not n:
        return None
    return Fraction(total, n) if missing is None else Fraction(total + missing * (people - n), people)


def _weighted(parts: list[tuple[Fraction, Any]]) -> Fraction | None:
    return sum(w * mean for w, mean in parts) / sum(w for w, _ in parts) if parts else None


def _join(rule: str, values: list[Any]) -> Any:
    """What issues are ordered by: the priority, or its square for the distance."""
    if not values or any(value is None for value in values):
        return None
    if rule == "mean":
        return sum(values) / len(values)
    if rule == "distance":
        return sum(value * value for value in values) / len(values)
    return {"max": max, "min": min}[rule](values)


def _priority(rule: str, key: Fraction | None) -> float | None:
    return None if key is None else math.sqrt(key) if rule == "distance" else float(key)


def tiers_of(method: Any, computed: dict[str, Any]) -> list[int | None]:
    """The place of each issue's tier, None without one; only where the rule parts ranks or sets limits."""
    rule, keys, ranks = method["rule"], computed["keys"], computed["ranks"]
    rated = sum(key is not None for key in keys)
    count = len(method["tiers"])
    if rule["kind"] in ("counts", "quantiles"):
        parts = rule.get("counts") or [exact(one) for one in rule.get("shares") or [f"1/{count}"] * count]
        ends = [math.ceil(sum(parts[: i + 1]) * (rated if rule["kind"] == "quantiles" else 1)) for i in range(count)]
        return [None if rank is None else sum(end < rank for end in ends) for rank in ranks]
    cuts = [exact(cut) for cut in rule["cuts"]]
    if rule["kind"] == "axis_cut_offs":
        return [None if low is None else sum(low < cut for cut in cuts) for low in computed["lowest"]]
    if rule["kind"] != "cut_offs":
        raise ValueError(f"{rule['kind']!r} is not a rule for tiers")
    limits = [cut * cut if method["priority"] == "distance" else cut for cut in cuts]
    return [None if key is None else sum(key < limit for limit in limits) for key in keys]


def breaks_fault(priorities: list[float | None], tiers: list[int | None], count: int) -> str:
    """Why these are not natural breaks (Fisher-Jenks); empty where no partition has less squares within its parts.

    Where two partitions are as good, either is right.
    """
    ordered = sorted(((p, t) for p, t in zip(priorities, tiers) if p is not None), key=lambda one: -one[0])  # noqa: B905
    if any(t is not None for p, t in zip(priorities, tiers) if p is None):  # noqa: B905
        return "an issue without priority has a tier"
    if len({p for p, _ in ordered}) < count:
        return "there are fewer priorities than tiers" if any(t is not None for _, t in ordered) else ""
    if any(t is None for _, t in ordered) or {t for _, t in ordered} != set(range(count)):
        return "an issue has no tier, or a tier no issue"
    tier_of: dict[Any, Any] = {}
    for value, tier in ordered:
        if tier_of.setdefault(value, tier) != tier or any(t > tier for t in tier_of.values()):
            return "tiers are not in the order of priorities"
    values = [Fraction(value) for value, _ in ordered]
    parts = [[value for value, (_, t) in zip(values, ordered) if t == tier] for tier in range(count)]  # noqa: B905
    own = sum(sum(v * v for v in part) - sum(part) ** 2 / len(part) for part in parts)
    return "" if own <= least_squares(values, count) + EQUALLY_GOOD else "another partition has less squares"


def least_squares(values: list[Fraction], count: int) -> Fraction:
    """The least sum of squares within `count` parts of ordered numbers (Fisher 1958), by dividing and conquering."""
    n = len(values)
    sums, squares = [Fraction()], [Fraction()]
    for value in values:
        sums.append(sums[-1] + value)
        squares.append(squares[-1] + value * value)

    def within(i, j):
        return squares[j] - squares[i] - (sums[j] - sums[i]) ** 2 / (j - i)

    best = [Fraction()] + [within(0, j) for j in range(1, n + 1)]
    for part in range(2, count + 1):
        following = [None] * (n + 1)
        # The last part of more numbers never begins earlier, so each half looks on one side of what the middle found.
        spans = [(part, n, part - 1, n - 1)]
        while spans:
            first, last, low, high = spans.pop()
            if first > last:
                continue
            middle = (first + last) // 2
            costs = [(best[i] + within(i, middle), i) for i in range(low, min(high, middle - 1) + 1)]
            following[middle], at = min(costs)
            spans += [(first, middle - 1, low, at), (middle + 1, last, at, high)]
        best = following
    return best[n]


def spreads_of(method: Any, voices: Any, means: Any) -> list[Any]:
    """Highest minus lowest group mean of each issue, of the question on which groups lie furthest apart."""
    found = []
    for i in range(len(means[0])):
        spreads = []
        for question in {voice["question"] for voice in voices}:
            asked = [own for voice, own in zip(voices, means) if voice["question"] == question]  # noqa: B905
            raters = [own for own in asked if own[i] is not None]
            levels = [Fraction()] * len(raters)
            if method["leniency"] == "centred":
                common = [j for j in range(len(means[0])) if all(own[j] is not None for own in raters)]
                if len(common) < 2:
                    continue
                levels = [sum(own[j] for j in common) / len(common) for own in raters]
            if len(raters) > 1:
                apart = [own[i] - level for own, level in zip(raters, levels)]  # noqa: B905
                spreads.append(max(apart) - min(apart))
        found.append(max(spreads) if spreads else None)
    return found


def _compare(run: Any, method: Any, tallies: Any, computed: dict[str, Any], report: Report) -> None:
    voices, names = tallies["voices"], method["tiers"]
    place_of = {code: place for place, code in enumerate(tallies["issues"])}
    told = {place_of[issue["code"]]: issue for issue in run["issues"]}
    of_run = [None if told[i]["tier"] is None else names.index(told[i]["tier"]) for i in range(len(told))]
    if method["rule"]["kind"] == "natural_breaks":
        tiers, fault = of_run, breaks_fault(computed["priority"], of_run, len(names))
        if fault:
            report.breaks("run.json", f"its tiers are no natural breaks: {fault}")
    else:
        tiers = tiers_of(method, computed)
    spreads = spreads_of(method, voices, computed["means"])
    questions = {voice["question"] for voice in voices}
    for i, issue in told.items():
        people = {q: sum(v["ratings"][i] for v in voices if v["question"] == q) for q in questions}
        expected = {
            **{axis: _float(values[i]) for axis, values in computed["axes"].items()},
            "priority": computed["priority"][i],
            "rank": computed["ranks"][i],
            "tier": None if tiers[i] is None else names[tiers[i]],
            "spread": _float(spreads[i]),
            "contested": spreads[i] is not None and spreads[i] >= exact(method["contested_spread"]),
            "n": max(people.values()),
        }
        for what, value in expected.items():
            if issue[what] != value:
                report.breaks("run.json", f"{issue['name']}: {what} is {issue[what]}, computed {value}")
        for voice, means in zip(voices, computed["means"]):  # noqa: B905
            cell = issue["groups"][voice["name"]]
            if not cell.get("hidden") and cell != {"mean": _float(means[i]), "n": voice["ratings"][i]}:
                report.breaks("run.json", f"{issue['name']}: the mean of {voice['name']} is not that of the tallies")
    for number, tier in enumerate(run["tiers"]):
        if tier != {"name": names[number], "count": tiers.count(number)}:
            report.breaks("run.json", f"the tier {tier['name']} has {tier['count']} issues, not {tiers.count(number)}")
    heard = {axis: [v for v in voices if v["axis"] == axis and any(v["ratings"])] for axis in method["axes"]}
    if len(run["stakeholder_groups"]) != len(voices):
        report.breaks("run.json", "its groups are not those of the tallies")
    for group, voice in zip(run["stakeholder_groups"], voices):  # noqa: B905
        weight, speaking = exact(voice["weight"]), heard[voice["axis"]]
        share = weight / sum(exact(v["weight"]) for v in speaking) if weight and voice in speaking else Fraction()
        people = voice["respondents"]
        # Of fewer than the result may tell of, neither it nor the public edition says how many they are.
        if people is None or (group["n"] is None and 0 < people < run["minimum_group"]):
            people = group["n"]
        heard_as = (voice["name"], float(weight), float(share), people)
        if (group["name"], group["weight"], group["share"], group["n"]) != heard_as:
            report.breaks("run.json", f"weight, share or number of {group['name']} is not that of the tallies")


# --- decisions and confirmation -----------------------------------------------------------------------------------
def canonical(document: Any) -> bytes:
    """A document as one text: what is signed is the SHA-256 of this."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def decide(run: Any, given: dict[str, Any]) -> Any:
    """The result with the tiers that were given by decision: {issue code: {"tier", "reason", "on"}}."""
    names = [tier["name"] for tier in run["tiers"]]
    issues = []
    for issue in run["issues"]:
        decision = given.get(issue["code"])
        if decision and decision["tier"] in names and issue["rank"] is not None:
            kept = {"tier": decision["tier"], "reason": decision["reason"], "on": decision["on"]}
            issue = {**issue, "tier": decision["tier"], "decision": {**kept, "computed_tier": issue["tier"]}}
        issues.append(issue)
    if not any("decision" in issue for issue in issues):
        return run
    in_tier = {name: sum(issue["tier"] == name for issue in issues) for name in names}
    tiers = [{**tier, "count": in_tier[tier["name"]], "computed_count": tier["count"]} for tier in run["tiers"]]
    return {**run, "issues": issues, "tiers": tiers}


def _check_decided(held: dict[str, Any], files: dict[str, bytes], report: Report) -> None:
    decided = held["decided.json"]
    if canonical(decided) != files["decided.json"]:
        report.breaks("decided.json", "is not written as what is signed: sorted, without spaces")
    if "run.json" not in held:
        return
    counting = [one for one in held["review.json"]["decisions"] if one["counts"]]
    # Decided results are called as the assessment is called then, runs as it was when they were computed.
    called = {name: decided[name] for name in ("title", "company_name", "reporting_period") if name in decided}
    expected = {**decide(held["run.json"], {one["issue"]: one for one in counting}), **called}
    if decided == expected:
        told = {0: "No tier was given by decision", 1: "One tier was given by decision, with its reason"}
        number = sum("decision" in issue for issue in decided["issues"])
        counted = told.get(number, f"{number} tiers were given by decision, with their reasons")
        report.holds.append(f"{counted}; all else is as computed.")
        return
    pairs = list(zip(decided.get("issues", []), expected["issues"]))  # noqa: B905
    names = [str(other["name"]) for one, other in pairs if one != other]
    where = f": {', '.join(names[:4])}" if names else ""
    report.breaks("decided.json", f"is not run.json with the decisions of review.json{where}")


def _check_confirmation(held: dict[str, Any], files: dict[str, bytes], report: Report) -> None:
    proposal, digest = held["confirmation.json"]["proposal"], sha256(files["decided.json"])
    if proposal is None:
        report.notes.append("This result was not put before a body that confirms.")
        return
    before = len(report.broken)
    signatures = proposal["signatures"]
    if proposal["digest"] != digest:
        report.breaks("confirmation.json", "what was proposed is not decided.json")
    for one in signatures:
        if one["digest"] != digest:
            report.breaks("confirmation.json", f"{_signer(one)} signed something else than decided.json")
    # Without names nobody can tell whether two signatures are of one person, nor whether givers of tiers signed.
    is_public = any("by" not in one for one in signatures)
    if is_public:
        report.notes.append(
            "Who signed is not told, so it was not checked that they are different people, and others than gave tiers."
        )
    confirmed = {
        number if is_public else one["by"] or one["name"]
        for number, one in enumerate(signatures)
        if one["verdict"] == "confirm"
    }
    names = ", ".join(f"{_signer(one)} ({one['means']}, {one['at']})" for one in signatures)
    if proposal["state"] == "confirmed":
        if len(confirmed) < proposal["people_needed"]:
            report.breaks("confirmation.json", f"{len(confirmed)} of {proposal['people_needed']} people confirmed it")
        givers = {one.get("by") for one in held["review.json"]["decisions"] if one["counts"]}
        if confirmed and confirmed <= givers:
            report.breaks("confirmation.json", "only people confirmed it who gave tiers themselves")
        told = f"Confirmed by {proposal['body']}: {names}."
    else:
        signed = f", signed by {names}" if names else ""
        told = f"Proposal {proposal['number']} to {proposal['body']} is not in force: {proposal['state']}{signed}."
    if len(report.broken) == before:
        report.holds.append(f"{told} SHA-256 of what was proposed: {digest}")


def _signer(signature: Any) -> str:
    """The name; in the public edition the role."""
    return str(signature.get("name") or f"a member as {signature['role']}")


# --- the audit trail ----------------------------------------------------------------------------------------------
_OF_A_LINE = ("position", "salt", "author", "at", "subject", "summary")


def _check_audit(held: dict[str, Any], files: dict[str, bytes], report: Report) -> None:
    chain, told, before = held["audit.json"], 0, len(report.broken)
    seal, last = chain["seal_before"], None
    for line in chain["lines"]:
        if last is not None and line["position"] != last + 1:
            report.breaks("audit.json", f"a line is missing before line {line['position']}")
        last, is_told = line["position"], "hash" not in line
        has_seal = is_told or "seal" in line or line is chain["lines"][-1]
        hashed = sha256(canonical({name: line[name] for name in _OF_A_LINE})) if is_told else line["hash"]
        seal = sha256((seal + hashed).encode())
        told += is_told
        if has_seal and seal != line["seal"]:
            report.breaks("audit.json", f"the chain breaks at or before line {last}")
            seal = line["seal"]
    if len(report.broken) == before:
        of = f"{told} lines about this assessment, in a chain of {len(chain['lines'])}" if told else ""
        of = of or f"a chain of {len(chain['lines'])} lines, of which only hashes are told"
        report.holds.append(f"Audit trail: {of}. Seal of the last: {seal}")


def main(arguments: list[str]) -> int:
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(__doc__ or "")
        return 2
    try:
        report = verify(arguments[0] if arguments else Path(__file__).resolve().parent)
    except OSError as error:
        sys.stdout.write(f"{error}\n")
        return 2
    sys.stdout.write(report.text() + "\n")
    return 1 if report.broken else 0


if __name__ == "__main__":
    # Where the screen cannot show a name, its letters stand as numbers.
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))
