"""Secrets stay in their channel: canaries searched for everywhere else."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from command import argv, environment, tokentui
from simulator_fixtures import access_token, small_home, start_simulator, wait_until
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.server import Simulator

MINT = r"/instances/[^/]+/(token|kubeconfig)$"
CREATE = ("token", "create", "--instance", "demo", "--stdout")

OPENED_AT = {
    "cli/recipes.py": "a recipe filled in, to standard output",
    "delivery/clipboard.py": "counts what a terminal would not take",
    "delivery/clipboard_local.py": "read back and compared",
    "delivery/clipboard_osc52.py": "written to the terminal",
    "delivery/clipboard_process.py": "standard input of a clipboard tool",
    "delivery/secret_file.py": "written to a 0600 file",
    "kubeconfigs/read.py": "a kubeconfig that was pasted",
    "domain/kubeconfig.py": "a user entry of a kubeconfig",
    "domain/recipe.py": "fills a recipe",
    "providers/auth_command.py": "reads a field of what a command printed",
    "providers/auth_sources.py": "checks and reads a sign-in",
    "providers/cloudfleet/checking.py": "a header",
    "providers/cloudfleet/exchange.py": "a header of id and secret",
    "providers/cloudfleet/sign_ins.py": "reads who is signed in",
    "providers/http.py": "a header or a form",
    "providers/http_check.py": "checks that a header can hold it",
    "providers/http_echo.py": "looked for in what a server says",
    "providers/http_tls.py": "a client certificate, for a file in memory",
    "providers/kept_token.py": "a header, kept until its end",
    "providers/kube.py": "a header; the token inside a kubeconfig",
    "providers/kubermatic/own.py": "reads who is signed in",
    "providers/kubermatic/tokens.py": "a header",
    "providers/kubernetes/access.py": "an authority, which is no secret",
    "providers/kubernetes/checking.py": "a header; reads whom a new token is for",
    "providers/kubernetes/exec_plugin.py": "what a plug-in printed; a proxy, told to the plug-in",
    "providers/kubernetes/made_kubeconfig.py": "a user entry of a kubeconfig",
    "providers/kubernetes/minting.py": "reads the end of a new token",
    "providers/kubernetes/own.py": "reads who is signed in",
    "providers/kubernetes/proofs.py": "checks the token of a file",
    "providers/kubernetes/session.py": "a header; a proxy",
    "providers/stackit/assertion.py": "signs with the private key",
    "providers/stackit/cli_session.py": "reads the end of a sign-in",
    "providers/stackit/edge.py": "reads the end of a new token",
    "providers/stackit/key_check.py": "reads a new key file, to sign with it once",
    "providers/stackit/key_file.py": "reads the key file",
    "providers/stackit/legacy_tokens.py": "reads the end of a new token; a header",
    "providers/stackit/observability_check.py": "a header",
    "providers/stackit/own.py": "reads who is signed in",
    "providers/stackstate/checking.py": "a header",
    "providers/token_life.py": "reads the end",
    "services/deliver.py": "printed",
    "services/parts.py": "a kubeconfig taken apart; user name and password",
    "services/pasted.py": "levels what was pasted; splits user name and password",
    "storage/fingerprints.py": "a keyed digest",
    "testing/checks.py": "the contract suite",
    "testing/provider_contract.py": "the contract suite",
    "testing/recipe_contract.py": "the contract suite",
    "ui/handover.py": "counts control characters",
    "ui/widgets/paste_check.py": "compared with what was pasted",
    "ui/widgets/secret_view.py": "five seconds on screen",
}


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as simulator:
        yield simulator


@pytest.fixture
def home(sim: Simulator, tmp_path: Path) -> Path:
    return small_home(sim, tmp_path / "home")


def sign_in(home: Path, **auth: object) -> None:
    path = home / "config.yaml"
    content = yaml.safe_load(path.read_text())
    content["profiles"]["stackit"]["auth"] = auth
    path.write_text(yaml.safe_dump(content))


def held_in(folder: Path, canary: str) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and canary.encode() in p.read_bytes()]


def test_a_bearer_from_the_environment_reaches_no_output_no_file_and_no_child(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    bearer = access_token(sim)
    sign_in(home, method="env", variable="MY_BEARER")

    done = tokentui(home, *CREATE, MY_BEARER=bearer)
    failed = tokentui(home, "token", "create", "--instance", "nope", MY_BEARER=bearer)

    assert done.code == 0, done.err
    assert bearer not in done.out + done.err + failed.out + failed.err
    assert held_in(tmp_path, bearer) == []


def test_a_command_that_signs_in_sees_no_secret_of_ours(
    sim: Simulator, home: Path, tmp_path: Path
) -> None:
    bearer = access_token(sim)
    spy = tmp_path / "spy"
    script = tmp_path / "sign-in"
    script.write_text(
        f"#!{sys.executable}\n"
        "import os, sys, pathlib\n"
        f"pathlib.Path({str(spy)!r}).write_text(repr(sys.argv) + repr(dict(os.environ)))\n"
        f"print({bearer!r})\n"
    )
    script.chmod(0o700)
    sign_in(home, method="command", command=[str(script)])

    done = tokentui(home, *CREATE)

    assert done.code == 0, done.err
    seen = spy.read_text()
    assert bearer not in seen
    assert bearer not in done.out + done.err
    assert [p.name for p in held_in(tmp_path, bearer)] == ["sign-in"]


def test_the_process_shows_no_secret_while_a_request_is_under_way(
    sim: Simulator, home: Path
) -> None:
    bearer = access_token(sim)
    sign_in(home, method="env", variable="MY_BEARER")
    sim.faults.add(Fault(kind=FaultKind.HOLD, path=MINT))
    process = subprocess.Popen(
        argv(*CREATE),
        env=environment(home, MY_BEARER=bearer),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    wait_until(lambda: sim.held == 1)

    command_line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    sim.release()
    process.communicate(timeout=60)

    assert bearer.encode() not in command_line
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4] == "0"


@pytest.mark.parametrize("variant", ["text", "html"])
def test_an_answer_that_cannot_be_read_is_shown_to_nobody(
    sim: Simulator, home: Path, variant: str
) -> None:
    sim.faults.add(Fault(kind=FaultKind.GARBAGE, path=MINT, acts=True, variant=variant))

    done = tokentui(home, *CREATE)

    (kept,) = (home / "rescued").iterdir()
    raw = kept.read_text()
    assert raw.strip()
    assert raw.strip() not in done.out + done.err
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_textual_variables_that_log_keys_are_gone_before_textual_is_imported(
    home: Path, tmp_path: Path
) -> None:
    log = tmp_path / "textual.log"
    child = (
        "import json, os, sys\n"
        "from tokentui.cli.main import main\n"
        "main(['--version'])\n"
        "print(json.dumps([n for n in os.environ if n.startswith('TEXTUAL')]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", child],
        env=environment(home, TEXTUAL_LOG=str(log), TEXTUAL="devtools"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_reveal_is_called_at_few_places_only() -> None:
    """A new place that opens a secret is a decision: add it here with its reason."""
    source = Path(__file__).parent.parent.parent / "src" / "tokentui"
    callers = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if ".reveal()" in path.read_text()
    }
    assert callers == set(OPENED_AT)
