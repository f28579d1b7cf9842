"""What each choice about the method means: a sentence, its formula, and where it comes from. Pure words.

Pages show them in their language; a run keeps them in English (`kept_choices`), and the report prints them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality.scoring.method import Method
from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, NaturalBreaks, Quantiles

COLON = gettext_noop(": ")
OWN_RULE = gettext_noop("This product’s rule")
HWANG_YOON = "Hwang and Yoon (1981), Multiple Attribute Decision Making"
COCHRAN = "Cochran (1977), Sampling Techniques, 3rd ed."


@dataclass(frozen=True)
class Option:
    """One value of a choice. `said` is how a method statement tells of it; empty where it is the usual one."""

    value: str
    label: str
    sentence: str
    formula: str
    reference: str
    said: str = ""


@dataclass(frozen=True)
class Choosing:
    """Something to be chosen: the name of the field, what it is called, what it is about, and its options."""

    name: str
    label: str
    about: str
    options: tuple[Option, ...]

    def option(self, value: str) -> Option:
        return next(option for option in self.options if option.value == value)


AXES_LABEL = gettext_noop("Axes")
AXES = Option(
    "company, stakeholders",
    gettext_noop("Importance to the company, importance to stakeholders"),
    gettext_noop(
        "Internal groups speak for the company and external ones for stakeholders; where both importances were asked "
        "for, every group speaks for both."
    ),
    gettext_noop("x_i = Σ w_g m_gi / Σ w_g, over the groups g of the axis with answers to issue i, m_gi their mean"),
    gettext_noop("This product’s rule, after the matrices of many reports"),
)
WEIGHTS = Choosing(
    "weights",
    gettext_noop("Weights of the groups"),
    gettext_noop("How much each group counts on its axis. A group with the weight 0 is left out by every rule."),
    (
        Option(
            "given",
            gettext_noop("As given"),
            gettext_noop("Each group counts with the weight that the working group gave it."),
            gettext_noop("w_g = the weight given to group g"),
            OWN_RULE,
        ),
        Option(
            "power_interest",
            gettext_noop("By power and interest"),
            gettext_noop("Each group counts with the mean of its scores of power and interest, whatever was given."),
            gettext_noop("w_g = (power_g + interest_g) / 2, each from 1 to 5"),
            gettext_noop(
                "Scores: Mendelow (1991); Eden and Ackermann (1998), Making Strategy. Their mean as a weight is this "
                "product’s rule"
            ),
            gettext_noop("Groups weigh by the mean of their scores of power and interest."),
        ),
        Option(
            "headcount",
            gettext_noop("By group size"),
            gettext_noop(
                "Each group counts with the number of its people, so that an axis estimates the mean over all of them, "
                "whoever answered (post-stratification to known headcounts)."
            ),
            gettext_noop("w_g = N_g, the people in group g"),
            f"{COCHRAN}, ch. 5; Holt and Smith (1979), Post stratification, Journal of the Royal Statistical "
            "Society A 142, 33–46",
            gettext_noop("Groups weigh by their headcounts, to which the answers are post-stratified."),
        ),
        Option(
            "respondents",
            gettext_noop("By answers"),
            gettext_noop("Every respondent counts the same, so that groups with many answers count more."),
            gettext_noop("w_g = n_g, the people of group g who answered"),
            OWN_RULE,
            gettext_noop("Groups weigh by the number of their respondents."),
        ),
        Option(
            "response_rate",
            gettext_noop("By response rate"),
            gettext_noop("A group counts the more, the larger the part of it is that has answered."),
            gettext_noop("w_g = n_g / N_g; with the invited people instead of N_g where the headcount is not known"),
            OWN_RULE,
            gettext_noop("Groups weigh by their response rates."),
        ),
        Option(
            "equal",
            gettext_noop("All the same"),
            gettext_noop("Each group counts the same, however large it is and however many of it answered."),
            "w_g = 1",
            OWN_RULE,
            gettext_noop("All groups weigh the same."),
        ),
    ),
)
PRIORITY = Choosing(
    "priority",
    gettext_noop("Priority of an issue"),
    gettext_noop("How the two axes become one number, by which issues are ranked."),
    (
        Option(
            "mean",
            gettext_noop("Mean of both axes"),
            gettext_noop("Both axes count the same, and one makes up for the other."),
            "p = (x + y) / 2",
            f"{HWANG_YOON}: simple additive weighting",
        ),
        Option(
            "max",
            gettext_noop("The higher axis"),
            gettext_noop("One side is enough: an issue ranks by the axis on which it is more important."),
            "p = max(x, y)",
            f"{HWANG_YOON}: maximax",
        ),
        Option(
            "min",
            gettext_noop("The lower axis"),
            gettext_noop("Both sides are needed: an issue ranks by the axis on which it is less important."),
            "p = min(x, y)",
            f"{HWANG_YOON}: maximin",
        ),
        Option(
            "distance",
            gettext_noop("Distance from the origin"),
            gettext_noop("Almost as the mean, with more for issues that one side finds very important."),
            "p = √((x² + y²) / 2)",
            gettext_noop("Distance: as Drova publishes it. Bringing it back to the scale is this product’s rule"),
        ),
    ),
)
RULE = Choosing(
    "rule",
    gettext_noop("How issues get their tier"),
    gettext_noop("Where the ranked list is parted. Names and sizes of the tiers are set under Scoping."),
    (
        Option(
            "",
            gettext_noop("As the tiers say"),
            gettext_noop("Fixed counts where the tiers have sizes that add up to the list, else natural breaks."),
            "",
            OWN_RULE,
        ),
        Option(
            Counts.kind,
            gettext_noop("Fixed counts"),
            gettext_noop("Each tier takes as many issues as its size says; ties share the higher tier."),
            gettext_noop("tier t holds the ranks from c_1 + … + c_(t−1) + 1 to c_1 + … + c_t"),
            gettext_noop("As ranked lists of reports are headed, such as QiFu (2022): 9, 7 and 2 issues"),
        ),
        Option(
            CutOffs.kind,
            gettext_noop("Cut-offs on priority"),
            gettext_noop("An issue is in the first tier whose cut-off its priority reaches; the cut-off itself is in."),
            gettext_noop("tier t where p ≥ c_t, and p < c_(t−1)"),
            OWN_RULE,
        ),
        Option(
            AxisCutOffs.kind,
            gettext_noop("Cut-offs on both axes"),
            gettext_noop("An issue is in the first tier whose cut-off both of its axes reach: the upper right field."),
            gettext_noop("tier t where min(x, y) ≥ c_t, and min(x, y) < c_(t−1)"),
            f"{HWANG_YOON}: conjunctive method",
        ),
        Option(
            NaturalBreaks.kind,
            gettext_noop("Natural breaks"),
            gettext_noop("Tiers are parted where the scores leave the widest gaps: least squares within tiers."),
            gettext_noop("minimise Σ_t Σ_(i in t) (p_i − mean of tier t)²"),
            "Fisher (1958), On grouping for maximum homogeneity, Journal of the American Statistical Association 53, "
            "789–798; Jenks (1967), The data model concept in statistical mapping",
        ),
        Option(
            Quantiles.kind,
            gettext_noop("Equal shares"),
            gettext_noop("Each tier takes the same share of the ranked list; an issue on the edge goes up."),
            gettext_noop("tier t ends at rank ⌈t n / T⌉, of n issues and T tiers"),
            OWN_RULE,
        ),
    ),
)
CANNOT_JUDGE = Choosing(
    "cannot_judge",
    gettext_noop("“Cannot judge”"),
    gettext_noop(
        "What a missing rating counts as. Where nobody of a group rated an issue, or too few to be shown, nothing is "
        "filled in. To count as a rating it needs all answers to be shown: while a survey is open, the newest wait."
    ),
    (
        Option(
            "left_out",
            gettext_noop("Left out"),
            gettext_noop("A mean is that of the people who rated the issue."),
            gettext_noop("m = S / n, the sum of ratings over the people who rated"),
            "Little and Rubin (2002), Statistical Analysis with Missing Data, 2nd ed., ch. 3: available cases",
        ),
        Option(
            "lowest",
            gettext_noop("As the lowest rating"),
            gettext_noop("Who cannot judge an issue is taken to find it unimportant."),
            gettext_noop("m = (S + (N − n) · lowest) / N, over all N respondents"),
            OWN_RULE,
            gettext_noop("A missing rating counts as the lowest one."),
        ),
        Option(
            "middle",
            gettext_noop("As the middle of the scale"),
            gettext_noop("Who cannot judge an issue is taken to be undecided; only on a scale that has a middle."),
            gettext_noop("m = (S + (N − n) · middle) / N, over all N respondents"),
            OWN_RULE,
            gettext_noop("A missing rating counts as the middle of the scale."),
        ),
    ),
)
LENIENCY = Choosing(
    "leniency",
    gettext_noop("Scale handling"),
    gettext_noop(
        "Some groups rate everything higher than others. Axes take ratings as they are: where all rated the same "
        "issues, levels move no rank. This decides which issues are called contested."
    ),
    (
        Option(
            "as_rated",
            gettext_noop("As rated"),
            gettext_noop("Groups are compared by their means as they are."),
            gettext_noop("spread = highest m_g − lowest m_g"),
            OWN_RULE,
        ),
        Option(
            "centred",
            gettext_noop("Each group’s level taken away"),
            gettext_noop(
                "Groups are compared by how far an issue lies above or below their own mean, so that a lenient group "
                "does not seem to disagree on everything."
            ),
            gettext_noop(
                "spread = highest (m_g − l_g) − lowest (m_g − l_g), with l_g the mean of group g over the issues that "
                "all groups compared have answered"
            ),
            "Cronbach (1955), Processes affecting scores on “understanding of others” and “assumed similarity”, "
            "Psychological Bulletin 52, 177–193: elevation",
            gettext_noop("Groups are compared after each one’s own level is taken away."),
        ),
    ),
)
FINITE_POPULATION = Choosing(
    "finite_population",
    gettext_noop("Size of the population"),
    gettext_noop("Whether it counts for certainty how much of a group has answered. Points and tiers do not change."),
    (
        Option(
            "no",
            gettext_noop("As a sample of many"),
            gettext_noop("The people who answered stand for others like them, without end."),
            "SE = s / √n",
            "Smyth (2004), Linear models and empirical Bayes methods for assessing differential expression in "
            "microarray experiments, Statistical Applications in Genetics and Molecular Biology 3, article 3: s of "
            "issues with few answers moderated towards that of the others",
        ),
        Option(
            "yes",
            gettext_noop("Finite population correction"),
            gettext_noop(
                "The more of a group has answered, the narrower its spread; nothing is left unsure once all have. "
                "Only where the headcount is known."
            ),
            "SE = s / √n · √(1 − n / N)",
            f"{COCHRAN}, ch. 2",
            gettext_noop("Where headcounts are known, certainty is corrected for finite populations."),
        ),
    ),
)
CHOICES = (WEIGHTS, PRIORITY, RULE, CANNOT_JUDGE, LENIENCY, FINITE_POPULATION)


def chosen(method: Method) -> list[tuple[Choosing, Option]]:
    """The option of each choice that `method` is made of."""
    values = {
        "rule": method.rule.kind,
        "finite_population": "yes" if method.finite_population else "no",
    }
    return [(one, one.option(values.get(one.name) or getattr(method, one.name))) for one in CHOICES]


def departures(method: Method) -> list[str]:
    """Where the method is not the usual one, in sentences in the language of the page; priority and tiers have theirs
    elsewhere."""
    return [_(option.said) for _choosing, option in chosen(method) if option.said]


def kept_choices(method: Method, *, rated: bool = True) -> list[dict[str, str]]:
    """Every choice with what it means, as a run keeps it: in English, so that it can be read in years to come.

    Without ratings (`rated`) nobody was offered “cannot judge”, and it is told of only where it is not as usual.
    """
    return _rows(method, rated, str)


def told_choices(method: Method, *, rated: bool = True) -> list[dict[str, str]]:
    """`kept_choices` in the language of the page; names of publications are as they are."""
    return _rows(method, rated, lambda text: _(text) if text else "")


def _rows(method: Method, rated: bool, tell: Callable[[str], str]) -> list[dict[str, str]]:
    made = [(one, option) for one, option in chosen(method) if rated or option.said or one != CANNOT_JUDGE]
    rows = [(AXES_LABEL, AXES), *((one.label, option) for one, option in made)]
    return [
        {
            "choice": tell(label),
            "value": option.value,
            "label": f"{tell(option.label)}{_numbers(method, tell) if label == RULE.label else ''}",
            "sentence": tell(option.sentence),
            "formula": tell(option.formula),
            "reference": tell(option.reference),
        }
        for label, option in rows
    ]


def _numbers(method: Method, tell: Callable[[str], str]) -> str:
    """The numbers of a tier rule that has some."""
    rule = method.rule
    if isinstance(rule, Counts):
        return f"{tell(COLON)}{' / '.join(map(str, rule.counts))}"
    if isinstance(rule, CutOffs | AxisCutOffs):
        return f"{tell(COLON)}{' / '.join(f'{float(cut):g}' for cut in rule.exact_cuts)}"
    return ""
