"""The period before, the next one, and notes on the process."""

from django.urls import path

from scoping.views import continuity

urlpatterns = [
    path("a/<slug:slug>/scoping/changes/", continuity.changes, name="changes"),
    path("a/<slug:slug>/scoping/previous/", continuity.previous, name="previous"),
    path("a/<slug:slug>/scoping/predecessors/", continuity.predecessors, name="predecessors"),
    path("a/<slug:slug>/scoping/issues/<slug:code>/predecessors/", continuity.predecessors_of, name="predecessors-of"),
    path("a/<slug:slug>/scoping/carry-forward/", continuity.next_assessment, name="carry-forward"),
    path("a/<slug:slug>/scoping/notes/", continuity.note, name="note-new"),
    path("a/<slug:slug>/scoping/notes/<int:note_id>/", continuity.note, name="note"),
    path("a/<slug:slug>/scoping/notes/<int:note_id>/remove/", continuity.note_remove, name="note-remove"),
]
