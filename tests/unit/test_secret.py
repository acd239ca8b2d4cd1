"""A Secret gives its value to `reveal` and to nothing else."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from dataclasses import asdict, astuple, dataclass, replace

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tokentui.domain.secret import MASK, Secret

VALUE = "invented-value-1234567890-abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Holder:
    name: str
    secret: Secret


@pytest.fixture
def secret() -> Secret:
    return Secret(VALUE)


def test_reveal_gives_the_value(secret: Secret) -> None:
    assert secret.reveal() == VALUE
    assert len(secret) == len(VALUE)
    assert secret
    assert not Secret("")


def test_no_way_to_text_shows_it(secret: Secret) -> None:
    holder = Holder("ci", secret)
    texts = [
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r}",
        f"{secret!s:>20}",
        f"{secret:>20}",
        format(secret),
        "{}".format(secret),  # noqa: UP032
        "%s %r" % (secret, secret),  # noqa: UP031
        ascii(secret),
        repr(holder),
        repr([secret]),
        repr({"key": secret}),
        pprint.pformat(holder),
        repr(replace(holder, name="other")),
    ]
    for text in texts:
        assert VALUE[:4] not in text
        assert MASK in text


def test_a_format_specification_is_kept(secret: Secret) -> None:
    assert f"{secret:>10}" == f"  {MASK}"


def test_logging_does_not_show_it(secret: Secret, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("test")
    log.warning("made %s and %r", secret, Holder("ci", secret))
    log.warning(secret)
    log.error("failed with %s", secret, exc_info=ValueError(secret))
    assert caplog.text.count(MASK) == 5
    assert VALUE[:4] not in caplog.text


def test_a_traceback_with_locals_does_not_show_it(secret: Secret) -> None:
    def fail(held: Secret) -> int:
        return held + 1  # type: ignore[operator]

    with pytest.raises(TypeError) as caught:
        fail(secret)
    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    text = "".join(report.format())
    assert "held = Secret(" in text
    assert VALUE[:4] not in text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_is_not_pickled(secret: Secret, protocol: int) -> None:
    with pytest.raises(TypeError, match="not pickled") as caught:
        pickle.dumps(Holder("ci", secret), protocol)
    assert VALUE[:4] not in str(caught.value)


def test_it_is_not_copied_or_taken_apart(secret: Secret) -> None:
    holder = Holder("ci", secret)
    for attempt in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled or copied"):
            attempt(secret)
    for take_apart in (asdict, astuple):
        with pytest.raises(TypeError, match="not pickled or copied"):
            take_apart(holder)
    for state_of in (secret.__getstate__, secret.__reduce__):
        with pytest.raises(TypeError, match="not pickled or copied"):
            state_of()
    with pytest.raises(TypeError):
        vars(secret)
    with pytest.raises(TypeError):
        iter(secret)  # type: ignore[call-overload]


def test_no_serializer_takes_it(secret: Secret) -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps({"token": secret})
    assert VALUE[:4] not in str(caught.value)
    assert VALUE[:4] not in json.dumps({"token": secret}, default=str)
    with pytest.raises(TypeError, match="not pickled or copied"):
        yaml.dump({"token": secret})
    with pytest.raises(yaml.representer.RepresenterError) as refused:
        yaml.safe_dump({"token": secret})
    assert VALUE[:4] not in str(refused.value)


def test_it_has_no_attributes_to_set(secret: Secret) -> None:
    with pytest.raises(AttributeError):
        secret.value = VALUE  # type: ignore[attr-defined]


def test_it_is_equal_by_value_and_only_to_secrets(secret: Secret) -> None:
    assert secret == Secret(VALUE)
    assert secret != Secret(VALUE + "x")
    assert secret != VALUE
    with pytest.raises(TypeError, match="unhashable"):
        hash(secret)


def test_lone_surrogates_are_compared_without_an_error_that_holds_the_value() -> None:
    assert Secret("\ud800" + VALUE) == Secret("\ud800" + VALUE)
    assert Secret("\ud800" + VALUE) != Secret("\ud801" + VALUE)


def test_a_long_value_is_masked_to_its_ends() -> None:
    assert Secret("a" * 39).masked() == MASK
    assert Secret("a" * 4 + "b" * 32 + "c" * 4).masked() == "aaaa" + MASK * 3 + "cccc"


@settings(deadline=None)
@given(st.text(max_size=39))
def test_a_short_value_is_masked_whole(value: str) -> None:
    assert Secret(value).masked() == MASK


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=40))
def test_a_mask_shows_eight_characters_and_not_the_length(value: str) -> None:
    masked = Secret(value).masked()
    assert len(masked) == 8 + 3 * len(MASK)
    assert masked[4:-4] == MASK * 3


def test_a_mask_cannot_steer_the_terminal() -> None:
    masked = Secret("\x1b[2J" + "x" * 40 + "\r\n\u202e\x9b").masked()
    assert masked.isprintable()
