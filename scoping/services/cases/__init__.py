"""Loading a case: a published result becomes an assessment. Loading it again brings it up to date.

What users decide stays theirs: name, company and period of the assessment, whether it has a survey, weights and
sides of groups, names and sizes of tiers, entries of their own. So does what they write: the texts of an issue
sheet, why a group matters, where the report answers a disclosure. There the case only fills what is empty.
"""

from scoping.services.cases.loading import load_case

__all__ = ["load_case"]
