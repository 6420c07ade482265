"""What every `refctl secrets` command works with: the stores, opened and written under a lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.plan import Call, Plan, Step, WriteFile
from refctl.core.redact import Secret
from refctl.secrets import catalogue, store
from refctl.tools import age
from refctl.tools.proc import Processes
from refctl.workspace import settings, workflows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.secrets.catalogue import Kind
    from refctl.secrets.store import Store
    from refctl.tools.age import Identity

PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Session:
    """One command's surroundings."""

    paths: Paths
    config: Config
    console: Console
    dry_run: bool = False

    def locked(self) -> AbstractContextManager[None]:
        """Hold the stores: what is read is still so when it is written."""
        return hold(self.paths.state / "locks", "secrets", purpose="changing secrets", wait=30.0)

    def identity(self) -> Identity:
        """Return the identity that opens the stores.

        Raises:
            ConfigurationError: there is none.

        """
        found = age.find(self.paths.root)
        if found is None:
            raise ConfigurationError(
                f"there is no age identity: not in {age.VARIABLE}, {age.default_file()} or the "
                "keyring",
                hint="refctl secrets init makes one; where others keep secrets already, they add "
                "its public key to secrets/recipients.txt",
            )
        return found

    def open(self, names: Sequence[str]) -> dict[str, Store]:
        """Return the stores that are there, of these names; without any, no identity is asked."""
        there = [name for name in names if store.file_of(self.paths, name).is_file()]
        if not there:
            return {}
        identity = self.identity()
        return {name: store.read(self.paths, name, identity) for name in there}

    def require(self, name: str) -> Store:
        """Return a store that has to be there.

        Raises:
            ConfigurationError: it is not.

        """
        found = self.open((name,))
        if not found:
            raise ConfigurationError(
                f"nothing is kept for {name}", hint=f"refctl secrets init -e {name}"
            )
        return found[name]

    def kinds(self) -> tuple[Kind, ...]:
        """Return the secrets that there have to be."""
        schema = settings.answer(self.paths, self.config, self.console, "schema")
        asked: list[str] = []
        if workflows.files(self.paths):
            asked = [n for one in workflows.read(self.paths) for n in one.needed()]
        return catalogue.kinds(schema, self.config, sorted(set(asked)))

    def writing(self, some: Store, title: str, needs: tuple[str, ...] = ()) -> Step:
        """Return the step that writes a store, for everybody who may read it."""
        whom = store.recipients(self.paths)
        if not whom:
            raise ConfigurationError(
                "secrets/recipients.txt names nobody who could read a secret",
                hint="refctl secrets init",
            )
        identity = self.identity()
        if identity.recipient not in whom:
            raise ConfigurationError(
                f"secrets/recipients.txt does not name the identity of {identity.source}: what you "
                "write, you could not read",
                hint=f"somebody who is named adds {identity.recipient} there",
            )
        text = store.write(replace(some, recipients=whom), whom)
        file = store.file_of(self.paths, some.name)
        action = WriteFile(file, Secret(text), mode=PRIVATE)
        return Step(f"write-{some.name}", title, (action,), needs=needs)

    def do(
        self, steps: Sequence[Step], on_call: Callable[[Call], object] | None = None
    ) -> tuple[str, ...]:
        """Do the steps with a journal, or say what they would do."""
        todo = Plan("secrets", tuple(steps))
        if self.dry_run:
            printing = PrintingExecutor()
            printing.execute(todo)
            return tuple(printing.lines)
        RealExecutor(
            Processes(),
            self.console,
            lambda: Journal.begin(self.paths.state / "runs", "secrets"),
            on_call=on_call,
        ).execute(todo)
        return ()
