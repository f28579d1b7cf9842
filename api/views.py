"""What the addresses of the API share: whose key it is, what it may, and one reply to one idempotency key."""

from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from accounts.acting import through_key
from accounts.models import Organisation, User
from accounts.tokens import READ, Access
from api.idempotency import once
from api.problems import Problem

# Characters. The web server's own limit, whose answer is no problem document, is 8,190 for the line with the address.
LONGEST_QUERY = 4_000


class ApiViews(ViewSet):
    """Actions of one kind of thing, within the organisation of the key.

    Attributes
    ----------
    tag : under which the schema lists them.
    noun : the first part of each operation's id.
    writes : the scope that an action needs which changes something.
    scopes : of single actions, where it is another.
    by_people : actions that a service's key may not take, whatever its scopes: somebody answers for them.
    largest_body : bytes of a request, where it may have more than others; 0: API_LARGEST_BODY.
    """

    tag: ClassVar[str]
    noun: ClassVar[str]
    writes: ClassVar[str] = ""
    scopes: ClassVar[dict[str, str]] = {}
    by_people: ClassVar[frozenset[str]] = frozenset()
    largest_body: ClassVar[int] = 0
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "put", "patch", "delete"]

    @classmethod
    def scope_of(cls, action: str) -> str:
        operation = getattr(getattr(cls, action), "operation", None)
        reads = operation is not None and operation.reads
        return cls.scopes.get(action) or (READ if reads else cls.writes)

    @property
    def access(self) -> Access:
        return cast(Access, self.request.auth)

    @property
    def organisation(self) -> Organisation:
        return self.access.organisation

    @property
    def person(self) -> User | None:
        """Who acts; None for a service."""
        return self.access.person

    @property
    def answering(self) -> User:
        """Who acts, where a person has to (`by_people`)."""
        return cast(User, self.access.person)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            raise Problem(
                "too-long",
                f"The query has {len(query):,} characters; up to {LONGEST_QUERY:,} are read. Ask for less at a time.",
            )
        super().initial(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As APIView does it, with the action done once for one idempotency key, and the key told to the record."""
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        response: HttpResponse
        try:
            self.initial(asked, *args, **kwargs)
            method = (asked.method or "").lower()
            named = method in self.http_method_names and hasattr(self, method)
            act: Any = getattr(self, method) if named else self.http_method_not_allowed
            with through_key(self.access.token.name):
                response = once(asked, lambda: act(asked, *args, **kwargs))
        except MethodNotAllowed:
            detail = f"It takes {', '.join(self.allowed_methods)}."
            response = self.handle_exception(Problem("no-such-method", detail))
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(asked, response, *args, **kwargs)
        self.response.setdefault("Cache-Control", "private, no-store")
        return self.response
