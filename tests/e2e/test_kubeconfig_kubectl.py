from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kubeconfigs import CANARY, HAND_WRITTEN, entry, names, server_document, view
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.delivery.secret_file import write_secret
from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig import render
from tokentui.domain.kubeconfig_text import go_reads_text, to_yaml
from tokentui.kubeconfigs.read import parse
from tools import kubectl

if TYPE_CHECKING:
    from pathlib import Path

ODD = [
    "y", "n", "Y", "N", "on", "off", "yes", "No", "true", "FALSE", "null", "~", "12", "0o7", "1e3",
    "0123e4", "1E5", "5e-3", "1_0e2", "+.5e3", "09", "4e8", "685e3", "12e4567", "0x1f", "0b11",
    "0x1ffffffffffffffff", "0xffffffffffffffff", "-0xffffffffffffffff", "+0o7",
    "2020-01-01", "12:30", ".inf", ".nan", "-.INF", "=", "<<", "!x", "&x", "*x", "#x", "a: b",
    "a #b", "- a", "? a", "'", '"', "\\", "{}", "[]", "%x", "@x", "`x", "|", ">", "---", "...",
    "grüße", "\N{GRINNING FACE}", "x\N{NO-BREAK SPACE}y", "a'b\"c\\d",
]  # fmt: skip
STARTS = tuple("0123456789._+abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
bounded = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def run(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [kubectl(), "--kubeconfig", str(path), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)


@pytest.fixture
def store(tmp_path: Path) -> KubeconfigFile:
    return KubeconfigFile(tmp_path / "backup", lock_wait_s=30.0)


def test_kubectl_takes_every_odd_value_as_text(tmp_path: Path) -> None:
    path = tmp_path / "config"
    for number, odd in enumerate(ODD):
        store = KubeconfigFile(tmp_path / "backup")
        store.merge(entry(name=odd, token=f"t{number}", instance=odd), path)
    assert names(path) == names(path, "users") == sorted(ODD)
    marks = [user["user"]["extensions"][0]["extension"]["instance"] for user in view(path)["users"]]
    assert marks == [user["name"] for user in view(path)["users"]]


@given(name=st.text(min_size=1), token=st.from_regex(r"[\x21-\x7e]+", fullmatch=True))
@bounded
def test_kubectl_reads_any_name_and_token(tmp_path: Path, name: str, token: str) -> None:
    try:
        made = entry(name=name, token=token)
    except DeliveryError:
        assert not name.strip() or not name.isprintable()
        return
    path = tmp_path / "own"
    write_secret(path, render(made), overwrite=True)
    seen = view(path)
    assert seen["current-context"] == seen["contexts"][0]["name"] == made.name
    assert seen["users"][0]["user"] == {"token": token}
    assert parse(path.read_text(), path).document["current-context"] == made.name


@given(values=st.lists(st.text(), min_size=1, max_size=50))
@bounded
def test_kubectl_reads_our_quoting(tmp_path: Path, values: list[str]) -> None:
    values = [value.encode(errors="replace").decode() for value in values]
    path = tmp_path / "values"
    write_values(path, to_yaml({"values": values}, 4))
    assert extension(path)["values"] == values


def test_kubectl_agrees_what_unquoted_text_is(tmp_path: Path) -> None:
    parts = ["", "0", "1", "9", "_", ".", "e", "E", "+", "-", "x", "o", "b", "inf", "NaN", "yes"]
    words = {a + b + c for a in parts for b in parts for c in parts} | set(ODD[:40])
    no_json = {".inf", ".nan"}  # numbers all the same, but kubectl cannot print them
    safe = sorted(w for w in words if w.startswith(STARTS) and w.lower().lstrip("+") not in no_json)
    safe += [f"-{word}" for word in safe if word.lower() not in no_json]
    path = tmp_path / "values"
    write_values(path, "".join(f'    "k{n}": {word}\n' for n, word in enumerate(safe)))
    found = extension(path)
    read_as_text = {word for n, word in enumerate(safe) if isinstance(found[f"k{n}"], str)}
    expected = {word for word in safe if go_reads_text(word)}
    assert (read_as_text - expected, expected - read_as_text) == (set(), set())


def write_values(path: Path, text: str) -> None:
    path.write_text(f"extensions:\n- name: x\n  extension:\n{text}")


def extension(path: Path) -> dict[str, Any]:
    found = view(path)["extensions"][0]["extension"]
    assert isinstance(found, dict)
    return found


def test_kubectl_sees_a_merged_file_as_before_and_more(
    store: KubeconfigFile, tmp_path: Path
) -> None:
    path = tmp_path / "config"
    path.write_text(HAND_WRITTEN)
    before = view(path)
    store.merge(entry(), path)
    after = view(path)
    for section in ("clusters", "users", "contexts"):
        assert before[section][0] in after[section]
        assert len(after[section]) == len(before[section]) + 1
    assert after["extensions"] == before["extensions"]
    assert after["current-context"] == "prod"


def test_our_mark_survives_kubectl(store: KubeconfigFile, tmp_path: Path) -> None:
    path = tmp_path / "config"
    store.merge(entry(), path)
    assert run(path, "config", "rename-context", "edge-demo", "mine").returncode == 0
    assert run(path, "config", "set-context", "mine", "--namespace=web").returncode == 0
    assert not store.merge(entry(), path).changed
    assert store.merge(entry(token="renewed"), path).context == "mine"
    assert names(path) == ["mine"]
    assert view(path)["users"][0]["user"]["token"] == "renewed"


@pytest.mark.parametrize("listed", ["{0}", "{0}:{1}", "{1}:{0}", ":{1}:", "{1}:{2}", ""])
def test_kubectl_writes_to_the_same_file(tmp_path: Path, listed: str) -> None:
    files = [tmp_path / name for name in ("there", "later", "missing")]
    files[0].write_text("kind: Config\n")
    (tmp_path / ".kube").mkdir()
    variable = {"KUBECONFIG": listed.format(*files)}
    ours = KubeconfigFile(tmp_path).default_path(variable, tmp_path)
    argv = [kubectl(), "config", "set-context", "probe", "--cluster=c"]
    env = {**os.environ, **variable, "HOME": str(tmp_path)}
    subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, timeout=30, check=True)
    assert "probe" in ours.read_text()


@pytest.mark.parametrize(
    "text",
    [
        "- a\n", "kind: Pod\n", "apiVersion: v2\n", "users: {}\n", "users:\n- name: 1\n",
        "users:\n- name: a\n- name: a\n", "a:\n\tb: c\n", "current-context: 1e3\n",
        "clusters:\n- name: a\n  cluster: {insecure-skip-tls-verify: 'no'}\n",
    ],
)  # fmt: skip
def test_what_kubectl_refuses_is_refused(store: KubeconfigFile, tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    assert run(path, "config", "view").returncode != 0
    with pytest.raises(DeliveryError, match="line"):
        store.merge(entry(), path)


@pytest.mark.parametrize(
    "text",
    ["", "# c\n", "---\n", "null\n", "{}\n", "~", "users:\n", "users: []\n", "\ufeffkind: Config\n",
     "kind: Config\r\nusers: null\r\n", json.dumps(server_document()), "a: 1\n...\n",
     "kind: Config\rusers:\r- name: a\r"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_kubectl_takes_is_taken(
    store: KubeconfigFile, tmp_path: Path, text: str, encoding: str
) -> None:
    path = tmp_path / "config"
    path.write_bytes(text.encode(encoding))
    before = set(names(path) + names(path, "users"))
    store.merge(entry(), path)
    assert set(names(path) + names(path, "users")) == before | {"edge-demo"}
    assert CANARY in path.read_text()


def test_five_hundred_contexts_stay_as_they_are(store: KubeconfigFile, tmp_path: Path) -> None:
    path = tmp_path / "config"
    numbers = range(500)
    document = {
        "clusters": [{"name": f"c{n}", "cluster": {"server": "https://a.b"}} for n in numbers],
        "users": [{"name": f"u{n}", "user": {"token": "x" * 800}} for n in numbers],
        "contexts": [
            {"name": f"x{n}", "context": {"cluster": f"c{n}", "user": f"u{n}"}} for n in numbers
        ],
    }
    path.write_text(to_yaml(document))
    before = path.read_text().splitlines()
    store.merge(entry(), path)
    assert len(names(path)) == 501
    assert set(before) <= set(path.read_text().splitlines())
