"""The counted answers of a survey as analyses take them over: how each group answered, as far as it may be shown."""

from dataclasses import dataclass

from scoping.models import StakeholderGroup
from surveys.models import Item, Questionnaire
from surveys.tally import Tally


@dataclass(frozen=True)
class GroupAnswers:
    """What one stakeholder group's answers add up to, as far as it may be shown: of people, or simulated, never both.

    Attributes
    ----------
    people : the answers of respondents; nobody's as long as simulated ones stand in for them.
    simulated : the simulated answers, where they stand in.
    held_back : respondents who are counted, and join what is shown when more have come (surveys/release.py).
    is_whole : whether all that is counted is shown, of the kind of answers that stands.
    population : how many people the group has for this survey; None where nobody knows.
    """

    group: StakeholderGroup
    people: Tally
    simulated: Tally
    held_back: int
    is_whole: bool
    population: int | None

    @property
    def tally(self) -> Tally:
        return self.people + self.simulated

    @property
    def waits(self) -> bool:
        """Whether people of the group have answered, and nothing of the group is shown yet."""
        return self.held_back > 0 and not self.tally.respondents


@dataclass(frozen=True)
class FoldedSurvey:
    """Everything that an analysis starts from: the questions, a tally per group, what is not counted yet.

    Attributes
    ----------
    untallied : answers of which a result can be made once they are counted.
    stands_in : whether the survey's simulated answers stand in for people's.
    set_aside : simulated answers that are stored and do not count, since people's do.
    """

    questionnaire: Questionnaire
    items: list[Item]
    groups: list[GroupAnswers]
    untallied: int
    stands_in: bool = False
    set_aside: int = 0

    @property
    def kind(self) -> bool | None:
        """Where both kinds of answers are counted, whether it is the simulated ones that stand; else None."""
        if self.set_aside or (self.stands_in and self.held_back):
            return self.stands_in
        return None

    @property
    def held_back(self) -> int:
        return sum(answers.held_back for answers in self.groups)
