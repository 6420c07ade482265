"""What all sections of the settings share."""

from typing import Literal

from pydantic import ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

DEPLOYED = ("staging", "production")

Environment = Literal["development", "test", "staging", "production"]


class Section(BaseSettings):
    """The environment, on which the rules of all sections depend."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        # A validation error would otherwise print the rejected secret.
        hide_input_in_errors=True,
        # The text under a field describes it in the schema, in .env.example and in the docs.
        use_attribute_docstrings=True,
        validate_default=True,
        # Nobody reads a section alone.
        defer_build=True,
    )

    environment: Environment = "development"
    """What this instance is for: development, test, staging or production."""

    @property
    def is_deployed(self) -> bool:
        """Whether other people rely on this instance."""
        return self.environment in DEPLOYED


def environment_of(info: ValidationInfo) -> str:
    """Return the environment of the settings that are being validated."""
    return str(info.data.get("environment", ""))


def is_deployed(info: ValidationInfo) -> bool:
    """Return whether they are those of an instance on which other people rely."""
    return environment_of(info) in DEPLOYED
