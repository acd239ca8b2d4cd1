"""What a refusal of an API server says: the object `Status`.

Source: kubernetes/apimachinery eed236ce pkg/apis/meta/v1/types.go; a kube-apiserver v1.20.2,
measured.
"""

from __future__ import annotations

import re

from tokentui.domain.errors import Forbidden, NotSignedIn, ProviderError
from tokentui.domain.text import clean

ALREADY_EXISTS = "AlreadyExists"
CONFLICT = "Conflict"
_ANONYMOUS = "system:anonymous"
_NAMED = re.compile(r'User "([^"]+)" cannot ')


class Words:
    """Reads the server's words out of an error body, and keeps what they mean."""

    def __init__(self) -> None:
        self.reason = ""
        self.message = ""

    def __call__(self, payload: object) -> str:
        fields = payload if isinstance(payload, dict) else {}
        reason, message = fields.get("reason"), fields.get("message")
        self.reason = clean(reason, 60) if isinstance(reason, str) else ""
        self.message = clean(message, 500) if isinstance(message, str) else ""
        return self.message or self.reason

    @property
    def user(self) -> str:
        """The user that a 403 names; empty if it names none."""
        found = _NAMED.search(self.message)
        return found[1] if found else ""

    def told(self, error: ProviderError) -> ProviderError:
        """Give the error as the reason wants it: nobody's call is no question of rights."""
        if isinstance(error, Forbidden) and self.user == _ANONYMOUS:
            return NotSignedIn(
                f"{error.message}; that is what it calls those who are not signed in",
                "sign in again, or check the user of the kubeconfig's context",
                why=error.why,
            )
        if self.reason == ALREADY_EXISTS:
            error.next_step = "choose another name"
        elif self.reason == CONFLICT:
            error.next_step = "refresh the list: it was made anew in the meantime"
        return error
