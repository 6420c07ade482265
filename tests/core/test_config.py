from pathlib import Path

import pytest

from refctl.core.config import Config, load
from refctl.core.errors import ConfigurationError


def write(folder: Path, text: str) -> Path:
    path = folder / "refctl.toml"
    path.write_text(text)
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dev]\nbackend_port = 0", r"refctl.toml: dev.backend_port = 0: .*greater than or equal"),
        ("[dev]\nport = 1", "refctl.toml: dev.port: no such key"),
        ("[dev", "refctl.toml: not valid TOML: .*"),
    ],
)
def test_a_wrong_file_is_named_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        load(write(tmp_path, text))
    assert caught.value.exit_code == 3
