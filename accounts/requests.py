"""The request as views under /o/<organisation>/ get it: OrganisationMiddleware has let this member in."""

from django.http import HttpRequest

from accounts.models import Membership, Organisation, User


class MemberRequest(HttpRequest):
    user: User
    organisation: Organisation
    membership: Membership
