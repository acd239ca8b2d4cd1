"""The answer of a token endpoint. Source: RFC 6749, section 5.1."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tokentui.domain.secret import Secret
from tokentui.providers.http_errors import bad_answer

if TYPE_CHECKING:
    from tokentui.providers.http_call import Answer, Call

_LONGEST_LIFE_S = 86_400


def access_token(call: Call, answer: Answer) -> tuple[Secret, timedelta]:
    """Read the token and how long it says that it lives, nothing if it does not say.

    Raises `BadAnswer`.
    """
    payload = answer.payload
    if not isinstance(payload, dict):
        raise bad_answer(call, "is no object", making=False, trace_id=answer.trace_id)
    token, lives_s = payload.get("access_token"), payload.get("expires_in")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        token = ""
    if not token or " " in token:
        why = "has no token in the field access_token"
        raise bad_answer(call, why, making=False, trace_id=answer.trace_id)
    if isinstance(lives_s, bool) or not isinstance(lives_s, int | float) or not lives_s > 0:
        return Secret(token), timedelta()
    return Secret(token), timedelta(seconds=min(lives_s, _LONGEST_LIFE_S))
