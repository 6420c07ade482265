"""The shape of every error."""

from pydantic import BaseModel


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(BaseModel):
    """An RFC 9457 problem; `errors` is present when fields were refused."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] | None = None
