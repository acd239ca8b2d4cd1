from __future__ import annotations

import hashlib
import hmac
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from tokentui.domain.errors import StorageError
from tokentui.domain.secret import Secret
from tokentui.storage.fingerprints import Fingerprints, load_key
from tokentui.storage.secrets_memory import MemorySecrets
from tokentui.testing.secret_store import SecretStoreContract

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.services.ports import SecretStore

KEY = bytes(range(32))
STARTS = 4


class TestMemorySecrets(SecretStoreContract):
    @pytest.fixture
    def store(self) -> SecretStore:
        return MemorySecrets()


class Shouting(MemorySecrets):
    """Breaks the contract: it prints what it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []

    async def set(self, name: str, secret: Secret) -> None:
        self.values.append(secret.reveal())
        await super().set(name, secret)

    def __repr__(self) -> str:
        return f"Shouting({self.values})"


class Mixing(MemorySecrets):
    """Breaks the contract: it keeps one secret for all names."""

    async def get(self, name: str) -> Secret | None:
        del name
        return await super().get("one")

    async def set(self, name: str, secret: Secret) -> None:
        del name
        await super().set("one", secret)


async def test_the_contract_finds_a_store_that_prints_secrets() -> None:
    with pytest.raises(AssertionError):
        await SecretStoreContract().test_nothing_that_is_printed_tells_a_secret(Shouting())


async def test_the_contract_finds_a_store_that_mixes_names() -> None:
    with pytest.raises(AssertionError):
        await SecretStoreContract().test_names_are_kept_apart(Mixing())
    with pytest.raises(AssertionError):
        await SecretStoreContract().test_calls_side_by_side_do_not_mix(Mixing())


def test_a_fingerprint_is_a_keyed_hash_cut_to_sixteen_bytes() -> None:
    whole = hmac.new(KEY, b"tok\xc3\xa9n", hashlib.sha256).hexdigest()
    assert Fingerprints(KEY)(Secret("tokén")) == whole[:32]


def test_another_key_gives_another_fingerprint() -> None:
    assert Fingerprints(KEY)(Secret("x")) != Fingerprints(KEY[::-1])(Secret("x"))


def test_text_that_is_no_valid_unicode_has_a_fingerprint_too() -> None:
    assert Fingerprints(KEY)(Secret("\ud800")) != Fingerprints(KEY)(Secret("\ud801"))


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "fingerprint.key"
    key = load_key(path)
    assert len(key) == 32
    assert load_key(path) == key == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(tmp_path / "other.key") != key


def test_a_loosened_key_file_is_tightened(tmp_path: Path) -> None:
    path = tmp_path / "fingerprint.key"
    path.write_bytes(KEY)
    path.chmod(0o644)
    assert load_key(path) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", KEY[:31], KEY + b"\n"])
def test_a_key_of_the_wrong_length_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "fingerprint.key"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=f"holds {len(content)} bytes instead of 32") as told:
        load_key(path)
    assert str(path) in told.value.message
    assert path.read_bytes() == content


def test_a_key_that_is_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fingerprint.key"
    path.mkdir()
    with pytest.raises(StorageError, match="no regular file"):
        load_key(path)


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "fingerprint.key"
    with pytest.raises(StorageError, match="no such file or directory"):
        load_key(path)


def test_first_starts_side_by_side_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "fingerprint.key"
    barrier = threading.Barrier(STARTS)
    keys: list[bytes] = []

    def work() -> None:
        barrier.wait()
        keys.append(load_key(path))

    threads = [threading.Thread(target=work) for _ in range(STARTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == STARTS
    assert set(keys) == {path.read_bytes()}
