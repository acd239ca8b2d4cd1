"""The contract of secret stores, as a suite that every store's tests inherit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tokentui.domain.secret import Secret

if TYPE_CHECKING:
    from tokentui.services.ports import SecretStore

_NAME = "tokentui-contract/ops-prod"
_OTHER = "tokentui-contract/ops prod ü"
_VALUE = "first-value-of-the-contract"
_KEY_FILE = '{\n  "privateKey": "' + "MIIE+/=" * 1_000 + '",\n  "name": "Zürich ☃"\n}\n'


class SecretStoreContract:
    """Inherit as `class TestMyStore(SecretStoreContract)` with a fixture `store`.

    The fixture gives an empty store, or one in which names that begin with `tokentui-contract/`
    are free. The tests are coroutines; run them with pytest-asyncio in its automatic mode.
    """

    async def test_it_has_a_title(self, store: SecretStore) -> None:
        assert store.title.strip()

    async def test_what_was_never_kept_is_not_there(self, store: SecretStore) -> None:
        assert await store.get(_NAME) is None

    async def test_a_secret_comes_back_as_it_was(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_VALUE))
        assert await store.get(_NAME) == Secret(_VALUE)

    async def test_long_text_of_several_lines_comes_back(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_KEY_FILE))
        assert await store.get(_NAME) == Secret(_KEY_FILE)

    async def test_a_new_value_replaces_the_old_one(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_VALUE))
        await store.set(_NAME, Secret("second"))
        assert await store.get(_NAME) == Secret("second")

    async def test_names_are_kept_apart(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_VALUE))
        await store.set(_OTHER, Secret("other"))
        await store.delete(_NAME)
        assert await store.get(_NAME) is None
        assert await store.get(_OTHER) == Secret("other")

    async def test_forgetting_twice_is_no_error(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_VALUE))
        await store.delete(_NAME)
        await store.delete(_NAME)
        assert await store.get(_NAME) is None

    async def test_calls_side_by_side_do_not_mix(self, store: SecretStore) -> None:
        names = [f"{_NAME}-{number}" for number in range(8)]
        await asyncio.gather(*(store.set(name, Secret(name.upper())) for name in names))
        kept = await asyncio.gather(*(store.get(name) for name in names))
        assert kept == [Secret(name.upper()) for name in names]
        await asyncio.gather(*(store.delete(name) for name in names))

    async def test_nothing_that_is_printed_tells_a_secret(self, store: SecretStore) -> None:
        await store.set(_NAME, Secret(_VALUE))
        printed = f"{store!r} {store} {store.title} {await store.get(_NAME)!r}"
        assert _VALUE not in printed
