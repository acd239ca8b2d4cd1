from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kubeconfigs import entry
from tokentui.delivery.kubeconfig_file import KubeconfigFile
from tokentui.domain.errors import DeliveryError
from tokentui.domain.kubeconfig_text import to_yaml
from tokentui.kubeconfigs.read import parse


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kube" / "config"


@pytest.fixture
def store(tmp_path: Path) -> KubeconfigFile:
    return KubeconfigFile(tmp_path / "backup", lock_wait_s=0.2)


def refusal(store: KubeconfigFile, path: Path, text: str | bytes) -> str:
    path.parent.mkdir(exist_ok=True)
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(data)
    with pytest.raises(DeliveryError) as caught:
        store.merge(entry(), path)
    assert path.read_bytes() == data
    assert os.listdir(path.parent) == [path.name]
    assert "hidden" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- hidden\n", "line 1: this is no kubeconfig"),
        ("hidden\n", "line 1: this is no kubeconfig"),
        ("kind: hidden\n", "line 1: this is no kubeconfig, kind"),
        ("a: b\napiVersion: v2\n", "line 2: this is no kubeconfig, apiVersion"),
        ("a: b\n---\nb: hidden\n", "line 2: a second YAML document"),
        ("a:\n\tb: hidden\n", "line 2: this is not valid YAML"),
        ("a: *hidden\n", "line 1: this is not valid YAML"),
        ("a: hidden\na: hidden\n", "line 2: this key stands twice"),
        ("users:\n  hidden: x\n", "line 2: users is not a list"),
        ("users:\n- hidden\n", "line 2: this entry of users is not a mapping"),
        ("users:\n- name: hidden\n- name: hidden\n", "line 3: two entries of users"),
        ("users:\n- user: [hidden]\n", "line 2: user is not a mapping"),
        ("clusters:\n- name: 1e3\n", "line 2: name is a number or a boolean"),
        ("users:\n- user:\n    token: 12\n", "line 3: token is a number or a boolean"),
        ("current-context: [hidden]\n", "line 1: current-context is not text"),
        ("clusters:\n- cluster:\n    insecure-skip-tls-verify: 'true'\n", "line 3: insecure"),
        ("a: !!binary aGlkZGVu\n", "line 1: this value has a YAML tag"),
        ("? [hidden]\n: b\n", "line 1: this key is not text"),
        ("a: &a\n  b: *a\n", "aliases lead in a circle"),
        ("a: " + "[" * 30000, "line 1: this is nested deeper"),
        ("<<: hidden\n", "line 1: the merge key"),
        ("a: b\nc: \x01hidden\n", "line 2: this character"),
        (b"a: b\nc: \xffhidden\n", "line 2: this is not UTF-8"),
        ("a: " + "x" * 5_300_000, "larger than 5 MiB"),
    ],
)
def test_a_broken_file_is_refused_with_its_line_and_none_of_its_values(
    store: KubeconfigFile, path: Path, text: str | bytes, said: str
) -> None:
    assert said in refusal(store, path, text)


def test_aliases_that_multiply_are_refused(store: KubeconfigFile, path: Path) -> None:
    rows = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    said = refusal(store, path, "\n".join(["a0: &a0 [x]", *rows]))
    assert "aliases multiply" in said


def test_what_is_no_file_is_refused(store: KubeconfigFile, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    blocked = tmp_path / "plain" / "config"
    blocked.parent.touch()
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for path, said in (
        (tmp_path, "is a folder"),
        (fifo, "not an ordinary file"),
        (blocked, "below something that is not a folder"),
        (circle, "leads nowhere"),
    ):
        with pytest.raises(DeliveryError, match=said):
            store.merge(entry(), path)


texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    texts | st.none(), lambda inner: st.lists(inner) | st.dictionaries(texts, inner), max_leaves=20
)


@settings(deadline=None)
@given(content=st.dictionaries(texts, values))
def test_what_is_written_is_what_is_read(content: dict[str, object]) -> None:
    document = {"extensions": [{"name": "any", "extension": content}]}
    assert parse(to_yaml(document), Path("config")).document == document
