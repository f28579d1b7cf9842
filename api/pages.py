"""The schema as a file, its page for people, and the answer to addresses that do not exist."""

import hashlib
from functools import cache
from typing import Any

from csp.decorators import csp_update
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views import defaults
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from api.problems import CONTENT_TYPE, Problem, handler

# Seconds for which a program need not ask again; then the ETag tells it whether anything is new.
SCHEMA_STAYS = 300
RENDERERS: dict[str, Any] = {"json": OpenApiJsonRenderer, "yaml": OpenApiYamlRenderer}


class SchemaFile(APIView):
    """The schema as JSON, or as YAML with ?format=yaml. For everybody: it tells no data."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    schema = None

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        renderer = RENDERERS["yaml" if request.query_params.get("format") == "yaml" else "json"]
        return renderer(), renderer.media_type

    def get(self, request: Request) -> HttpResponse:
        renderer = request.accepted_renderer
        content, digest = _schema_as(renderer.format)
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        response = HttpResponse(content, content_type=f"{renderer.media_type}{charset}")
        response["Content-Disposition"] = f'inline; filename="Salient.{renderer.format}"'
        response["ETag"] = f'"{digest}"'
        patch_cache_control(response, public=True, max_age=SCHEMA_STAYS)
        return get_conditional_response(request, etag=response["ETag"], response=response) or response


@cache
def _schema_as(format: str) -> tuple[bytes, str]:
    """The schema of this version, and a digest of it. It follows from the code alone, so a process makes it once."""
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)
        content: bytes = RENDERERS[format]().render(schema, renderer_context={})
    return content, hashlib.sha256(content).hexdigest()[:32]


# Swagger UI takes its icons from data: addresses in its style sheet; nothing else of the policy changes.
@require_safe
@csp_update({"img-src": ["data:"]})
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


class Nothing(APIView):
    """Whatever else is asked for below /api/."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        slash = "" if request.path.endswith("/") else " Addresses end with /."
        raise Problem("not-found", f"There is nothing at this address.{slash} See /api/v1/docs/.")

    def finalize_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what is refused before a view is asked, such as another host: below /api/ as everything there."""
    if not request.path.startswith("/api/"):
        return defaults.bad_request(request, exception)
    detail = "The request cannot be read."
    if isinstance(exception, DisallowedHost):
        detail = "The header Host does not name this service: send the one that stands in its address."
    answer = handler(Problem("unreadable", detail), {})
    return JsonResponse(answer.data, status=answer.status_code, content_type=CONTENT_TYPE)
