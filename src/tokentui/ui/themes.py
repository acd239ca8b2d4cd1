"""Which looks there are, and what is said of one that there is not."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from tokentui.domain.errors import ConfigError

if TYPE_CHECKING:
    from typing import Any

    from textual.app import App


def misfit(app: App[Any], name: str) -> ConfigError | None:
    """Say what is wrong with a theme's name; None: there is such a theme."""
    known = sorted(app.available_themes)
    if name in known:
        return None
    near = get_close_matches(name, known, 1)
    advice = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(known)}"
    return ConfigError(f"settings.theme: there is no theme {name!r}", advice)
