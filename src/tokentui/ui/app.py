"""The application: places, what they share, and how the program is left."""

from __future__ import annotations

import gc
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events

from tokentui.domain.errors import TokentuiError
from tokentui.domain.receipt import Certainty
from tokentui.ui import leaving, present, themes
from tokentui.ui.actions import Place, bindings
from tokentui.ui.app_flows import AppFlows
from tokentui.ui.colourless import ColourChoice
from tokentui.ui.driver import KeyDriver
from tokentui.ui.generate_flow import GenerateFlow
from tokentui.ui.holding import Says
from tokentui.ui.keymap import misfits
from tokentui.ui.palette import Palette
from tokentui.ui.screens.chooser import ProfileChooser
from tokentui.ui.screens.help import HelpDialog
from tokentui.ui.screens.home import HomeScreen
from tokentui.ui.screens.info import InfoDialog
from tokentui.ui.screens.instances import InstancesScreen
from tokentui.ui.screens.place import PlaceScreen
from tokentui.ui.screens.too_small import Cover

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import timedelta

    from textual.binding import BindingType
    from textual.screen import Screen
    from textual.timer import Timer
    from textual.worker import Worker

    from tokentui.services.workbench import Workbench
    from tokentui.ui.flows import Flows
    from tokentui.ui.messages import CopyRequested
    from tokentui.ui.session import Session


class TokentuiApp(ColourChoice, inherit_bindings=False):
    """Shows a session; screens draw themselves from it and post what they want."""

    TITLE = "tokentui"
    DEFAULT_MODE = Place.HOME.value
    ENABLE_COMMAND_PALETTE = False  # ours lists our own actions and nothing else
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ANYWHERE)]

    def __init__(self, session: Session) -> None:
        super().__init__(driver_class=KeyDriver)
        self.session = session
        self.animation_level = "none"
        self.flow = GenerateFlow(self, session)
        self._leaving = leaving.Leaving(self)
        self._cover = Cover(self)
        self._clock_timer: Timer | None = None
        self.flows: Flows = AppFlows(self, session)
        self.add_mode(Place.HOME, lambda: HomeScreen(session, self.flows))
        self.add_mode(Place.INSTANCES, lambda: InstancesScreen(session, self.flows))
        self.add_mode(Place.ACCOUNTS, self._accounts)
        self.add_mode(Place.TOKENS, self._tokens)

    @property
    def place(self) -> PlaceScreen:
        """The place under whatever dialogs are open."""
        return next(s for s in self.screen_stack if isinstance(s, PlaceScreen))

    @property
    def _screens_are_there(self) -> bool:
        """Whether there is anything to draw on; while the program ends, there is not."""
        return self.is_running and any(isinstance(s, PlaceScreen) for s in self._screen_stack)

    def say(self, text: str, style: str = "$text-warning") -> None:
        """Show a sentence where it can be seen: in the dialog on top, else in the place."""
        if self._screens_are_there:
            top = self.screen
            (top if isinstance(top, Says) else self.place).say(text, style)

    def draw(self) -> None:
        """Bring the place up to date with the session."""
        if self._screens_are_there:
            self.place.draw()
            self._arm_clock()

    def work(
        self, task: Callable[[], Coroutine[None, None, None]], what: str, *, exclusive: bool = False
    ) -> Worker[None]:
        """Run something beside the screens; `exclusive` replaces the same that still runs."""
        return self.run_worker(task, group=what, description=what, exclusive=exclusive)

    # How it begins

    def on_load(self) -> None:
        self.session.first_look()

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, lambda _: self._cover.renew(), immediate=True)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if not gc.isenabled():  # switched off for a quick start; what is here now stays
            gc.collect()
            gc.freeze()
            gc.enable()
        self._arm_clock()
        self.work(self._open, "open the workbench")

    async def _open(self) -> None:
        await self.session.open()
        if self.session.workbench is None:
            self.draw()
            return
        self._apply_settings(self.session.workbench)
        await self._reload()  # the first look may have seen nothing, and no damage in any case
        self.action_refresh()

    def _apply_settings(self, workbench: Workbench) -> None:
        settings = workbench.config.settings
        found = [misfit for misfit in (themes.misfit(self, settings.theme),) if misfit]
        if not found:
            self.theme = settings.theme
        self.session.misfits = (*found, *misfits(settings.keys))
        self.set_keymap(dict(settings.keys))

    # What goes on

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and self._screens_are_there:
            self.place.hush()
        await super().on_event(event)

    def action_refresh(self) -> None:
        if self.session.problem is not None:
            self.work(self._open, "open the workbench")
        else:
            self.work(self._refresh, "list instances", exclusive=True)

    async def _refresh(self) -> None:
        try:
            await self.session.refresh(self.draw)
        except TokentuiError as error:
            self.tell_error(error)
        await self._reload()

    def on_place_resumed(self) -> None:
        self._leaving.forget()
        if self.session.workbench is not None:
            self.work(self._reload, "read the ledger", exclusive=True)

    async def _reload(self) -> None:
        try:
            await self.session.reload_overview()
        except TokentuiError as error:
            self.tell_error(error)
        self.draw()

    def tell_error(self, error: TokentuiError) -> None:
        """Keep an error for `!` and say it above the keys."""
        self.session.last_error = error
        self.say(error.sentence, "$text-error")

    def on_copy_requested(self, message: CopyRequested) -> None:
        self.work(partial(self._copy, message.text, message.what), "copy a text")

    async def _copy(self, text: str, what: str) -> None:
        try:
            receipt = await self.session.call(lambda bench: bench.delivering.copy_text(text))
        except TokentuiError as error:
            self.tell_error(error)
        else:
            failed = receipt.certainty is Certainty.FAILED
            style = "$text-error" if failed else "$text-primary"
            self.say(f"{what} {text}: {receipt.sentence}", style)

    def _arm_clock(self) -> None:
        """Wake up when the next shown time reads differently, a minute from now at most."""
        if self._clock_timer is not None:
            self._clock_timer.stop()
        wait: timedelta = present.next_change(self.place.ends(), self.session.now())
        self._clock_timer = self.set_timer(wait.total_seconds(), self.draw)

    # What keys do anywhere

    def action_home(self) -> None:
        self.go(Place.HOME)

    def action_instances(self) -> None:
        self.go(Place.INSTANCES)

    def action_accounts(self) -> None:
        self.go(Place.ACCOUNTS)

    def action_tokens(self) -> None:
        self.go(Place.TOKENS)

    def action_help(self) -> None:
        self.push_screen(HelpDialog(self.place.places, self.session.keys))

    def action_palette(self) -> None:
        self.push_screen(Palette())

    def action_profile(self) -> None:
        self.push_screen(ProfileChooser(self.session), self._choose_scope)

    def action_time(self) -> None:
        self.session.time_style = self.session.time_style.following()
        self.draw()

    def action_last_error(self) -> None:
        errors = list(dict.fromkeys((*self.session.problems, self.session.last_error)))
        lines = [line for error in errors if error for line in (*present.error_lines(error), "")]
        self.push_screen(InfoDialog("Last error", lines or ["Nothing went wrong so far."]))

    async def action_back(self) -> None:
        if self.current_mode == Place.HOME:
            self._leaving.ask()
        else:
            self.action_up()

    def action_up(self) -> None:
        if self.place.step_back():
            return
        if self.current_mode == Place.HOME:
            self.say("this is the first screen: q quits")
        else:
            self.go(Place.HOME)

    def action_interrupt(self) -> None:
        self.say("^c does nothing here: q goes back, ^q quits")

    async def action_quit(self) -> None:
        self._leaving.ask()

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        self.say("screenshots are off: a secret may be on the screen")

    def go(self, place: Place) -> None:
        """Show another place."""
        self.switch_mode(place)

    def _accounts(self) -> PlaceScreen:
        from tokentui.ui.screens.accounts import AccountsScreen

        return AccountsScreen(self.session, self.flows)

    def _tokens(self) -> PlaceScreen:
        from tokentui.ui.screens.tokens import TokensScreen

        return TokensScreen(self.session, self.flows)

    def _choose_scope(self, choice: ProfileChooser.Choice | None) -> None:
        if choice is not None:
            self.session.scope = choice.profile
            self.draw()

    # Size, clipboard, end

    def on_resize(self, event: events.Resize) -> None:
        self._cover.fit(event.size)

    def copy_to_clipboard(self, text: str) -> None:
        """Keep nothing and send nothing: secrets are copied by the services alone."""

    def all_screens(self) -> list[Screen[object]]:
        """Give the screens of all places, the topmost last."""
        return [screen for stack in self._screen_stacks.values() for screen in stack]

    def end_by_signal(self, signal_number: int) -> None:
        """Leave because the system asks for it."""
        self.work(partial(self._leaving.end_by_signal, signal_number), "end by signal")

    def write_terminal(self, data: bytes) -> None:
        """Send a sequence of the clipboard's to the terminal, from any thread."""
        if self._driver is not None:
            self._driver.write(data.decode("ascii"))
            self._driver.flush()

    def blank(self) -> None:
        """Take every secret off every screen."""
        leaving.blank(self.all_screens())
