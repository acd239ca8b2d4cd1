from __future__ import annotations

from dataclasses import replace

from listed import listed
from tokentui.services.asking import Growing
from tokentui.services.listing import credential_key


def test_what_is_named_as_it_was_stays_the_same_object() -> None:
    kept, changed = listed("k-1"), listed("k-2")
    growing = Growing(credential_key, (kept, changed))
    renamed = replace(changed, name="renamed")
    growing.take([replace(kept), renamed, listed("k-3")])
    first, second, third = growing.items
    assert first is kept
    assert second is renamed
    assert third == listed("k-3")
    growing.keep(lambda _: False)
    assert growing.items[0] is kept
