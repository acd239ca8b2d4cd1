"""What a contract suite needs of the system behind the provider under test."""

from __future__ import annotations

from typing import Protocol


class World(Protocol):
    """A simulated system that counts and misbehaves on request."""

    def mint_requests(self) -> int:
        """Count the requests so far that ask for a credential, also those that failed."""

    def mints(self) -> int:
        """Count the credentials made so far."""

    def cut_next_mint(self) -> None:
        """Make the next credential, but close the connection instead of answering."""

    def refuse_next_mint(self) -> None:
        """Answer the next request for a credential with a refusal, and make nothing."""

    def change_requests(self) -> int:
        """Count the requests so far that end or change a credential, also those that failed."""

    def cut_next_change(self) -> None:
        """Do what the next such request asks for, but close the connection instead of answering."""

    def hold_lists(self) -> None:
        """Leave every request for a list unanswered from now on."""

    def held(self) -> int:
        """Count the requests that are left unanswered now."""
