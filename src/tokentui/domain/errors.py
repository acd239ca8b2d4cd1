"""Errors that a person can act on: what was wrong, with which object, and what to do next."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.domain.secret import Secret


class ExitCode(IntEnum):
    """What the command line returns; documented and stable."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    FORBIDDEN = 3
    NOT_FOUND = 4
    UNREACHABLE = 5
    OUTCOME_UNKNOWN = 6
    GUARD_RAIL = 7


class Outcome(StrEnum):
    """What is certain about a credential after its request failed."""

    REFUSED = "refused"
    UNKNOWN = "unknown"


class Stopped(BaseException):
    """A signal asked to stop; `exit_code` is the shell's way of naming it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class TokentuiError(Exception):
    """The base of all errors that are shown to a person.

    `message` says what was wrong with which object, in one clause without a full stop;
    `next_step` says what to do about it. Neither holds a secret, both are clean text.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    @property
    def sentence(self) -> str:
        """The whole error on one line."""
        return f"{self.message}: {self.next_step}" if self.next_step else self.message

    def __str__(self) -> str:
        return self.sentence


class UsageError(TokentuiError):
    """A flag, an argument or a field does not fit."""

    exit_code = ExitCode.USAGE


class ConfigError(TokentuiError):
    """The configuration cannot be used; the message names file, line and key."""

    exit_code = ExitCode.USAGE


class GuardRail(TokentuiError):
    """The profile's own rules forbid this."""

    exit_code = ExitCode.GUARD_RAIL


class StorageError(TokentuiError):
    """The ledger or a file of ours cannot be read or written."""


class DeliveryError(TokentuiError):
    """A secret could not be handed over; it is still held by the caller."""


class ProviderError(TokentuiError):
    """A provider did not do what was asked.

    `outcome` says what is certain about a request that makes something: `REFUSED` means that
    nothing was made, `UNKNOWN` that it may exist. `trace_id` is the provider's support id. `why`
    is the reason alone, as a clause that fits into another sentence; by default the message.
    `said` is what a program of the user's printed about it: shown, but never written down.
    `raw` is the answer to a request that makes a credential, kept because the secret comes once.
    """

    def __init__(
        self,
        message: str,
        next_step: str = "",
        *,
        outcome: Outcome = Outcome.REFUSED,
        trace_id: str = "",
        raw: Secret | None = None,
        why: str = "",
        said: str = "",
    ) -> None:
        super().__init__(message, next_step)
        self.said = said
        self.why = why or message
        self.outcome = outcome
        if outcome is Outcome.UNKNOWN:
            self.exit_code = ExitCode.OUTCOME_UNKNOWN
        self.trace_id = trace_id
        self.raw = raw

    @property
    def sentence(self) -> str:
        trace = f" (trace id {self.trace_id})" if self.trace_id else ""
        what = f"{self.message}, saying: {self.said}" if self.said else self.message
        return (f"{what}: {self.next_step}" if self.next_step else what) + trace


class NotSignedIn(ProviderError):
    """The sign-in is missing, wrong or over."""

    exit_code = ExitCode.FORBIDDEN


class Forbidden(ProviderError):
    """Signed in, but without the right to do this."""

    exit_code = ExitCode.FORBIDDEN


class NotFound(ProviderError):
    """The object does not exist, or is not ready."""

    exit_code = ExitCode.NOT_FOUND


class Refused(ProviderError):
    """The provider says no: a rule, a conflict, a limit."""


class RateLimited(ProviderError):
    """Too many requests; `retry_after_s` is the provider's wish, None if it has none."""

    exit_code = ExitCode.UNREACHABLE
    retry_after_s: float | None = None


class Unreachable(ProviderError):
    """No answer, or none that the provider itself could have meant."""

    exit_code = ExitCode.UNREACHABLE


class BadAnswer(ProviderError):
    """The provider answered with something that does not fit its description."""


class OutcomeUnknown(ProviderError):
    """A request that makes something was sent and its answer was lost."""

    exit_code = ExitCode.OUTCOME_UNKNOWN

    def __init__(
        self, message: str, next_step: str = "", *, trace_id: str = "", why: str = ""
    ) -> None:
        super().__init__(message, next_step, outcome=Outcome.UNKNOWN, trace_id=trace_id, why=why)
