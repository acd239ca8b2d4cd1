"""Signing in as the user of a context, at a simulated cluster."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fault_server import FaultServer, reply
from kubernetes_connection import (
    account_named,
    changed_kubeconfig,
    connected,
    connection_of,
    connection_to,
    order,
)
from simulator_fixtures import start_simulator
from tokentui.domain.errors import Forbidden, NotSignedIn
from tokentui.domain.model import Identity
from tokentui.providers.base import Connection, Suggests
from tokentui.providers.kubernetes import PROVIDER
from tokentui.providers.kubernetes.kubeconfig_files import load
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubernetes.users import ADMIN, MINTER, VIEWER, token_of
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import failure_of, pages_of
from traffic import Traffic

V1 = "client.authentication.k8s.io/v1"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


class Lab:
    """The kubeconfig of `lab` with another user."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self._sim = sim
        self._folder = folder

    def connection(
        self,
        user: dict[str, Any],
        cluster: dict[str, Any] | None = None,
        **settings: Any,  # noqa: ANN401
    ) -> Connection:
        def change(its_cluster: dict[str, object], its_user: dict[str, object]) -> None:
            its_cluster.update(cluster or {})
            its_user.clear()
            its_user.update(user)

        path = changed_kubeconfig(self._sim, self._folder, change)
        return connection_of(kubeconfig=str(path), context="lab", **settings)

    async def identity(
        self,
        user: dict[str, Any],
        **settings: Any,  # noqa: ANN401
    ) -> Identity:
        async with connected(self.connection(user, **settings)) as provider:
            return await provider.identity()

    async def agreed(
        self,
        block: dict[str, Any],
        **settings: Any,  # noqa: ANN401
    ) -> Connection:
        """Give the connection after the consent that its first error asks for."""
        connection = self.connection({"exec": block}, **settings)
        async with connected(connection) as provider:
            error = await failure_of(provider.identity())
        mark = error.next_step.rpartition("exec_allowed: ")[2].strip("'")
        return self.connection({"exec": block}, exec_allowed=mark, **settings)


@pytest.fixture
def lab(sim: Simulator, tmp_path: Path) -> Lab:
    return Lab(sim, tmp_path)


def plugin(tmp_path: Path, script: str, **more: object) -> dict[str, Any]:
    """Give an exec block that runs a Python script, which notes each run in a file."""
    program = tmp_path / "login"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"open({str(tmp_path / 'runs')!r}, 'a').write('x')\n{script}\n"
    )
    program.chmod(0o700)
    return {"apiVersion": V1, "command": str(program), "interactiveMode": "Never", **more}


def prints(status: dict[str, Any], version: str = V1) -> str:
    """Give a script that prints an ExecCredential."""
    answer = {"apiVersion": version, "kind": "ExecCredential", "status": status}
    return f"print({json.dumps(answer)!r})"


def runs(tmp_path: Path) -> int:
    noted = tmp_path / "runs"
    return len(noted.read_text()) if noted.exists() else 0


async def test_each_context_of_the_simulator_signs_in(sim: Simulator, tmp_path: Path) -> None:
    names = {}
    for context in ("lab", "lab-viewer", "lab-cert", "old", "old-viewer"):
        async with connected(connection_to(sim, tmp_path, context)) as provider:
            names[context] = (await provider.identity()).name
    assert names == {
        "lab": "admin",
        "lab-viewer": "viewer",
        "lab-cert": "carol",
        "old": "old",  # not told to anybody there: the name of the user in the file
        "old-viewer": "viewer",  # a 403 names the user
    }


async def test_trap_6_old_servers_do_not_say_who_one_is(sim: Simulator, tmp_path: Path) -> None:
    """A token that is a JWT names its account, also where the server does not."""
    async with connected(connection_to(sim, tmp_path, "old")) as provider:
        issued = await provider.issue(await order(provider))
    user = {"token": issued.secret.reveal()}

    def change(cluster: dict[str, object], its_user: dict[str, object]) -> None:
        cluster["server"] = sim.world.kubernetes.old.url
        its_user.clear()
        its_user.update(user)

    path = changed_kubeconfig(sim, tmp_path / "jwt", change)
    async with connected(connection_of(kubeconfig=str(path), context="lab")) as provider:
        identity = await provider.identity()
    assert identity.name == "system:serviceaccount:build:deployer"


async def test_a_token_file_goes_first_and_is_read_anew(
    sim: Simulator, lab: Lab, tmp_path: Path
) -> None:
    world = sim.world.kubernetes.lab
    (tmp_path / "token").write_text(f"{token_of(world, VIEWER)}\n")
    user = {"tokenFile": "token", "token": token_of(world, ADMIN)}
    async with connected(lab.connection(user)) as provider:
        assert (await provider.identity()).name == "viewer"
        gone = token_of(world, VIEWER)
        viewer = world.users.pop(gone)
        (tmp_path / "token").write_text(token_of(world, MINTER))
        assert (await provider.identity()).name == "mia", "read anew after a 401"
    world.users[gone] = viewer
    (tmp_path / "token").unlink()
    assert (await lab.identity(user)).name == "admin"
    with pytest.raises(NotSignedIn, match="tokenFile"):
        await lab.identity({"tokenFile": "token"})


async def test_a_certificate_and_a_token_are_both_sent(
    sim: Simulator, lab: Lab, tmp_path: Path
) -> None:
    """The server of 2020 took the certificate's user; the simulator says which it takes."""
    async with connected(connection_to(sim, tmp_path / "whole", "lab-cert")) as provider:
        signer = await provider._session.signer()
        assert signer.user.certificate is not None
        assert signer.user.key is not None
        pair = {
            "client-certificate-data": encoded(signer.user.certificate.reveal()),
            "client-key-data": encoded(signer.user.key.reveal()),
        }
    both = {**pair, "token": token_of(sim.world.kubernetes.lab, VIEWER)}
    assert (await lab.identity(both)).name in ("carol", "viewer")
    wrong = {**pair, "client-key-data": encoded("-----BEGIN PRIVATE KEY-----\nx\n")}
    with pytest.raises(NotSignedIn, match="do not fit"):
        await lab.identity(wrong)


async def test_a_check_does_not_use_the_profiles_own_certificate(
    sim: Simulator, tmp_path: Path
) -> None:
    """Otherwise a token that is worth nothing would count as good."""
    async with connected(connection_to(sim, tmp_path, "lab-cert")) as provider:
        issued = await provider.issue(await order(provider))
        assert (await provider.verify(issued)).ok is True
        await provider.delete_account(await account_named(provider))
        checked = await provider.verify(issued)
    assert checked.ok is False


async def test_a_program_runs_only_after_consent(sim: Simulator, lab: Lab, tmp_path: Path) -> None:
    block = plugin(tmp_path, prints({"token": token_of(sim.world.kubernetes.lab, MINTER)}))
    connection = await lab.agreed(block)
    assert runs(tmp_path) == 0
    async with connected(connection) as provider:
        assert (await provider.identity()).name == "mia"
        await pages_of(provider.instances())
    assert runs(tmp_path) == 1, "kept without an end for this process"
    with pytest.raises(NotSignedIn, match="is not the one that exec_allowed stands for"):
        await lab.identity({"exec": block | {"args": ["--more"]}}, exec_allowed="0" * 16)
    assert runs(tmp_path) == 1


async def test_the_simulators_plugin_signs_in(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, "lab-exec")) as provider:
        error = await failure_of(provider.identity())
    mark = error.next_step.rpartition("exec_allowed: ")[2].strip("'")
    connection = connection_to(sim, tmp_path, "lab-exec", exec_allowed=mark)
    async with connected(connection) as provider:
        assert (await provider.identity()).name == "mia"


async def test_a_program_is_told_about_the_call(sim: Simulator, lab: Lab, tmp_path: Path) -> None:
    token = token_of(sim.world.kubernetes.lab, MINTER)
    noted = tmp_path / "noted"
    script = (
        f"json.dump([os.environ['KUBERNETES_EXEC_INFO'], os.environ['CORP'], sys.argv[1:], "
        f"sys.stdin.read()], open({str(noted)!r}, 'w'))\n{prints({'token': token})}"
    )
    env = [{"name": "CORP", "value": "blue"}, {"name": "KUBERNETES_EXEC_INFO", "value": "mine"}]
    for wants in (False, True):
        block = plugin(tmp_path, script, env=env, args=["a b", "$HOME"], provideClusterInfo=wants)
        async with connected(await lab.agreed(block)) as provider:
            await provider.identity()
        raw, corp, args, stdin = json.loads(noted.read_text())
        info = json.loads(raw)
        assert (info["apiVersion"], info["kind"]) == (V1, "ExecCredential")
        assert info["spec"]["interactive"] is False
        assert (corp, args, stdin) == ("blue", ["a b", "$HOME"], ""), "no shell, no terminal"
        assert ("cluster" in info["spec"]) is wants
    told = info["spec"]["cluster"]
    assert told["server"] == sim.world.kubernetes.lab.url
    authority = base64.b64decode(told["certificate-authority-data"]).decode()
    assert authority == sim.ca_pem


async def test_a_program_is_run_once_more_after_a_401(
    sim: Simulator, lab: Lab, tmp_path: Path
) -> None:
    world = sim.world.kubernetes.lab
    (tmp_path / "now").write_text(token_of(world, VIEWER))
    script = (
        f"print(json.dumps({{'apiVersion': {V1!r}, 'kind': 'ExecCredential', "
        f"'status': {{'token': open({str(tmp_path / 'now')!r}).read()}}}}))"
    )
    async with connected(await lab.agreed(plugin(tmp_path, script))) as provider:
        assert (await provider.identity()).name == "viewer"
        world.users.pop(token_of(world, VIEWER))
        (tmp_path / "now").write_text(token_of(world, MINTER))
        assert (await provider.identity()).name == "mia"
        assert runs(tmp_path) == 2
        world.users.pop(token_of(world, MINTER))
        with pytest.raises(NotSignedIn):
            await provider.identity()
        assert runs(tmp_path) == 3, "no third attempt"


async def test_what_makes_something_is_not_sent_again_after_a_401(
    sim: Simulator, lab: Lab, traffic: Traffic
) -> None:
    world = sim.world.kubernetes.lab
    async with connected(lab.connection({"token": token_of(world, ADMIN)})) as provider:
        wish = await order(provider)
        path = "/serviceaccounts/[^/]+/token$"
        sim.faults.add(Fault(kind=FaultKind.STATUS, status=401, method="POST", path=path))
        await failure_of(provider.issue(wish))
    assert sum(one.call.url.endswith("/token") for one in traffic.posted()) == 1


async def test_an_end_that_is_over_is_used_once(sim: Simulator, lab: Lab, tmp_path: Path) -> None:
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    token = token_of(sim.world.kubernetes.lab, MINTER)
    block = plugin(tmp_path, prints({"token": token, "expirationTimestamp": past}))
    async with connected(await lab.agreed(block)) as provider:
        await pages_of(provider.instances())
        await pages_of(provider.instances())
    assert runs(tmp_path) == 2


async def test_many_calls_wait_for_one_run(sim: Simulator, lab: Lab, tmp_path: Path) -> None:
    block = plugin(tmp_path, prints({"token": token_of(sim.world.kubernetes.lab, MINTER)}))
    async with connected(await lab.agreed(block)) as provider:
        await asyncio.gather(*(provider.identity() for _ in range(5)))
    assert runs(tmp_path) == 1


async def test_a_program_can_print_a_certificate(sim: Simulator, lab: Lab, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path / "whole", "lab-cert")) as provider:
        user = (await provider._session.signer()).user
    assert user.certificate is not None
    assert user.key is not None
    status = {
        "clientCertificateData": user.certificate.reveal(),
        "clientKeyData": user.key.reveal(),
    }
    async with connected(await lab.agreed(plugin(tmp_path, prints(status)))) as provider:
        assert (await provider.identity()).name == "carol"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("print('hello secret-1')", "printed no JSON"),
        ("print('[]')", "printed no ExecCredential"),
        (prints({"token": "secret-1"}, "client.authentication.k8s.io/v1beta1"), "another version"),
        (prints({}), "neither a token nor"),
        (prints({"clientCertificateData": "secret-1"}), "without the other"),
        (prints({"token": "two secret-1"}), "does not hold a token"),
        (prints({"token": 7}), r"no text in status\.token"),
        (prints({"token": "secret-1", "expirationTimestamp": "soon"}), "no instant"),
        ("sys.exit(3)", "failed with status 3"),
    ],
)
async def test_a_program_that_fails_is_told_without_its_secret(
    lab: Lab, tmp_path: Path, script: str, words: str
) -> None:
    block = plugin(tmp_path, script, installHint="ask the help desk")
    async with connected(await lab.agreed(block)) as provider:
        with pytest.raises(NotSignedIn, match=words) as caught:
            await provider.identity()
    assert "secret-1" not in caught.value.sentence


async def test_a_program_that_hangs_is_ended(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokentui.providers.kubernetes.exec_plugin._LONGEST_RUN_S", 0.2)
    block = plugin(tmp_path, "import time; time.sleep(600)")
    async with connected(await lab.agreed(block)) as provider:
        with pytest.raises(NotSignedIn, match="did not end within"):
            await provider.identity()


async def test_somebody_else_is_counted_in_every_call_but_checks(
    sim: Simulator, lab: Lab, traffic: Traffic
) -> None:
    user = {
        "token": token_of(sim.world.kubernetes.lab, ADMIN),
        "as": "mia",
        "as-groups": ["dev", "ops"],
    }
    async with connected(lab.connection(user, namespaces=("build",))) as provider:
        assert (await provider.identity()).name == "mia"
        issued = await provider.issue(await order(provider))
        mine = list(traffic.sent)
        await provider.verify(issued)
    for sent in mine:
        assert sent.call.headers["Impersonate-User"] == "mia"
        assert sent.call.headers["Impersonate-Group"] == ("dev", "ops")
    for sent in traffic.sent[len(mine) :]:
        assert "Impersonate-User" not in sent.call.headers


async def test_trap_4_who_lost_the_token_is_not_signed_in(
    sim: Simulator, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that drops the header makes a 403 for system:anonymous of it."""
    monkeypatch.setattr("tokentui.providers.kubernetes.session._with", lambda call, *_: call)
    async with connected(lab.connection({"token": "t0ken"})) as provider:
        error = await failure_of(provider.identity())
        _, failed = await pages_of(provider.accounts())
    assert isinstance(error, NotSignedIn)
    assert "system:anonymous" in error.message
    assert [type(one) for one in failed] == [NotSignedIn]


async def test_trap_5_the_version_proves_nothing(
    sim: Simulator, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tokentui.providers.kubernetes.session._with", lambda call, *_: call)
    async with connected(lab.connection({"token": "t0ken"})) as provider:
        instances, _ = await pages_of(provider.instances())
        assert instances, "open to all"
        with pytest.raises(NotSignedIn):
            await provider.identity()


async def test_a_sign_in_that_was_renewed_in_the_file_is_found(sim: Simulator, lab: Lab) -> None:
    world = sim.world.kubernetes.lab
    connection = lab.connection({"token": "over-by-now"})
    async with connected(connection) as provider:
        with pytest.raises(NotSignedIn):
            await provider.identity()
        lab.connection({"token": token_of(world, VIEWER)})
        assert (await provider.identity()).name == "viewer"


async def test_the_name_in_the_certificate_can_be_another(sim: Simulator, lab: Lab) -> None:
    token = {"token": token_of(sim.world.kubernetes.lab, ADMIN)}
    good = lab.connection(token, {"tls-server-name": "localhost"})
    async with connected(good) as provider:
        assert (await provider.identity()).name == "admin"
    async with connected(lab.connection(token, {"tls-server-name": "other.example"})) as provider:
        error = await failure_of(provider.identity())
    assert "not trusted" in error.message


async def test_the_authority_of_the_kubeconfig_counts(sim: Simulator, lab: Lab) -> None:
    token = {"token": token_of(sim.world.kubernetes.lab, ADMIN)}
    none = {"certificate-authority-data": ""}
    async with connected(lab.connection(token, none)) as provider:
        assert "not trusted" in (await failure_of(provider.identity())).message
    async with connected(lab.connection(token, none, insecure=True)) as provider:
        assert (await provider.identity()).name == "admin"
    unchecked = none | {"insecure-skip-tls-verify": True}
    async with connected(lab.connection(token, unchecked)) as provider:
        error = await failure_of(provider.identity())
    assert "insecure: true" in error.next_step
    async with connected(lab.connection(token, unchecked, insecure=True)) as provider:
        assert (await provider.identity()).name == "admin"


async def test_an_own_authority_is_trusted_beside_it(
    sim: Simulator, lab: Lab, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_text(sim.ca_pem)
    token = {"token": token_of(sim.world.kubernetes.lab, ADMIN)}
    none = {"certificate-authority-data": ""}
    connection = lab.connection(token, none, ca_file=str(tmp_path / "ca.pem"))
    async with connected(connection) as provider:
        assert (await provider.identity()).name == "admin"


async def test_a_proxy_of_the_kubeconfig_is_asked(sim: Simulator, lab: Lab) -> None:
    token = {"token": token_of(sim.world.kubernetes.lab, ADMIN)}
    async with FaultServer(reply(503)) as proxy:
        async with connected(lab.connection(token, {"proxy-url": proxy.url})) as provider:
            error = await failure_of(provider.identity())
        assert {one.method for one in proxy.requests} == {"CONNECT"}
    assert "proxy" in error.message


async def test_a_redirect_is_not_followed(sim: Simulator, lab: Lab) -> None:
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=307, path="/version$", body="{}"))
    token = {"token": token_of(sim.world.kubernetes.lab, ADMIN)}
    async with connected(lab.connection(token)) as provider:
        _, failed = await pages_of(provider.instances())
    assert "sends on to" in failed[0].message


async def test_no_file_is_read_on_the_loop(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def noted(path: Path | None) -> object:
        threads.append(threading.get_ident())
        return load(path)

    monkeypatch.setattr("tokentui.providers.kubernetes.session.load", noted)
    async with connected(connection_to(sim, tmp_path)) as provider:
        assert threads == [], "nothing is read before the first call"
        await asyncio.gather(provider.identity(), provider.identity())
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_contexts_are_suggested_without_asking_a_server(
    sim: Simulator, tmp_path: Path, traffic: Traffic
) -> None:
    assert isinstance(PROVIDER, Suggests)
    connection = connection_to(sim, tmp_path)
    choices = await PROVIDER.suggest(connection, "context")
    assert [one.value for one in choices][:2] == ["lab", "lab-viewer"]
    assert "the current one" in choices[0].label
    assert await PROVIDER.suggest(connection, "kubeconfig") == ()
    assert traffic.sent == []
    await connection.http.aclose()


async def test_a_forbidden_answer_is_no_lost_sign_in(sim: Simulator, tmp_path: Path) -> None:
    async with connected(connection_to(sim, tmp_path, "lab-viewer")) as provider:
        accounts, failed = await pages_of(provider.accounts())
        with pytest.raises(Forbidden, match="cannot"):
            await provider._api.request_token("build", "deployer", {})
    assert {one.scope for one in accounts} == {"build"}
    assert not failed, "the context's namespace is enough where the others may not be seen"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
