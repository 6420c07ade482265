"""What the API is called, and who may call it."""

import json
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from app.core.config.section import Section, environment_of, is_deployed

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class ApplicationSettings(Section):
    """The application as a whole."""

    debug: bool = False
    """Log more."""
    app_name: str = "Reference Todo API"
    """The title of the API."""
    api_v1_prefix: str = "/api/v1"
    """The path under which the API is served."""
    # NoDecode: the validator below also takes a comma list, which is not JSON.
    backend_cors_origins: Annotated[list[str], NoDecode] = Field(default=["http://localhost:3000"])
    """The origins that browsers may call from: a comma list or a JSON list."""

    @field_validator("debug")
    @classmethod
    def _check_debug(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001  # pydantic passes it by position
        if value and environment_of(info) == "production":
            raise ValueError("production needs DEBUG off")
        return value

    @field_validator("api_v1_prefix")
    @classmethod
    def _normalise_prefix(cls, value: str) -> str:
        return "/" + value.strip("/")

    @field_validator("backend_cors_origins", mode="before")
    @classmethod
    def _parse_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if value.lstrip().startswith("["):
            return json.loads(value)
        return [origin for part in value.split(",") if (origin := part.strip())]

    @field_validator("backend_cors_origins")
    @classmethod
    def _check_origins(cls, value: list[str]) -> list[str]:
        for origin in value:
            if not origin.startswith(("http://", "https://")):
                # "*" among them: credentials may not be offered to everyone.
                raise ValueError("each origin must start with http:// or https://")
            if "*" in origin:
                raise ValueError("an origin is compared as it is: * matches nothing")
        return [origin.rstrip("/") for origin in value]

    @field_validator("backend_cors_origins")
    @classmethod
    def _check_encryption(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if is_deployed(info):
            for origin in value:
                # Whoever is on the way could write a page of such an origin. Nobody is on the
                # way to one's own machine.
                if origin.startswith("http://") and urlsplit(origin).hostname not in LOOPBACK:
                    raise ValueError(f"{environment_of(info)} needs https:// origins")
        return value
