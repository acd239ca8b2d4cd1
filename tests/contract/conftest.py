"""Holds all that contract tests send and simulators answer against the vendors' descriptions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from described import DESCRIPTIONS
from described_apis import APIS
from described_check import faults, used
from traffic import Traffic, record

if TYPE_CHECKING:
    from collections.abc import Iterator

ON_PURPOSE = {
    "hostile_provider": (
        r"answer 20[01] .*",
        "a hostile server puts its text into fields of every form",
    ),
    "test_a_login_page_is_no_answer": (
        r"answer 200 .* a body of text/html is not described",
        "a proxy before the server answers with its own page",
    ),
    "test_checking_a_token_tells_away_from_refused": (
        r"answer 200 .* a body of text/html is not described",
        "a proxy before the server answers with its own page",
    ),
    "test_a_name_that_does_not_fit_is_refused": (
        r"request POST .*/service-accounts: body: \$\.name breaks .*",
        "the server, too, has to refuse what forms do not let through",
    ),
    "test_a_name_in_a_path_stays_one_part_of_it": (
        r"answer 404 to DELETE .*%2F.* a body of text/plain is not described",
        "an id with slashes is in no path that the router knows",
    ),
    "of_no_description": (
        r"answer (200 .*: \$ breaks type object|404 .*: a body of text/plain is not described)",
        "an installation of a version whose description is not at hand",
    ),
    "test_every_state_is_shown_and_an_unknown_one_verbatim[HIBERNATED-other]": (
        r"answer 200 .*\.status breaks enum .*",
        "a status that is newer than the description",
    ),
    "test_the_sdk_knows_no_unknown_status": (
        r"answer 200 .* \(ListInstances\): \$\.instances\[0\]\.status breaks enum .*",
        "a status that is newer than the description",
    ),
}
"""What a test, or all that use a fixture, has undescribed: which faults, and why."""


@pytest.fixture(autouse=True)
def traffic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traffic]:
    """Give what goes over the line; after the test all of it must be described."""
    traffic = record(monkeypatch)
    yield traffic
    if not DESCRIPTIONS.is_dir():
        return
    names = (request.node.name, request.node.originalname, *request.fixturenames)
    meant = [ON_PURPOSE[name][0] for name in names if name in ON_PURPOSE]
    found = faults(APIS, traffic)
    wrong = [one for one in found if not any(re.fullmatch(each, one) for each in meant)]
    assert not wrong, "\n".join(wrong)
    named = ON_PURPOSE.keys() & {request.node.name, request.node.originalname}
    is_held = named and used(APIS, traffic)
    assert found or not is_held, "nothing is undescribed any more: take it out of ON_PURPOSE"
