"""Versions in files: only the version changes, whatever else a file has stays byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from refctl.core.config_release import ReleaseFile

_VERSION = r"v?[0-9]+(\.[0-9]+)+([0-9A-Za-z.+-]*[0-9A-Za-z])?"
"""Looser than SemVer: what stands there before its first release may be 1.0 or 1.0.0rc1."""


def stamped(file: ReleaseFile, text: str, version: str) -> str:
    """Return the text of the file with the version in its place.

    Raises:
        ConfigurationError: the place is not there, or the file is not of its kind.

    """
    value = file.value.replace("{version}", version)
    if file.pattern:
        return _by_pattern(file, text, value)
    name = file.path.rpartition("/")[2]
    if name == "uv.lock":
        return _in_lock(file, text, value)
    ending = name.rpartition(".")[2]
    stamp = {"toml": _in_toml, "yaml": _in_yaml, "yml": _in_yaml, "json": _in_json}.get(ending)
    if stamp is None:
        raise _error(file, "a key needs a .toml, .yaml or .json file", "use pattern for any other")
    return stamp(file, text, value)


def _error(file: ReleaseFile, what: str, hint: str = "") -> ConfigurationError:
    return ConfigurationError(
        f"refctl.toml: release.files: {file.path}: {what}",
        hint=hint or f"look at {file.path}, and at its entry in refctl.toml",
    )


def _by_pattern(file: ReleaseFile, text: str, value: str) -> str:
    found = list(re.finditer(file.pattern, text, re.MULTILINE))
    if not found:
        raise _error(file, f"nothing matches {file.pattern}")
    if not found[0].re.groups:
        raise _error(file, f"{file.pattern} has no group for the version")
    group: str | int = "version" if "version" in found[0].re.groupindex else 1
    for one in found:
        if not _is_version(file, one[group]):
            raise _error(
                file,
                f"{file.pattern} finds {one[group]!r}, which is no version",
                "let its group match the version alone",
            )
    # From the end, so that what is before keeps its place.
    for one in reversed(found):
        text = text[: one.start(group)] + value + text[one.end(group) :]
    return text


def _is_version(file: ReleaseFile, text: str | None) -> bool:
    """Return whether the text looks like a version, of whatever kind, in its surroundings."""
    before, _, behind = file.value.partition("{version}")
    # The first time these may not be there: whoever adds them to `value` has not stamped yet.
    text = (text or "").removeprefix(before).removesuffix(behind)
    return re.fullmatch(_VERSION, text) is not None


def _in_lock(file: ReleaseFile, text: str, value: str) -> str:
    """Replace the version of the project's own package in uv's lock.

    A real parser takes seconds for a lock. uv itself writes these two lines, one below the other.
    """
    place = rf'(?m)^(name = "{re.escape(file.key)}"\nversion = ")[^"\n]*"$'
    changed, count = re.subn(place, lambda found: f'{found[1]}{value}"', text)
    if count != 1:
        raise _error(file, f"has no package {file.key} with a version, or several")
    return changed


def _keys(file: ReleaseFile) -> list[str | int]:
    return [int(key) if key.isdecimal() else key for key in file.key.split(".")]


def _parent(file: ReleaseFile, document: Any) -> tuple[Any, str | int]:
    """Return what holds the last key of the way, and that key."""
    *way, last = _keys(file)
    for key in way:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            raise _error(file, f"has no {file.key}") from None
    try:
        there = document[last]
    except (KeyError, IndexError, TypeError):
        raise _error(file, f"has no {file.key}") from None
    if not isinstance(there, str):
        raise _error(file, f"{file.key} is not text")
    return document, last


def _in_toml(file: ReleaseFile, text: str, value: str) -> str:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise _error(file, f"not valid TOML: {error}") from None
    holder, key = _parent(file, document)
    holder[key] = value
    return tomlkit.dumps(document)


def _in_yaml(file: ReleaseFile, text: str, value: str) -> str:
    """Replace a scalar where the parser says that it is: writing YAML anew would reformat it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    parser = YAML()
    try:
        node = parser.compose(text)
    except YAMLError as error:
        raise _error(file, f"not valid YAML: {error}") from None
    for key in _keys(file):
        if isinstance(node, MappingNode):
            node = next((v for k, v in node.value if k.value == str(key)), None)
        elif isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        else:
            node = None
        if node is None:
            raise _error(file, f"has no {file.key}")
    if not isinstance(node, ScalarNode) or node.style in {"|", ">"}:
        raise _error(file, f"{file.key} is not text on one line")
    start, end = node.start_mark.index, node.end_mark.index
    quote = node.style or ('"' if _is_number(value) else "")
    return f"{text[:start]}{quote}{value}{quote}{text[end:]}"


def _is_number(value: str) -> bool:
    return re.fullmatch(r"[0-9._]+", value) is not None and value.count(".") < 2  # noqa: PLR2004 - 1.0 is a number


def _in_json(file: ReleaseFile, text: str, value: str) -> str:
    """Replace a text where it stands: the file is written by people and by tools of their own."""
    import json

    try:
        document = json.loads(text)
    except ValueError as error:
        raise _error(file, f"not valid JSON: {error}") from None
    _parent(file, document)
    start, end = _place(text, _keys(file))
    return f"{text[:start]}{json.dumps(value)}{text[end:]}"


def _place(text: str, way: list[str | int]) -> tuple[int, int]:
    """Return where the value at the end of the way begins and ends in valid JSON."""
    import json

    decoder = json.JSONDecoder()
    position = _blank(text, 0)
    for step in way:
        opening = text[position]
        position = _blank(text, position + 1)
        index = 0
        while True:
            if opening == "{":
                key, position = decoder.raw_decode(text, position)
                position = _blank(text, _blank(text, position) + 1)  # behind the colon
            else:
                key = index
            if key == step or str(key) == str(step):
                break
            _, position = decoder.raw_decode(text, position)
            position = _blank(text, _blank(text, position) + 1)  # behind the comma
            index += 1
    return position, decoder.raw_decode(text, position)[1]


def _blank(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position
