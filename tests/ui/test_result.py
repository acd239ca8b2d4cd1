from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual import events
from textual.visual import VisualType
from textual.widgets import Static

from tokentui.domain.errors import DeliveryError, StorageError, Unreachable
from tokentui.domain.model import Issued, KindKey, Order, Verification
from tokentui.domain.profile import Settings
from tokentui.domain.receipt import Certainty
from tokentui.domain.secret import Secret
from tokentui.ui.modals import result as result_module
from tokentui.ui.modals.result import ResultModal
from tokentui.ui.modals.save import AskFile
from tokentui.ui.result_words import proposal
from tokentui.ui.screens.home import HomeScreen
from tokentui.ui.screens.too_small import TooSmall
from tokentui.ui.widgets import paste_check
from tokentui.ui.widgets.paste_check import PasteCheck, compare
from tokentui.ui.widgets.secret_view import SecretView
from ui.drivers_generate import Dialogs, dialogs
from ui.fakes import DEMO, World
from world import KUBECONFIG, SENT, TOKEN, TOKEN_VALUE, InventedMerge, instance
from world_managed import KEY, robot

KUBE = KindKey("kubeconfig")
SECRET = f"{TOKEN_VALUE}1"
FAILED = replace(
    SENT, certainty=Certainty.FAILED, sentence="not copied: tmux did not answer", can_clear=False
)


async def make(open_: Dialogs, kind: KindKey | None = None) -> None:
    await open_.open(DEMO, kind)
    await open_.driver.press("enter")
    await open_.made()


async def closed(open_: Dialogs) -> None:
    await open_.driver.until(
        lambda: isinstance(open_.driver.app.screen, HomeScreen), "the dialog is closed"
    )


async def paste(open_: Dialogs, text: str) -> None:
    open_.driver.app.post_message(events.Paste(text))
    await open_.driver.pilot.pause()


def everything_on(open_: Dialogs) -> str:
    """What is on the screen without frame, blanks and line ends, so that folds do not matter."""
    return "".join(open_.driver.text.replace("│", "").split())


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24), (60, 15)], ids=str)
async def test_it_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(World(tmp_path), size) as open_:
        await make(open_)
        assert open_.driver.text == snapshot


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 24)], ids=str)
async def test_a_kubeconfig_looks_like_this(
    tmp_path: Path, size: tuple[int, int], snapshot: SnapshotAssertion
) -> None:
    async with dialogs(World(tmp_path), size) as open_:
        await make(open_, KUBE)
        assert open_.driver.text == snapshot


async def test_a_token_is_masked_copied_and_verified(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.verification = Verification(
        True, "ok: 200", timedelta(milliseconds=180), timedelta(milliseconds=400)
    )
    async with dialogs(world) as open_:
        await make(open_)
        assert "cana************************kQ91 79 characters" in open_.words
        assert SECRET not in everything_on(open_)
        assert "ok: 200 in 180 ms, clock difference 0.4 s" in open_.words
        assert "10m left, until 14:32 CEST (12:32 UTC), read from the credential" in open_.words
        assert "#1 recorded: demo, edge token (no secret stored)" in open_.words
        assert "sent through tmux to your terminal" in open_.words
        assert world.clipboard.held == SECRET
        entry = world.ledger.entries()[0]
        assert (entry.delivered_to, entry.verified) == (("clipboard (tmux)",), True)
        await open_.driver.press("enter")
        await closed(open_)


async def test_a_failed_check_and_one_that_could_not_be_made_are_said(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.provider.verification = Verification(False, "the API server answers 401")
    async with dialogs(world) as open_:
        await make(open_)
        assert "x the API server answers 401" in open_.words

        async def unreachable(issued: Issued) -> Verification:
            raise Unreachable("no answer from the API server")

        world.provider.verify = unreachable  # type: ignore[method-assign]  # now it is gone
        await open_.driver.press("v")
        await open_.says("could not be checked: no answer from the API server")


async def test_it_cannot_be_left_before_it_was_handed_over(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clipboard.receipt = FAILED
    async with dialogs(world) as open_:
        await make(open_)
        assert "x not copied: tmux did not answer" in open_.words
        reason = "the edge token was not handed over yet: c copies, s saves, D throws it away"
        for key in ("escape", "q", "enter"):
            open_.result.say("")
            await open_.driver.press(key)
            await open_.says(f"{reason} Esc is blocked until it is handed over")
        assert open_.result.why_stay() == reason
        world.clipboard.receipt = SENT
        await open_.driver.press("c")
        await open_.says("sent through tmux")
        await open_.driver.press("q")
        await closed(open_)


async def test_throwing_it_away_needs_a_second_key(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clipboard.receipt = FAILED
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("D")
        await open_.asks()
        assert "lives on all the same, until 14:32 CEST" in open_.words
        await open_.driver.press("enter")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, ResultModal), "back at the result"
        )
        assert not world.ledger.entries()[0].discarded
        await open_.driver.press("D")
        await open_.asks()
        await open_.driver.press("f10")
        await closed(open_)
        assert world.ledger.entries()[0].discarded


async def test_what_was_handed_over_is_not_thrown_away(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("D")
        await open_.says("it was handed over already: Enter closes")
        assert not world.ledger.entries()[0].discarded


async def test_space_shows_it_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_module, "SHOWN_S", 2.0)
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("space")
        await open_.driver.until(lambda: SECRET in _no_labels(open_), "it is shown")
        await open_.driver.until(lambda: SECRET not in _no_labels(open_), "it is masked again")
        await open_.says("cana************************kQ91")
        await open_.driver.until(
            lambda: "shown on screen" in world.ledger.entries()[0].delivered_to, "it is noted"
        )


def _no_labels(open_: Dialogs) -> str:
    return everything_on(open_).replace("Token", "")


async def shown(open_: Dialogs) -> None:
    await open_.driver.press("space")
    await open_.driver.until(lambda: open_.result._secret.is_open, "it is shown")


async def masked(open_: Dialogs, view: SecretView) -> None:
    await open_.driver.until(lambda: not view.is_open, "it is masked")
    assert SECRET not in _no_labels(open_)


async def test_it_is_masked_by_the_same_key_and_by_leaving(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        view, driver = open_.result._secret, open_.driver
        await shown(open_)
        await driver.press("space")
        await masked(open_, view)
        await shown(open_)
        await driver.press("question_mark")
        await driver.shows("Keys here")
        await masked(open_, view)
        await driver.press("escape")
        await driver.until(lambda: isinstance(driver.app.screen, ResultModal), "back again")
        await shown(open_)
        driver.app.app_focus = False
        await masked(open_, view)
        driver.app.app_focus = True
        await shown(open_)
        driver.app.blank()
        await masked(open_, view)


async def test_a_small_screen_shows_no_secret(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        view, driver = open_.result._secret, open_.driver
        await shown(open_)
        await driver.pilot.resize_terminal(59, 14)
        await driver.until(lambda: isinstance(driver.app.screen, TooSmall), "it says so")
        await masked(open_, view)
        await driver.press("space", "c", "enter")
        await driver.pilot.resize_terminal(80, 24)
        await driver.until(lambda: isinstance(driver.app.screen, ResultModal), "back again")
        await masked(open_, view)


async def test_a_secret_uses_the_room_of_the_dialog(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_, KUBE)
        await open_.driver.press("space")
        await open_.says("lines 1-18 of 18")
        assert "current-context: " in open_.driver.text


async def test_a_long_secret_scrolls(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path), (80, 16)) as open_:
        await make(open_, KUBE)
        await open_.driver.press("space")
        await open_.driver.shows("apiVersion: ")
        await open_.says("lines 1-11 of 18, PgDn")
        await open_.driver.press("pagedown", "pagedown", "pagedown")
        await open_.driver.until(lambda: "apiVersion" not in open_.driver.text, "it has scrolled")
        await open_.driver.until(lambda: "PgDn" not in open_.driver.text, "this is the end")
        await open_.driver.press("space")
        await open_.says("Valid")


async def test_control_characters_are_never_shown(tmp_path: Path) -> None:
    world = World(tmp_path)
    answer = world.provider.issue

    async def hostile(order: Order) -> Issued:
        return replace(await answer(order), secret=Secret("a\x1b]52;c;x\x07" + "b" * 60))

    world.provider.issue = hostile  # type: ignore[method-assign]  # a hostile provider
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("space")
        await open_.says("it holds 2 control characters, so it is not shown: s saves it")
        assert "\x1b" not in open_.driver.text


@pytest.mark.parametrize(
    ("pasted", "proved", "said"),
    [
        ("x" * 60, True, "the clipboard holds it: 60 of 60 characters"),
        ("x" * 60 + "\r\n", True, "the clipboard holds it: 60 of 60 characters"),
        ("x" * 57, False, "got 57 of 60 characters: your terminal cut it off"),
        ("hello", False, "got 5 characters of something else: the clipboard does not hold it"),
    ],
)
def test_a_paste_is_compared(pasted: str, proved: bool, said: str) -> None:
    assert compare(Secret(pasted), Secret("x" * 60)) == (proved, said)


def test_line_ends_of_a_terminal_are_no_difference() -> None:
    assert compare(Secret("a:\r  b\r"), Secret("a:\n  b\n"))[0]


async def test_pasting_anywhere_proves_the_copy_and_shows_nothing(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        await paste(open_, SECRET[:30])
        await open_.says("x got 30 of 79 characters: your terminal cut it off; c copies again")
        await paste(open_, "hello")
        await open_.says("x got 5 characters of something else")
        assert "got 30" not in open_.words
        await open_.driver.press("tab")
        await paste(open_, SECRET)
        await open_.says("the clipboard holds it: 79 of 79 characters")
        assert open_.handover.is_proved
        assert SECRET not in everything_on(open_)
        assert open_.result.query_one("#paste").value == ""  # type: ignore[attr-defined]


async def test_a_typed_paste_is_compared_as_well(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        await open_.driver.press("tab")
        await open_.driver.type(SECRET)
        assert SECRET not in everything_on(open_)
        await open_.driver.press("enter")
        await open_.says("the clipboard holds it: 79 of 79 characters")


async def test_after_a_failed_check_the_copy_does_not_count(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await paste(open_, "hello")
        await open_.says("x got 5 characters of something else")
        for key in ("escape", "q", "enter"):
            open_.result.say("")
            await open_.driver.press(key)
            await open_.says("the clipboard does not hold the edge token: c copies again, s saves")
        assert "done" in open_.result.greyed
        await open_.driver.press("question_mark")
        await open_.driver.shows("Keys here")
        await open_.driver.press("escape")
        await open_.says("x got 5 characters of something else")
        world.clipboard.receipt = FAILED
        await open_.driver.press("c")
        await open_.says("x not copied")
        assert open_.result.why_stay()
        world.clipboard.receipt = SENT
        await open_.driver.press("c")
        await open_.says("sent through tmux")
        assert open_.result.greyed == frozenset()
        await open_.driver.press("enter")
        await closed(open_)


async def test_a_later_good_check_or_a_file_counts_after_a_failed_one(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        await paste(open_, "hello")
        await open_.says("x got 5 characters")
        await paste(open_, SECRET)
        await open_.says("the clipboard holds it")
        assert open_.result.why_stay() == ""
        await paste(open_, "hello")
        await open_.says("x got 5 characters")
        assert open_.result.why_stay()
        await open_.handover.save(tmp_path / "new", overwrite=False)
        assert open_.result.why_stay() == ""


async def test_what_was_disproved_can_be_thrown_away(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await paste(open_, "hello")
        await open_.says("x got 5 characters")
        await open_.driver.press("D")
        await open_.asks()
        await open_.driver.press("f10")
        await closed(open_)
        assert world.ledger.entries()[0].discarded


async def test_the_check_field_is_left_by_escape_and_after_a_verdict(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        field = open_.result.query_one(PasteCheck)
        await open_.driver.press("tab", "a", "b")
        await open_.says("Enter check it Esc leaves the field")
        await open_.driver.press("escape")
        assert (open_.result.focused, field.value) == (None, "")
        await open_.says("c copy s save")
        await open_.driver.press("tab", *"abc", "enter")
        await open_.says("x got 3 characters of something else")
        assert (open_.result.focused, field.value) == (None, "")
        await shown(open_)


async def test_all_lines_of_a_typed_paste_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paste_check, "_ALL_TYPED_S", 3.0)  # a busy machine types slowly
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_, KUBE)
        await open_.driver.press("c")
        await open_.says("sent through tmux")
        text = open_.handover.text
        assert text is not None
        await open_.driver.press("tab")
        for line in text.reveal().splitlines():
            await open_.driver.press(*line, "enter")
        await open_.says("the clipboard holds it")
        assert isinstance(open_.driver.app.screen, ResultModal)


async def test_a_token_typed_into_the_dialog_opens_one_question_and_copies_once(
    tmp_path: Path,
) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        modal = open_.result
        for _ in range(3):
            modal.action_save()
        modal.action_copy()
        modal.action_discard()
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a name is asked for"
        )
        assert open_.driver.app.screen_stack[-2] is modal
        modal.action_save()
        modal.action_discard()
        modal.action_help()
        await open_.driver.pilot.pause()
        await open_.driver.press("escape")
        await open_.driver.until(
            lambda: open_.driver.app.screen is modal, "nothing else is in between"
        )
        await open_.driver.until(lambda: not modal._is_running("hand over"), "it is over")
        for _ in range(3):
            modal.action_copy()
        await open_.driver.until(lambda: world.clipboard.copies == 2, "it is copied again")
        await open_.driver.until(lambda: not modal._is_running("hand over"), "it is over")
        assert world.clipboard.copies == 2


async def test_a_result_speaks_of_its_own_copy_only(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        await open_.driver.press("C")
        await open_.says("overwritten with a blank")
        await open_.driver.press("enter")
        await closed(open_)
        await make(open_, KUBE)
        assert "not copied (c copies)" in open_.words
        assert "overwritten" not in open_.words


async def test_only_keys_that_work_are_offered(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        assert "k kubeconfig" not in open_.words
        await open_.driver.press("enter")
        await closed(open_)
        await make(open_, KUBE)
        assert "k kubeconfig" in open_.words


async def test_ctrl_c_says_that_it_does_nothing(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        for focused in (None, open_.result.query_one(PasteCheck)):
            open_.result.set_focus(focused)
            open_.result.say("")
            await open_.driver.press("ctrl+c")
            await open_.says("^c does nothing here")


async def test_the_clipboard_is_cleared_by_itself(tmp_path: Path) -> None:
    settings = Settings(clear_after=timedelta(milliseconds=300))
    world = World(tmp_path, settings=settings)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.until(lambda: world.clipboard.held == "", "it is cleared")
        await open_.says("overwritten with a blank; terminals do not confirm")
        assert not open_.driver.app.flow.keeper.holds_something


async def test_the_clipboard_is_cleared_after_the_dialog_was_left(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        assert "clears in 45 s (. keeps it, C clears now)" in open_.words
        await open_.driver.press("enter")
        await closed(open_)
        assert world.clipboard.held == SECRET
        open_.driver.app.flow.keeper._time_is_up()
        await open_.driver.until(lambda: world.clipboard.held == "", "it is cleared")
        await open_.says("clipboard: overwritten with a blank")


async def test_the_countdown_goes_in_steps_of_five_seconds(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        for passed, said in ((7, "clears in 35 s"), (34, "clears in under 5 s")):
            world.clock.advance(timedelta(seconds=passed))
            open_.result.draw()
            await open_.says(said)


async def test_the_clipboard_can_be_cleared_now_or_kept(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("C")
        await open_.says("overwritten with a blank")
        assert world.clipboard.held == ""
        await open_.driver.press("C")
        await open_.says("there is nothing in the clipboard to clear")
        await open_.driver.press("full_stop")
        await open_.says("there is nothing in the clipboard to keep")
        await open_.driver.press("c")
        await open_.says("clears in 45 s")
        await open_.driver.press("full_stop")
        await open_.says("stays in the clipboard until you copy something else")
        assert world.clipboard.held == SECRET
        assert world.clipboard.copies == 2


async def test_it_is_saved_into_a_file_of_its_own(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("s")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a name is asked for"
        )
        assert "~/demo.token " in open_.driver.text
        await open_.driver.press("ctrl+u")
        path = tmp_path / "new"
        await open_.driver.type(str(path))
        await open_.driver.press("enter")
        await open_.says(f"written to {path}"[:40])
        assert world.files.written == {path: SECRET}


async def test_a_file_that_exists_is_replaced_on_purpose_only(tmp_path: Path) -> None:
    world = World(tmp_path)
    path = tmp_path / "old"
    path.write_text("precious")
    async with dialogs(world) as open_:
        await make(open_)
        for answer in ("enter", "f10"):
            if isinstance(open_.driver.app.screen, ResultModal):
                await open_.driver.press("s")
            await open_.driver.until(
                lambda: isinstance(open_.driver.app.screen, AskFile), "a name is asked for"
            )
            await open_.driver.press("ctrl+u", *str(path), "enter")
            await open_.asks()
            assert "exists already" in open_.words
            assert world.files.written == {}
            await open_.driver.press(answer)
        await open_.says("readable by you alone")
        assert world.files.written == {path: SECRET}


async def test_a_file_that_cannot_be_written_leaves_the_secret_here(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.clipboard.receipt = FAILED
    world.files.error = DeliveryError("/x/y: there is no such folder", "name another one")
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("s")
        await open_.driver.until(
            lambda: isinstance(open_.driver.app.screen, AskFile), "a name is asked for"
        )
        await open_.driver.press("enter")
        await open_.says("x /x/y: there is no such folder: name another one")
        assert open_.result.why_stay()


async def test_a_token_is_not_merged(tmp_path: Path) -> None:
    world = World(tmp_path)
    async with dialogs(world) as open_:
        await make(open_)
        await open_.driver.press("k")
        await open_.says("this is no kubeconfig: make a kubeconfig for this instance")
        assert world.kubeconfigs.merged == []


async def test_a_merge_says_where_and_what_to_know(tmp_path: Path) -> None:
    world = World(tmp_path)
    merged = InventedMerge(
        Path("/home/anna/.kube/config"), "edge-demo", Path("/state/backup/1"), ("line 4 was kept",)
    )
    world.kubeconfigs.merge = lambda *_, **__: merged  # type: ignore[method-assign]
    async with dialogs(world) as open_:
        await make(open_, KUBE)
        assert "merged into /home/anna/.kube/config as context edge-demo" in open_.words
        assert "! line 4 was kept" in open_.words
        assert "! the kubeconfig as it was: /state/backup/1" in open_.words


async def test_a_merge_that_failed_can_be_tried_again(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.kubeconfigs.error = DeliveryError("~/.kube/config: line 41 is no YAML", "correct it")
    async with dialogs(world) as open_:
        await make(open_, KUBE)
        assert "x ~/.kube/config: line 41 is no YAML: correct it" in open_.words
        assert "k merges" in open_.result.why_stay()
        world.kubeconfigs.error = None
        await open_.driver.press("k")
        await open_.says("merged into /home/anna/.kube/config")
        assert open_.result.why_stay() == ""


async def test_a_kubeconfig_that_makes_no_sense_is_kept_as_it_came(tmp_path: Path) -> None:
    world = World(tmp_path)
    answer = world.provider.issue

    async def odd(order: Order) -> Issued:
        return replace(await answer(order), secret=Secret('{"kind": "List"}'))

    world.provider.issue = odd  # type: ignore[method-assign]  # an odd answer
    async with dialogs(world) as open_:
        await make(open_, KUBE)
        await open_.says("as it came it is kept in /state/rescued/demo-kubeconfig")
        assert world.files.written == {Path("/state/rescued/demo-kubeconfig"): '{"kind": "List"}'}
        await open_.driver.press("enter")
        await closed(open_)


async def test_a_copy_that_could_not_be_recorded_counts_all_the_same(tmp_path: Path) -> None:
    world = World(tmp_path)

    def full(*_: object) -> None:
        raise StorageError("the disk is full", "make room")

    async with dialogs(world) as open_:
        await open_.open(DEMO)
        world.ledger.delivered = full  # type: ignore[method-assign,assignment]  # the disk fills up
        await open_.driver.press("enter")
        await open_.made()
        assert "handed over to clipboard (tmux), but not recorded: the disk is full" in open_.words
        assert open_.result.why_stay() == ""


async def test_an_entry_that_could_not_be_written_is_said(tmp_path: Path) -> None:
    world = World(tmp_path)

    def full(*_: object) -> None:
        raise StorageError("the disk is full", "make room")

    async with dialogs(world) as open_:
        await open_.open(DEMO)
        world.ledger.issued = full  # type: ignore[method-assign,assignment]  # the disk fills up
        await open_.driver.press("enter")
        await open_.made()
        assert "x #1: not recorded in the ledger, hand it over now" in open_.words


def test_proposes_a_harmless_file_name() -> None:
    assert proposal(instance("../.ssh/id rsa"), TOKEN) == "~/ssh-id-rsa.token"
    assert proposal(instance("demo"), KUBECONFIG) == "~/demo.kubeconfig.yaml"
    assert proposal(robot("deploy@sa.example"), KEY) == "~/deploy-sa.example-key.json"


async def test_the_first_screen_knows_it_afterwards(tmp_path: Path) -> None:
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)
        await open_.driver.press("enter")
        await closed(open_)
        await open_.driver.shows("edge token")
        await open_.driver.shows("clipboard (tmux)")


async def test_nothing_is_drawn_again_that_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Static] = []
    update = Static.update
    async with dialogs(World(tmp_path)) as open_:
        await make(open_)

        def counting(self: Static, content: VisualType = "", *, layout: bool = True) -> None:
            drawn.append(self)
            update(self, content, layout=layout)

        monkeypatch.setattr(Static, "update", counting)
        open_.result.draw()
        assert drawn == []
        open_.driver.session._clock.advance(timedelta(minutes=1))  # type: ignore[attr-defined]
        open_.result.draw()
        assert [part.id for part in drawn] == ["valid", "clears"]
