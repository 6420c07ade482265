"""The command decorator: adds the common options and renders the result."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from refctl.cli.options import Context
from refctl.core.console import Console
from refctl.core.errors import RefctlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from refctl.core.result import Result

JSON = Annotated[bool, typer.Option("--json", help="Print machine-readable output.")]
DRY_RUN = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and stop.")]
VERBOSE = Annotated[bool, typer.Option("--verbose", "-v", help="Show every detail.")]
QUIET = Annotated[bool, typer.Option("--quiet", "-q", help="Show results and errors only.")]


def command(
    app: typer.Typer, *, name: str, example: str, effects: bool = True, streams: bool = False
) -> Callable[[Callable[..., Result]], Callable[..., None]]:
    """Register a function `(context, …) -> Result` as the command `name` of `app`.

    A command that `streams` prints events at `--json`: its failure is the last of them.
    """
    full = f"{app.info.name} {name}" if isinstance(app.info.name, str) else name

    def decorate(function: Callable[..., Result]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(**arguments: Any) -> None:
            from refctl.cli.render import render

            context = Context(
                console=Console(quiet=arguments.pop("quiet"), verbose=arguments.pop("verbose")),
                json=arguments.pop("json"),
                dry_run=arguments.pop("dry_run", False),
            )
            try:
                result = function(context, **arguments)
            except RefctlError as error:
                error.command = full
                if streams and context.json:
                    context.console.json({"event": "error", **error.as_json()})
                    error.told = True
                raise
            render(result, context.console, full, json=context.json)
            if not result.ok:
                raise typer.Exit(1)

        common = {"json": JSON, "verbose": VERBOSE, "quiet": QUIET}
        if effects:
            common["dry_run"] = DRY_RUN
        # The function's own annotations are strings where its module defers them.
        hints = inspect.get_annotations(function, eval_str=True)
        own = list(inspect.signature(function).parameters.values())[1:]
        parameters = [
            parameter.replace(annotation=hints[parameter.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in own
        ] + [
            inspect.Parameter(
                option, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=annotation
            )
            for option, annotation in common.items()
        ]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # set for Typer, which reads it
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        app.command(name=name, epilog=f"Example: {example}")(run)
        return run

    return decorate


def application(
    group: str | None = None, about: str = "", *, default: str | None = None
) -> typer.Typer:
    """Return a Typer application with this project's settings: plain help, no tracebacks.

    With the name of a `group`, its commands are that one's sub-commands; `default` is the one that
    the name alone (and options) stands for.
    """

    class Group(TyperGroup):
        def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
            named = bool(args) and not args[0].startswith("-")
            if default and not named and args[:1] != ["--help"] and not ctx.resilient_parsing:
                args = [default, *args]
            return super().parse_args(ctx, args)

    app = typer.Typer(
        name=group,
        cls=Group,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        subcommand_metavar="COMMAND [OPTIONS]",
        epilog=f"Run 'refctl {group} COMMAND --help' for a command's options and an example.",
    )
    if group is not None:
        # Without a callback, Typer makes a single command the whole application.
        app.callback(help=about)(lambda: None)
    return app
