"""Fields and bodies that take what the schema says and nothing that looks like it: no "3" for 3, no unknown name."""

import base64
import binascii
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Input(serializers.Serializer):
    """The body of a request. A name that it does not know is refused, since it is mostly a slip."""

    example: ClassVar[Any] = None
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": "Send a JSON object: {{…}}."}
    part: ClassVar[str] = "field"

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            known = ", ".join(self.fields)
            message = f"This takes no {self.part}s."
            if known:
                message = f"There is no such {self.part}. {self.part.capitalize()}s: {known}."
            raise serializers.ValidationError({name: [message] for name in unknown})
        return super().to_internal_value(data)


class Output(serializers.Serializer):
    """The body of an answer."""

    example: ClassVar[Any] = None


class Query(Input):
    """The parameters of an address."""

    part = "parameter"


class Text(serializers.CharField):
    """A text: never a number that is written out. It may be empty where `allow_blank` says so; it is not trimmed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"trim_whitespace": False, **kwargs})

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class Base64(Text):
    """A file within JSON, as bytes."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return base64.b64decode(super().to_internal_value(data), validate=True)
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError("This is not Base64.") from error


class Whole(serializers.IntegerField):
    """A whole number: 3, not "3", 3.0 or true."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesNo(serializers.BooleanField):
    """true or false; not "yes" and not 1."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool) and not (data is None and self.allow_null):
            self.fail("invalid", input=data)
        return data


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 99_999.9999})
class Weight(serializers.DecimalField):
    """A weight as a number, 0 to 99,999.9999, with at most four decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=9, decimal_places=4, min_value=0, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)

    def to_representation(self, value: Decimal) -> Any:
        return float(value)


class QueryWhole(serializers.IntegerField):
    """A whole number in an address, in digits alone."""

    def to_internal_value(self, data: Any) -> int:
        if not re.fullmatch(r"\d{1,9}", str(data), re.ASCII):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class Choice(serializers.ChoiceField):
    """One of the values, as a text: ChoiceField alone would take what becomes one. A fault names the values."""

    default_error_messages: ClassVar = {"invalid_choice": '"{input}" is not a valid choice. There are: {choices}.'}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid_choice", input=data)
        return super().to_internal_value(data)

    def fail(self, key: str, **more: Any) -> None:
        super().fail(key, choices=", ".join(map(str, self.choices)), **more)
