"""What scores say about a stakeholder group: how to engage with it, and how much it should weigh in the survey.

Pure: it knows scores and names, neither the database nor pages. Two models, each of which asks for scores from 1 to 5.

Power and interest. A grid of four strategies. Cited as Mendelow, A. L. (1991), Stakeholder mapping, Proceedings of the
2nd International Conference on Information Systems, Cambridge, Massachusetts (his paper of 1981 in these proceedings
sets power against dynamism); with interest as the second axis in Eden, C. and Ackermann, F. (1998), Making Strategy:
The Journey of Strategic Management, London: Sage.

Salience. Seven classes by the attributes that a stakeholder holds, and those who hold none: Mitchell, R. K.,
Agle, B. R. and Wood, D. J. (1997), Toward a Theory of Stakeholder Identification and Salience, Academy of Management
Review 22 (4), 853-886.

None of them sets a line on a scale from 1 to 5, and none derives a weight. Both are this product's rules: see `HIGH`
and `Model.suggest`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, gettext_noop

from scoping.wording import enumerated

LOWEST, HIGHEST = 1, 5
# From here on a score is high, and an attribute held. The middle of the scale counts as high: in doubt, talk.
HIGH = 3
# What each score means, in words that fit every attribute.
LEVELS = {
    1: gettext_noop("none, or hardly any"),
    2: gettext_noop("a little"),
    3: gettext_noop("considerable"),
    4: gettext_noop("much"),
    5: gettext_noop("very much"),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a group is scored on, and the question that the score answers."""

    slug: str
    name: str
    question: str


POWER = Attribute(
    "power",
    gettext_noop("Power"),
    gettext_noop("Can the group change what the company does, even against the company’s wish?"),
)
INTEREST = Attribute(
    "interest", gettext_noop("Interest"), gettext_noop("How much does the group care about what the company does?")
)
LEGITIMACY = Attribute(
    "legitimacy",
    gettext_noop("Legitimacy"),
    gettext_noop("Is what the group asks for proper: by law, by contract, by what people hold right?"),
)
URGENCY = Attribute(
    "urgency",
    gettext_noop("Urgency"),
    gettext_noop("Does its claim press: would delay be hard for the group, and the matter grave to it?"),
)


@dataclass(frozen=True, slots=True)
class StakeholderClass:
    """Where the scores put a group: a strategy of the grid, or a class of salience with its level."""

    slug: str
    name: str
    advice: str
    level: str = ""


MANAGE_CLOSELY = StakeholderClass(
    "manage-closely",
    gettext_noop("Manage closely"),
    gettext_noop("Work together: ask early, decide with them in mind, report back."),
)
KEEP_SATISFIED = StakeholderClass(
    "keep-satisfied",
    gettext_noop("Keep satisfied"),
    gettext_noop("Meet their needs and ask at turning points; do not flood them."),
)
KEEP_INFORMED = StakeholderClass(
    "keep-informed",
    gettext_noop("Keep informed"),
    gettext_noop("Tell them what happens, listen for problems, and let them take part."),
)
MONITOR = StakeholderClass(
    "monitor", gettext_noop("Monitor"), gettext_noop("Watch with little effort, and look again when something changes.")
)

DEFINITIVE = StakeholderClass(
    "definitive",
    gettext_noop("Definitive"),
    gettext_noop("Holds all three: act on its claim first, and without delay."),
    gettext_noop("Definitive"),
)
DOMINANT = StakeholderClass(
    "dominant",
    gettext_noop("Dominant"),
    gettext_noop("Power and legitimacy: it is heard anyway; have a fixed way to talk."),
    gettext_noop("Expectant"),
)
DANGEROUS = StakeholderClass(
    "dangerous",
    gettext_noop("Dangerous"),
    gettext_noop("Power and urgency without legitimacy: may force its claim; prepare, and talk."),
    gettext_noop("Expectant"),
)
DEPENDENT = StakeholderClass(
    "dependent",
    gettext_noop("Dependent"),
    gettext_noop("Legitimacy and urgency without power: needs others to be heard; speak up for it."),
    gettext_noop("Expectant"),
)
DORMANT = StakeholderClass(
    "dormant", gettext_noop("Dormant"), gettext_noop("Power alone, unused: keep an eye on it."), gettext_noop("Latent")
)
DISCRETIONARY = StakeholderClass(
    "discretionary",
    gettext_noop("Discretionary"),
    gettext_noop("Legitimacy alone: nothing presses; engage of your own accord."),
    gettext_noop("Latent"),
)
DEMANDING = StakeholderClass(
    "demanding",
    gettext_noop("Demanding"),
    gettext_noop("Urgency alone: loud, but without a lever; listen, then decide."),
    gettext_noop("Latent"),
)
NO_STAKEHOLDER = StakeholderClass(
    "non-stakeholder",
    gettext_noop("Non-stakeholder"),
    gettext_noop("Holds none of the three: look again when something changes."),
    gettext_noop("None"),
)

_STRATEGIES = {
    (True, True): MANAGE_CLOSELY,
    (True, False): KEEP_SATISFIED,
    (False, True): KEEP_INFORMED,
    (False, False): MONITOR,
}
_CLASSES = {
    (True, True, True): DEFINITIVE,
    (True, True, False): DOMINANT,
    (True, False, True): DANGEROUS,
    (False, True, True): DEPENDENT,
    (True, False, False): DORMANT,
    (False, True, False): DISCRETIONARY,
    (False, False, True): DEMANDING,
    (False, False, False): NO_STAKEHOLDER,
}


def is_high(score: int) -> bool:
    """Whether a score is on the high side of the line. ValueError for what is no score."""
    return _checked(score) >= HIGH


def _checked(score: int) -> int:
    if score not in LEVELS:
        raise ValueError(f"A score is a whole number from {LOWEST} to {HIGHEST}, not {score!r}.")
    return score


def strategy(*, power: int, interest: int) -> StakeholderClass:
    """How to engage with a group, by the square of the grid that it stands in."""
    return _STRATEGIES[is_high(power), is_high(interest)]


def salience(*, power: int, legitimacy: int, urgency: int) -> StakeholderClass:
    """The class of a group, by the attributes that it holds."""
    return _CLASSES[is_high(power), is_high(legitimacy), is_high(urgency)]


def mean_score(*, power: int, interest: int) -> Decimal:
    """The weight that power and interest suggest, 1 to 5: the mean of both, exactly."""
    return Decimal(_checked(power) + _checked(interest)) / 2


def attributes_held(*, power: int, legitimacy: int, urgency: int) -> Decimal:
    """The weight that salience suggests, 0 to 3: how many attributes the group holds."""
    return Decimal(sum(map(is_high, (power, legitimacy, urgency))))


def in_plain(weight: Decimal) -> str:
    """A weight as people write it: 4.5, not 4.5000."""
    return f"{weight.normalize():f}"


@dataclass(frozen=True, slots=True)
class Model:
    """A way to weigh groups: what is scored, where scores put a group, and the weight that they suggest.

    `classes` are in the order of their importance. `source` names the literature, `rule` the suggestion.
    """

    slug: str
    name: str
    attributes: tuple[Attribute, ...]
    classes: tuple[StakeholderClass, ...]
    classify: Callable[..., StakeholderClass]
    suggest: Callable[..., Decimal]
    rule: str
    source: str

    @property
    def asked(self) -> str:
        """What is scored, in a sentence in the language of the page: "power and interest"."""
        return enumerated([gettext(attribute.name).lower() for attribute in self.attributes])

    def judge(self, scores: Mapping[str, int]) -> "Judgement | None":
        """What `scores`, by attribute, say; None while one is missing. Scores of other attributes are not read."""
        if any(attribute.slug not in scores for attribute in self.attributes):
            return None
        read = {attribute.slug: scores[attribute.slug] for attribute in self.attributes}
        return Judgement(self.classify(**read), self.suggest(**read))


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a group stands, and the weight that this suggests."""

    of_class: StakeholderClass
    weight: Decimal


POWER_INTEREST = Model(
    slug="power-interest",
    name=gettext_noop("Power and interest"),
    attributes=(POWER, INTEREST),
    classes=(MANAGE_CLOSELY, KEEP_SATISFIED, KEEP_INFORMED, MONITOR),
    classify=strategy,
    suggest=mean_score,
    rule=gettext_noop("the mean of power and interest, 1 to 5"),
    source="Mendelow (1991); Eden and Ackermann (1998)",
)
SALIENCE = Model(
    slug="salience",
    name=gettext_noop("Salience"),
    attributes=(POWER, LEGITIMACY, URGENCY),
    classes=(
        DEFINITIVE,
        DOMINANT,
        DANGEROUS,
        DEPENDENT,
        DORMANT,
        DISCRETIONARY,
        DEMANDING,
        NO_STAKEHOLDER,
    ),
    classify=salience,
    suggest=attributes_held,
    rule=gettext_noop("the number of attributes held, 0 to 3"),
    source="Mitchell, Agle and Wood (1997)",
)
MODELS = {model.slug: model for model in (POWER_INTEREST, SALIENCE)}
