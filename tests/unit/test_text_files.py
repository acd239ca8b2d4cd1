from __future__ import annotations

import os
from pathlib import Path

import pytest

from tokentui.domain.errors import UsageError
from tokentui.storage.text_files import LARGEST, TextFiles

CANARY = "canary-of-the-file"


def sentence(path: Path | str) -> str:
    with pytest.raises(UsageError) as caught:
        TextFiles().read(str(path))
    assert CANARY not in caught.value.sentence
    return caught.value.sentence


def test_a_text_is_given_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "cert.pem").write_bytes("Zürich\r\n".encode())
    assert TextFiles().read("~/cert.pem") == "Zürich\r\n"


def test_the_largest_one_is_read_and_a_larger_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_text("a" * LARGEST)
    assert len(TextFiles().read(str(path))) == LARGEST
    path.write_text(CANARY + "a" * LARGEST)
    assert sentence(path) == f"the file {path} is larger than 64 kB: name another file"


def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path) -> None:
    assert sentence(tmp_path / "none") == (
        f"cannot read the file {tmp_path / 'none'}: No such file or directory: name another file"
    )
    assert "is not a regular file" in sentence(tmp_path) or "Is a directory" in sentence(tmp_path)
    assert "there is no such user's home" in sentence("~nobody-is-called-that/cert.pem")
    assert "it is no path" in sentence("a\0b")
    (tmp_path / "latin").write_bytes(f"{CANARY} Z\xfcrich".encode("latin-1"))
    assert sentence(tmp_path / "latin").endswith("latin is not UTF-8 text: name another file")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert sentence(tmp_path / "pipe").endswith("pipe is not a regular file: name another file")


def test_a_hostile_path_is_made_safe() -> None:
    assert "\x1b" not in sentence("/nowhere/\x1b]52;c;x\x07")
