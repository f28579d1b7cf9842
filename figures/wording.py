"""The words on a figure, apart from the names in it. A caller that speaks another language passes its own `Wording`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """Sentences and names as `str.format` templates; the fields in braces are filled by the figures."""

    title: str = "{count} issues by importance to the company and to stakeholders"
    title_one: str = "One issue by importance to the company and to stakeholders"
    strip_title: str = "{count} issues by {axis}"
    strip_title_one: str = "One issue by {axis}"
    company_axis: str = "Importance to the company"
    stakeholders_axis: str = "Importance to stakeholders"
    strip_company: str = "importance to the company"
    strip_stakeholders: str = "importance to stakeholders"
    rank_axis: str = "Rank"
    axis_missing: str = "{axis}: no answers"
    matrix_description: str = (
        "Horizontal: importance to the company. Vertical: importance to stakeholders. "
        "The table with it has the same facts."
    )
    strip_description: str = "Vertical: {axis}. Horizontal: rank. The table with it has the same facts."
    point: str = "{rank}. {name}: company {company}, stakeholders {stakeholders}, tier {tier}"
    point_one_axis: str = "{rank}. {name}: {score}, tier {tier}"
    no_tier: str = "no tier"
    band: str = "{tier}, {count} issues"
    band_one: str = "{tier}, {count} issue"
    interval_key: str = "{percent} interval of each score"
    moved_key: str = "Moved aside: the dot is the score"
    scale: str = "Scale {low} to {high}; both axes start at {start}."
    scale_cut: str = "Scale {low} to {high}; both axes run from {start} to {end}."
    strip_scale: str = "Scale {low} to {high}; the axis starts at {start}."
    strip_scale_cut: str = "Scale {low} to {high}; the axis runs from {start} to {end}."
    counts: str = "Bands: fixed counts {values} on priority, {priority}."
    cut_offs: str = "Bands: cut-offs {values} on priority, {priority}."
    axis_cut_offs: str = "Bands: cut-offs {values} on both axes."
    natural_breaks: str = "Bands: natural breaks of priority, {priority}."
    quantiles: str = "Bands: shares of the issues by priority, {priority}."
    mean: str = "the mean of both axes"
    distance: str = "the distance from zero on both axes"
    maximum: str = "the higher of both axes"
    minimum: str = "the lower of both axes"
    intervals: str = "Intervals: {draws} resamples of the respondents."
    source: str = "Source: survey of {respondents}."
    source_simulated: str = "Source: {respondents}, all simulated."
    source_partly: str = "Source: survey of {respondents}, {simulated} of them simulated."
    respondents: str = "{count} people"
    respondents_one: str = "one person"
    simulated: str = "Simulated answers"
    numbers_only: str = "Numbers are ranks; the names are in the list."
    no_numbers: str = "Names and scores are in the list."
    some_numbers_only: str = "Where a name does not fit, the number is the rank in the list."
    left_out: str = "Not drawn for want of a score: {names}."
    and_more: str = "{count} more"
    decimal: str = "."
    thousands: str = ","


ENGLISH = Wording()
