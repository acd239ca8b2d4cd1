"""The four lines around every screen, as text: scope, views, state, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from tokentui.services.inventory import Phase
from tokentui.ui import present
from tokentui.ui.actions import Place, lines
from tokentui.ui.fitting import cut, shortened, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tokentui.services.inventory import Source
    from tokentui.ui.actions import Line
    from tokentui.ui.session import Session

VIEWS = (
    (Place.HOME, "anywhere.home", "H", "Home"),
    (Place.INSTANCES, "anywhere.instances", "I", "Instances"),
    (Place.ACCOUNTS, "anywhere.accounts", "A", "Accounts"),
    (Place.TOKENS, "anywhere.tokens", "T", "Tokens"),
)

WIDE = 100
_RULE = "─"
_STEP = 24
"""Cells at which the plain end of a heading begins: apart, it is not written with each title."""
_AROUND = 4
"""Cells of a heading that its title leaves free."""
_MOST_SAID = 5
_MOST_KEYS = 5
_LONGEST_LABEL = 14
TONES = {
    "muted": "$text-muted",
    "error": "$text-error",
    "warning": "$text-warning",
    "info": "$text-primary",
    "unknown": "$text-accent",
}
"""The styles of the tones that `present` gives."""

Part = tuple[str, str]


def top_line(session: Session, width: int) -> Content:
    """Say who and where: the program, the scope, each source's state, the clock."""
    wide = width >= WIDE
    clock = session.when.clock(with_date=wide)
    head: list[Part] = [(" tokentui  ", "bold"), (_scope(session), "bold"), *_tags(session, wide)]
    room = width - _width(head) - cell_len(clock) - 4
    return spread([*head, *_states(session, room)], [(clock, "")], width)


def views_line(current: Place, right: str, width: int, keys: Mapping[str, str]) -> Content:
    """Name the views, the current one in brackets; `right` counts what it shows.

    Where there is no room for all of it, the other views are named by their keys alone.
    """
    right = cut(right, width // 2)
    parts = _views(current, keys, with_titles=True)
    if _width(parts) + cell_len(right) >= width:
        parts = _views(current, keys, with_titles=False)
    return spread(parts, [(right, "")], width)


def rule(title: str, width: int, style: str = "$text-primary") -> Content:
    """Draw a heading: the title within a line."""
    text = f"{_RULE * 2} {shortened(title, width - _AROUND)} " if title else ""
    end = min(width, _STEP * (1 + cell_len(text) // _STEP))
    head = set_cell_size(text + _RULE * max(0, end - cell_len(text)), end)
    return Content.assemble((head, style), (_RULE * (width - end), style))


def state_line(text: str, width: int) -> Content:
    """Draw the line above the keys."""
    return rule(text, width, "$text-muted")


def said_lines(text: str, width: int, style: str) -> Content:
    """Draw a sentence above the keys, in as many lines as it needs to be read in full."""
    first, *others = wrapped(text, width - _AROUND, _MOST_SAID) or [""]
    indent = " " * (len(_RULE) * 2 + 1)
    rest = [Content.styled(f"{indent}{line}", style) for line in others]
    return Content("\n").join([rule(first, width, style), *rest])


def keys_line(places: Sequence[Place], width: int, keys: Mapping[str, str]) -> Content:
    """Name the keys that fit, help always among them."""
    wide = width >= WIDE
    help_, rest = _footer(places, keys, all_of_them=wide)
    most = len(rest) + 1 if wide else _MOST_KEYS
    parts: list[Part] = [(" ", "")]
    last = _key(help_)
    for line in rest[: most - 1]:
        key = _key(line)
        if _width([*parts, *key, *last]) <= width:
            parts += key
    return Content.assemble(*parts, *last)


def spread(left: Iterable[Part], right: Iterable[Part], width: int) -> Content:
    """Put texts at both ends of a line; where there is no room for both, the left one is cut."""
    start, end = Content.assemble(*left), Content.assemble(*right)
    room = max(0, width - end.cell_length - 1)
    if start.cell_length > room:
        start = start.truncate(room, ellipsis=True)
    return Content.assemble(start, " " * (room - start.cell_length), end, " ")


def _views(current: Place, keys: Mapping[str, str], *, with_titles: bool) -> list[Part]:
    parts: list[Part] = [(" ", "")]
    for place, action_id, usual_key, title in VIEWS:
        key = keys.get(action_id, usual_key)
        text = f"{key} {title}" if with_titles or place is current else key
        parts += [(f"[{text}]", "bold") if place is current else (text, ""), ("  ", "")]
    return parts


def _scope(session: Session) -> str:
    if session.scope is not None:
        return session.scope
    names = list(session.listings)
    if len(names) == 1:
        return names[0]
    return f"all {len(names)} profiles" if names else "no profile"


def _tags(session: Session, wide: bool) -> list[Part]:
    shown = [profile for profile in session.profiles if session.in_scope(profile.name)]
    tags: list[Part] = []
    protected = sum(profile.guard.protected for profile in shown)
    if protected:
        count = f"{protected} " if len(shown) > 1 else ""
        tags.append((f" [{count}{'protected' if wide else 'prot'}]", "$text-warning"))
    if any(profile.settings.get("insecure") for profile in shown):
        tags.append(
            (
                " [insecure: certificates are not checked]" if wide else " [insecure]",
                "bold $text-error",
            )
        )
    return [*tags, ("  ", "")]


def _states(session: Session, room: int) -> list[Part]:
    """Give each source's state, or how many are in which if there is no room for that."""
    if session.problem is not None:
        return [("configuration broken", "$text-error")]
    listed = [
        item.source for item in session.listings.values() if session.in_scope(item.source.profile)
    ]
    alone = len(session.listings) == 1 or session.scope is not None
    each: list[Part] = []
    for source in listed:
        each += _state(session, source, alone)
    return each if _width(each) <= room else _summary(listed)


def _state(session: Session, source: Source, alone: bool) -> list[Part]:
    word, tone = present.source_word(source)
    provider = next((p.provider for p in session.profiles if p.name == source.profile), "")
    label = (provider if alone and provider else source.profile)[:_LONGEST_LABEL]
    return [(f"{label} ", ""), (word, TONES.get(tone, "")), ("  ", "")]


def _summary(sources: Sequence[Source]) -> list[Part]:
    words = {Phase.OK: "ok", Phase.LOADING: "…", Phase.PARTLY: "partly", Phase.FAILED: "failed"}
    counts = {phase: sum(source.phase is phase for source in sources) for phase in words}
    text = "  ".join(f"{count} {words[phase]}" for phase, count in counts.items() if count)
    return [(text, TONES["error"] if counts[Phase.FAILED] else "")]


def _footer(
    places: Sequence[Place], keys: Mapping[str, str], *, all_of_them: bool
) -> tuple[Line, list[Line]]:
    told = [line for place in (*places, Place.ANYWHERE) for line in lines(place, keys)]
    help_ = next(line for line in told if line.label == "help")
    rest = [line for line in told if (line.footer or all_of_them) and line is not help_]
    return help_, sorted(rest, key=lambda line: not line.footer)


def _key(line: Line) -> list[Part]:
    return [(line.shown, "bold"), (f" {line.label}  ", "")]


def _width(parts: Iterable[Part]) -> int:
    return sum(cell_len(text) for text, _ in parts)
