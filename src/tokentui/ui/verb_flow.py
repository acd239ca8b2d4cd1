"""From the wish to change a credential to its outcome: dialog, request, what was done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tokentui.domain.errors import TokentuiError
from tokentui.domain.model import Ability, Form
from tokentui.services.verbs import SIGNED_OUT, Verb
from tokentui.ui import verb_words as words
from tokentui.ui.generated import After, Generated
from tokentui.ui.verb_calls import attempt, try_out
from tokentui.ui.widgets.mark_list import MarkList
from tokentui.ui.wishes import DONE, Fate, Wish

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Sequence

    from tokentui.domain.model import ProfileName
    from tokentui.domain.secret import Secret
    from tokentui.services.held import Held
    from tokentui.services.issue import Result
    from tokentui.services.workbench import Workbench
    from tokentui.ui.app import TokentuiApp
    from tokentui.ui.modals.act import ActModal
    from tokentui.ui.modals.preview import PreviewModal
    from tokentui.ui.modals.verify_secret import VerifyModal
    from tokentui.ui.session import Session
    from tokentui.ui.wishes import Report

_FOR_MANY = frozenset({Verb.END, Verb.SWITCH_OFF, Verb.SWITCH_ON})


class VerbFlow:
    """Opens the dialogs of verbs and sends their requests.

    A request belongs to the program, not to a dialog: whatever is closed meanwhile, its outcome
    is said.
    """

    def __init__(self, app: TokentuiApp, session: Session) -> None:
        self._app = app
        self._session = session

    def act(self, verb: Verb, helds: Sequence[Held]) -> None:
        """Ask about one or about many; only switching one on needs no question."""
        bench = self._session.workbench
        if bench is None or not helds:
            self._app.say(f"there is no credential to {verb}")
        elif len(helds) == 1:
            self._one(bench, verb, helds[0])
        elif verb in _FOR_MANY:
            self._many(bench, verb, helds)
        else:
            self._app.say(f"{verb} works on one credential at a time, {len(helds)} are marked")

    # What dialogs ask for

    def do(self, modal: ActModal, wish: Wish) -> None:
        """Send one request; the dialog is told how it went."""
        self._run(self._do(modal, wish))

    def do_all(self, modal: PreviewModal, wishes: Sequence[Wish]) -> None:
        """Send one request after the other until the dialog is closed."""
        self._run(self._do_all(modal, wishes))

    def verify(self, modal: VerifyModal, held: Held, secret: Secret) -> None:
        """Try a secret; the dialog is told what that showed."""
        self._run(self._verify(modal, held, secret))

    # One

    def _one(self, bench: Workbench, verb: Verb, held: Held) -> None:
        word = bench.managing.word(held, verb)
        if objection := bench.managing.objection(held, verb):
            self._app.say(words.refused(held, verb, word, objection))
        elif verb is Verb.SWITCH_ON:
            self._app.say(f"{words.doing(verb, word)}..", "$text-primary")
            self._run(self._do(None, Wish(verb, held)))
        else:
            self._app.push_screen(self._dialog(bench, verb, held, word))

    def _dialog(self, bench: Workbench, verb: Verb, held: Held, word: str) -> ActModal:
        # Imported here: text fields would delay the first screen.
        from tokentui.ui.modals.ending import EndingModal
        from tokentui.ui.modals.move_end import MoveEndModal
        from tokentui.ui.modals.rename import RenameModal
        from tokentui.ui.modals.verify_secret import VerifyModal

        if verb is Verb.RENAME:
            return RenameModal(self._session, self, verb, held, word)
        if verb is Verb.VERIFY:
            return VerifyModal(self._session, self, verb, held, word)
        sooner = verb is Verb.MOVE_END  # what is asked if the new end is an earlier one
        modal = MoveEndModal if sooner else EndingModal
        return modal(
            self._session,
            self,
            verb,
            held,
            word,
            consequence=bench.managing.consequence(held, verb, sooner=sooner),
            must_type=bench.managing.must_type(held, verb, sooner=sooner),
            why_type=bench.managing.why_type(held, verb, sooner=sooner),
        )

    async def _do(self, modal: ActModal | None, wish: Wish) -> None:
        report = await attempt(self._session, wish)
        if report.fate is not Fate.FAILED:
            self._unmark((wish.held,))
            self._bring_up_to_date((wish.held.profile,))
        then = partial(self._after, report)
        if modal is None or not modal.is_attached:
            then()
        elif report.fate in DONE:
            modal.finish(then)
        elif report.fate is Fate.UNKNOWN:
            modal.lost(report.sentence)
        else:
            modal.refused(report.sentence)

    def _after(self, report: Report) -> None:
        if report.result is not None:
            self._app.flow.show(Generated(report.result, _usual(report.result), "regenerated"))
        else:
            self._app.say(report.sentence, _style(report.fate))

    async def _verify(self, modal: VerifyModal, held: Held, secret: Secret) -> None:
        system, match = await try_out(self._session, held, secret)
        if modal.is_attached:
            modal.tell(system, match)
        else:
            self._app.say(system)

    # Many

    def _many(self, bench: Workbench, verb: Verb, helds: Sequence[Held]) -> None:
        from tokentui.ui.modals.preview import PreviewModal

        steps = bench.managing.plan(helds, verb)
        whys: dict[str, str] = {}
        for step in steps:
            why = "" if step.objection else bench.managing.why_type(step.held, verb)
            if why and whys.get(step.held.profile) != SIGNED_OUT:
                whys[step.held.profile] = why
        same = {bench.managing.word(held, verb) for held in helds}
        word = same.pop() if len(same) == 1 else verb.value
        modal = PreviewModal(self._session, self, verb, word, steps, why_type=whys)
        self._app.push_screen(modal)

    async def _do_all(self, modal: PreviewModal, wishes: Sequence[Wish]) -> None:
        reports: list[Report] = []
        changed: list[Held] = []
        for wish in wishes:
            if not modal.is_attached:
                break
            modal.began(wish.held)
            report = await attempt(self._session, wish)
            reports.append(report)
            modal.ended(wish.held, report)
            if report.fate is not Fate.FAILED:
                changed.append(wish.held)
        self._unmark(changed)
        kind = words.kind_of(self._session, wishes[0].held)
        sentence = words.summary(kind, modal.verb, reports, len(wishes))
        self._bring_up_to_date(dict.fromkeys(wish.held.profile for wish in wishes))
        done = len(reports) == len(wishes) and all(r.fate is Fate.DONE for r in reports)
        say = modal.all_ended if modal.is_attached else self._app.say
        say(sentence, _style(Fate.DONE if done else Fate.UNRECORDED))

    # Afterwards

    def _unmark(self, helds: Sequence[Held]) -> None:
        """Forget that these are marked: the next verb is not meant for them."""
        for screen in self._app.all_screens():
            for marked in screen.query(MarkList):
                marked.unmark(held.key for held in helds)

    def _bring_up_to_date(self, profiles: Iterable[ProfileName]) -> None:
        self._run(self._refresh(tuple(profiles)))

    async def _refresh(self, profiles: Sequence[ProfileName]) -> None:
        try:
            await self._session.reload_overview()
            await self._session.refresh(self._app.draw, profiles)
            await self._session.reload_overview()
        except TokentuiError as error:
            self._session.last_error = error
        self._app.draw()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        self._app.run_worker(work, group="verbs", description="change a credential")


def _usual(result: Result) -> After:
    """Give what happens to a regenerated secret, as after making one of its form."""
    kind = result.issued.kind
    is_file = kind.form is Form.KEY_FILE
    verified = Ability.VERIFY in kind.abilities
    return After(not is_file, merge=False, make_current=False, verify=verified, save=is_file)


def _style(fate: Fate) -> str:
    return {Fate.DONE: "$text-primary", Fate.UNRECORDED: "$text-warning"}.get(fate, "$text-error")
