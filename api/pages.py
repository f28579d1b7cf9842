"""The schema as a file, its page for people, and the answer to addresses that do not exist."""

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from api.problems import Problem


class SchemaFile(SpectacularAPIView):
    """The schema as JSON, or as YAML with ?format=yaml. For everybody: it tells no data."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]  # noqa: RUF012 (as the library has it)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        if request.query_params.get("format") == "yaml":
            return OpenApiYamlRenderer(), OpenApiYamlRenderer.media_type
        return OpenApiJsonRenderer(), OpenApiJsonRenderer.media_type


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
