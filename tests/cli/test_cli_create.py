"""Making credentials: where, which kind, with which fields, and in which form they come out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from cli_world import CliWorld, Commands
from tokentui.domain.errors import Unreachable
from tokentui.domain.model import FieldType, OfferField, Page
from world import TOKEN_VALUE, instance
from world_managed import NAME, robot

ROLES = OfferField("roles", "Roles", FieldType.TEXTS, default=(), choices=("admin", "guest"))
FLAG = OfferField("scoped", "Scoped", FieldType.FLAG, default=False)


def test_the_only_place_for_a_kind_is_taken_and_said(world: CliWorld, tokentui: Commands) -> None:
    done = tokentui(
        "token", "create", "--kind", "service-token", "--name", "ci", "-e", "30d", "--stdout"
    )

    assert done.code == 0, done.err
    assert done.out.startswith(TOKEN_VALUE)
    assert "for robot ci of profile ops-prod" in done.err
    assert world.provider.orders[0].values == {"name": "ci"}


def test_several_places_are_named_and_nothing_is_made(world: CliWorld, tokentui: Commands) -> None:
    world.provider.robots.append(robot("other"))

    done = tokentui("token", "create", "--kind", "key", "--name", "x")

    assert done.code == 2
    assert "--instance or --account: ci, other" in done.err
    assert world.provider.orders == []


def test_a_silent_source_may_have_another_place(world: CliWorld, tokentui: Commands) -> None:
    world.provider.listing_error = Unreachable("no answer from the invented cloud")

    done = tokentui("token", "create", "--kind", "key", "--name", "x")

    assert (done.code, world.provider.orders) == (5, [])


@pytest.mark.parametrize("word", ["ci@robots.example", "ops-prod/ci"])
def test_an_account_is_found_by_its_id_or_its_place(
    world: CliWorld, tokentui: Commands, word: str
) -> None:
    done = tokentui("token", "create", "--account", word, "--kind", "key", "--name", "x")

    assert done.code == 0, done.err
    assert world.provider.orders[0].offer.target.id == robot().id


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--account", "cii", "--name", "x"), "did you mean ci?"),
        (("--instance", "ci", "--name", "x"), "there is no instance 'ci'"),
    ],
)
def test_a_place_that_is_not_there(tokentui: Commands, words: tuple[str, ...], says: str) -> None:
    done = tokentui("token", "create", *words)

    assert done.code == 4
    assert says in done.err


def test_a_near_miss_of_a_kind_is_named(tokentui: Commands) -> None:
    done = tokentui("token", "create", "--kind", "servicetoken", "--name", "x")

    assert done.code == 2
    assert "did you mean service-token?" in done.err


def test_fields_are_converted_by_their_type(world: CliWorld, tokentui: Commands) -> None:
    world.provider.fields = (NAME, ROLES, FLAG)

    done = tokentui(
        *("token", "create", "--account", "ci", "--kind", "service-token", "--name", "x"),
        *("--role", "admin", "--role", "own", "--set", "roles=guest, a", "--set", "scoped=True"),
    )

    assert done.code == 0, done.err
    assert world.provider.orders[0].values == {
        "name": "x",
        "roles": ("admin", "own", "guest", "a"),
        "scoped": True,
    }


def test_the_role_of_a_kind_that_takes_one_has_the_same_flag(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.fields = (NAME, replace(ROLES, key="role", type=FieldType.CHOICE, default=""))
    create = ("token", "create", "--account", "ci", "--kind", "service-token", "--name", "x")

    done = tokentui(*create, "--role", "admin")
    twice = tokentui(*create, "--role", "admin", "--role", "guest")

    assert done.code == 0, done.err
    assert [order.values for order in world.provider.orders] == [{"name": "x", "role": "admin"}]
    assert (twice.code, "is given 2 times" in twice.err) == (2, True)


def test_a_role_that_the_place_does_not_know_is_said_and_taken(
    world: CliWorld, tokentui: Commands
) -> None:
    world.provider.fields = (NAME, ROLES)

    done = tokentui(
        *("token", "create", "--account", "ci", "--kind", "service-token", "--name", "x"),
        *("--role", "admin", "--role", "nosuchrole"),
    )

    assert done.code == 0, done.err
    assert "role nosuchrole is not among those that ci knows: admin, guest\n" in done.err
    assert "role admin" not in done.err
    assert world.provider.orders[0].values["roles"] == ("admin", "nosuchrole")


def test_all_that_is_missing_is_named_with_its_flags(world: CliWorld, tokentui: Commands) -> None:
    text = OfferField("place_of_use", "Place", FieldType.TEXT, required=True)
    world.provider.fields = (NAME, replace(ROLES, required=True), text)

    done = tokentui("token", "create", "--account", "ci", "--kind", "service-token")

    assert done.code == 2
    assert "service token needs Name and Roles and Place: " in done.err
    assert "--name (the field 'name'), --role (the field 'roles'), --set place_of_use=" in done.err
    assert world.provider.orders == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--role", "admin", "--name", "x"), "takes no --role: it takes: --name"),
        (("--name", "x", "--set", "name=y"), "is given 2 times"),
        (("--name", "x", "--set", "scope"), "has no value"),
        (("--name", "x", "--set", "nmae=y"), "no field 'nmae'"),
        (("--name", "NOT ALLOWED"), "cannot be 'NOT ALLOWED'"),
        ((), "service token needs Name: give --name (the field 'name')"),
    ],
)
def test_fields_that_do_not_fit(
    world: CliWorld, tokentui: Commands, words: tuple[str, ...], says: str
) -> None:
    done = tokentui("token", "create", "--account", "ci", "--kind", "service-token", *words)

    assert done.code == 2
    assert says in done.err
    assert world.provider.orders == []


def test_a_flag_is_true_or_false(world: CliWorld, tokentui: Commands) -> None:
    world.provider.fields = (FLAG,)

    done = tokentui("token", "create", "--account", "ci", "--kind", "key", "--set", "scoped=maybe")

    assert done.code == 2
    assert "--set scoped=true or scoped=false" in done.err


def test_a_password_comes_with_its_user(world: CliWorld, tokentui: Commands) -> None:
    world.provider.fields = ()
    create = ("token", "create", "--instance", "demo", "--kind", "user")

    text = tokentui(*create, "--stdout")
    data = tokentui(*create, "--stdout", "-o", "json").json
    copied = tokentui(*create, "--copy")

    assert text.out == f"made-1:{TOKEN_VALUE}1\n"
    assert (data["user"], data["secret"]) == ("made-2", f"{TOKEN_VALUE}2")
    assert (data["name"], data["id"]) == ("made-2", "id-made-2")
    assert world.clipboard.held == f"{TOKEN_VALUE}3"
    assert "its user name is made-3" in copied.err
    assert copied.out == ""


def test_a_key_file_is_the_whole_document(tokentui: Commands) -> None:
    done = tokentui("token", "create", "--account", "ci", "--kind", "key", "--name", "k")

    assert done.code == 0, done.err
    assert done.out == f'{{"key": "{TOKEN_VALUE}1"}}\n'


def test_a_kubeconfig_of_the_only_instance(world: CliWorld, tokentui: Commands) -> None:
    world.provider.robots = []

    done = tokentui("kubeconfig", "create", "--stdout")

    assert done.code == 0, done.err
    assert yaml.safe_load(done.out)["current-context"] == "ops-prod-ops-prod-demo"
    assert "for edge demo" in done.err


def test_two_instances_of_one_name_are_told_apart_by_id(
    world: CliWorld, tokentui: Commands
) -> None:
    other = instance(id="ops-prod/eu02/demo-2", native_id="demo-2", region="eu02")
    world.provider.pages = (Page((instance(), other)),)

    done = tokentui("token", "create", "--instance", "demo")

    assert done.code == 2
    assert "demo-k3x9q2ab (ops-prod, eu01), demo-2 (ops-prod, eu02)" in done.err
    assert tokentui("token", "create", "--instance", "demo-2").code == 0
