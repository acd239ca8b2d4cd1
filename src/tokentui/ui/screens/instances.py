"""What credentials open, over all profiles."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content

from tokentui.domain.ledger import EntryState
from tokentui.domain.model import Form
from tokentui.services import attention
from tokentui.services.inventory import Phase
from tokentui.ui import frame
from tokentui.ui.actions import Place, bindings
from tokentui.ui.messages import CopyRequested
from tokentui.ui.screens import instance_records as records
from tokentui.ui.screens.instance_details import InstanceDetails
from tokentui.ui.screens.place import PlaceScreen, set_shown
from tokentui.ui.screens.texts import asking, no_instances, status
from tokentui.ui.widgets.bar import Bar, Text
from tokentui.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tokentui.domain.ledger import Entry
    from tokentui.domain.model import Instance, KindKey
    from tokentui.services.held import Held
    from tokentui.ui.flows import Flows
    from tokentui.ui.session import Session

_LEAST_LIST = 7
_FRAME = 6  # the four lines around, and two headings
_MOST_SOURCES = 3


class InstancesScreen(PlaceScreen):
    """A list of instances with what is known of the highlighted one beneath."""

    PLACE = Place.INSTANCES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.INSTANCES, Place.LIST)]

    def __init__(self, session: Session, flows: Flows) -> None:
        super().__init__(session, flows)
        self._records = records.Records()
        self._details = InstanceDetails(session)
        self._found: Mapping[str, tuple[Instance, bool]] = {}
        self._issued: Mapping[str, Sequence[Entry]] = {}
        self._living: Mapping[str, Sequence[Held]] = {}
        self._source_lines = 0
        self._detail_lines = 0

    def compose_body(self) -> ComposeResult:
        yield Bar(id="list-head")
        yield Text(id="sources")
        yield RecordList(records.COLUMNS, id="instances")
        yield Bar(id="detail-head")
        with VerticalScroll(id="detail"):
            yield Text(id="detail-text")

    def draw_body(self) -> None:
        when = self.session.when
        self._issued = self._entries_by_target()
        self._living = self._helds_by_target(when.now)
        self._found = self._instances_by_key()
        instances = self.query_one("#instances", RecordList)
        instances.empty_text = no_instances(self.session)
        instances.state_line = asking(self.session)
        instances.set_records(
            self._records.make(instance, self._living.get(key, ()), when, stale=stale)
            for key, (instance, stale) in self._found.items()
        )
        self._bar("list-head").show(frame.rule("Instances", self.size.width))
        self._draw_sources()
        self._draw_detail()

    def counts(self) -> str:
        instances = self.query_one("#instances", RecordList)
        filtered = f" - filter: {instances.filter_text}" if instances.filter_text else ""
        return f"{instances.shown_count} of {instances.total_count}{filtered}"

    def state(self) -> str:
        return status(self.session)

    def ends(self) -> list[datetime]:
        entries = () if self.session.overview is None else self.session.overview.entries
        of_entries = [end for entry in entries if (end := entry.may_live_until) is not None]
        helds = (held for living in self._living.values() for held in living)
        return of_entries + [held.ends_at for held in helds if held.ends_at is not None]

    def row_texts(self, key: str) -> tuple[str, str]:
        instance, _ = self._found[key]
        return instance.native_id, instance.name

    def on_resize(self) -> None:
        self._detail_lines = 0  # before the place itself is drawn anew

    @on(RecordList.Highlighted)
    def follow_cursor(self) -> None:
        self._draw_detail()

    @on(RecordList.Opened)
    def open_detail(self) -> None:
        """Go to the detail, and ask once for what the provider tells beyond its list."""
        self.query_one("#detail").focus()
        instance = self._current()
        if instance is not None and self._details.is_unknown(instance):
            work = self._load_details(instance)
            self.run_worker(work, group="details", description="details of an instance")

    def step_back(self) -> bool:
        """Leave the detail for the list."""
        instances = self.query_one("#instances", RecordList)
        if instances.has_focus:
            return False
        instances.focus()
        return True

    def action_generate(self) -> None:
        self._generate(None)

    def action_kubeconfig(self) -> None:
        instance = self._current()
        about = None if instance is None else records.about_of(self.session, instance)
        kinds = () if about is None else about.kinds
        fitting = (kind for kind in kinds if instance is not None and kind.fits(instance))
        kind = next((kind.key for kind in fitting if kind.form is Form.KUBECONFIG), None)
        if instance is not None and about is not None and kind is None:
            self.say(f"{about.title} makes no kubeconfig for {instance.name}")
        else:
            self._generate(kind)

    def action_ui_link(self) -> None:
        instance = self._current()
        if instance is None:
            self.say("there is no instance to show a link of")
        elif not instance.ui_url:
            self.say(f"{instance.name} has no UI of its own")
        else:
            self.say(instance.ui_url, "$text-primary")
            self.post_message(CopyRequested(instance.ui_url, "link"))

    def action_use(self) -> None:
        instance = self._current()
        if instance is None:
            self.say("there is no instance to use a credential with")
        else:
            self.flows.use(None, instance)

    async def _load_details(self, instance: Instance) -> None:
        asked = self._details.load(instance)
        self.call_after_refresh(self._draw_detail)
        await asked
        self._draw_detail()

    def _generate(self, kind: KindKey | None) -> None:
        instance = self._current()
        if instance is None:
            self.say("there is no instance to make a credential for")
        else:
            self.flows.generate(instance, kind, "")

    def _current(self) -> Instance | None:
        key = self.query_one("#instances", RecordList).cursor_key
        found = self._found.get(key or "")
        return None if found is None else found[0]

    def _instances_by_key(self) -> Mapping[str, tuple[Instance, bool]]:
        """Give the instances in the scope in order, each with whether its data are old."""
        found = {
            records.key_of(instance): (instance, listing.source.phase is Phase.FAILED)
            for listing in self.session.listings.values()
            if self.session.in_scope(listing.source.profile)
            for instance in listing.instances
        }
        issued = self._issued
        in_order = sorted(
            found.items(), key=lambda item: records.first_comes(item[1][0], issued.get(item[0], ()))
        )
        return dict(in_order)

    def _entries_by_target(self) -> Mapping[str, Sequence[Entry]]:
        """Give the ledger's entries by the key of the instance that they were made for."""
        issued: defaultdict[str, list[Entry]] = defaultdict(list)
        entries = () if self.session.overview is None else self.session.overview.entries
        for entry in entries:
            if entry.state is not EntryState.REFUSED:
                issued[records.target_key(entry)].append(entry)
        return issued

    def _helds_by_target(self, now: datetime) -> Mapping[str, Sequence[Held]]:
        """Give what lives or may live by the key of the instance that it was made for."""
        living: defaultdict[str, list[Held]] = defaultdict(list)
        for held in attention.living(self.session.helds, now):
            living[records.held_key(held)].append(held)
        return living

    def _draw_sources(self) -> None:
        listings = self.session.listings.values()
        told = [
            line
            for listing in listings
            if self.session.in_scope(listing.source.profile)
            and (line := records.source_line(listing, self.session.when, self.size.width))
        ][:_MOST_SOURCES]
        self._source_lines = len(told)
        sources = self.query_one("#sources", Text)
        set_shown(sources, bool(told), len(told))
        if told:
            sources.show(Content("\n").join(Content.styled(line, "$text-error") for line in told))

    def _draw_detail(self) -> None:
        """Show what is known of the highlighted instance beneath the list, where there is room."""
        instance = self._current()
        room = self.size.height - _FRAME - self._source_lines
        lines: list[str] = []
        if instance is not None and room > _LEAST_LIST:
            issued = self._issued.get(records.key_of(instance), ())
            told = records.detail(self.session, instance, issued, room - _LEAST_LIST)
            told += self._details.lines(instance, self.size.width)
            lines = self._as_high_as_before(told)
            self._bar("detail-head").show(frame.rule(instance.name, self.size.width))
            text = Content("\n").join(Content(line) for line in lines)
            self.query_one("#detail-text", Text).show(text)
        height = min(len(lines), room - _LEAST_LIST)
        set_shown(self._bar("detail-head"), bool(lines))
        set_shown(self.query_one("#detail"), bool(lines), height)
        self._fit_list(room - height)

    def _as_high_as_before(self, lines: list[str]) -> list[str]:
        """Fill up with blank lines: with another height a move would repaint the whole screen."""
        self._detail_lines = max(self._detail_lines, len(lines))
        return lines + [""] * (self._detail_lines - len(lines))

    def _fit_list(self, room: int) -> None:
        """Let the list be as high as its rows, so that the detail follows them at once."""
        instances = self.query_one("#instances", RecordList)
        set_shown(instances, True, min(room, max(instances.total_count + 2, _LEAST_LIST)))
