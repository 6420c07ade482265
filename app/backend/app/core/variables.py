"""The variables behind the settings: from the environment and `.env` files, each with its origin.

Strongest first: the environment; then `.env.<ENVIRONMENT>` beside the backend and at the root of
the repository; then `.env` at the same two places. A `.env` that names an `ENVIRONMENT` holds for
that one alone, so a laptop's file never completes what production lacks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from dotenv.main import resolve_variables
from dotenv.parser import parse_stream

BACKEND_DIR = Path(__file__).resolve().parents[2]
REPOSITORY_DIR = BACKEND_DIR.parents[1]
FILES = (REPOSITORY_DIR / ".env", BACKEND_DIR / ".env")
"""Absolute, so that the working directory does not decide; the later one is stronger."""

ENVIRONMENTS = ("development", "test", "staging", "production")
DEFAULT_ENVIRONMENT = "development"

SHARED = {
    "BACKEND_URL": "Where the frontend's server finds the backend.",
    "LOG_LEVEL": "How much the frontend's server logs.",
    "PORT": "Where the frontend's server listens.",
    "HOSTNAME": "The address that the frontend's server listens on.",
}
"""What the `.env` at the root holds for the frontend."""
SHARED_PREFIXES = ("COMPOSE_", "NEXT_", "NODE_", "OTEL_", "POSTGRES_")
"""Names that belong to tools which read the `.env` at the root too."""

DROPPED = {
    name: f"is not used: {instead} (docs/adr/0005). Remove it"
    for name, instead in (
        ("REDIS_URL", "PostgreSQL's LISTEN/NOTIFY and the table of events do what Redis would"),
        ("ELASTICSEARCH_URL", "logs are JSON lines on stderr, for any collector to take"),
    )
}

SHORT_NAME = 10
"""In a shorter name, two wrong letters are as likely another name."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One value as it was found."""

    text: str = field(repr=False)
    origin: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a variable, where; never its value."""

    variable: str
    origin: str
    reason: str

    def __str__(self) -> str:
        return f"{self.variable or 'The file'} ({self.origin}): {self.reason}"


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the settings know."""

    known: frozenset[str]
    secrets: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """All names, those of secrets' files among them."""
        return self.known | {f"{name}_FILE" for name in self.secrets}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, by name in upper case."""

    environment: str
    variables: Mapping[str, Variable]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    """Files that hold for another environment."""

    def origin(self, name: str) -> str:
        """Return where a value came from."""
        found = self.variables.get(name)
        return found.origin if found else "default"


@dataclass(frozen=True, slots=True)
class Layer:
    """The variables of one place, by name in upper case."""

    variables: Mapping[str, Variable]
    folder: Path
    """What a relative NAME_FILE starts from."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def collect(
    names: Names,
    environ: Mapping[str, str],
    files: Sequence[Path] = FILES,
    *,
    environment: str | None = None,
) -> Found:
    """Find every variable; `environment` takes the place of ENVIRONMENT."""
    given = _from_environ(names, environ)
    shared = [_from_file(names, path) for path in reversed(files)]
    chosen = _choose([given, *shared], environment)
    specific: list[Layer] = []
    if chosen.text in ENVIRONMENTS:
        for path in reversed(files):
            layer = _from_file(names, path.with_name(f"{path.name}.{chosen.text}"))
            named = layer.variables.get("ENVIRONMENT")
            if named is not None and named.text != chosen.text:
                reason = f"this file is of {chosen.text}: remove the line, or rename the file"
                contradiction = Problem("ENVIRONMENT", named.origin, reason)
                layer = Layer(layer.variables, layer.folder, (*layer.problems, contradiction))
            specific.append(layer)
    notes: list[str] = []
    general: list[Layer] = []
    for layer in shared:
        named = layer.variables.get("ENVIRONMENT")
        if named is not None and named.text in ENVIRONMENTS and named.text != chosen.text:
            notes.append(f"{named.origin} says ENVIRONMENT={named.text}: that file is passed over")
        else:
            general.append(layer)
    layers = [given, *specific, *general]
    problems = [problem for layer in layers for problem in layer.problems]
    variables: dict[str, Variable] = {}
    for layer in reversed(layers):
        variables |= _resolve(names, layer, problems)
    if chosen.origin != "default":
        variables["ENVIRONMENT"] = chosen
    return Found(
        environment=chosen.text,
        variables=variables,
        problems=tuple(problems),
        warnings=tuple(warning for layer in layers for warning in layer.warnings),
        notes=tuple(notes),
    )


def _choose(layers: Iterable[Layer], environment: str | None) -> Variable:
    if environment is not None:
        return Variable(environment, "--environment")
    for layer in layers:
        if "ENVIRONMENT" in layer.variables:
            return layer.variables["ENVIRONMENT"]
    return Variable(DEFAULT_ENVIRONMENT, "default")


def _from_environ(names: Names, environ: Mapping[str, str]) -> Layer:
    found = {name.upper(): text for name, text in environ.items()}
    warnings = []
    for name in found:
        if name in DROPPED:
            warnings.append(Problem(name, "environment", DROPPED[name]))
        elif name not in names.all and not _is_shared(name):
            near = _misspelt(name, names.all)
            if near:
                warnings.append(Problem(name, "environment", f"is not read: is {near} meant?"))
    return Layer(
        {name: Variable(found[name], "environment") for name in names.all & found.keys()},
        Path.cwd(),
        warnings=tuple(warnings),
    )


def _from_file(names: Names, path: Path) -> Layer:
    shown = show(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Layer({}, path.parent)
    except OSError as error:
        return Layer({}, path.parent, (Problem("", shown, f"cannot be read: {error.strerror}"),))
    except UnicodeDecodeError:
        return Layer({}, path.parent, (Problem("", shown, "is not UTF-8: save it as such"),))
    problems: list[Problem] = []
    warnings: list[Problem] = []
    raw: dict[str, str | None] = {}
    origins: dict[str, str] = {}
    for binding in parse_stream(StringIO(text)):
        statement = binding.original.string
        # The parser counts from the blank lines before it.
        blank = statement[: len(statement) - len(statement.lstrip())]
        origin = f"{shown}:{binding.original.line + blank.count(chr(10))}"
        if binding.error:
            problems.append(Problem("", origin, "this line is not NAME=value"))
        elif binding.key is not None:
            name = binding.key.upper()
            if name in DROPPED:
                warnings.append(Problem(name, origin, DROPPED[name]))
            elif reason := _objection(names, name, path):
                problems.append(Problem(name, origin, reason))
            elif binding.value is None:
                problems.append(Problem(name, origin, f"has no value: write {name}=value"))
            raw[binding.key] = binding.value
            origins[binding.key] = origin
    resolved = resolve_variables(raw.items(), override=True)
    variables = {
        name.upper(): Variable(value, origins[name])
        for name, value in resolved.items()
        if value is not None and name.upper() in names.all
    }
    return Layer(variables, path.parent, tuple(problems), tuple(warnings))


def _objection(names: Names, name: str, path: Path) -> str:
    """Say why a file may not hold a variable of this name, or nothing."""
    if name in names.all:
        return ""
    if name.removesuffix("_FILE") in names.known:
        return f"only secrets are read from files: write {name.removesuffix('_FILE')}=value"
    if _is_shared(name):
        if path.parent != BACKEND_DIR:
            return ""
        return f"the backend has no such variable: it belongs in {show(FILES[0])}"
    near = get_close_matches(name, sorted(names.all | SHARED.keys()), 1)
    return f"no such variable: {f'is {near[0]} meant?' if near else 'remove it'}"


def _resolve(names: Names, layer: Layer, problems: list[Problem]) -> dict[str, Variable]:
    """Return the layer's values, secrets read from the files that NAME_FILE names."""
    values = {name: one for name, one in layer.variables.items() if name in names.known}
    for name in names.secrets:
        pointer = layer.variables.get(f"{name}_FILE")
        if pointer is None or not pointer.text:
            continue
        if name in values and values[name].text:
            reason = f"{name}_FILE is set too: remove one of them"
            problems.append(Problem(name, values[name].origin, reason))
            continue
        path = layer.folder / pointer.text
        origin = f"{pointer.origin}, {name}_FILE={pointer.text}"
        try:
            text = path.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
        except OSError as error:
            problems.append(Problem(name, origin, f"cannot be read: {error.strerror}"))
        except UnicodeDecodeError:
            problems.append(Problem(name, origin, "the file is not UTF-8 text"))
        else:
            if not text:
                problems.append(Problem(name, origin, "the file is empty"))
            values[name] = Variable(text, origin)
    return values


def show(path: Path) -> str:
    """Return the path as seen from the repository."""
    inside = path.is_relative_to(REPOSITORY_DIR)
    return str(path.relative_to(REPOSITORY_DIR) if inside else path)


def _is_shared(name: str) -> bool:
    return name in SHARED or name.startswith(SHARED_PREFIXES)


def _misspelt(name: str, names: Iterable[str]) -> str:
    """Return the name that this one is a letter or two away from, or nothing."""
    for one in sorted(names):
        allowed = 1 if len(one) < SHORT_NAME else 2
        if abs(len(one) - len(name)) <= allowed and _distance(name, one) <= allowed:
            return one
    return ""


def _distance(one: str, other: str) -> int:
    """Count the letters to add, drop or change."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            before, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, before + (letter != against)),
            )
    return row[-1]
