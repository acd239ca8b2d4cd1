"""Tokens of service accounts: what is asked for, what comes, and what is undone."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kubernetes_connection import (
    account_named,
    changed_kubeconfig,
    connected,
    connection_of,
    connection_to,
    listed,
    offer_of,
    order,
)
from kubernetes_sim import SECRETS as SECRETS_PATH
from kubernetes_sim import cluster_client, legacy_secret
from simulator_fixtures import start_simulator
from tokentui.domain.errors import BadAnswer, NotFound, Outcome, Refused
from tokentui.domain.jwt import claims
from tokentui.domain.model import Ability, Account, AccountId, CredentialState, EndSource
from tokentui.domain.recipe import Part, filled
from tokentui.domain.secret import Secret
from tokentui.providers.kubernetes.provider import Kubernetes
from tokentui.simulator.clock import SimClock
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.kubernetes.rbac_defaults import bind_role, subject
from tokentui.simulator.kubernetes.resources import SECRETS
from tokentui.simulator.server import Simulator
from tokentui.testing.checks import failure_of, pages_of
from tools import kubectl
from traffic import Traffic

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINT = "/serviceaccounts/[^/]+/token$"
SECRET = "/secrets/[^/]+$"


@pytest.fixture
def sim() -> Iterator[Simulator]:
    with start_simulator() as sim:
        yield sim


@pytest.fixture
async def provider(sim: Simulator, tmp_path: Path) -> AsyncIterator[Kubernetes]:
    async with connected(connection_to(sim, tmp_path)) as provider:
        yield provider


def fault(sim: Simulator, method: str, path: str, kind: FaultKind, **more: object) -> None:
    sim.faults.add(Fault(kind=kind, method=method, path=path, times=1, **more))  # type: ignore[arg-type]


def anchors(sim: Simulator) -> list[str]:
    """Give the names of the Secrets that tokens are bound to, except the one of the Monday."""
    found = sim.world.kubernetes.lab.store.all(SECRETS)
    names = [one["metadata"]["name"] for one in found]
    return [name for name in names if re.fullmatch("tokentui-.*-[0-9a-f]{8}", name)]


async def test_the_request_names_nothing_but_the_wish(
    provider: Kubernetes, traffic: Traffic
) -> None:
    issued = await provider.issue(await order(provider))
    (mint,) = [one for one in traffic.posted() if one.call.url.endswith("/token")]
    assert mint.call.json == {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {"expirationSeconds": 3600},
    }, "servers of today refuse a name, and dryRun would mint"
    assert mint.call.params == {}
    assert issued.end_source is EndSource.CREDENTIAL
    told = claims(issued.secret.reveal()) or {}
    assert told["sub"] == "system:serviceaccount:build:deployer"


async def test_trap_7_nothing_is_ever_asked_for_dry(provider: Kubernetes, traffic: Traffic) -> None:
    await provider.issue(await order(provider, "revocable-token"))
    assert not any("dryRun" in f"{one.call.params} {one.call.url}" for one in traffic.sent)


async def test_trap_1_a_shortened_life_is_a_success_and_told(
    sim: Simulator, provider: Kubernetes
) -> None:
    sim.world.kubernetes.lab.switches.max_token_seconds = 86_400
    issued = await provider.issue(await order(provider, life=7 * DAY))
    assert issued.ends_at is not None
    assert issued.ends_at - issued.made_at < DAY + timedelta(seconds=2)
    told = "requested expiration of 604800 seconds shortened to 86400 seconds"
    assert dict(issued.facts)["server warns"] == told


async def test_trap_1_an_old_server_shortens_without_a_hint(sim: Simulator, tmp_path: Path) -> None:
    sim.world.kubernetes.old.switches.max_token_seconds = 3600
    async with connected(connection_to(sim, tmp_path, "old")) as provider:
        issued = await provider.issue(await order(provider, life=DAY))
    assert issued.ends_at is not None
    assert issued.ends_at - issued.made_at < timedelta(hours=1, seconds=2)
    assert "server warns" not in dict(issued.facts)


async def test_the_list_shows_the_end_that_was_granted(
    sim: Simulator, provider: Kubernetes
) -> None:
    sim.world.kubernetes.lab.switches.max_token_seconds = 3600
    issued = await provider.issue(await order(provider, "revocable-token", life=7 * DAY))
    assert (await listed(provider))[issued.name].ends_at == issued.ends_at
    fault(sim, "PATCH", SECRET, FaultKind.STATUS, status=403)
    other = await provider.issue(await order(provider, "revocable-token", life=7 * DAY))
    assert "asked for, not the one" in dict(other.facts)["in the list"]


async def test_trap_2_who_makes_a_token_is_told_first(provider: Kubernetes) -> None:
    for kind in ("token", "kubeconfig"):
        offer = await offer_of(provider, kind)
        assert any("neither listed nor revoked" in warning for warning in offer.warnings)
        assert "bound object" in offer.kind.cannot[Ability.REVOKE]
    revocable = await offer_of(provider, "revocable-token")
    assert any("10 s" in warning for warning in revocable.warnings)


async def test_trap_17_a_token_is_as_good_as_the_account(provider: Kubernetes) -> None:
    offer = await offer_of(provider)
    assert any("with all rights of that account" in warning for warning in offer.warnings)


async def test_trap_10_a_token_for_others_is_not_tried(
    provider: Kubernetes, traffic: Traffic
) -> None:
    issued = await provider.issue(await order(provider, audiences=("vault", "vault")))
    before = len(traffic.sent)
    checked = await provider.verify(issued)
    assert checked.ok is None
    assert "vault" in checked.sentence
    assert len(traffic.sent) == before
    pasted = await provider.verify(replace(issued, facts=()))
    assert pasted.ok is None, "its own claims tell it too"


async def test_trap_3_a_check_after_an_end_says_what_it_is_worth(
    sim: Simulator, provider: Kubernetes
) -> None:
    sim.world.kubernetes.lab.switches.auth_cache_seconds = 10
    issued = await provider.issue(await order(provider, "revocable-token"))
    assert "remembers" not in (await provider.verify(issued)).sentence
    await provider.revoke((await listed(provider))[issued.name])
    checked = await provider.verify(issued)
    assert checked.ok is True
    assert "remembers what it accepted for 10 s" in checked.sentence


async def test_a_token_can_be_bound_to_what_exists(sim: Simulator, provider: Kubernetes) -> None:
    issued = await provider.issue(await order(provider, bound_to="Secret/registry"))
    assert dict(issued.facts)["bound to"] == "Secret registry"
    sim.world.kubernetes.lab.store.remove(SECRETS, ("build", "registry"))
    assert (await provider.verify(issued)).ok is False
    with pytest.raises(NotFound):
        await provider.issue(await order(provider, bound_to="secret/registry"))
    with pytest.raises(Refused, match="cannot be bound"):
        await provider.issue(await order(provider, bound_to="Deployment/x"))


async def test_no_year_is_hidden_in_a_token_of_a_pod(
    provider: Kubernetes, traffic: Traffic
) -> None:
    """With a Pod and exactly 3607 s a server makes one that is valid for a year."""
    wish = await order(provider, account="ci/argocd", life=timedelta(seconds=3607))
    await provider.issue(replace(wish, values={"bound_to": "Pod/runner-0"}))
    (mint,) = [one for one in traffic.posted() if one.call.url.endswith("/token")]
    assert isinstance(mint.call.json, dict)
    assert mint.call.json["spec"]["expirationSeconds"] == 3606


async def test_the_anchor_says_whose_it_is_and_holds_nothing(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider, "revocable-token", description="for the nightly build")
    issued = await provider.issue(wish)
    (name,) = anchors(sim)
    secret = sim.world.kubernetes.lab.store.get(SECRETS, "build", name)
    assert secret is not None
    assert secret["type"] == "Opaque"
    assert not secret.get("data")
    assert secret["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "tokentui"}
    assert name == issued.name
    credential = (await listed(provider))[name]
    assert credential.description == "for the nightly build"
    assert credential.ends_at == issued.ends_at
    assert name not in await listed(provider, "release-bot")


async def test_a_refused_token_leaves_no_anchor(sim: Simulator, provider: Kubernetes) -> None:
    wish = await order(provider, "revocable-token")
    fault(sim, "POST", MINT, FaultKind.STATUS, status=403)
    error = await failure_of(provider.issue(wish))
    assert error.outcome is Outcome.REFUSED
    assert anchors(sim) == []


async def test_a_lost_token_is_ended_with_its_anchor(sim: Simulator, provider: Kubernetes) -> None:
    wish = await order(provider, "revocable-token")
    fault(sim, "POST", MINT, FaultKind.CUT, acts=True)
    error = await failure_of(provider.issue(wish))
    assert error.outcome is Outcome.REFUSED
    assert "no token is left" in error.message
    assert anchors(sim) == []


async def test_a_lost_token_whose_anchor_stays_is_unknown(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider, "revocable-token")
    fault(sim, "POST", MINT, FaultKind.CUT, acts=True)
    fault(sim, "DELETE", SECRET, FaultKind.STATUS, status=500)
    error = await failure_of(provider.issue(wish))
    (name,) = anchors(sim)
    assert error.outcome is Outcome.UNKNOWN
    assert name in error.next_step


async def test_a_refused_token_whose_anchor_stays_names_it(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider, "revocable-token")
    fault(sim, "POST", MINT, FaultKind.STATUS, status=422)
    fault(sim, "DELETE", SECRET, FaultKind.STATUS, status=403)
    error = await failure_of(provider.issue(wish))
    (name,) = anchors(sim)
    assert error.outcome is Outcome.REFUSED
    assert name in error.message


async def test_without_an_anchor_no_token_is_asked_for(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider, "revocable-token")
    fault(sim, "POST", "/secrets$", FaultKind.CUT, acts=True)
    error = await failure_of(provider.issue(wish))
    assert error.outcome is Outcome.REFUSED, "an empty Secret is no credential"
    assert anchors(sim)[0] in error.next_step
    assert sim.kubernetes.mints() == 0


@pytest.mark.parametrize("kind", ["token", "revocable-token", "kubeconfig"])
async def test_an_answer_that_cannot_be_read_is_kept(
    sim: Simulator, provider: Kubernetes, kind: str
) -> None:
    wish = await order(provider, kind)
    body = json.dumps({"status": {"token": 7, "hint": "t0ken"}})
    fault(sim, "POST", MINT, FaultKind.STATUS, status=201, body=body)
    error = await failure_of(provider.issue(wish))
    assert isinstance(error, BadAnswer)
    assert error.outcome is Outcome.UNKNOWN
    assert "token" in error.message
    assert error.raw is not None
    assert "t0ken" in error.raw.reveal()
    assert "t0ken" not in error.sentence


async def test_a_token_is_worth_more_than_what_is_said_about_it(
    sim: Simulator, provider: Kubernetes
) -> None:
    wish = await order(provider)
    body = json.dumps({"status": {"token": "opaque", "expirationTimestamp": "soon"}, "spec": 7})
    fault(sim, "POST", MINT, FaultKind.STATUS, status=201, body=body)
    issued = await provider.issue(wish)
    assert issued.secret.reveal() == "opaque"
    assert issued.end_source is EndSource.COMPUTED
    assert issued.ends_at == issued.made_at + HOUR


async def test_a_kubeconfig_is_of_the_context_and_the_account(
    sim: Simulator, provider: Kubernetes
) -> None:
    issued = await provider.issue(await order(provider, "kubeconfig"))
    document = json.loads(issued.secret.reveal())
    (cluster,) = document["clusters"]
    assert cluster["cluster"]["server"] == sim.world.kubernetes.lab.url
    assert set(cluster["cluster"]) == {"server", "certificate-authority-data"}
    (context,) = document["contexts"]
    assert context["context"]["namespace"] == "build"
    assert document["current-context"] == "build-deployer-lab"
    (user,) = document["users"]
    assert set(user["user"]) == {"token"}


async def test_kubectl_works_with_the_kubeconfig_that_was_made(
    provider: Kubernetes, tmp_path: Path
) -> None:
    issued = await provider.issue(await order(provider, "kubeconfig"))
    file = tmp_path / "made"
    file.write_text(issued.secret.reveal())
    done = await asyncio.to_thread(
        subprocess.run,
        [kubectl(), f"--kubeconfig={file}", "auth", "whoami", "-o", "json"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    user = json.loads(done.stdout)["status"]["userInfo"]
    assert user["username"] == "system:serviceaccount:build:deployer"


async def test_legacy_tokens_are_listed_without_their_values(
    sim: Simulator, provider: Kubernetes, traffic: Traffic
) -> None:
    credential = (await listed(provider))["deployer-manual-q8d2x"]
    assert credential.kind == "secret-token"
    assert credential.ends_at is None
    assert credential.made_at is not None
    assert '"data"' not in "".join(one.body.decode() for one in traffic.sent)
    offer = await offer_of(provider, "secret-token")
    assert "make a revocable token" in offer.impossible
    await provider.revoke(credential)
    assert "deployer-manual-q8d2x" not in await listed(provider)


async def test_a_legacy_token_tells_when_it_was_used_last(
    sim: Simulator, provider: Kubernetes
) -> None:
    (credential,) = (await listed(provider, "ci/gitlab-runner")).values()
    assert "last used" in dict(credential.facts)
    store = sim.world.kubernetes.lab.store
    secret = store.get(SECRETS, "ci", "gitlab-runner-token")
    assert secret is not None
    secret["metadata"]["labels"]["kubernetes.io/legacy-token-invalid-since"] = "2026-10-01"
    provider._listed.drop()
    (credential,) = (await listed(provider, "ci/gitlab-runner")).values()
    assert credential.state is CredentialState.INVALID


async def test_what_was_made_anew_is_not_ended(sim: Simulator, provider: Kubernetes) -> None:
    """Another Secret that has the name by now is not the one that was listed."""
    credential = (await listed(provider))["deployer-manual-q8d2x"]
    other = replace(credential, id=type(credential.id)("registry/" + "0" * 8))
    with pytest.raises(NotFound):
        await provider.revoke(other)
    assert sim.world.kubernetes.lab.store.get(SECRETS, "build", "registry") is not None


async def test_trap_12_an_account_made_anew_has_none_of_the_old_tokens(
    sim: Simulator, provider: Kubernetes
) -> None:
    account = await account_named(provider)
    assert "RoleBindings stay" in account.also_ends
    issued = await provider.issue(await order(provider, "revocable-token"))
    await provider.delete_account(account)
    (offer,) = await provider.account_offers()
    again = await provider.create_account(offer, {"name": "deployer", "namespace": "build"})
    assert again.id != account.id
    assert issued.name not in await listed(provider)
    with pytest.raises(NotFound):
        await provider.delete_account(account)


async def test_a_name_that_is_taken_is_told_from_a_conflict(provider: Kubernetes) -> None:
    (offer,) = await provider.account_offers()
    with pytest.raises(Refused, match="already exists") as taken:
        await provider.create_account(offer, {"name": "deployer", "namespace": "build"})
    assert taken.value.next_step == "choose another name"
    account = await account_named(provider)
    made_anew = replace(account, id=AccountId(account.id.rpartition("/")[0] + "/other-uid"))
    with pytest.raises(NotFound, match="precondition") as conflict:
        await provider.delete_account(made_anew)
    assert "made anew" in conflict.value.next_step


async def test_nothing_of_another_cluster_is_touched(
    sim: Simulator, provider: Kubernetes, tmp_path: Path
) -> None:
    wish = await order(provider)
    credential = (await listed(provider))["deployer-manual-q8d2x"]
    target = wish.offer.target
    assert isinstance(target, Account)
    async with connected(connection_to(sim, tmp_path / "old", "old")) as other:
        issued = await provider.issue(wish)
        for call in (
            other.issue(wish),
            other.revoke(credential),
            other.delete_account(target),
            other.verify(issued),
            other.offers(target),
        ):
            with pytest.raises(Refused, match="is not of the cluster"):
                await call
        _, failed = await pages_of(other.credentials(target))
        assert [type(one) for one in failed] == [Refused]
        (offer,) = await provider.account_offers()
        with pytest.raises(Refused, match="another cluster"):
            await other.create_account(offer, {"name": "x", "namespace": "build"})


async def test_the_own_account_and_token_are_known(
    sim: Simulator, provider: Kubernetes, tmp_path: Path
) -> None:
    issued = await provider.issue(await order(provider, "revocable-token"))
    twin = await provider.issue(await order(provider, "revocable-token"))
    folder = tmp_path / "own"
    connection = connection_to(sim, folder, namespaces=("build",))
    path = folder / "kubeconfig"
    admin = re.search(r"- name: lab\n  user:\n    token: (\S+)", path.read_text())
    assert admin is not None
    path.write_text(path.read_text().replace(admin[1], issued.secret.reveal()))
    async with connected(connection) as own:
        account = await account_named(own)
        assert account.is_own
        assert not (await account_named(own, "release-bot")).is_own
        signed_in_with = {name for name, one in (await listed(own)).items() if one.is_own}
    assert signed_in_with == {issued.name}
    assert twin.name != issued.name


async def test_the_own_legacy_token_is_told_from_its_twin(sim: Simulator, tmp_path: Path) -> None:
    with cluster_client(sim) as boss:
        boss.post(SECRETS_PATH, json=legacy_secret("twin"))
        data = boss.get(f"{SECRETS_PATH}/deployer-manual-q8d2x").json()["data"]
    bind_role(
        sim.world.kubernetes.lab.store,
        "build",
        "own",
        "admin",
        subject("ServiceAccount", "deployer", "build"),
    )

    def change(cluster: dict[str, object], user: dict[str, object]) -> None:
        user["token"] = base64.b64decode(data["token"]).decode()

    path = changed_kubeconfig(sim, tmp_path, change)
    connection = connection_of(kubeconfig=str(path), context="lab", namespaces=("build",))
    async with connected(connection) as own:
        found = await listed(own)
    assert {name: one.is_own for name, one in found.items()} == {
        "deployer-manual-q8d2x": True,
        "twin": False,
    }


async def test_a_stop_leaves_no_token_behind(sim: Simulator, provider: Kubernetes) -> None:
    wish = await order(provider, "revocable-token")
    sim.faults.add(Fault(kind=FaultKind.HOLD, method="POST", path=MINT))
    issuing = asyncio.create_task(provider.issue(wish))
    async with asyncio.timeout(10):
        while not sim.held:
            await asyncio.sleep(0.01)
    assert len(anchors(sim)) == 1
    issuing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await issuing
    assert anchors(sim) == []


async def test_a_stop_after_the_answer_loses_nothing(sim: Simulator, provider: Kubernetes) -> None:
    """The secret comes once; what is held up is the note of its end alone."""
    sim.world.kubernetes.lab.switches.max_token_seconds = 3600
    wish = await order(provider, "revocable-token", life=DAY)
    sim.faults.add(Fault(kind=FaultKind.HOLD, method="PATCH", path=SECRET))
    issuing = asyncio.create_task(provider.issue(wish))
    async with asyncio.timeout(10):
        while not sim.held:
            await asyncio.sleep(0.01)
    issuing.cancel()
    issued = await issuing
    assert (await provider.verify(issued)).ok is True


async def test_an_account_that_was_made_is_told_though_rights_cannot_be_asked(
    sim: Simulator, provider: Kubernetes
) -> None:
    (offer,) = await provider.account_offers()
    sim.faults.add(Fault(kind=FaultKind.STATUS, status=500, path="accessreviews$"))
    account = await provider.create_account(offer, {"name": "new", "namespace": "build"})
    assert account.native_id == "system:serviceaccount:build:new"


async def test_recipes_are_filled_with_the_account(provider: Kubernetes) -> None:
    account = await account_named(provider)
    token = await offer_of(provider, "token")
    recipes = {one.key: one for one in await provider.recipes(token.kind, account)}
    assert set(recipes) == {
        "curl", "kubectl", "argocd", "github", "gitlab", "role-binding", "cluster-role-binding",
    }  # fmt: skip
    binding = filled(recipes["role-binding"], {}).reveal()
    assert 'name: "deployer"' in binding
    argo = filled(recipes["argocd"], {Part.TOKEN: Secret("t0ken")}).reveal()
    assert '"bearerToken": "t0ken"' in argo
    assert "caData" in argo
    kubeconfig = await offer_of(provider, "kubeconfig")
    assert [one.key for one in await provider.recipes(kubeconfig.kind, account)] == [
        "kubeconfig", "role-binding", "cluster-role-binding",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
async def test_each_status_says_whether_a_token_exists(
    sim: Simulator, provider: Kubernetes, status: int
) -> None:
    wish = await order(provider)
    body = json.dumps(
        {"kind": "Status", "status": "Failure", "code": status, "reason": "Odd",
         "message": "the words of \x1b[31mthe server"}
    )  # fmt: skip
    fault(sim, "POST", MINT, FaultKind.STATUS, status=status, body=body)
    error = await failure_of(provider.issue(wish))
    assert error.outcome is (Outcome.UNKNOWN if status >= 500 else Outcome.REFUSED)
    assert "the words of" in error.message
    assert "\x1b" not in error.sentence


async def test_a_token_that_is_never_answered_may_exist(
    sim: Simulator, provider: Kubernetes, tmp_path: Path
) -> None:
    wish = await order(provider)
    sim.faults.add(Fault(kind=FaultKind.HOLD, method="POST", path=MINT))
    hasty = connection_to(sim, tmp_path / "hasty", timeout_s=1.0)
    async with connected(hasty) as other:
        error = await failure_of(other.issue(wish))
    assert error.outcome is Outcome.UNKNOWN
    assert "did not answer within 1 s" in error.message


async def test_trap_14_a_clock_that_is_off_is_told(tmp_path: Path) -> None:
    clock = SimClock(datetime.now(UTC) + HOUR)
    with start_simulator(clock=clock) as sim:
        async with connected(connection_to(sim, tmp_path)) as provider:
            issued = await provider.issue(await order(provider))
            identity = await provider.identity()
    assert identity.clock_off is not None
    assert identity.clock_off > timedelta(minutes=59)
    assert "ahead of ours" in dict(issued.facts)["clocks"]


@pytest.mark.parametrize("path", ["/version$", "/serviceaccounts$", "/secrets$"])
@pytest.mark.parametrize("kind", [FaultKind.GARBAGE, FaultKind.CUT])
async def test_a_list_that_is_spoiled_is_a_failure_of_its_own(
    sim: Simulator, provider: Kubernetes, path: str, kind: FaultKind
) -> None:
    account = await account_named(provider)
    sim.faults.add(Fault(kind=kind, method="GET", path=path))
    _, of_instances = await pages_of(provider.instances())
    _, of_accounts = await pages_of(provider.accounts())
    _, of_credentials = await pages_of(provider.credentials(account))
    failures = [*of_instances, *of_accounts, *of_credentials]
    assert len(failures) == 1
