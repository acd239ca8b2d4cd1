"""Where a command hands a new secret over: checked before it is made, kept if that fails."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, instant, note
from tokentui.cli.questions import agrees, has_person
from tokentui.domain.errors import DeliveryError, StorageError, UsageError
from tokentui.domain.model import Form

if TYPE_CHECKING:
    import argparse

    from tokentui.domain.model import Kind
    from tokentui.services.deliver import Delivering
    from tokentui.services.issue import Result


@dataclass(frozen=True, slots=True)
class Destination:
    """The one place that the flags name; without one the clipboard or standard output."""

    options: argparse.Namespace

    async def check(self, kind: Kind, delivering: Delivering) -> None:
        """Refuse what cannot work before anything is made.

        Raises `UsageError`, or `DeliveryError` for a kubeconfig that cannot be merged into.
        """
        if getattr(self.options, "use", False) and self.options.kubeconfig is None:
            raise UsageError(
                "--use needs a kubeconfig to make current", "leave out the other destination"
            )
        if self.options.kubeconfig is not None:
            if kind.form is not Form.KUBECONFIG:
                raise UsageError(
                    f"{kind.noun} is no kubeconfig and cannot be merged into one",
                    "use 'tokentui kubeconfig create', or another destination",
                )
            await delivering.check_kubeconfig(self._kubeconfig())
        if self.options.file:
            await self._check_file(_path(self.options.file))

    async def deliver(self, delivering: Delivering, result: Result) -> str:
        """Hand it over and say where it went; what could not be handed over is kept in a file.

        Raises `DeliveryError` with the place of that file.
        """
        try:
            return await self._deliver(delivering, result)
        except (DeliveryError, OSError) as error:
            why = error.sentence if isinstance(error, DeliveryError) else _in_words(error)
            kept = await delivering.keep(result)
            raise DeliveryError(
                why, f"the secret is kept in {kept} (readable by you alone)"
            ) from None
        except StorageError as error:
            note(f"tokentui: {error.sentence}")
            return "handed over"

    async def _deliver(self, delivering: Delivering, result: Result) -> str:
        options = self.options
        if options.kubeconfig is not None:
            use = getattr(options, "use", False)
            merged = await delivering.to_kubeconfig(result, self._kubeconfig(), make_current=use)
            for warning in merged.warnings:
                note(f"tokentui: {warning}")
            self._print_facts(result)
            return f"merged into {merged.path} as context {merged.context}"
        if options.file:
            path = _path(options.file)
            written = await delivering.to_file(result, path, overwrite=path.exists())
            self._print_facts(result)
            return f"written to {written}"
        if options.copy or (sys.stdout.isatty() and not options.stdout):
            receipt = await delivering.to_clipboard(result)
            if result.issued.kind.form is Form.PASSWORD:
                note(f"the password alone; its user name is {result.issued.name}")
            self._print_facts(result)
            return f"{receipt.sentence}; it stays there until you copy something else"
        if options.output == "text":
            delivering.to_stdout(result, _print)
        else:
            delivering.to_stdout(result, lambda text: self._print_facts(result, text))
        return "printed"

    def _kubeconfig(self) -> Path | None:
        return _path(self.options.kubeconfig) if self.options.kubeconfig else None

    async def _check_file(self, path: Path) -> None:
        if _is_free(path) or await self._may_overwrite(path):
            return
        raise UsageError(f"--file {path} exists already", "name another file, or say -y")

    async def _may_overwrite(self, path: Path) -> bool:
        if self.options.yes or not has_person():
            return bool(self.options.yes)
        return await agrees(f"{path} exists; overwrite it?")

    def _print_facts(self, result: Result, text: str | None = None) -> None:
        """Print what is known of it; `text` is the secret as one text, if that is to be seen."""
        if self.options.output == "text":
            return
        issued = result.issued
        facts: dict[str, Plain] = {
            "schema": "tokentui/issued/v1",
            "number": result.number,
            "id": issued.remote_id or None,
            "name": issued.name or None,
            "profile": issued.target.profile,
            "where": issued.target.name,
            "kind": issued.kind.key,
            "endsAt": instant(issued.ends_at),
            "endSource": str(issued.end_source),
        }
        if issued.kind.form is Form.PASSWORD:
            facts["user"] = issued.name
            text = text and text.removeprefix(f"{issued.name}:")
        if text is not None:
            facts["secret"] = text.rstrip("\n")
        document(facts, self.options.output)


def _is_free(path: Path) -> bool:
    """Say whether a new file can be written there; raises `UsageError` if none can."""
    if path.is_dir():
        raise UsageError(f"--file {path} is a folder", "name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"--file {path}: its folder does not exist", "make the folder first")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"--file {path}: its folder cannot be written to", "name another file")
    return not path.exists()


def _print(text: str) -> None:
    """Print at once, so that a reader who has gone is noticed before it counts as handed over."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _in_words(error: OSError) -> str:
    return f"standard output cannot be written to: {os.strerror(error.errno or 0)}"


def _path(text: str) -> Path:
    return Path(text).expanduser()
