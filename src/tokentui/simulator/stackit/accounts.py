"""The service accounts of the simulated STACKIT, with their keys and retired tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.simulator.stackit.model import Identity, LegacyToken, ServiceAccountKey


class Accounts:
    """What exists now; `legacy_on` opens the retired paths of access tokens."""

    def __init__(self) -> None:
        self._accounts: dict[str, Identity] = {}
        self.keys: dict[str, ServiceAccountKey] = {}
        self.legacy_tokens: dict[str, LegacyToken] = {}
        self.legacy_on = False

    def add(self, account: Identity) -> None:
        """Let an account exist."""
        self._accounts[account.id] = account

    def all(self) -> list[Identity]:
        """Return every account in order of creation."""
        return list(self._accounts.values())

    def get(self, account_id: object) -> Identity | None:
        """Return the account with that id."""
        return self._accounts.get(str(account_id))

    def named(self, email: str) -> Identity | None:
        """Return the account with that email."""
        return next((one for one in self._accounts.values() if one.email == email), None)

    def keys_of(self, account: Identity) -> list[ServiceAccountKey]:
        """Return the account's keys, oldest first here."""
        return [key for key in self.keys.values() if key.identity is account]

    def legacy_tokens_of(self, account: Identity) -> list[LegacyToken]:
        """Return the account's retired tokens, oldest first here."""
        return [token for token in self.legacy_tokens.values() if token.identity is account]

    def key_of(self, *, may_write: bool) -> ServiceAccountKey:
        """Return the key with which the admin or the reader signs in."""
        return next(
            key
            for key in self.keys.values()
            if key.private_key is not None and key.identity.may_write is may_write
        )

    def delete(self, account: Identity) -> None:
        """End an account with all that it holds."""
        del self._accounts[account.id]
        for key in self.keys_of(account):
            del self.keys[key.id]
        for token in self.legacy_tokens_of(account):
            del self.legacy_tokens[token.id]
