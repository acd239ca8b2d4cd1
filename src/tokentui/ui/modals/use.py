"""How to use a credential: ready texts, one at a time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tokentui.domain.errors import TokentuiError
from tokentui.domain.recipe import holds_secret, outline, with_known
from tokentui.domain.text import clean
from tokentui.ui.actions import Place, bindings
from tokentui.ui.modals.dialog import Dialog
from tokentui.ui.widgets.record_list import Cell, Column, Record
from tokentui.ui.widgets.record_view import RecordView
from tokentui.ui.widgets.text_part import TextPart

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from textual.app import ComposeResult

    from tokentui.domain.model import Kind, Target
    from tokentui.domain.recipe import Recipe
    from tokentui.services.workbench import Workbench
    from tokentui.ui.session import Session
    from tokentui.ui.use_flow import UseFlow

_COLUMNS = (
    Column("title", "HOW TO USE", 20, grow=True, priority=9),
    Column("kind", "FOR", 16, priority=5),
    Column("syntax", "TEXT", 6, priority=4),
)
_MOST_TITLES = 8
_AROUND = 12  # the lines of the dialog that are not the list's, with a few of the text
_LEAST_TITLES = 2
_MORE_LABEL = "more"
"""What the table of actions calls the key that scrolls the text."""
_FILLED = "c and s hand it over with the secret in it, which is not shown here"


class UseModal(Dialog[None]):
    """Recipes with placeholders on the screen; no secret is ever shown here."""

    PLACE = Place.USE
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    UseModal {
        & #titles { dock: top; }
        & #text { padding-left: 2; color: $text-primary; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.USE),
        Binding("down,j", "choose(1)", show=False),
        Binding("up,k", "choose(-1)", show=False),
        Binding("pagedown", "scroll(1)", show=False),
        Binding("pageup", "scroll(-1)", show=False),
    ]

    def __init__(
        self, session: Session, flow: UseFlow, kinds: Sequence[Kind], target: Target
    ) -> None:
        super().__init__(session)
        self._flow = flow
        self._kinds = kinds
        self._target = target
        self._recipes: dict[str, tuple[Kind, Recipe]] = {}
        self._titles = RecordView(_COLUMNS, empty_text="asking..", id="titles")
        self._text = Static("", id="text", markup=False)
        self._note = TextPart("note")
        self._holds = TextPart("holds", classes="muted")
        self._is_busy = False

    @property
    def absent(self) -> frozenset[str]:
        is_cut = self.scroller.show_vertical_scrollbar
        return frozenset() if is_cut else frozenset({_MORE_LABEL})

    def compose(self) -> ComposeResult:
        yield self._top
        with self._box:
            yield self._titles
            with self.scroller:
                yield self._text
            with Vertical(id="foot"):
                yield self._note
                yield self._holds
                yield self._said
        yield self._keys

    def on_mount(self) -> None:
        super().on_mount()
        self.title_with(f"How to use - {clean(self._target.name, 60)}")
        self.watch(self.scroller, "show_vertical_scrollbar", self.draw_keys, init=False)
        self.run_worker(self._load(), group="recipes", description="how to use")

    def draw(self) -> None:
        most = max(_LEAST_TITLES, min(_MOST_TITLES, self.size.height - _AROUND))
        self._titles.styles.height = min(max(1, len(self._recipes)), most) + 2
        self._draw_recipe()

    # What keys do

    def action_choose(self, by: int) -> None:
        keys = list(self._recipes)
        if keys:
            here = keys.index(self._titles.cursor_key or keys[0])
            self._titles.move_to(keys[min(max(0, here + by), len(keys) - 1)])

    def action_scroll(self, direction: int) -> None:
        by = direction * max(1, self.scroller.size.height - 1)
        self.scroller.scroll_relative(y=by, animate=False)

    def action_copy(self) -> None:
        if (recipe := self._current()) is not None:
            self._begin(partial(self._flow.copy, recipe), "sending..")

    def action_save(self) -> None:
        if (recipe := self._current()) is not None:
            self._begin(partial(self._flow.save, recipe), "")

    def action_close(self) -> None:
        if self._is_busy:
            self.say("it is just being handed over")
        elif self.is_active:
            self._flow.forget()
            self.dismiss()

    @on(RecordView.Highlighted)
    def follow_cursor(self) -> None:
        self.scroller.scroll_home(animate=False)
        self._draw_recipe()

    # How it goes on

    async def _load(self) -> None:
        failed: TokentuiError | None = None
        for kind in self._kinds:
            try:
                ways = await self.session.call(partial(self._ask, kind))
            except TokentuiError as error:
                self.session.last_error = failed = error
                self.say(f"x {error.sentence}")
            else:
                self._recipes |= {f"{kind.key}\n{way.key}": (kind, way) for way in ways}
        nothing = f"there is no recipe for {self._target.noun}"
        self._titles.empty_text = "nothing is known" if failed else nothing
        self._titles.set_records(_record(key, *way) for key, way in self._recipes.items())
        self.draw()

    async def _ask(self, kind: Kind, bench: Workbench) -> tuple[Recipe, ...]:
        ways = await bench.recipes.of(kind, self._target)
        return tuple(with_known(way, self._flow.known) for way in ways)

    def _current(self) -> Recipe | None:
        way = self._recipes.get(self._titles.cursor_key or "")
        if way is None:
            self.say("there is nothing to take")
        return None if way is None else way[1]

    def _draw_recipe(self) -> None:
        way = self._recipes.get(self._titles.cursor_key or "")
        if way is None:
            return
        _, recipe = way
        self._text.update(Content("\n".join(map(clean, outline(recipe).split("\n")))))
        self._note.show(f"! {recipe.note}" if recipe.note else "", "$text-warning")
        self._holds.show(_FILLED if self._flow.fills(recipe) else _outlined(recipe))

    def _begin(self, way: Callable[[], Coroutine[None, None, str]], meanwhile: str) -> None:
        """Start to hand it over, unless that is being done."""
        if self._is_busy:
            return
        self._is_busy = True
        self.say(meanwhile, "$text-muted")
        self.run_worker(self._hand_over(way()), group="hand over", description="hand over")

    async def _hand_over(self, work: Coroutine[None, None, str]) -> None:
        try:
            self.say(await work, "$text-primary")
        finally:
            self._is_busy = False


def _outlined(recipe: Recipe) -> str:
    how = " with the placeholders" if holds_secret(recipe) else "; it holds no secret"
    return f"c copies it, s saves it{how}"


def _record(key: str, kind: Kind, recipe: Recipe) -> Record:
    texts = (recipe.title, kind.noun, recipe.syntax.value)
    return Record(key, tuple(Cell(clean(text)) for text in texts))
