from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest

from tokentui.domain.errors import UsageError
from tokentui.domain.model import FieldType, FieldValue, OfferField
from tokentui.services.fields import check_fields, filled_in

FIELDS = (
    OfferField("name", "Name", FieldType.TEXT, pattern="[a-z-]+", longest=5, help="letters only"),
    OfferField("role", "Role", FieldType.CHOICE, choices=("admin", "guest")),
    OfferField("rights", "Rights", FieldType.CHOICES, choices=("read", "write")),
    OfferField("tags", "Tags", FieldType.TEXTS, choices=("one",), longest=5),
    OfferField("alone", "Alone", FieldType.FLAG),
    OfferField("proof", "Proof", FieldType.FILE, "numbers", pattern="[0-9\n]+", longest=6),
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
        ({"proof": ("a", "b")}, "Proof of thing takes one value"),
        ({"proof": "x" * 1001}, "Proof of thing is no path"),
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


@dataclass
class InventedDocuments:
    """One file, and in which threads it was read."""

    text: str = "123\n"
    read_in: list[int] = field(default_factory=list)

    def read(self, path: str) -> str:
        self.read_in.append(threading.get_ident())
        if path != "~/proof":
            raise UsageError(f"cannot read the file {path}")
        return self.text


async def test_of_a_file_the_text_is_given_and_read_beside_the_loop() -> None:
    documents = InventedDocuments()
    values = {"name": "ci", "proof": " ~/proof "}

    filled = await filled_in("thing", FIELDS, values, documents)

    assert filled == {"name": "ci", "proof": "123\n"}
    assert values["proof"] == " ~/proof "
    assert documents.read_in
    assert threading.get_ident() not in documents.read_in


@pytest.mark.parametrize("proof", ["", "  "])
async def test_no_path_is_no_file(proof: str) -> None:
    documents = InventedDocuments()
    assert await filled_in("thing", FIELDS, {"proof": proof}, documents) == {"proof": proof}
    assert documents.read_in == []


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("/none", "", "cannot read the file /none"),
        ("~/proof", "canary", "Proof of thing cannot be what the file holds: numbers"),
        ("~/proof", "1234567", "Proof of thing is 7 characters long: at most 6 are allowed"),
    ],
)
async def test_a_file_that_does_not_fit_is_named_and_never_shown(
    path: str, text: str, words: str
) -> None:
    with pytest.raises(UsageError) as caught:
        await filled_in("thing", FIELDS, {"proof": path}, InventedDocuments(text))

    assert caught.value.sentence == words


async def test_what_does_not_fit_is_said_before_a_file_is_read() -> None:
    documents = InventedDocuments()
    with pytest.raises(UsageError, match="Name of thing"):
        await filled_in("thing", FIELDS, {"name": "Ci", "proof": "~/proof"}, documents)
    assert documents.read_in == []
