from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from configs import ABOUT, GOOD, write
from tokentui.domain.errors import ConfigError
from tokentui.domain.text import unprintable
from tokentui.storage.config import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"profiles:\n\tops: x\n", "line 2: a tab stands where YAML wants blanks: indent with"),
        (b"profiles:\n  a: [1\n  b: 2\n", "line 3: this is no YAML"),
        (b"a: 'x\n", "line 2: this is no YAML"),
        (b"a: *x\n", "line 1: this is no YAML: found undefined alias"),
        (b"a: 1\n---\nb: 2\n", "line 2: a second YAML document begins here: keep one"),
        (b"# x\n- a\n", "line 2: the file is no mapping: begin it with `profiles:`"),
        (b"just words\n", "line 1: the file is no mapping"),
        (b"a: 1\nb: \xff\n", "line 2: this is not UTF-8 text: save the file as UTF-8"),
        ("ä: 1\nb: \x07\n".encode(), "line 2: a control character stands here: remove it"),
        (b"a: " + b"[" * 500_000, "line 1: this is nested too deeply"),
        (b"profiles: {}\n" + b"#" * 1_000_000, "cannot be read: it is larger than 1 MB"),
    ],
)
def test_what_is_no_yaml_mapping_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(content)
    path.chmod(0o644)
    with pytest.raises(ConfigError) as told:
        load(path, ABOUT.get)
    assert str(path) in told.value.message
    assert sentence in told.value.sentence


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(b"\xef\xbb\xbfsettings: {theme: x}\n")
    path.chmod(0o644)
    config = load(path, ABOUT.get)
    assert (config.settings.theme, config.problems) == ("x", ())


def test_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: is a directory"):
        load(tmp_path, ABOUT.get)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ConfigError, match="it is no regular file"):
        load(pipe, ABOUT.get)


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_can_write_runs_no_commands(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path, GOOD)
    path.chmod(mode)
    config = load(path, ABOUT.get)
    exposed, runs = (problem.sentence for problem in config.problems)
    assert f"can be written by others (mode {mode:04o}): run chmod go-w {path}" in exposed
    assert "config.yaml line 14: profiles.ops-prod.auth runs a command" in runs
    assert [profile.name for profile in config.profiles] == ["dev"]


def test_a_file_of_somebody_else_runs_no_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, GOOD)
    owner = path.stat().st_uid
    if owner == 0:
        os.chown(path, 1234, -1)
        owner = 1234
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    config = load(path, ABOUT.get)
    assert f"belongs to another user (uid {owner})" in config.problems[0].message
    assert [profile.name for profile in config.profiles] == ["dev"]


@given(
    content=st.text(max_size=200)
    | st.lists(st.sampled_from(GOOD.split(" ") + GOOD.splitlines(keepends=True))).map(" ".join)
)
@example(content="profiles: &a {x: *a}")
@example(content="profiles: {<<: {a: b}}")
@example(content="a: !!python/object/apply:os.system [x]")
def test_any_text_gives_a_configuration_or_one_error(
    content: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "config.yaml"
    path.write_bytes(content.encode(errors="replace"))
    sentences: list[str] = []
    try:
        sentences += [problem.sentence for problem in load(path, ABOUT.get).problems]
    except ConfigError as error:
        sentences.append(error.sentence)
    assert all("config.yaml" in sentence for sentence in sentences)
    assert not any(map(unprintable, sentences))


def test_reading_it_imports_nothing_heavy(tmp_path: Path) -> None:
    write(tmp_path, "profiles: {}\n")
    program = (
        "import sys; from pathlib import Path; from tokentui.storage.config import load; "
        "load(Path(sys.argv[1]), {}.get); "
        "print([m for m in ('textual', 'httpx', 'keyring') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    said = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "config.yaml")],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert said.stdout == b"[]\n"
