"""Unexpected errors, named by type and place: their messages and locals may hold secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_OURS = Path(__file__).resolve().parents[1]
_MOST_CAUSES = 8


def describe(error: BaseException) -> str:
    """Give one line for the error and one for each of its causes, without any message."""
    return "\n  caused by ".join(_one(part) for part in _causes(error))


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen and len(seen) < _MOST_CAUSES:
        seen.add(id(current))
        yield current
        current = _cause(current)


def _cause(error: BaseException) -> BaseException | None:
    wrapped = getattr(error, "error", None)  # Textual's WorkerFailed holds the error there
    if isinstance(wrapped, BaseException):
        return wrapped
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__
    return error.__context__


def _one(error: BaseException) -> str:
    places = list(_places(error.__traceback__))
    ours = [place for file, place in places if file.is_relative_to(_OURS)]
    if places and (not ours or places[-1][1] != ours[-1]):
        ours.append(places[-1][1])  # where it was raised, though not by us
    return " ".join([type(error).__name__, *(f"at {place}" for place in ours)])


def _places(traceback: TracebackType | None) -> Iterator[tuple[Path, str]]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        file = Path(code.co_filename)
        yield file, f"{_short(file)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next


def _short(file: Path) -> str:
    if file.is_relative_to(_OURS):
        return str(file.relative_to(_OURS.parent))
    return "/".join(file.parts[-2:])
