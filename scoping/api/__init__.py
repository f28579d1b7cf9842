"""The scope through the API: assessments, stakeholders, issues, tiers, screening. Serializers and calls of services."""

from scoping.api import assessments, issues, mentions, screening, stakeholders

urlpatterns = [
    *assessments.urlpatterns,
    *stakeholders.urlpatterns,
    *issues.urlpatterns,
    *mentions.urlpatterns,
    *screening.urlpatterns,
]
