"""Whether a key may do what it asks for: its scopes, and for what a person has to answer for, that it is a person's."""

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from api.views import ApiViews


class KeyMay(BasePermission):
    """Needs the scope that the view names for the action. An action of a person's is refused to services."""

    def has_permission(self, request: Request, view: "ApiViews") -> bool:
        access = request.auth
        if access is None:
            raise NotAuthenticated("Send a key: Authorization: Bearer slt_…")
        if view.action is None or view.action == "metadata":
            return True  # there is no such method, which is said next
        scope = view.scope_of(view.action)
        if scope not in access.scopes:
            raise PermissionDenied(
                f"This needs the scope {scope}; the key has {', '.join(sorted(access.scopes)) or 'none'}. A personal "
                "key never may do more than the role of its person."
            )
        if access.person is None and view.action in view.by_people:
            raise PermissionDenied("A person answers for this: use a personal key, not a service's.")
        return True
