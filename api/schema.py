"""The schema (OpenAPI 3.1), from what operations say of themselves (api/operations.py)."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import is_list_serializer
from drf_spectacular.utils import OpenApiExample

from api.fields import Input
from api.idempotency import HEADER
from api.operations import Operation
from api.paging import Pages
from api.problems import CONTENT_TYPE, KINDS
from api.views import ApiViews

KEY_SCHEME = "key"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
_FAULT = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "pointer": {"type": "string", "description": "Where in the body, as a JSON pointer; # is the whole."},
        "parameter": {"type": "string", "description": "Which parameter of the address."},
        "header": {"type": "string", "description": "Which header."},
        "detail": {"type": "string"},
    },
}


def _kinds_of(status: int) -> dict[str, str]:
    return {kind: title for kind, (code, title) in KINDS.items() if code == status}


def _response(status: int) -> dict[str, Any]:
    kinds = _kinds_of(status)
    examples = {
        kind: {
            "value": {"type": f"urn:salient:problem:{kind}", "title": title, "status": status, "detail": f"{title}."}
        }
        for kind, title in kinds.items()
    }
    content = {CONTENT_TYPE: {"schema": _PROBLEM, "examples": examples}}
    described: dict[str, Any] = {"description": "; or: ".join(kinds.values()) + ".", "content": content}
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 429:
        described["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return described


COMPONENTS = {
    "schemas": {
        "Problem": {
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string", "enum": [f"urn:salient:problem:{kind}" for kind in KINDS]},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string", "description": "What is wrong, and what to do."},
                "errors": {"type": "array", "items": _FAULT},
            },
        }
    },
    "responses": {f"Problem{status}": _response(status) for status in sorted({code for code, _ in KINDS.values()})},
    "securitySchemes": {
        KEY_SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A key from Members, API keys: `Authorization: Bearer slt_…`",
        }
    },
}


class Schema(AutoSchema):
    """Summaries from docstrings, examples from serializers, scopes and errors from the views."""

    view: ApiViews

    @property
    def about(self) -> Operation:
        found: Operation = getattr(self.view, self.view.action).operation
        return found

    def get_operation_id(self) -> str:
        return f"{self.view.noun}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        return str(super().get_description()).partition("\n")[0].removesuffix(".")

    def get_description(self) -> str:
        action = self.view.action
        text = str(super().get_description()).partition("\n")[2].strip()
        person = " A personal key: somebody answers for it." if action in self.view.by_people else ""
        return f"{text}\n\nNeeds the scope `{self.view.scope_of(action)}`.{person}".strip()

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{KEY_SCHEME: [self.view.scope_of(self.view.action)]}]

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get_operation(*args, **kwargs)
        if found is None:  # the schema itself is not told of
            return None
        statuses = {400, 401, 403, 406, 414, 429, 500}
        if "{" in self.path:
            statuses.add(404)
        if not self.about.reads:
            statuses.add(409)
        if "requestBody" in found:
            statuses |= {413, 415}
        if self.method == "POST":
            statuses.add(422)
            found.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": HEADER,
                    "description": "The same key with the same request, within 24 hours, is done once.",
                    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
                    "example": "8a1f0c52-import-2026-11",
                }
            )
        for status in sorted(statuses):
            found["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
        return found

    def get_examples(self) -> list[OpenApiExample]:
        about = self.about
        examples = []
        if about.takes is not None and about.takes.example is not None:
            examples.append(OpenApiExample("Request", about.takes.example, request_only=True))
        if about.gives is not None and about.gives.example is not None:
            example = OpenApiExample("Answer", about.gives.example, response_only=True)
            example.status_codes = ["200", "201", "202"]
            examples.append(example)
        return examples

    def _is_list_view(self, serializer: Any = None) -> bool:
        return is_list_serializer(serializer)

    def _get_paginator(self) -> Pages | None:
        return Pages() if self.about.many else None

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Output")

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, Input):
            schema["additionalProperties"] = False
        return schema


def with_components(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Adds what operations refer to. As a hook: settings cannot import this."""
    for kind, components in COMPONENTS.items():
        result["components"].setdefault(kind, {}).update(components)
    _forget_marks(result)
    return result


def _forget_marks(part: Any) -> None:
    """Takes away the library's own marks on enumerations."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
        for inner in part.values():
            _forget_marks(inner)
    elif isinstance(part, list):
        for inner in part:
            _forget_marks(inner)
