"""A server that writes harm into every text, and numbers that no date can hold."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number
from tokentui.simulator.stackstate.model import IngestionKey, ServiceToken
from tokentui.simulator.stackstate.rights import GUEST

if TYPE_CHECKING:
    from tokentui.simulator.stackstate.world import StackstateServer

_FARTHEST: Final = 2**63 - 1
_ENDS: Final = (None, 0, -1, -(2**63), _FARTHEST, 253_402_300_800_000)
_IDS: Final = (0, -1, _FARTHEST)


def make_hostile(server: StackstateServer) -> None:
    """Put harm into every text of the server that is not a secret.

    The tokens there stay usable, so that signing in and minting stay possible; one more per hostile
    text carries it in every field, and three more have ids at the ends of their range.
    """
    server.text = hostile_text
    for token in server.tokens():
        server.add_token(
            dataclasses.replace(token, description=hostile_text(token.description or ""))
        )
    for number, text in enumerate(HOSTILE_TEXTS):
        server.add_token(_hostile_token(server.new_id(), number, text))
        server.subjects.make(text)
        server.subjects.grant(text, "get-topology", text_number(number + 1))
    for number, token_id in enumerate(_IDS):
        server.add_token(_hostile_token(token_id, number, f"id {token_id}"))
    server.users = {
        name: dataclasses.replace(
            user, name=hostile_text(user.name), display_name=hostile_text(user.display_name)
        )
        for name, user in server.users.items()
    }
    if server.is_old:
        _add_hostile_keys(server)


def _hostile_token(token_id: int, number: int, name: str) -> ServiceToken:
    return ServiceToken(
        id=token_id,
        name=name,
        roles=(GUEST, text_number(number + 1), text_number(number + 2)),
        secret=f"svctok-hostile-{token_id}",
        updated_ms=_ENDS[number % len(_ENDS)] or 0,
        expires_ms=_ENDS[number % len(_ENDS)],
        description=text_number(number + 3),
        dedicated_subject=text_number(number + 4),
    )


def _add_hostile_keys(server: StackstateServer) -> None:
    for number, text in enumerate(HOSTILE_TEXTS):
        key_id = server.new_id()
        server.ingestion_keys[key_id] = IngestionKey(
            id=key_id,
            name=text,
            secret=f"iapikeyok-hostile-{key_id}",
            updated_ms=0,
            expires_ms=_ENDS[number % len(_ENDS)],
            description=text_number(number + 1),
        )
