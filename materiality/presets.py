"""Methods to start from, named after what reports and the field do; each says what its source carries and what not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from materiality.scoring.tier_rules import AxisCutOffs, Counts, CutOffs, Quantiles
from materiality.scoring.weights import GroupFacts, missing_for
from materiality.services import Choice, TierScope
from scoping.wording import enumerated


@dataclass(frozen=True)
class Preset:
    """A choice with its name, and what it needs of the tiers.

    Attributes
    ----------
    says : what the source says, and where this is our reading.
    source : where to look it up.
    sizes : of the tiers, for methods of fixed counts; they are part of the scope and not of the choice.
    tiers : how many there have to be; None for any number.
    has_cuts : whether cut-offs are spread evenly over the scale, to be set where the board wants them.
    """

    slug: str
    name: str
    says: str
    source: str
    choice: Choice
    sizes: tuple[int, ...] = ()
    tiers: int | None = None
    has_cuts: bool = False


BEFORE = "before"
USUAL = Preset(
    "usual",
    gettext_noop("The usual method"),
    gettext_noop("Mean of both axes, weights as given; tiers by their sizes, or by natural breaks if they have none."),
    gettext_noop("This product’s rule"),
    Choice(),
)
PRESETS = (
    USUAL,
    Preset(
        "qifu-2022",
        "QiFu 2022: 9 / 7 / 2",
        gettext_noop(
            "The report ranks 18 issues under three headings of 9, 7 and 2. It does not say how both sides of its "
            "matrix became one rank: the mean is our reading."
        ),
        "QiFu Technology, ESG Report 2022, Analysis of Material Issues",
        Choice(rule=Counts.kind),
        sizes=(9, 7, 2),
    ),
    Preset(
        "atrenew-2021",
        "ATRenew 2021: 7 / 11 / 2",
        gettext_noop(
            "The report names 7 issues of high, 11 of intermediate and 2 of moderate importance on two axes. It does "
            "not say how both became one order: the mean is our reading."
        ),
        "ATRenew, ESG Report 2021, Identification of Material Issues",
        Choice(rule=Counts.kind),
        sizes=(7, 11, 2),
    ),
    Preset(
        "uxin-2022",
        gettext_noop("Uxin 2022: a list without tiers"),
        gettext_noop("The report publishes its list without ranks or tiers: one tier holds all issues."),
        "Uxin, ESG Report, fiscal year 2022, Materiality Management",
        Choice(rule=Quantiles.kind),
        tiers=1,
    ),
    Preset(
        "distance",
        gettext_noop("Distance from the origin, four tiers by rank"),
        gettext_noop("As Drova publishes it. That the four tiers are equally large is our reading."),
        "Drova, Interpreting your Materiality Matrix",
        Choice(priority="distance", rule=Quantiles.kind),
        tiers=4,
    ),
    Preset(
        "both-sides",
        gettext_noop("Both axes must reach the line"),
        gettext_noop(
            "The upper right field of the matrix. The ESG code of Hong Kong’s exchange leaves the line to the board: "
            "the cut-offs filled in only spread the tiers evenly over the scale."
        ),
        "HKEX, ESG Reporting Code: materiality is the threshold that the board determines",
        Choice(priority="min", rule=AxisCutOffs.kind),
        has_cuts=True,
    ),
    Preset(
        "either-side",
        gettext_noop("Either axis suffices"),
        gettext_noop(
            "The convention of double materiality: one perspective is enough. Its perspectives are impact and finance; "
            "the axes here are others. The cut-offs filled in only spread the tiers evenly over the scale."
        ),
        "ESRS 1, section 3.3",
        Choice(priority="max", rule=CutOffs.kind),
        has_cuts=True,
    ),
    Preset(
        "all-people",
        gettext_noop("For all people, not only those who answered"),
        gettext_noop(
            "Groups weigh by their headcounts, and certainty is corrected for how much of each has answered: the "
            "answers are read as a sample of known groups."
        ),
        "Cochran (1977), Sampling Techniques, 3rd ed., ch. 2 and 5",
        Choice(weights="headcount", finite_population=True),
    ),
)


@dataclass(frozen=True)
class Offer:
    """A preset for one assessment: the choice that it fills in, or what has to change before it can."""

    preset: Preset
    choice: Choice | None
    obstacle: str = ""
    page: str = ""


def offers_for(scope: TierScope, facts: Sequence[GroupFacts], before: Preset | None = None) -> list[Offer]:
    """Every preset, with its choice where it fits; first the method of the period before, where there is one."""
    return [_offer(preset, scope, facts) for preset in (*([before] if before else []), *PRESETS)]


def method_before(period: str, choice: Choice) -> Preset:
    """What was chosen in the assessment before, as something to start from."""
    name = _("As in %(period)s") % {"period": period or _("the period before")}
    return Preset(BEFORE, name, _("The method of the assessment before, so that both years compare."), "", choice)


def offered(slug: str, offers: Sequence[Offer]) -> Choice | None:
    """The choice of the preset with that name; None where there is none, or it does not fit."""
    return next((offer.choice for offer in offers if offer.preset.slug == slug), None)


def _offer(preset: Preset, scope: TierScope, facts: Sequence[GroupFacts]) -> Offer:
    obstacle, page = _obstacle(preset, scope, facts)
    if obstacle:
        return Offer(preset, None, obstacle, page)
    if not preset.has_cuts:
        return Offer(preset, preset.choice)
    low, high = scope.scale
    tiers = len(scope.names)
    cuts = tuple(f"{low + (high - low) * k / tiers:.3g}" for k in range(tiers - 1, 0, -1))
    return Offer(preset, Choice(priority=preset.choice.priority, rule=preset.choice.rule, cuts=cuts))


def _obstacle(preset: Preset, scope: TierScope, facts: Sequence[GroupFacts]) -> tuple[str, str]:
    """What is in the way, and the page on which to change it."""
    if preset.sizes and scope.issues != sum(preset.sizes):
        words = _("It parts %(of)s issues; this list has %(issues)s. Give the tiers sizes of your own instead.")
        return words % {"of": sum(preset.sizes), "issues": scope.issues}, "scoping:tiers"
    if preset.sizes and scope.counts != preset.sizes:
        words = _("Give the tiers the sizes %(sizes)s first.")
        return words % {"sizes": " / ".join(map(str, preset.sizes))}, "scoping:tiers"
    if preset.tiers is not None and len(scope.names) != preset.tiers:
        words = _("It has another number of tiers: %(of)s instead of %(tiers)s. Change them first.")
        return words % {"of": preset.tiers, "tiers": len(scope.names)}, "scoping:tiers"
    if preset.choice.cuts and len(preset.choice.cuts) != len(scope.names) - 1:
        words = _("It has %(cuts)s cut-offs, which part %(of)s tiers; here there are %(tiers)s. Change them first.")
        cuts = len(preset.choice.cuts)
        return words % {"cuts": cuts, "of": cuts + 1, "tiers": len(scope.names)}, "scoping:tiers"
    if preset.has_cuts and len(scope.names) < 2:
        return _("It needs two tiers or more. Add one first."), "scoping:tiers"
    missing = missing_for(preset.choice.weights, facts)
    if missing:
        words = _("Enter the headcount of %(groups)s first.")
        return words % {"groups": enumerated([group.name for group in missing], most=4)}, "scoping:stakeholders"
    return "", ""
