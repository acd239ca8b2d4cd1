"""What is asked for in the generate dialog, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokentui.services.issue import Request, Result


@dataclass(frozen=True, slots=True)
class After:
    """What happens to a credential once it is here; `make_current` goes with `merge` only."""

    copy: bool
    merge: bool
    make_current: bool
    verify: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything decided in the generate dialog."""

    request: Request
    after: After


@dataclass(frozen=True, slots=True)
class Generated:
    """A credential in our hands, and what is to happen to it."""

    result: Result
    after: After
