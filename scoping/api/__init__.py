"""The scope through the API, from assessments to the content index. Serializers and calls of services."""

from scoping.api import (
    assessments,
    contacts,
    continuity,
    criteria,
    duplicates,
    imports,
    issues,
    libraries,
    mentions,
    notes,
    peers,
    record,
    scores,
    screening,
    stakeholders,
)

urlpatterns = [
    *assessments.urlpatterns,
    *continuity.urlpatterns,
    *stakeholders.urlpatterns,
    *scores.urlpatterns,
    *contacts.urlpatterns,
    *issues.urlpatterns,
    *duplicates.urlpatterns,
    *mentions.urlpatterns,
    *screening.urlpatterns,
    *criteria.urlpatterns,
    *libraries.urlpatterns,
    *imports.urlpatterns,
    *notes.urlpatterns,
    *peers.urlpatterns,
    *record.urlpatterns,
]
