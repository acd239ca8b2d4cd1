"""A secret that somebody gives back, taken for what its provider once gave."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.errors import UsageError
from tokentui.domain.model import EndSource, Form, Issued
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.model import Kind, Target
    from tokentui.services.held import Held
    from tokentui.services.ports import KubeconfigStore


class Pasting:
    """Reads secrets in the forms in which they are handed over, whatever terminals did to them."""

    def __init__(self, kubeconfigs: KubeconfigStore) -> None:
        self._kubeconfigs = kubeconfigs

    async def secret(self, kind: Kind, pasted: Secret, name: str = "") -> Secret:
        """Give the secret of a kind in the form in which its provider gives it.

        A password may stand behind its user's `name` and a colon, a kubeconfig may be YAML.
        Raises `DeliveryError` for what is no kubeconfig.
        """
        secret = _plain(pasted)
        if kind.form is Form.KUBECONFIG:
            return await asyncio.to_thread(self._kubeconfigs.as_json, secret)
        if kind.form is Form.PASSWORD and name:
            return Secret(secret.reveal().removeprefix(f"{name}:"))
        return secret

    async def issued(
        self, kind: Kind, target: Target, pasted: Secret, now: datetime, held: Held | None = None
    ) -> Issued:
        """Give it as if it had just been made; `held` is the credential if that is known.

        Raises as `secret` does, and `UsageError` for a password whose user name nobody gives.
        """
        name = held.name if held else ""
        if kind.form is Form.PASSWORD and not name:
            name, colon, _ = _plain(pasted).reveal().partition(":")
            if not colon:
                raise UsageError(f"a {kind.noun} has a name, too", "give it as user:password")
        return Issued(
            kind=kind,
            target=target,
            secret=await self.secret(kind, pasted, name),
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=now,
            remote_id=held.remote_id if held else "",
            name=name,
        )


def _plain(pasted: Secret) -> Secret:
    """Level the line ends that terminals change, and drop the blanks around it."""
    return Secret(pasted.reveal().replace("\r\n", "\n").replace("\r", "\n").strip())
