"""Somebody who keeps every result that is shown, and works out what they say together.

The reader is given more than anybody has: which people are in which number. Each answer has a rating that no other
answer to that question has, so the counts that a result was made of say whose they are, and the reader's model of
every number is checked against the number itself.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest

from materiality.models import AnalysisRun
from materiality.services import NothingToAnalyse, analyse_now
from materiality.voices import issue_items, voices_of
from scoping.models import Assessment, Side
from surveys.answers import Extras
from surveys.keys import personal_token
from surveys.links import personal_link
from surveys.models import Anonymity, Invitation, Survey, SurveyLink
from surveys.selectors import tallies_of
from surveys.services import change_response, close_survey, open_survey, reopen_survey, submit_response
from surveys.services.excluding import exclude, include_again
from surveys.services.inviting import add_invitations
from tests.support.factories import AssessmentFactory, IssueFactory, StakeholderGroupFactory, SurveyFactory
from tests.support.people import House

IN, OUT = Side.INTERNAL, Side.EXTERNAL
# A prime: the ratings of one question that the answers 0, 1, 2, ... get are all different.
RATINGS = 251
HASTE = 5  # seconds; flagged beside others who took a minute

Asked = tuple[str, str]  # axis and issue: what one unknown of each answer belongs to
Shares = dict[int, Fraction]


@dataclass
class Reader:
    """A result says linear things about ratings: each shown mean, and each axis, is a sum of them with known shares.

    Attributes
    ----------
    authors : person of each answer; somebody who changes an answer has two.
    rows : what was said of each question, as shares by answer.
    """

    authors: list[int] = field(default_factory=list)
    rows: dict[Asked, list[Shares]] = field(default_factory=lambda: defaultdict(list))

    def reads(self, run: AnalysisRun, assessment: Assessment) -> None:
        survey = tallies_of(assessment)
        assert survey
        voices = voices_of(survey)
        found = {issue["code"]: issue for issue in run.results["issues"]}
        for place, item in enumerate(issue_items(survey)):
            issue = found[item.code]
            for axis in ("company", "stakeholders"):
                parts = []
                for voice in voices:
                    if voice.axis != axis:
                        continue
                    position = self._position(axis, item.position, len(survey.items))
                    members = self._members(voice.input.tally.histogram[place], position)
                    cell = issue["groups"][voice.input.name]
                    parts.append((Fraction(voice.input.weight), members))
                    if cell["mean"] is not None:
                        assert not voice.hidden[place]
                        self._says((axis, item.code), position, _mean(members), cell["mean"])
                total = sum(weight for weight, members in parts if members)
                if issue[axis] is None:
                    assert total == 0
                    continue
                shares: Shares = defaultdict(Fraction)
                for weight, members in parts:
                    for answer, share in _mean(members).items():
                        shares[answer] += weight / total * share
                self._says((axis, item.code), position, {k: v for k, v in shares.items() if v}, issue[axis])

    @staticmethod
    def _position(axis: str, position: int, items: int) -> int:
        """Where the question of this axis stands in an answer: with both importances they follow one another."""
        both = Survey.objects.get().both_importances
        return position + items // 2 if both and axis == "stakeholders" else position

    def _members(self, histogram: np.ndarray, position: int) -> list[int]:
        assert histogram.max() <= 1
        rated = set((np.flatnonzero(histogram) + 1).tolist())
        return [answer for answer in range(len(self.authors)) if rating(answer, position) in rated]

    def _says(self, asked: Asked, position: int, shares: Shares, value: float) -> None:
        said = sum(share * rating(answer, position) for answer, share in shares.items())
        assert float(said) == pytest.approx(value), "the reader's model of the result is wrong"
        if shares not in self.rows[asked]:
            self.rows[asked].append(shares)

    def smallest_set_told_about(self, most: int) -> int:
        """The smallest number of people of whom a combination of all results says something, looked for up to `most`
        people; `most` + 1 if there is none."""
        return min((self._smallest(rows, most) for rows in self.rows.values()), default=most + 1)

    def _smallest(self, rows: Sequence[Shares], most: int) -> int:
        table = np.zeros((len(rows), len(self.authors)))
        for at, shares in enumerate(rows):
            for answer, share in shares.items():
                table[at, answer] = share
        # Whatever is combined, people whose shares are equal everywhere come in together or not at all.
        of_person: dict[int, list[tuple[float, ...]]] = defaultdict(list)
        for answer, author in enumerate(self.authors):
            if table[:, answer].any():
                of_person[author].append(tuple(table[:, answer]))
        alike: dict[tuple[tuple[float, ...], ...], int] = defaultdict(int)
        for columns in of_person.values():
            alike[tuple(columns)] += 1
        classes = sorted(alike.items(), key=lambda one: one[1])
        blocks, sizes = [np.array(columns).T for columns, _ in classes], [size for _, size in classes]
        rank = np.linalg.matrix_rank(np.hstack(blocks)) if blocks else 0
        found = most + 1
        for number in range(1, len(blocks) + 1):
            if sum(sizes[:number]) >= found:
                break
            for chosen in itertools.combinations(range(len(blocks)), number):
                people = sum(sizes[at] for at in chosen)
                if people < found and _rank_without(blocks, chosen) < rank:
                    found = people
        return found


def rating(answer: int, position: int) -> int:
    return answer * (position + 1) % RATINGS + 1


def _mean(members: Sequence[int]) -> Shares:
    return {answer: Fraction(1, len(members)) for answer in members}


def _rank_without(blocks: Sequence[np.ndarray], chosen: Iterable[int]) -> int:
    others = [block for at, block in enumerate(blocks) if at not in set(chosen)]
    return int(np.linalg.matrix_rank(np.hstack(others))) if others else 0


@dataclass
class Play:
    """A survey, the people who answer it, and a reader who looks at its results now and then.

    Parameters
    ----------
    sides : code of each group -> for whom it speaks.
    invited : so many people of each group get a personal link, and may change their answers.
    """

    house: House
    sides: dict[str, str]
    k: int
    weights: dict[str, int] = field(default_factory=dict)
    both: bool = False
    invited: int = 0
    reader: Reader = field(default_factory=Reader)

    def __post_init__(self) -> None:
        assessment = AssessmentFactory(organisation=self.house.organisation, slug="example-2027")
        for position, code in enumerate("abc"):
            IssueFactory(assessment=assessment, code=code, name=f"Issue {code.upper()}", position=position)
        for position, (code, side) in enumerate(self.sides.items()):
            weight = self.weights.get(code, 1)
            StakeholderGroupFactory(
                assessment=assessment, code=code, name=code.title(), side=side, position=position, weight=weight
            )
        anonymity = Anonymity.CONFIDENTIAL if self.invited else Anonymity.ANONYMOUS
        self.survey = SurveyFactory(
            assessment=assessment,
            minimum_group=self.k,
            both_importances=self.both,
            anonymity=anonymity,
            editable=bool(self.invited),
        )
        for group in assessment.groups.all() if self.invited else ():
            rows = [(f"{group.code}{number}@example.org", "", "en") for number in range(self.invited)]
            add_invitations(survey=self.survey, group=group, rows=rows)
        open_survey(survey=self.survey, scale=(1, RATINGS))
        self.people: list[str] = []

    def answers(self, group: str, times: int = 1, *, skip: str = "", hasty: bool = False) -> None:
        """So many more people of the group answer; they cannot judge the issues in `skip`."""
        for _ in range(times):
            ratings = self._ratings(skip)
            number = self.people.count(group)
            self.reader.authors.append(len(self.people))
            self.people.append(group)
            extras = Extras(seconds=HASTE if hasty else 60)
            submit_response(link=self._link(group, number), answers=ratings, extras=extras)

    def changes(self, group: str, number: int, *, skip: str = "") -> None:
        """The person of that number in the group changes the answer."""
        ratings = self._ratings(skip)
        at = [person for person, own in enumerate(self.people) if own == group][number]
        self.reader.authors.append(at)
        change_response(link=self._link(group, number), answers=ratings, extras=Extras(seconds=60))

    def _ratings(self, skip: str) -> bytes:
        answer = len(self.reader.authors)
        codes = "abcabc" if self.both else "abc"
        return bytes(0 if code in skip else rating(answer, at) for at, code in enumerate(codes))

    def _link(self, group: str, number: int):
        if not self.invited:
            return SurveyLink.objects.get(survey=self.survey, group__code=group)
        invitation = Invitation.objects.get(survey=self.survey, address=f"{group}{number}@example.org")
        return personal_link(personal_token(bytes(invitation.nonce)))

    def looks(self) -> None:
        assessment = Assessment.objects.get()
        try:
            run = analyse_now(assessment=assessment)
        except NothingToAnalyse:
            return
        self.reader.reads(run, assessment)

    def weighs(self, **weights: int) -> None:
        for code, weight in weights.items():
            Assessment.objects.get().groups.filter(code=code).update(weight=weight)

    def excludes(self, flag: str = "speeder"):
        return exclude(survey=self.survey, flag=flag, reason="They only clicked through.")

    def includes(self, exclusion) -> None:
        include_again(exclusion=exclusion)

    def closes(self) -> None:
        close_survey(survey=self.survey)

    def reopens(self) -> None:
        reopen_survey(survey=self.survey)

    @property
    def tells_of(self) -> int:
        """Of how few people the results say something; k if of none that are fewer."""
        assert any(self.reader.rows.values())
        return self.reader.smallest_set_told_about(self.k - 1)
