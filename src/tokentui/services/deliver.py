"""Hand a secret over, and write down where it went."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError, StorageError
from tokentui.domain.model import Form
from tokentui.domain.receipt import Certainty, Receipt
from tokentui.domain.recipe import filled
from tokentui.domain.secret import Secret
from tokentui.services.parts import kubeconfig_entry, parts_of, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokentui.domain.recipe import Recipe
    from tokentui.services.issue import Result
    from tokentui.services.ports import (
        Clipboard,
        Clock,
        KubeconfigStore,
        Ledger,
        Merged,
        SecretFiles,
    )


class Delivering:
    """The ways out for a secret.

    Each may raise `DeliveryError`; the caller still holds the result and can take another way.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        clipboard: Clipboard,
        kubeconfigs: KubeconfigStore,
        files: SecretFiles,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._clipboard = clipboard
        self._kubeconfigs = kubeconfigs
        self._files = files

    def text(self, result: Result, recipe: Recipe | None = None) -> Secret:
        """Give what is handed over: the recipe filled in, or the whole credential as one text.

        That is a token or key file as it came, a password behind its user name and a colon, a
        stand-alone kubeconfig as YAML.
        """
        if recipe is not None:
            return filled(recipe, parts_of(result.issued))
        return whole(result.issued)

    async def to_clipboard(self, result: Result, recipe: Recipe | None = None) -> Receipt:
        """Send it to the operator's clipboard; the receipt says what is known of that.

        Without a recipe a password goes alone: it is pasted into a field of its own.
        """
        alone = recipe is None and result.issued.kind.form is Form.PASSWORD
        receipt = await self._copy(result.issued.secret if alone else self.text(result, recipe))
        self._record(result, _destination(f"clipboard ({receipt.route})", recipe))
        return receipt

    async def copy_text(self, text: str) -> Receipt:
        """Send something that is no secret: an id, a name, a link."""
        return await self._copy(Secret(text))

    async def save_text(self, text: str, path: Path, *, overwrite: bool = False) -> Path:
        """Write something that is no secret into a file of its own; it is no delivery."""
        return await asyncio.to_thread(self._files.write, path, Secret(text), overwrite=overwrite)

    async def clear_clipboard(self, receipt: Receipt) -> str:
        """Take the secret out of the clipboard again; says in words what is known of that."""
        return await self._clipboard.clear(receipt)

    async def to_kubeconfig(
        self, result: Result, path: Path | None = None, *, make_current: bool = False
    ) -> Merged:
        """Merge it into a kubeconfig; `path` None: the file that kubectl would write."""
        entry = kubeconfig_entry(result.issued)
        merged = await asyncio.to_thread(
            self._kubeconfigs.merge,
            entry,
            path or self._kubeconfigs.default_path(),
            make_current=make_current,
        )
        self._record(result, str(merged.path))
        return merged

    async def check_kubeconfig(self, path: Path | None = None) -> None:
        """Raise `DeliveryError` if nothing could be merged into this file."""
        await asyncio.to_thread(self._kubeconfigs.check, path or self._kubeconfigs.default_path())

    async def to_file(
        self, result: Result, path: Path, *, overwrite: bool = False, recipe: Recipe | None = None
    ) -> Path:
        """Write it into a file of its own that nobody else can read."""
        written = await asyncio.to_thread(
            self._files.write, path, self.text(result, recipe), overwrite=overwrite
        )
        self._record(result, _destination(str(written), recipe))
        return written

    def to_stdout(
        self, result: Result, write: Callable[[str], object], recipe: Recipe | None = None
    ) -> None:
        """Print it, followed by a line end."""
        write(self.text(result, recipe).reveal().rstrip("\n") + "\n")
        self._record(result, _destination("standard output", recipe))

    def revealed(self, result: Result) -> None:
        """Note that it was shown on the screen, which is a way out as well."""
        self._record(result, "shown on screen")

    def discard(self, result: Result) -> None:
        """Throw the secret away on purpose; the credential itself lives on."""
        self._ledger.discarded(result.number, self._clock())

    def lose(self, result: Result, why: str) -> None:
        """Note that the secret is gone and was never handed over."""
        self._ledger.lost(result.number, why, self._clock())

    async def keep(self, result: Result) -> Path:
        """Write it into a file below the state folder, because no other way was open.

        A password is behind its user name and a colon; all else is as it came: the last resort
        must not fail at a kubeconfig that cannot be read.
        """
        issued = result.issued
        has_user = issued.kind.form is Form.PASSWORD
        kept = await self.rescue(whole(issued) if has_user else issued.secret, _label(result))
        self._record(result, str(kept))
        return kept

    async def rescue(self, raw: Secret, name: str) -> Path:
        """Keep an answer that could not be read: it may hold the only copy of a secret."""
        return await asyncio.to_thread(self._files.rescue, raw, name)

    async def _copy(self, text: Secret) -> Receipt:
        receipt = await self._clipboard.copy(text)
        if receipt.certainty is Certainty.FAILED:
            raise DeliveryError(receipt.sentence)
        return receipt

    def _record(self, result: Result, destination: str) -> None:
        try:
            self._ledger.delivered(result.number, destination, self._clock())
        except StorageError as error:
            raise StorageError(
                f"handed over to {destination}, but not recorded: {error.message}",
                error.next_step,
            ) from None


def _destination(place: str, recipe: Recipe | None) -> str:
    return place if recipe is None else f"{place}, as recipe {recipe.key}"


def _label(result: Result) -> str:
    return f"{result.issued.target.name}-{result.issued.kind.key}"
