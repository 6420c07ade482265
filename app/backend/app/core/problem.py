"""The shape of every error."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def _shown_as(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class FieldError(BaseModel):
    """What is wrong with one field."""

    model_config = _shown_as(
        {"field": "title", "detail": "String should have at least 1 character"}
    )

    field: str = Field(description="Its name in the body, the query, the path or the headers")
    detail: str = Field(description="What is wrong, without the value that was sent")


class Problem(BaseModel):
    """An RFC 9457 problem; `errors` is present when fields were refused."""

    model_config = _shown_as(
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "Todo not found",
            "instance": "/api/v1/todos/1",
        }
    )

    type: str = Field(description="`about:blank`: the status says what kind of problem it is")
    title: str = Field(description="The phrase of the status")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="What went wrong this time, for people")
    instance: str = Field(description="The path that was asked for")
    errors: list[FieldError] | None = Field(
        default=None, description="The fields that were refused; absent otherwise"
    )
