"""Errors say what was wrong and what to do, and scripts can tell them apart."""

from __future__ import annotations

import traceback

import pytest

from tokentui.domain import errors
from tokentui.domain.errors import (
    BadAnswer,
    ConfigError,
    DeliveryError,
    ExitCode,
    Forbidden,
    GuardRail,
    NotFound,
    NotSignedIn,
    Outcome,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Refused,
    StorageError,
    TokentuiError,
    Unreachable,
    UsageError,
)
from tokentui.domain.secret import Secret

VALUE = "invented-value-1234567890-abcdefghijklmnopqrstuvwxyz"

EXIT_CODES: dict[type[TokentuiError], int] = {
    TokentuiError: 1,
    StorageError: 1,
    DeliveryError: 1,
    ProviderError: 1,
    Refused: 1,
    BadAnswer: 1,
    UsageError: 2,
    ConfigError: 2,
    NotSignedIn: 3,
    Forbidden: 3,
    NotFound: 4,
    RateLimited: 5,
    Unreachable: 5,
    OutcomeUnknown: 6,
    GuardRail: 7,
}


@pytest.mark.parametrize(("kind", "code"), EXIT_CODES.items())
def test_each_error_has_its_documented_exit_code(kind: type[TokentuiError], code: int) -> None:
    assert kind("message").exit_code == code


def test_every_error_is_in_the_table_of_exit_codes() -> None:
    classes = {kind for kind in vars(errors).values() if isinstance(kind, type)}
    assert {kind for kind in classes if issubclass(kind, TokentuiError)} == set(EXIT_CODES)
    assert set(EXIT_CODES.values()) == set(ExitCode) - {ExitCode.DONE}


def test_a_sentence_is_the_message_and_the_next_step() -> None:
    assert str(UsageError("no profile is named ci", "see tokentui profile list")) == (
        "no profile is named ci: see tokentui profile list"
    )
    assert str(UsageError("no profile is named ci")) == "no profile is named ci"


def test_a_sentence_ends_with_the_providers_trace_id() -> None:
    error = Refused("the name is taken", "choose another", trace_id="4f1d")
    assert str(error) == error.sentence == "the name is taken: choose another (trace id 4f1d)"
    assert str(OutcomeUnknown("no answer", trace_id="4f1d")) == "no answer (trace id 4f1d)"


@pytest.mark.parametrize("kind", [kind for kind in EXIT_CODES if issubclass(kind, ProviderError)])
def test_only_a_lost_answer_means_that_a_credential_may_exist(kind: type[ProviderError]) -> None:
    expected = Outcome.UNKNOWN if kind is OutcomeUnknown else Outcome.REFUSED
    assert kind("message").outcome is expected


def test_an_outcome_can_be_said_by_the_raiser() -> None:
    assert Unreachable("message", outcome=Outcome.UNKNOWN).outcome is Outcome.UNKNOWN


def test_a_wish_to_wait_belongs_to_one_error_alone() -> None:
    asked = RateLimited("too many requests")
    asked.retry_after_s = 1.5
    assert RateLimited("too many requests").retry_after_s is None


def test_a_kept_answer_is_in_no_report_of_the_error() -> None:
    error = BadAnswer("the field token is a number", raw=Secret(VALUE))
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    for text in (str(error), repr(error), repr(error.args), repr(vars(error)), *report.format()):
        assert VALUE[:8] not in text
    assert error.raw is not None
    assert error.raw.reveal() == VALUE
