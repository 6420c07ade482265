"""What the files of `.github` say of owners and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks, and in which order."""
FORMS = ".github/ISSUE_TEMPLATE"
LABELER = ".github/labeler.yml"


def owners(root: Path) -> tuple[str, ...] | None:
    """Return the owners of everything (the line for `*`), or None where no file names owners."""
    file = next((root / name for name in CODEOWNERS if (root / name).is_file()), None)
    if file is None:
        return None
    found: tuple[str, ...] = ()
    for line in file.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if words and words[0] == "*":  # the last line that matches decides
            found = tuple(word.lstrip("@") for word in words[1:] if word.startswith("@"))
    return found


def labels(root: Path) -> tuple[str, ...]:
    """Return the labels that issue forms and the labeler put on.

    Raises:
        ConfigurationError: one of these files is not YAML.

    """
    named: dict[str, None] = {}
    for file in sorted((root / FORMS).glob("*.y*ml")):
        form = _read(file)
        some = form.get("labels", []) if isinstance(form, dict) else []
        several = some.split(",") if isinstance(some, str) else some
        named.update(dict.fromkeys(str(one).strip() for one in several))
    if (root / LABELER).is_file():
        labeler = _read(root / LABELER)
        named.update(dict.fromkeys(map(str, labeler if isinstance(labeler, dict) else ())))
    return tuple(named)


def _read(file: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe").load(file)
    except YAMLError as error:
        raise ConfigurationError(f"{file}: not YAML: {error}") from None
