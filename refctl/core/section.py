"""What all tables of `refctl.toml` share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table: an unknown key or another type is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
