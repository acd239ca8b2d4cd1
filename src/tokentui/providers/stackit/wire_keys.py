"""The answer that makes a key, which is the key file.

Source: service-account API description v2, CreateServiceAccountKeyResponse, read 2026-08-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokentui.domain.model import EndSource
from tokentui.domain.text import clean
from tokentui.providers.stackit import wire
from tokentui.providers.stackit.wire_accounts import end_in

if TYPE_CHECKING:
    from datetime import datetime

    from tokentui.domain.model import Facts
    from tokentui.domain.secret import Secret
    from tokentui.providers.http_call import Answer, Call

OWN_PAIR = "yours alone: this document holds none, add it as credentials.privateKey to sign in"


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `document` is the answer as it came."""

    id: str
    document: Secret
    ends_at: datetime | None
    facts: Facts
    end_source: EndSource = EndSource.ANSWER


def new_key(call: Call, answer: Answer, *, has_own_pair: bool) -> NewKey:
    """Read a new key. Raises `BadAnswer` that keeps the answer: the private key comes once."""
    try:
        fields = wire.mapping(answer.payload, "the answer")
        credentials = wire.mapping(fields.get("credentials"), "credentials")
        key_id = wire.identifier(fields, "id")
        for name in ("kid", "iss", "sub", "aud"):
            wire.identifier(credentials, name)
        if not has_own_pair:
            wire.text(credentials, "privateKey")
        facts = [
            ("key id", clean(key_id, 80)),
            ("algorithm", clean(wire.optional_text(fields, "keyAlgorithm"), 40)),
        ]
        if has_own_pair:
            facts.append(("private key", OWN_PAIR))
        ends_at = end_in(fields)
    except wire.Misfit as error:
        raise wire.bad_make(call, answer, error) from None
    return NewKey(key_id, answer.body, ends_at, tuple(fact for fact in facts if fact[1]))
