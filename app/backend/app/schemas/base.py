"""What all schemas share."""

from typing import Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


def shown_as(*examples: dict[str, Any]) -> ConfigDict:
    """Give a body examples, which the OpenAPI document shows."""
    return ConfigDict(json_schema_extra={"examples": list(examples)})


class RequestModel(BaseModel):
    """A body that a client sends: an unknown field is a typing error, not a wish."""

    model_config = ConfigDict(extra="forbid")


class ResponseModel(BaseModel):
    """A body that the server sends: every field is always present."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_serialization_defaults_required=True
    )


def _refuse_nul(value: str) -> str:
    # PostgreSQL cannot store it; without this the insert fails.
    if "\0" in value:
        raise ValueError("must not contain the NUL character")
    return value


def _blank_to_none(value: str | None) -> str | None:
    return value or None


def _read_whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# To JSON, and to JSON Schema, 4.0 is an integer; to a strict validation it is none.
WholeNumber = BeforeValidator(_read_whole)
# Listed after StringConstraints, which otherwise measure the text before stripping it.
NoNul = AfterValidator(_refuse_nul)
BlankIsNone = AfterValidator(_blank_to_none)
