from __future__ import annotations

import pytest

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType, FieldValue, OfferField
from tokentui.services.fields import check_fields

FIELDS = (
    OfferField("name", "Name", FieldType.TEXT, pattern="[a-z-]+", longest=5, help="letters only"),
    OfferField("role", "Role", FieldType.CHOICE, choices=("admin", "guest")),
    OfferField("rights", "Rights", FieldType.CHOICES, choices=("read", "write")),
    OfferField("tags", "Tags", FieldType.TEXTS, choices=("one",), longest=5),
    OfferField("alone", "Alone", FieldType.FLAG),
)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": "ci-a", "role": "admin", "rights": ("read", "write"), "alone": True},
        {"tags": ("one", "other")},
        {"tags": "one", "rights": "read", "alone": False},
        {"name": "", "role": "", "rights": (), "tags": ()},
    ],
)
def test_what_fits_is_taken(values: dict[str, FieldValue]) -> None:
    check_fields("thing", FIELDS, values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "Ci"}, "Name of thing cannot be 'Ci': letters only"),
        ({"name": "abcdef"}, "Name of thing is 6 characters long: at most 5 are allowed"),
        ({"name": ("a", "b")}, "Name of thing takes one value"),
        ({"role": "owner"}, "Role of thing cannot be 'owner': choose from: admin, guest"),
        ({"role": ("admin", "guest")}, "Role of thing takes one value"),
        ({"rights": ("read", "fly")}, "Rights of thing cannot be 'fly'"),
        ({"tags": ("one", "longer")}, "Tags of thing is 6 characters long"),
        ({"alone": "yes"}, "Alone of thing takes yes or no"),
        ({"rights": True}, "Rights of thing takes text"),
        ({"colour": "red"}, "thing has no field 'colour'"),
        ({"role": "\x1b]52;c;x\x07"}, "Role of thing cannot be '\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_what_does_not_fit_is_named(values: dict[str, FieldValue], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_fields("thing", FIELDS, values)

    assert words in caught.value.sentence


@pytest.mark.parametrize("value", ["", "  ", ()])
def test_what_is_required_cannot_be_left_out(value: FieldValue) -> None:
    needed = OfferField("name", "Name", FieldType.TEXT, required=True)
    with_default = OfferField("name", "Name", FieldType.TEXT, required=True, default="x")

    for values in ({}, {"name": value}):
        with pytest.raises(UsageError, match="thing needs Name"):
            check_fields("thing", (needed,), values)
    check_fields("thing", (with_default,), {})
