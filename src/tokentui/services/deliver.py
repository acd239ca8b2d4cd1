"""Hand a secret over, and write down where it went."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from tokentui.domain.errors import DeliveryError, StorageError
from tokentui.domain.kubeconfig import Origin, from_server, render
from tokentui.domain.model import Form, InstanceId
from tokentui.domain.receipt import Certainty, Receipt
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokentui.domain.kubeconfig import Entry
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

    def text(self, result: Result) -> Secret:
        """Give what is handed over: the token itself, or a stand-alone kubeconfig as YAML."""
        if result.issued.kind.form is Form.KUBECONFIG:
            return render(_entry(result))
        return result.issued.secret

    async def to_clipboard(self, result: Result) -> Receipt:
        """Send it to the operator's clipboard; the receipt says what is known of that."""
        receipt = await self._copy(self.text(result))
        self._record(result, f"clipboard ({receipt.route})")
        return receipt

    async def copy_text(self, text: str) -> Receipt:
        """Send something that is no secret: an id, a name, a link."""
        return await self._copy(Secret(text))

    async def clear_clipboard(self, receipt: Receipt) -> str:
        """Take the secret out of the clipboard again; says in words what is known of that."""
        return await self._clipboard.clear(receipt)

    async def to_kubeconfig(
        self, result: Result, path: Path | None = None, *, make_current: bool = False
    ) -> Merged:
        """Merge it into a kubeconfig; `path` None: the file that kubectl would write."""
        entry = _entry(result)
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

    async def to_file(self, result: Result, path: Path, *, overwrite: bool = False) -> Path:
        """Write it into a file of its own that nobody else can read."""
        written = await asyncio.to_thread(
            self._files.write, path, self.text(result), overwrite=overwrite
        )
        self._record(result, str(written))
        return written

    def to_stdout(self, result: Result, write: Callable[[str], object]) -> None:
        """Print it, followed by a line end."""
        write(self.text(result).reveal().rstrip("\n") + "\n")
        self._record(result, "standard output")

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
        """Write it into a file below the state folder, because no other way was open."""
        kept = await self.rescue(result.issued.secret, _label(result))
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


def _label(result: Result) -> str:
    return f"{result.issued.target.name}-{result.issued.kind.key}"


def _entry(result: Result) -> Entry:
    issued = result.issued
    if issued.kind.form is not Form.KUBECONFIG:
        raise DeliveryError(
            f"a {issued.kind.noun} is no kubeconfig", "make a kubeconfig for this instance instead"
        )
    document: object = json.loads(issued.secret.reveal())
    return from_server(
        document,
        name=f"{issued.target.noun}-{issued.target.name}",
        origin=Origin(issued.target.profile, InstanceId(issued.target.id)),
    )
