"""Hands one credential over, and remembers what became of each way out."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, TypeVar

from tokentui.domain.errors import StorageError, TokentuiError
from tokentui.domain.model import Form
from tokentui.domain.receipt import Certainty
from tokentui.domain.text import unprintable
from tokentui.ui import credential_words as words
from tokentui.ui import result_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tokentui.domain.receipt import Receipt
    from tokentui.domain.secret import Secret
    from tokentui.services.ports import Merged
    from tokentui.services.workbench import Workbench
    from tokentui.ui.clipboard_keeper import ClipboardKeeper
    from tokentui.ui.generated import Generated
    from tokentui.ui.session import Session

T = TypeVar("T")

ALLOWED_CONTROLS = "\n\t"
CHECKING = "checking.."
NOT_TRIED = "not tried (v tries it)"


class Handover:
    """The state of one result. Texts say how each part is; `on_change` is called when one moves.

    `text` is what is shown and copied, None until it is known: of a password not its user name.
    `is_busy` says that a way out is being tried; `is_disproved` that the last copy is not in the
    clipboard, as a paste showed.
    """

    def __init__(
        self,
        session: Session,
        generated: Generated,
        keeper: ClipboardKeeper,
        on_change: Callable[[], None],
    ) -> None:
        self._session = session
        self._result = generated.result
        self._after = generated.after
        self._keeper = keeper
        self._on_change = on_change
        self.text: Secret | None = None
        self.receipt: Receipt | None = None
        self.merged: Merged | None = None
        self.saved: Path | None = None
        self.clipboard = ""
        self.kubeconfig = ""
        self.file = ""
        self.verified = CHECKING if generated.after.verify else NOT_TRIED
        self.is_busy = True  # until it begins, so that no key is quicker
        self.is_proved = False
        self.is_disproved = False
        self._is_copied = False
        self._is_kept = bool(self._result.kept_in)

    @property
    def is_delivered(self) -> bool:
        """Whether somebody or something has it now; a copy that a paste disproved is none."""
        return self._is_copied or self._is_kept

    @property
    def is_kubeconfig(self) -> bool:
        """Whether the credential can be merged into a kubeconfig."""
        return self._result.issued.kind.form is Form.KUBECONFIG

    async def begin(self) -> None:
        """Read it, and hand it over as was chosen in the generate dialog."""
        await self._read()
        self.is_busy = False
        if self.text is not None and self._after.merge:
            await self.merge(make_current=self._after.make_current)
        if self.text is not None and self._after.copy:
            await self.copy()

    async def copy(self) -> None:
        """Send it to the clipboard, from which it is taken again after its time."""
        self.clipboard = "sending.."
        self.is_proved = False

        async def send(bench: Workbench) -> Receipt:
            return await bench.delivering.to_clipboard(self._result)

        try:
            receipt = await self._deliver(send)
        except StorageError as error:
            self._is_copied = True
            self.is_disproved = False
            self.clipboard = error.sentence
        except TokentuiError as error:
            self.clipboard = f"x {error.sentence}"
        else:
            self._is_copied = True
            self.is_disproved = False
            self.receipt = receipt
            self.is_proved = receipt.certainty is Certainty.PROVED
            self.clipboard = receipt.sentence
            self._hold(receipt)
        self._on_change()

    async def copy_name(self) -> None:
        """Send the user name to the clipboard, which takes the place of whatever was there."""
        name = result_words.user_name(self._result.issued)
        self.clipboard = "sending the user name.."

        async def send(bench: Workbench) -> Receipt:
            return await bench.delivering.copy_text(name)

        try:
            receipt = await self._deliver(send)
        except TokentuiError as error:
            self.clipboard = f"x user name: {error.sentence}"
        else:
            self._keeper.keep()
            self.receipt = None
            self._is_copied = self.is_proved = self.is_disproved = False
            self.clipboard = f"user name {receipt.sentence}; c copies the password"
        self._on_change()

    def check(self, proved: bool, sentence: str) -> None:
        """Take what a paste showed: only with the secret in it, the copy counts."""
        self.is_proved = self._is_copied = proved
        self.is_disproved = not proved
        self.clipboard = sentence if proved else f"x {sentence}; c copies again, s saves it"
        self._on_change()

    async def merge(self, *, make_current: bool = False) -> None:
        """Merge it into the kubeconfig."""
        self.kubeconfig = "merging.."

        async def put(bench: Workbench) -> Merged:
            return await bench.delivering.to_kubeconfig(self._result, make_current=make_current)

        try:
            merged = await self._deliver(put)
        except StorageError as error:
            self._is_kept = True
            self.kubeconfig = error.sentence
        except TokentuiError as error:
            self.kubeconfig = f"x {error.sentence}"
        else:
            self._is_kept = True
            self.merged = merged
            current = ", now the current one" if make_current else ""
            self.kubeconfig = f"merged into {merged.path} as context {merged.context}{current}"
        self._on_change()

    async def save(self, path: Path, *, overwrite: bool) -> None:
        """Write it into a file of its own."""
        self.file = "writing.."

        async def write(bench: Workbench) -> Path:
            return await bench.delivering.to_file(self._result, path, overwrite=overwrite)

        try:
            self.saved = await self._deliver(write)
        except StorageError as error:
            self._is_kept = True
            self.file = error.sentence
        except TokentuiError as error:
            self.file = f"x {error.sentence}"
        else:
            self._is_kept = True
            shape = " as user:password" if result_words.user_name(self._result.issued) else ""
            self.file = f"written to {self.saved}{shape}, readable by you alone"
        self._on_change()

    def note_recipe(self) -> None:
        """Count what was handed over within a recipe."""
        self._is_kept = True
        self._on_change()

    async def exists(self, path: Path) -> bool:
        """Say whether there is something under this name."""

        async def look(_: Workbench) -> bool:
            return await asyncio.to_thread(os.path.lexists, path)

        try:
            return await self._session.call(look)
        except TokentuiError:
            return True  # whoever cannot look asks first

    async def verify(self) -> None:
        """Try it once."""
        self.verified = CHECKING
        self._on_change()
        try:
            found = await self._session.call(lambda bench: bench.issuing.verify(self._result))
        except TokentuiError as error:
            self.verified = f"could not be checked: {error.sentence}"
        else:
            sign = "x " if found.ok is False else ""
            self.verified = sign + words.verification_words(found)
        self._on_change()

    async def discard(self) -> None:
        """Note that it was thrown away on purpose."""
        await self._tell_ledger(lambda bench: bench.delivering.discard(self._result))

    async def note_shown(self) -> None:
        """Note that it was shown on the screen."""
        await self._tell_ledger(lambda bench: bench.delivering.revealed(self._result))

    async def _read(self) -> None:
        """Take the text apart from the answer; one that makes no sense is kept in a file."""

        async def read(bench: Workbench) -> Secret:
            issued = self._result.issued
            alone = issued.kind.form is Form.PASSWORD
            return issued.secret if alone else bench.delivering.text(self._result)

        try:
            self.text = await self._session.call(read)
        except TokentuiError as error:
            await self._rescue(error)
        self._on_change()

    async def _rescue(self, why: TokentuiError) -> None:
        issued = self._result.issued
        name = f"{issued.target.name}-{issued.kind.key}"

        async def keep(bench: Workbench) -> Path:
            return await bench.delivering.rescue(issued.secret, name)

        try:
            self.saved = await self._session.call(keep)
        except TokentuiError as error:
            self.file = f"x {why.sentence}; it could not be kept either: {error.sentence}"
        else:
            self._is_kept = True
            self.file = f"x {why.sentence}; as it came it is kept in {self.saved}"

    def _hold(self, receipt: Receipt) -> None:
        bench = self._session.workbench
        if bench is not None:
            self._keeper.hold(receipt, bench.config.settings.clear_after)

    async def _deliver(self, use: Callable[[Workbench], Awaitable[T]]) -> T:
        """Try a way out; a `StorageError` says that only its entry could not be written."""
        self.is_busy = True
        self._on_change()
        try:
            return await self._session.call(use)
        finally:
            self.is_busy = False

    async def _tell_ledger(self, note: Callable[[Workbench], None]) -> None:
        async def tell(bench: Workbench) -> None:
            note(bench)

        try:
            await self._session.call(tell)
        except TokentuiError as error:
            self._session.last_error = error


def control_characters(text: Secret) -> int:
    """Count the characters that keep a secret from being shown."""
    return unprintable(text.reveal(), ALLOWED_CONTROLS)
