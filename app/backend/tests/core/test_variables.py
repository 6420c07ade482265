from pathlib import Path
from types import SimpleNamespace

import pytest

from app.core.config import ConfigurationError, Settings, get_settings, load, load_process
from app.core.variables import BACKEND_DIR, FILES, Found, _distance, _misspelt, collect, show

SECRET = "Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENVIRONMENT", "DATABASE_URL", "JWT_SECRET_KEY"):
        monkeypatch.delenv(name)


@pytest.fixture
def files(tmp_path: Path) -> SimpleNamespace:
    """The two places of `.env` files, the root's and the backend's."""
    near = tmp_path / "app" / "backend"
    near.mkdir(parents=True)
    return SimpleNamespace(root=tmp_path / ".env", near=near / ".env")


def found_in(files: SimpleNamespace, environment: str | None = None, **environ: str) -> Found:
    return collect(Settings.names(), environ, (files.root, files.near), environment=environment)


def text_of(found: Found, name: str) -> str:
    return found.variables[name].text


def test_what_is_particular_wins_over_what_is_near_and_both_over_the_rest(
    files: SimpleNamespace,
) -> None:
    order = [
        files.root,
        files.near,
        files.root.with_name(".env.staging"),
        files.near.with_name(".env.staging"),
    ]
    for path in order:
        path.write_text(f"APP_NAME={path}\n")
        found = found_in(files, ENVIRONMENT="staging")
        assert text_of(found, "APP_NAME") == str(path)
        assert found.origin("APP_NAME") == f"{path}:1"

    found = found_in(files, ENVIRONMENT="staging", app_name="Environment")

    assert text_of(found, "APP_NAME") == "Environment"
    assert found.origin("APP_NAME") == "environment"
    assert found.origin("JWT_ISSUER") == "default"


def test_an_env_file_can_choose_the_environment_and_the_nearer_one_does(
    files: SimpleNamespace,
) -> None:
    files.root.write_text("ENVIRONMENT=test\n")
    files.near.write_text("ENVIRONMENT=staging\n")
    files.root.with_name(".env.staging").write_text("APP_NAME=Staging\n")

    found = found_in(files)

    assert found.environment == "staging"
    assert text_of(found, "APP_NAME") == "Staging"


def test_a_file_that_names_its_environment_holds_for_no_other(files: SimpleNamespace) -> None:
    files.root.write_text(f"ENVIRONMENT=development\nJWT_SECRET_KEY={SECRET}\n")

    assert text_of(found_in(files), "JWT_SECRET_KEY") == SECRET
    found = found_in(files, "production")

    assert "JWT_SECRET_KEY" not in found.variables
    assert found.notes == (
        f"{files.root}:1 says ENVIRONMENT=development: that file is passed over",
    )


def test_a_file_of_one_environment_may_not_name_another(files: SimpleNamespace) -> None:
    files.root.with_name(".env.test").write_text("ENVIRONMENT=staging\n")

    (problem,) = found_in(files, "test").problems

    assert (problem.variable, problem.origin) == ("ENVIRONMENT", f"{files.root}.test:1")


def test_an_environment_that_does_not_exist_opens_no_file(files: SimpleNamespace) -> None:
    (files.root.parent / "secret").write_text("APP_NAME=Elsewhere\n")

    assert "APP_NAME" not in found_in(files, ENVIRONMENT="/../secret").variables


def test_unknown_names_in_files_are_named_with_line_and_nearest_name(
    files: SimpleNamespace,
) -> None:
    files.root.write_text("\n# a comment\n\nDATABSE_URL=x\nBACKEND_URL=http://b\nOTEL_X=1\n")

    (problem,) = found_in(files).problems

    assert str(problem) == (
        f"DATABSE_URL ({files.root}:4): no such variable: is DATABASE_URL meant?"
    )


def test_the_backends_own_file_holds_the_backends_variables_alone() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "read_text", lambda _path, **_: "BACKEND_URL=http://b\n")
        found = collect(Settings.names(), {}, (BACKEND_DIR / ".env",))

    assert found.problems[0].reason == "the backend has no such variable: it belongs in .env"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("APP_NAME\n", ":1", "has no value: write APP_NAME=value"),
        ("DEBUG=1\n'broken\n", ":2", "not NAME=value"),
        ("APP_NAME_FILE=/x\n", ":1", "only secrets are read from files: write APP_NAME=value"),
        ("ZZZZZZ=1\n", ":1", "no such variable: remove it"),
    ],
)
def test_lines_that_mean_nothing_are_problems(
    files: SimpleNamespace, content: str, line: str, reason: str
) -> None:
    files.root.write_text(content)

    (problem,) = found_in(files).problems

    assert problem.origin == f"{files.root}{line}"
    assert reason in problem.reason


def test_files_that_cannot_be_read_are_problems(files: SimpleNamespace) -> None:
    files.root.write_bytes(b"APP_NAME=\xff\n")
    assert "UTF-8" in str(found_in(files).problems[0])
    files.root.unlink()
    files.root.symlink_to(files.root)  # readable by nobody, root included

    assert "cannot be read" in str(found_in(files).problems[0])


def test_values_may_refer_to_others(files: SimpleNamespace) -> None:
    files.root.write_text("JWT_ISSUER=shop\nJWT_AUDIENCE=${JWT_ISSUER}-api\n")

    assert text_of(found_in(files), "JWT_AUDIENCE") == "shop-api"


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_comes_from_the_file_that_is_named(
    files: SimpleNamespace, tmp_path: Path, end: str
) -> None:
    (tmp_path / "jwt").write_bytes((SECRET + end).encode())

    found = found_in(files, JWT_SECRET_KEY_FILE=str(tmp_path / "jwt"))

    assert text_of(found, "JWT_SECRET_KEY") == SECRET
    assert "JWT_SECRET_KEY_FILE" in found.origin("JWT_SECRET_KEY")


def test_in_a_file_the_path_starts_from_its_folder_and_the_environment_wins(
    files: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "jwt").write_text(SECRET)
    files.root.write_text("JWT_SECRET_KEY_FILE=jwt\n")

    assert text_of(found_in(files), "JWT_SECRET_KEY") == SECRET
    found = found_in(files, JWT_SECRET_KEY="another")
    assert (text_of(found, "JWT_SECRET_KEY"), found.problems) == ("another", ())


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"", "empty"), (b"\xff\xfe", "UTF-8")],
)
def test_a_secret_file_without_a_secret_is_a_problem(
    files: SimpleNamespace, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "jwt").write_bytes(content)

    (problem,) = found_in(files, JWT_SECRET_KEY_FILE=str(tmp_path / "jwt")).problems

    assert problem.variable == "JWT_SECRET_KEY"
    assert reason in problem.reason


def test_a_secret_and_its_file_in_one_place_are_a_problem(files: SimpleNamespace) -> None:
    (problem,) = found_in(files, JWT_SECRET_KEY=SECRET, JWT_SECRET_KEY_FILE="/x").problems

    assert "JWT_SECRET_KEY_FILE is set too" in problem.reason
    assert SECRET not in str(problem)
    assert found_in(files, JWT_SECRET_KEY=SECRET, JWT_SECRET_KEY_FILE="").problems == ()


def test_names_a_letter_or_two_away_are_warned_of_and_others_are_not(
    files: SimpleNamespace,
) -> None:
    found = found_in(
        files, DATABSE_URL="x", JWT_SECRT_KEY_FIL="x", HOME="/", DEBUGS="1", DEBUGGER="1", PORT="1"
    )

    assert {(one.variable, one.reason) for one in found.warnings} == {
        ("DATABSE_URL", "is not read: is DATABASE_URL meant?"),
        ("JWT_SECRT_KEY_FIL", "is not read: is JWT_SECRET_KEY_FILE meant?"),
        ("DEBUGS", "is not read: is DEBUG meant?"),
    }


def test_dropped_variables_are_named_as_unused(files: SimpleNamespace) -> None:
    files.root.write_text("ELASTICSEARCH_URL=http://e\n")

    found = found_in(files, REDIS_URL="redis://r")

    assert found.problems == ()
    assert [(one.variable, one.origin) for one in found.warnings] == [
        ("REDIS_URL", "environment"),
        ("ELASTICSEARCH_URL", f"{files.root}:1"),
    ]


def test_loading_tells_every_problem_at_once_and_no_value(files: SimpleNamespace) -> None:
    files.root.write_text("ENVIRONMENT=production\nAPP_NAM=canary-1\n")
    files.near.write_text("DEBUG=canary-2\nJWT_SECRET_KEY=canary-3\nCOOKIE_SECURE=off\n")

    with pytest.raises(ConfigurationError) as caught:
        load(files=(files.root, files.near))

    told = str(caught.value)
    assert "canary" not in told
    assert f"APP_NAM ({files.root}:2): no such variable: is APP_NAME meant?" in told
    assert f"DEBUG ({files.near}:1): Input should be a valid boolean" in told
    assert f"JWT_SECRET_KEY ({files.near}:2): needs at least 32" in told
    assert f"COOKIE_SECURE ({files.near}:3): production needs" in told
    assert "DATABASE_URL (not set): production needs PostgreSQL" in told
    assert "scripts.config show" in told


def test_another_environment_can_be_loaded(files: SimpleNamespace) -> None:
    files.root.with_name(".env.production").write_text(
        f"DATABASE_URL=postgresql://u:p@h/d\nJWT_SECRET_KEY={SECRET}\n"
    )

    loaded = load(environment="production", files=(files.root, files.near))

    assert loaded.settings.is_deployed
    assert loaded.found.origin("ENVIRONMENT") == "--environment"


def test_a_message_about_a_secret_does_not_show_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "canary")

    with pytest.raises(ConfigurationError) as caught:
        load(files=())

    assert "canary" not in str(caught.value)


def test_a_process_with_a_wrong_configuration_ends_with_the_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load_process.cache_clear()
    get_settings.cache_clear()
    monkeypatch.setenv("ENVIRONMENT", "prod")
    try:
        with pytest.raises(SystemExit, match=r"ENVIRONMENT \(environment\): Input should be"):
            get_settings()
    finally:
        load_process.cache_clear()


ABSENT = "cannot be read: No such file or directory"


def reasons(found: Found) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_each_problem_is_one_sentence_with_its_place(files: SimpleNamespace) -> None:
    specific = files.near.with_name(".env.test")
    files.root.write_text(
        "\n\nJWT_SECRET_KEY_FILE=absent\n\n\nnonsense line\nAPP_NAME\nAPP_NAME_FILE=/x\n"
        "BACKEND_URl=http://b\nZZZZZZZZ=1\nREDIS_URL=r\n"
    )
    specific.write_text("ENVIRONMENT=staging\n")

    found = found_in(files, "test")

    root = str(files.root)
    assert reasons(found) == [
        f"ENVIRONMENT ({specific}:1): this file is of test: remove the line, or rename the file",
        f"The file ({root}:6): this line is not NAME=value",
        f"APP_NAME ({root}:7): has no value: write APP_NAME=value",
        f"APP_NAME_FILE ({root}:8): only secrets are read from files: write APP_NAME=value",
        f"ZZZZZZZZ ({root}:10): no such variable: remove it",
        f"JWT_SECRET_KEY ({root}:3, JWT_SECRET_KEY_FILE=absent): {ABSENT}",
    ]
    assert [problem.variable for problem in found.problems][1] == ""
    # What has no value, or no meaning here, is no variable.
    assert found.variables.keys() == {"ENVIRONMENT"}
    (warning,) = found.warnings
    assert str(warning) == (
        f"REDIS_URL ({root}:11): is not used: PostgreSQL's LISTEN/NOTIFY and the table of events "
        "do what Redis would (docs/adr/0005). Remove it"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "the file is empty"),
        (b"\n", "the file is empty"),
        (b"\xff\xfe", "the file is not UTF-8 text"),
    ],
)
def test_a_secrets_file_is_named_with_who_names_it(
    files: SimpleNamespace, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    file = tmp_path / "jwt"
    if content is not None:
        file.write_bytes(content)

    found = found_in(files, JWT_SECRET_KEY_FILE=str(file))

    assert reasons(found) == [f"JWT_SECRET_KEY (environment, JWT_SECRET_KEY_FILE={file}): {reason}"]


def test_files_that_cannot_be_read_are_named_as_a_whole(files: SimpleNamespace) -> None:
    files.root.write_bytes(b"APP_NAME=\xff\n")
    files.near.symlink_to(files.near)

    found = found_in(files)

    assert [problem.variable for problem in found.problems] == ["", ""]
    assert reasons(found) == [
        f"The file ({files.near}): cannot be read: Too many levels of symbolic links",
        f"The file ({files.root}): is not UTF-8: save it as such",
    ]


def test_both_a_secret_and_its_file_leave_the_secret_alone(files: SimpleNamespace) -> None:
    found = found_in(
        files, JWT_SECRET_KEY=SECRET, JWT_SECRET_KEY_FILE="/x", DEMO_PASSWORD_FILE="/absent"
    )

    # The next secret is looked at all the same.
    assert sorted(reasons(found)) == [
        f"DEMO_PASSWORD (environment, DEMO_PASSWORD_FILE=/absent): {ABSENT}",
        "JWT_SECRET_KEY (environment): JWT_SECRET_KEY_FILE is set too: remove one of them",
    ]
    assert text_of(found, "JWT_SECRET_KEY") == SECRET


def test_a_file_may_begin_with_a_byte_order_mark_and_be_in_any_case(
    files: SimpleNamespace,
) -> None:
    files.root.write_bytes("\ufeffapp_name=räder\n".encode())

    found = found_in(files)

    assert text_of(found, "APP_NAME") == "räder"
    assert (found.problems, found.warnings, found.notes) == ((), (), ())
    assert found.environment == "development"
    assert "ENVIRONMENT" not in found.variables


def test_the_chosen_environment_is_a_variable_of_where_it_was_chosen(
    files: SimpleNamespace,
) -> None:
    assert found_in(files, "staging").origin("ENVIRONMENT") == "--environment"
    assert found_in(files, ENVIRONMENT="staging").origin("ENVIRONMENT") == "environment"
    assert text_of(found_in(files, "staging", ENVIRONMENT="test"), "ENVIRONMENT") == "staging"
    assert found_in(files).origin("ENVIRONMENT") == "default"


def test_a_file_that_names_what_is_no_environment_holds_and_is_refused_later(
    files: SimpleNamespace,
) -> None:
    files.root.write_text("ENVIRONMENT=nowhere\nAPP_NAME=Here\n")

    found = found_in(files)

    assert (found.environment, text_of(found, "APP_NAME")) == ("nowhere", "Here")
    assert found_in(files, "test").notes == ()


def test_a_later_value_of_the_same_file_wins(files: SimpleNamespace) -> None:
    files.root.write_text("APP_NAME=First\nAPP_NAME=Second\n")

    found = found_in(files)

    assert text_of(found, "APP_NAME") == "Second"
    assert found.origin("APP_NAME") == f"{files.root}:2"


def test_a_value_refers_to_its_own_file_before_the_environment(
    files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JWT_ISSUER", "elsewhere")
    files.root.write_text("JWT_ISSUER=shop\nJWT_AUDIENCE=${JWT_ISSUER}-api\n")

    assert text_of(found_in(files), "JWT_AUDIENCE") == "shop-api"


def test_what_the_frontend_and_tools_read_belongs_at_the_root(files: SimpleNamespace) -> None:
    files.root.write_text(
        "BACKEND_URL=x\nPORT=1\nHOSTNAME=x\nCOMPOSE_A=1\nNEXT_A=1\nNODE_A=1\nOTEL_A=1\n"
        "POSTGRES_A=1\n"
    )

    found = found_in(files, OTEL_SDK_DISABLED="true", PORT="1")

    assert (found.problems, found.warnings) == ((), ())


def test_a_path_is_shown_as_seen_from_the_repository(tmp_path: Path) -> None:
    assert show(BACKEND_DIR / ".env") == str((BACKEND_DIR / ".env").relative_to(FILES[0].parent))
    assert show(tmp_path / ".env") == str(tmp_path / ".env")


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "", 3),
        ("", "abc", 3),
        ("abc", "abd", 1),
        ("abc", "ac", 1),
        ("ac", "abc", 1),
        ("kitten", "sitting", 3),
        ("ab", "ba", 2),
    ],
)
def test_letters_between_names_are_counted(one: str, other: str, letters: int) -> None:
    assert _distance(one, other) == letters


SHORT, LONG = "ABCDEFGHI", "ABCDEFGHIK"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ABCDEFGHX", SHORT),
        ("ABCDEFGXX", ""),
        ("ABCDEFGH", SHORT),
        ("ABCDEFG", ""),
    ],
)
def test_a_short_name_is_meant_by_one_wrong_letter(name: str, meant: str) -> None:
    assert _misspelt(name, {SHORT, "UNLIKE"}) == meant


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ABCDEFGHXX", LONG),
        ("ABCDEFGXXX", ""),
        ("ABCDEFGHIKLM", LONG),
        ("ABCDEFGHIKLMN", ""),
        ("ABCDEFGH", LONG),
        ("ABCDEFG", ""),
    ],
)
def test_a_long_name_is_meant_by_two(name: str, meant: str) -> None:
    assert _misspelt(name, {LONG, "UNLIKE"}) == meant
