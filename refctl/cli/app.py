"""The Typer application: commands by name, each imported when it is entered."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from refctl.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


def root(table: Mapping[str, tuple[str, str]], usage: str) -> Any:
    """Return the root over these commands (help and module by name), with `usage` as its help."""

    class Root(TyperGroup):
        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Click's signature
            return list(table)

        def get_command(self, ctx: Any, cmd_name: str) -> Any | None:  # noqa: ARG002 - Click's signature
            entry = table.get(cmd_name)
            if entry is None:
                return None
            module = importlib.import_module(entry[1])
            command = get_command(module.app)
            command.name = cmd_name
            return command

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            if args and args[0] not in table:
                near = difflib.get_close_matches(args[0], table, n=1)
                raise UsageError(
                    f"no such command: {args[0]}",
                    hint=f"refctl {near[0]}" if near else "refctl --help lists them",
                )
            return super().resolve_command(ctx, args)

        def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Click's signature
            formatter.write(usage)

    app = typer.Typer(
        cls=Root, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )

    @app.callback()
    def refctl() -> None:
        """One command for the whole life of a FastAPI + Next.js product."""

    return get_command(app)
