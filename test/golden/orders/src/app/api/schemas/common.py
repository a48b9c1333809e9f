"""What all requests and answers have in common."""

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic.alias_generators import to_camel

from app.domain.unset import UNSET, Unset

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
    """A request body: what the contract does not name is refused."""

    model_config = ConfigDict(extra="forbid")

    def sent_values(self, *without: str) -> dict[str, Any]:
        """Return the values that the request names, by attribute."""
        names = self.model_fields_set.difference(without)
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


@overload
def dumped_list(models: Sequence[BaseModel]) -> list[Any]: ...


@overload
def dumped_list(models: Sequence[BaseModel] | None) -> list[Any] | None: ...


def dumped_list(models: Sequence[BaseModel] | None) -> list[Any] | None:
    """Return what a JSON column holds of a list of models."""
    return None if models is None else [dumped(model) for model in models]


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return dumped(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def or_unset(value: T | None) -> T | Unset:
    """Leave a column that must not be null as it is when the request has no value."""
    return UNSET if value is None else value


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("must not be null")
    return value


NotNull = BeforeValidator(_refuse_null)
"""Marks a value that may be left out, but not be null."""
