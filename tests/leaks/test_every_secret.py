"""Every secret that a provider makes or uses stays on its way: no piece of it is elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

import invented_plugin
from command import environment, tokentui
from simulator_fixtures import small_home, start_simulator
from stackit_keys import KEY as OWN_KEY
from stackit_keys import pem_of
from stackit_services import new_key, service_client
from terminal_bytes import COPY, ENTER, copies_in, go, search
from tokentui.domain.errors import ExitCode
from tokentui.domain.ledger import EntryState
from tokentui.simulator.keys import certificate_pem
from tokentui.simulator.server import Simulator
from tokentui.simulator.stackit.access_tokens import TokenPair
from tokentui.simulator.stackit.model import Identity
from tokentui.storage.ledger import LedgerFile
from tokentui.storage.process import this_process
from traces import PIECE, files_with, traces
from ui.pty_app import PtyApp

SPY = """\
#!/bin/sh
printf '%s\\n' "$0" "$@" >> "$0.seen"
env >> "$0.seen"
case "$*" in *-out*) cat "$0.held" ;; *) cat > "$0.held" ;; esac
"""
STS = ("token", "create", "-p", "stackstate")
KEY_HEAD = 64
"""Characters with which every private key of a size begins."""


@pytest.fixture(scope="module")
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


@pytest.fixture
def access_tokens(sim: Simulator, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Take down the signatures of what the key flow is given; the rest of a token is no secret."""
    issue, taken = sim.stackit.tokens.issue, list[str]()

    def noted(identity: Identity) -> TokenPair:
        pair = issue(identity)
        taken.extend(one.rpartition(".")[2] for one in (pair.access_token, pair.refresh_token))
        return pair

    monkeypatch.setattr(sim.stackit.tokens, "issue", noted)
    return taken


class Spy(NamedTuple):
    """A clipboard tool that writes down how it was called, and what it holds."""

    held: Path
    seen: Path
    variables: dict[str, str]


@pytest.fixture
def spy(tmp_path: Path) -> Spy:
    tool = tmp_path / "bin" / "xclip"
    tool.parent.mkdir()
    tool.write_text(SPY)
    tool.chmod(0o700)
    path = f"{tool.parent}:{environment(tmp_path)['PATH']}"
    seen, held = Path(f"{tool}.seen"), Path(f"{tool}.held")
    return Spy(held, seen, {"PATH": path, "DISPLAY": ":7"})


def sign_ins(home: Path) -> list[Path]:
    """Give the files that the profiles sign in with: all keys have some pieces in common."""
    return [*(home / "secrets").iterdir()]


def whole(copied: str) -> str:
    return copied


def private_key(copied: str) -> str:
    """Give what is secret in a key file: the key without what all keys begin with."""
    lines = json.loads(copied)["credentials"]["privateKey"].split("\n")
    return "".join(line for line in lines if not line.startswith("-----"))[KEY_HEAD:]


KINDS: dict[str, tuple[tuple[str, ...], Callable[[str], str]]] = {
    "service token": ((*STS, "--name", "ci", "--role", "stackstate-guest"), whole),
    "ingestion token": ((*STS, "--kind", "ingestion-token", "--name", "agent-x"), whole),
    "technical user": (("token", "create", "--instance", "obs-prod"), whole),
    "service account key": (("token", "create", "--account", "backup"), private_key),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_secret_and_what_got_it_are_in_the_clipboard_alone(
    home: Path, tmp_path: Path, spy: Spy, access_tokens: list[str], kind: str
) -> None:
    words, secret_of = KINDS[kind]

    done = tokentui(home, *words, "--copy", **spy.variables)

    assert done.code == 0, done.err
    assert "verified" in done.err
    assert "xclip" in spy.seen.read_text()
    secret = secret_of(spy.held.read_text())
    assert traces(secret, spy.held.read_bytes())
    assert bool(access_tokens) == (kind in {"technical user", "service account key"})
    for one in (secret, *access_tokens):
        assert traces(one, done.out + done.err) == []
        assert files_with(one, tmp_path, [spy.held, *sign_ins(home)]) == {}


def test_a_regenerated_secret_and_the_one_before_are_in_the_clipboard_alone(
    tmp_path: Path, spy: Spy
) -> None:
    home, system = tmp_path / "home", tmp_path / "system.json"
    home.mkdir(mode=0o700)
    variables = spy.variables | invented_plugin.install(home, system)
    made = tokentui(home, "token", "create", "-p", "invented", "--name", "x", "--copy", **variables)
    old = spy.held.read_text()

    done = tokentui(home, "token", "regenerate", "x", "-y", "--copy", **variables)

    assert (made.code, done.code) == (0, 0), made.err + done.err
    new = spy.held.read_text()
    assert len({old, new}) == 2
    for secret in (old, new):
        assert traces(secret, made.out + made.err + done.out + done.err) == []
        assert files_with(secret, tmp_path, [spy.held, system]) == {}


def test_a_pair_of_one_s_own_that_signs_in_is_in_its_file_alone(
    sim: Simulator, home: Path, tmp_path: Path, access_tokens: list[str]
) -> None:
    with service_client(sim, "service-account") as client:
        certificate = certificate_pem(OWN_KEY, "ours", datetime.now(UTC))
        document = new_key(sim, client, "deploy", publicKey=certificate)
    path, pem = home / "secrets" / "stackit-key.json", pem_of(OWN_KEY)
    document["credentials"]["privateKey"] = pem
    path.write_text(json.dumps(document))
    secret = private_key(path.read_text())

    listed = tokentui(home, "token", "list", "-p", "stackit")
    document["credentials"]["privateKey"] = pem[: len(pem) // 2]
    path.write_text(json.dumps(document))
    refused = tokentui(home, "token", "list", "-p", "stackit")

    assert (listed.code, listed.err) == (0, "")
    assert refused.code == ExitCode.FORBIDDEN
    assert "it is no RSA key in PEM form" in refused.err
    for one in (secret, *access_tokens):
        assert traces(one, listed.out + listed.err + refused.out + refused.err) == []
        assert files_with(one, tmp_path, sign_ins(home)) == {}


CRASH = """
import sys
import tokentui.cli.main as program
from tokentui.services.deliver import Delivering

def fail(self, result, *_):
    token = result.issued.secret.reveal()
    try:
        raise KeyError(token)
    except KeyError as error:
        raise RuntimeError(f"not {token}") from error

Delivering.to_stdout = fail
program.entry()
"""


def test_a_crash_with_a_new_secret_in_hand_shows_nothing_of_it(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    words = (*STS, "--name", "crash", "--role", "stackstate-guest", "--stdout")

    done = subprocess.run(
        [sys.executable, "-c", CRASH, *words],
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )

    secret = sim.world.stackstate.prod.token_named("crash").secret
    assert done.returncode == 1
    assert b"caused by KeyError" in done.stderr
    assert traces(secret, done.stdout + done.stderr) == []
    assert files_with(secret, tmp_path) == {}
    ledger = LedgerFile(home / "ledger.db", this_process())
    (entry,) = ledger.entries()
    ledger.close()
    assert entry.state is EntryState.LOST


CRASHING_INTERFACE = """
import tokentui.cli.main as program
from tokentui.ui.modals.result import ResultModal

def fail(self):
    password = self._result.issued.secret.reveal()
    raise RuntimeError(f"not {password}")

ResultModal.action_verify = fail
program.entry()
"""


def test_the_interface_writes_nothing_but_the_copy_also_when_it_crashes(
    home: Path, tmp_path: Path, access_tokens: list[str]
) -> None:
    with PtyApp.of_code(CRASHING_INTERFACE, columns=120, lines=40, **environment(home)) as app:
        app.settle(b" stackit ok")
        go(app, b"I", "[I Instances]")
        search(app, b"obs-prod")
        go(app, b"g", "what it is for")
        app.type(ENTER)
        app.settle(b"accepts it")
        app.type(b"v")
        assert app.finish() == 1

    (password,) = {text for text in copies_in(app.output) if text}
    assert b"tokentui: internal error" in app.output
    written = COPY.sub("", app.output.decode(errors="replace"))
    for secret in (password, *access_tokens):
        assert traces(secret, written) == []
        assert files_with(secret, tmp_path) == {}


@pytest.mark.parametrize(
    "spelled",
    [
        "aGVyZSBpcyBhIHNlY3JldCBvZiBvdXJzIQ==",
        "Y2FuYXJ5LTAxL2FiYys/MjM0NTY3ODk=",
        "IGNhbmFyeS0wMS9hYmMrPzIzNDU2Nzg5",
        "ICBjYW5hcnktMDEvYWJjKz8yMzQ1Njc4OQ==",
        "x=canary-01%2Fabc%2B%3F23456789",
        '"canary-01/abc+?23456789"',
        "63616e6172792d30312f6162632b3f",
        "...ry-01/abc+?234...",
    ],
)
def test_each_spelling_is_seen(spelled: str) -> None:
    is_other = spelled.startswith("aGVy")
    assert bool(traces("canary-01/abc+?23456789", spelled)) is not is_other


def test_a_shorter_piece_is_not_taken_for_a_trace() -> None:
    assert traces("canary-01/abc+?23456789", "canary-01/abc"[: PIECE - 1]) == []
