"""A project's own notes: its Jinja2 template, in a sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError
from refctl.release import notes

if TYPE_CHECKING:
    from refctl.release.links import Links


def render(root: str, name: str, release: notes.Release, links: Links) -> str:
    """Return what the template makes of a release.

    It sees what `refctl changelog --format json` has of it, and `body`: the notes as they would be
    without it.

    Raises:
        ConfigurationError: the template is missing, wrong, or wants what it must not do.

    """
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    path = Path(root) / name
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"refctl.toml: release.template: {name}: {error.strerror}", hint=f"write {path}"
        ) from None
    engine = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Markdown, not HTML: what people wrote is shown as they wrote it.
        autoescape=False,
    )
    known: dict[str, Any] = {
        **notes.as_json(release, links),
        "title": release.title,
        "body": notes.body(release, links),
    }
    try:
        return engine.from_string(text).render(known)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        where = f"{name}, line {line}" if line else name
        raise ConfigurationError(f"{where}: {error}", hint=f"edit {path}") from None
    except Exception as error:  # noqa: BLE001 - whatever the template's own expressions raise
        raise ConfigurationError(
            f"{name}: {type(error).__name__}: {error}", hint=f"edit {path}"
        ) from None
