"""From the long list to the short list: criteria, marks and decisions."""

from django.urls import path

from scoping.views import screening

urlpatterns = [
    path("a/<slug:slug>/scoping/screening/", screening.screening, name="screening"),
    path("a/<slug:slug>/scoping/screening/<int:version>/", screening.decision, name="decision"),
    path("a/<slug:slug>/scoping/screening/<int:version>/undo/", screening.undo, name="undo-decision"),
    path("a/<slug:slug>/scoping/criteria/", screening.criteria, name="criteria"),
    path(
        "a/<slug:slug>/scoping/criteria/<int:criterion_id>/remove/",
        screening.criterion_remove,
        name="criterion-remove",
    ),
    path("a/<slug:slug>/scoping/marks/", screening.marks, name="marks"),
    path("a/<slug:slug>/scoping/decide/", screening.decide, name="decide"),
]
