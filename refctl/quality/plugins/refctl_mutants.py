"""Prints what mutmut found, as JSON: run in the folder of its run, by the Python that has mutmut.

mutmut's own commands show one mutant at a time, and never a line number of the source.
"""

import ast
import json
import sys
from difflib import SequenceMatcher
from pathlib import Path

import libcst
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import read_functions_from_index
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

NOT_RUN = 255


def main() -> None:
    """Print a list of every mutant: its file, how it ended and, unless killed, what it was."""
    found = []
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        source = ast.parse(path.read_text(encoding="utf-8"))
        for name, code in data.exit_code_by_key.items():
            one = {"file": path.as_posix(), "status": status_of(code)}
            if one["status"] != "killed":
                one |= change(name, path, source)
            found.append(one)
    json.dump(found, sys.stdout)


def status_of(code: int | None) -> str:
    """Return how a mutant ended.

    A worker that could not run the tests ends with -1, which mutmut takes for a time-out: it would
    count as noticed.
    """
    return "not run" if code == NOT_RUN else str(status_by_exit_code[code])


def change(name: str, path: Path, source: ast.Module) -> dict[str, object]:
    """Return the line in the source, and that line before and after."""
    functions = read_functions_from_index(name, path)
    if functions is None:
        raise SystemExit(f"mutmut keeps no lines of {name}")
    before, after = (libcst.Module([one]).code.strip().split("\n") for one in functions)
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    _, first, last, new_first, new_last = next(o for o in matcher.get_opcodes() if o[0] != "equal")
    # What stands above the `def` (comments, decorators) is part of mutmut's function.
    head = next(i for i, line in enumerate(before) if line.startswith(("def ", "async def ")))
    return {
        "line": line_of(name, source) + first - head,
        "before": joined(before[first:last]),
        "after": joined(after[new_first:new_last]),
    }


def line_of(name: str, source: ast.Module) -> int:
    """Return the line of the `def` that the mutant is of."""
    function, owner = orig_function_and_class_names_from_key(name)
    function = function.rpartition(".")[2]
    body = source.body
    if owner is not None:
        body = next(n.body for n in body if isinstance(n, ast.ClassDef) and n.name == owner)
    return next(
        node.lineno
        for node in body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
    )


def joined(lines: list[str]) -> str:
    """Return the lines as one."""
    return " ".join(line.strip() for line in lines)


if __name__ == "__main__":
    main()
