"""What all requests and answers have in common."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar, overload

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    NaiveDatetime,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")


class ApiModel(BaseModel):
    """camelCase on the wire, immutable; built from entities by attribute."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        from_attributes=True,
        frozen=True,
        protected_namespaces=(),
    )


class RequestModel(ApiModel):
    """A request body; what the contract does not name never reaches a row."""

    model_config = ConfigDict(extra="forbid")

    def sent_values(self, *without: str) -> dict[str, Any]:
        """Return the values that the request names, by attribute."""
        known = self.model_fields_set.intersection(type(self).model_fields)
        names = known.difference(without)
        return {name: _plain(getattr(self, name)) for name in sorted(names)}


@overload
def dumped(model: BaseModel) -> dict[str, Any]: ...


@overload
def dumped(model: BaseModel | None) -> dict[str, Any] | None: ...


def dumped(model: BaseModel | None) -> dict[str, Any] | None:
    """Return what a JSON column holds of a model: what the request named."""
    if model is None:
        return None
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return dumped(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class _NeverNull:
    """Null is for Python only: the document of the API does not know it."""

    refused: bool

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Refuse null in a request."""
        schema = handler(source)
        if not self.refused:
            return schema
        return core_schema.no_info_before_validator_function(_refuse_null, schema)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Document the value without null."""
        described = handler(schema)
        others = [
            item for item in described.get("anyOf", ()) if item != {"type": "null"}
        ]
        if not others:
            return described
        return others[0] if len(others) == 1 else {**described, "anyOf": others}


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("must not be null")
    return value


Omittable = Annotated[T | None, _NeverNull(refused=True)]
"""A value that a request may leave out, but not set to null."""


_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _refuse_number(value: object) -> object:
    """Pydantic would take a bare number for seconds since 1970."""
    is_text = isinstance(value, str) and _ISO_DATE.match(value) is not None
    if is_text or isinstance(value, date):
        return value
    raise ValueError("must be a date in the form of RFC 3339")


IsoDatetime = Annotated[AwareDatetime, BeforeValidator(_refuse_number)]
IsoLocalDatetime = Annotated[NaiveDatetime, BeforeValidator(_refuse_number)]
IsoDate = Annotated[date, BeforeValidator(_refuse_number)]


EmailText = Annotated[str, WithJsonSchema({"type": "string", "format": "email"})]
"""An address that was checked when it was stored."""


@dataclass(frozen=True, slots=True)
class AsText:
    """Marks an exact number that the contract writes as text of this form."""

    pattern: str = r"^-?\d+(\.\d+)?$"

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Look at the text before it becomes a number."""
        return core_schema.no_info_before_validator_function(
            self._checked, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Document the text."""
        return {"type": "string", "pattern": self.pattern}

    def _checked(self, value: object) -> object:
        is_text = isinstance(value, str) and re.search(self.pattern, value) is not None
        if is_text or isinstance(value, Decimal):
            return value
        raise ValueError(f"must be text that matches {self.pattern}")


@dataclass(frozen=True, slots=True)
class AsNumber:
    """Marks a number that text and booleans do not stand for."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Look at the value before Pydantic converts it."""
        return core_schema.no_info_before_validator_function(
            self._checked, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Document the number, not the text that Pydantic takes as well."""
        described = handler(schema)
        alternatives = described.get("anyOf", [described])
        return next(item for item in alternatives if item.get("type") != "string")

    @staticmethod
    def _checked(value: object) -> object:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return value
        raise ValueError("must be a number")
