"""How to use: from a target or a result to texts that are copied or saved."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from tokentui.domain.errors import StorageError, TokentuiError
from tokentui.domain.recipe import holds_secret, outline
from tokentui.services.parts import known_parts
from tokentui.ui.modals.save import ask_file

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from pathlib import Path

    from tokentui.domain.model import Kind, Target
    from tokentui.domain.receipt import Receipt
    from tokentui.domain.recipe import Part, Recipe
    from tokentui.services.held import Held
    from tokentui.services.issue import Result
    from tokentui.services.workbench import Workbench
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.session import Session

_PLACEHOLDERS = "with placeholders in place of the secret"
_HOLDS_NONE = "with no secret in it"


class UseFlow:
    """Opens the dialog, and copies or saves what it shows."""

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session
        self._result: Result | None = None
        self._on_delivered: Callable[[], None] | None = None
        self._known: Mapping[Part, str] = {}
        self._place = ""

    def open(self, kind: Kind | None, target: Target, held: Held | None = None) -> None:
        """Show the recipes of a kind, or of every kind that fits the target.

        With a credential, its name and id stand in them.
        """
        self._known = known_parts(held) if held else {}
        self._show(self._kinds(target) if kind is None else (kind,), target)

    def open_result(self, result: Result, on_delivered: Callable[[], None] | None = None) -> None:
        """Show the recipes of a credential just made.

        What is copied or saved has the secret in the place for it: each such is a delivery, after
        which `on_delivered` is called.
        """
        self._result = result
        self._on_delivered = on_delivered
        self._known = known_parts(result.issued)
        self._show((result.issued.kind,), result.issued.target)

    def forget(self) -> None:
        """Let go of the secret: the dialog is closed."""
        self._result = None
        self._on_delivered = None

    @property
    def known(self) -> Mapping[Part, str]:
        """What may be shown of the credential."""
        return self._known

    def fills(self, recipe: Recipe) -> bool:
        """Whether a recipe is handed over with a secret in it."""
        return self._result is not None and holds_secret(recipe)

    async def copy(self, recipe: Recipe) -> str:
        """Send a recipe to the clipboard; says what is known of that."""
        result = self._result
        if result is None or not holds_secret(recipe):
            return await self._copy_outline(recipe)

        async def send(bench: Workbench) -> Receipt:
            return await bench.delivering.to_clipboard(result, recipe)

        try:
            receipt = await self._session.call(send)
        except StorageError as error:
            self._delivered()
            return error.sentence
        except TokentuiError as error:
            return f"x {error.sentence}"
        bench = self._session.workbench
        if bench is not None:
            self._app.flow.keeper.hold(receipt, bench.config.settings.clear_after)
        self._delivered()
        return f"with the secret in it: {receipt.sentence}"

    def save(self, recipe: Recipe) -> Coroutine[None, None, str]:
        """Ask for a file and write a recipe there; says where it is, empty: nowhere."""
        proposal = f"~/{_file_name(self._place)}.{_file_name(recipe.key)}.{recipe.syntax}"
        return self._save(recipe, ask_file(self._app, proposal, self._exists))

    async def _save(self, recipe: Recipe, asking: Awaitable[tuple[Path, bool] | None]) -> str:
        chosen = await asking
        if chosen is None:
            return ""
        result = self._result
        if result is None or not holds_secret(recipe):
            return await self._save_outline(recipe, *chosen)
        path, overwrite = chosen

        async def write(bench: Workbench) -> Path:
            return await bench.delivering.to_file(result, path, overwrite=overwrite, recipe=recipe)

        try:
            written = await self._session.call(write)
        except StorageError as error:
            self._delivered()
            return error.sentence
        except TokentuiError as error:
            return f"x {error.sentence}"
        self._delivered()
        return f"written to {written} with the secret in it, readable by you alone"

    async def _save_outline(self, recipe: Recipe, path: Path, overwrite: bool) -> str:
        text = outline(recipe)

        async def write(bench: Workbench) -> Path:
            return await bench.delivering.save_text(text, path, overwrite=overwrite)

        try:
            written = await self._session.call(write)
        except TokentuiError as error:
            return f"x {error.sentence}"
        return f"written to {written} {_told(recipe)}"

    async def _copy_outline(self, recipe: Recipe) -> str:
        text = outline(recipe)

        async def send(bench: Workbench) -> Receipt:
            return await bench.delivering.copy_text(text)

        try:
            receipt = await self._session.call(send)
        except TokentuiError as error:
            return f"x {error.sentence}"
        return f"{_told(recipe)}: {receipt.sentence}"

    def _show(self, kinds: tuple[Kind, ...], target: Target) -> None:
        # Imported here: it would delay the first screen.
        from tokentui.ui.modals.use import UseModal

        self._place = target.name
        self._app.push_screen(UseModal(self._session, self, kinds, target))

    def _kinds(self, target: Target) -> tuple[Kind, ...]:
        bench = self._session.workbench
        if bench is None:
            return ()
        return tuple(
            kind for kind in bench.connections.about(target.profile).kinds if kind.fits(target)
        )

    def _delivered(self) -> None:
        if self._on_delivered is not None:
            self._on_delivered()

    async def _exists(self, path: Path) -> bool:
        async def look(_: Workbench) -> bool:
            return await asyncio.to_thread(os.path.lexists, path)

        try:
            return await self._session.call(look)
        except TokentuiError:
            return True  # whoever cannot look asks first


def _told(recipe: Recipe) -> str:
    return _PLACEHOLDERS if holds_secret(recipe) else _HOLDS_NONE


def _file_name(text: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in text)
    return kept.strip("-")[:60] or "recipe"
