from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from kubeconfigs import CANARY, entry, origin, server_document
from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig import ChangeKind, from_server, merge, render
from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from tokentui.domain.kubeconfig import Document

FOREIGN = {
    "contexts": [{"name": "edge-demo", "context": {"cluster": "x", "user": "edge-demo"}}],
    "users": [{"name": "edge-demo", "user": {"token": "theirs"}}],
    "current-context": "edge-demo",
}


def body(document: Document, section: str, name: str) -> dict[str, Any]:
    items: Any = document[section]
    (found,) = (item for item in items if item["name"] == name)
    inner = found[section.removesuffix("s")]
    assert isinstance(inner, dict)
    return inner


def take(document: object) -> str:
    with pytest.raises(DeliveryError) as caught:
        from_server(document, name="edge-demo", origin=origin())
    return str(caught.value)


def test_entry_takes_the_current_context_and_names_it_anew() -> None:
    document = server_document(**{"certificate-authority-data": "QU\nJD"})
    document["contexts"].append({"name": "decoy", "context": {"cluster": "no", "user": "no"}})
    document["contexts"][0]["context"]["namespace"] = "web"
    taken = from_server(document, name="edge-demo", origin=origin())
    assert (taken.name, taken.server) == ("edge-demo", "https://demo.edge.example:6443")
    assert (taken.authority, taken.namespace) == ("QUJD", "web")
    assert taken.token == Secret(CANARY)


def test_entry_takes_the_only_context_if_none_is_current() -> None:
    document = server_document()
    del document["current-context"]
    assert from_server(document, name="n", origin=origin()).token == Secret(CANARY)
    document["contexts"].append({"name": "second", "context": {"cluster": "c", "user": "u"}})
    assert "2 contexts" in take(document)


def test_entry_takes_a_client_certificate_only_with_its_key() -> None:
    document = server_document()
    user = {"client-certificate-data": "QUJD", "client-key-data": "REVG"}
    document["users"][0]["user"] = user
    taken = from_server(document, name="n", origin=origin())
    assert taken.token is None
    assert (taken.certificate, taken.key) == (Secret("QUJD"), Secret("REVG"))
    del user["client-key-data"]
    assert "but not both" in take(document)
    user.clear()
    assert "neither a token nor a client certificate" in take(document)


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("users", "exec", {"command": "evil"}),
        ("users", "auth-provider", {"name": "oidc"}),
        ("users", "tokenFile", "/etc/evil"),
        ("users", "client-certificate", "evil.pem"),
        ("users", "client-key", "evil.pem"),
        ("clusters", "certificate-authority", "evil.pem"),
        ("clusters", "proxy-url", "http://evil"),
        ("clusters", "insecure-skip-tls-verify", True),
    ],
)
def test_what_a_stranger_must_not_choose_is_refused_by_name(
    section: str, field: str, value: object
) -> None:
    document = server_document()
    document[section][0][section.removesuffix("s")][field] = value
    said = take(document)
    assert f"{section}[0].{section.removesuffix('s')}.{field}" in said
    assert "evil" not in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "server",
    ["http://a.b", "https://", "https://user@a.b", "a.b", "https://a b", "https://[", "", 5,
     "https://a.b:99999", "https://a.b/\x1b[31m"],
)  # fmt: skip
def test_a_server_is_an_https_address(server: object) -> None:
    assert "clusters[0].cluster.server is not" in take(server_document(server=server))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("clusters", {}),
        ("clusters", [3]),
        ("users", None),
        ("current-context", 3),
        ("current-context", "absent"),
        ("contexts", [{"name": "ctx", "context": {"cluster": "c", "user": 1}}]),
        ("contexts", [{"name": "ctx", "context": {"cluster": "c"}}]),
        ("contexts", [{"name": "ctx"}]),
        ("contexts", [{"name": "ctx", "context": {}}, {"name": "ctx", "context": {}}]),
        ("users", [{"name": "u", "user": {"token": "two\nlines"}}]),
        ("users", [{"name": "u", "user": {"token": ["x"]}}]),
    ],
)
def test_a_wrong_type_names_its_field(path: str, value: object) -> None:
    document = {**server_document(), path: value}
    said = take(document)
    assert path in said
    assert CANARY not in said


@pytest.mark.parametrize("document", [None, [], "text", 3])
def test_a_kubeconfig_is_a_mapping(document: object) -> None:
    assert "not a mapping" in take(document)


def test_base64_is_checked() -> None:
    said = take(server_document(**{"certificate-authority-data": "QU*JD"}))
    assert "certificate-authority-data is not base64" in said


def test_unknown_fields_are_left_out_and_named() -> None:
    document = server_document()
    document["clusters"][0]["cluster"] |= {"disable-compression": True, "extensions": ["x"]}
    document["users"][0]["user"]["as"] = "root"
    taken = from_server(document, name="n", origin=origin())
    assert taken.left_out == (
        "clusters[0].cluster.disable-compression",
        "clusters[0].cluster.extensions",
        "users[0].user.as",
    )
    assert "root" not in render(taken).reveal()


def test_a_name_is_cleaned_and_never_empty() -> None:
    assert from_server(server_document(), name="a\x1b[31mb", origin=origin()).name == "a\ufffd[31mb"
    with pytest.raises(DeliveryError, match="no name"):
        from_server(server_document(), name=" \n ", origin=origin())


def test_no_repr_shows_the_token() -> None:
    assert CANARY not in repr(entry())
    assert CANARY not in repr(merge({}, entry(), make_current=False))


def test_an_empty_kubeconfig_becomes_a_whole_one() -> None:
    result = merge({}, entry(), make_current=False)
    assert list(result.document)[:2] == ["apiVersion", "kind"]
    assert body(result.document, "users", "edge-demo")["token"] == CANARY
    assert body(result.document, "contexts", "edge-demo")["cluster"] == "edge-demo"
    assert (result.current_before, result.current_after) == ("", "edge-demo")
    assert {change.kind for change in result.changes} == {ChangeKind.ADDED}


def test_the_same_merge_again_changes_nothing() -> None:
    first = merge({}, entry(), make_current=True)
    second = merge(first.document, entry(), make_current=True)
    assert not second.changed
    assert second.document == first.document


def test_a_foreign_name_is_never_taken_over() -> None:
    result = merge(FOREIGN, entry(), make_current=False)
    assert body(result.document, "users", "edge-demo") == {"token": "theirs"}
    assert result.context == "edge-demo-2"
    context = body(result.document, "contexts", "edge-demo-2")
    assert (context["cluster"], context["user"]) == ("edge-demo-2", "edge-demo-2")
    assert all(change.renamed for change in result.changes)
    assert result.current_after == "edge-demo"
    third = merge(result.document, entry(instance="other"), make_current=False)
    assert third.context == "edge-demo-3"


def test_an_own_entry_is_renewed_under_the_name_that_it_has_by_now() -> None:
    first = merge(FOREIGN, entry(), make_current=False)
    body(first.document, "contexts", "edge-demo-2")  # it is there before it is renamed
    renamed: Any = first.document
    renamed["contexts"][-1]["name"] = "my-edge"
    result = merge(renamed, entry(token="newer"), make_current=True)
    assert (result.context, result.current_after) == ("my-edge", "my-edge")
    assert body(result.document, "users", "edge-demo-2")["token"] == "newer"
    kinds = [change.kind for change in result.changes]
    assert kinds == [ChangeKind.UNCHANGED, ChangeKind.CHANGED, ChangeKind.UNCHANGED]
    assert len(renamed["users"]) == 2


def test_a_renewal_keeps_what_the_user_set_and_drops_old_credentials() -> None:
    document: Any = merge({}, entry(), make_current=True).document
    body(document, "clusters", "edge-demo")["proxy-url"] = "socks5://bastion"
    body(document, "contexts", "edge-demo")["namespace"] = "web"
    by_key = replace(entry(), token=None, certificate=Secret("QUJD"), key=Secret("REVG"))
    result = merge(document, replace(by_key, namespace="other"), make_current=False)
    assert body(result.document, "clusters", "edge-demo")["proxy-url"] == "socks5://bastion"
    assert body(result.document, "contexts", "edge-demo")["namespace"] == "web"
    user = body(result.document, "users", "edge-demo")
    assert "token" not in user
    assert user["client-key-data"] == "REVG"


def test_a_missing_part_is_added_beside_those_that_are_left() -> None:
    document: Any = dict(merge({}, entry(), make_current=True).document)
    document["users"] = [{"name": "edge-demo", "user": {"token": "theirs"}}]
    result = merge(document, entry(), make_current=False)
    assert body(result.document, "contexts", "edge-demo")["user"] == "edge-demo-2"
    assert body(result.document, "users", "edge-demo") == {"token": "theirs"}


@pytest.mark.parametrize("section", ["clusters", "users", "contexts"])
@pytest.mark.parametrize("value", ["text", {"a": 1}, [3]])
def test_a_broken_list_is_an_error(section: str, value: object) -> None:
    with pytest.raises(DeliveryError, match=section):
        merge({section: value}, entry(), make_current=False)


def test_null_lists_and_entries_count_as_empty() -> None:
    result = merge({"clusters": None, "users": [None]}, entry(), make_current=False)
    assert result.context == "edge-demo"


def test_a_file_of_its_own_carries_no_local_mark() -> None:
    text = render(entry()).reveal()
    assert 'current-context: "edge-demo"' in text
    assert f'token: "{CANARY}"' in text
    assert "tokentui" not in text
