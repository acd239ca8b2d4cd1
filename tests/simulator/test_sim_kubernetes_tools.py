"""The real kubectl and the `kubernetes` client work with the simulated clusters."""

from __future__ import annotations

import json
import os
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from kubernetes_sim import answer_to, write_kubeconfig
from tokentui.simulator.server import Simulator
from tools import kubectl

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import kubernetes.client as api
    import kubernetes.config
    from kubernetes.client.exceptions import ApiException

Run = Callable[..., subprocess.CompletedProcess[str]]
ANCHOR = "tokentui-deployer-1"


@pytest.fixture
def run(sim: Simulator, tmp_path: Path) -> Run:
    file = write_kubeconfig(sim, tmp_path)
    program = kubectl()

    def call(
        *arguments: str, context: str = "lab", stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        common = ("--request-timeout=10s", f"--cache-dir={tmp_path / context}")
        return subprocess.run(
            [program, *common, f"--context={context}", *arguments],
            env={"KUBECONFIG": str(file), "HOME": str(tmp_path), "PATH": os.environ["PATH"]},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_kubectl_mints_a_token_that_works(sim: Simulator, run: Run) -> None:
    made = run("create", "token", "deployer", "-n", "build", "--duration=20m")
    [token] = lines(made)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 1200
    assert answer_to(sim, token) == 200
    bound = ("--bound-object-kind=Secret", f"--bound-object-name={ANCHOR}", "--audience=vault")
    [token] = lines(run("create", "token", "deployer", "-n", "build", *bound))
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["kubernetes.io"]["secret"]["name"] == ANCHOR
    assert claims["aud"] == ["vault"]
    assert "10 minutes" in run("create", "token", "deployer", "-n", "build", "--duration=1m").stderr


def test_kubectl_shows_who_one_is_in_every_context(run: Run) -> None:
    def name(context: str) -> str:
        shown = run("auth", "whoami", "-o", "json", context=context)
        assert shown.returncode == 0, shown.stderr
        return str(json.loads(shown.stdout)["status"]["userInfo"]["username"])

    contexts = ("lab", "lab-viewer", "lab-exec", "lab-cert")
    assert [name(one) for one in contexts] == ["admin", "viewer", "mia", "carol"]
    assert run("auth", "whoami", context="old").returncode == 1


def test_kubectl_asks_what_one_may(run: Run) -> None:
    question = ("auth", "can-i", "create", "serviceaccounts", "--subresource=token")
    assert lines(run(*question, context="lab-exec")) == ["yes"]
    assert run(*question, context="lab-viewer").stdout == "no\n"
    assert run(*question, "--as=viewer", "-n", "build").stdout == "no\n"
    listed = run("auth", "can-i", "--list", context="lab-exec")
    assert "serviceaccounts/token" in listed.stdout


def test_kubectl_makes_lists_and_deletes_accounts(run: Run) -> None:
    assert lines(run("get", "sa", "-n", "build", "-o", "name")) == [
        "serviceaccount/default",
        "serviceaccount/deployer",
        "serviceaccount/release-bot",
    ]
    assert run("create", "serviceaccount", "bot", "-n", "build").returncode == 0
    assert "already exists" in run("create", "sa", "bot", "-n", "build").stderr
    assert "serviceaccount/bot" in lines(run("get", "sa", "-n", "build", "-o", "name"))
    assert run("delete", "sa", "bot", "-n", "build").returncode == 0
    assert "not found" in run("get", "sa", "bot", "-n", "build").stderr
    assert "forbidden" in run("create", "sa", "bot", context="lab-viewer").stderr


def test_kubectl_lists_secrets_of_a_type(run: Run) -> None:
    selector = "--field-selector=type=kubernetes.io/service-account-token"
    assert lines(run("get", "secrets", "-A", selector, "-o", "name")) == [
        "secret/deployer-manual-q8d2x",
        "secret/gitlab-runner-token",
        "secret/grafana-token",
    ]
    old = lines(run("get", "secrets", "-n", "ci", "-o", "name", context="old"))
    assert [one.rpartition("-")[0] for one in old] == [
        "secret/default-token",
        "secret/jenkins-token",
    ]


def test_kubectl_binds_roles(run: Run) -> None:
    question = ("auth", "can-i", "list", "secrets", "-n", "build")
    assert run(*question, context="lab-viewer").stdout == "no\n"
    bind = ("create", "rolebinding", "v", "--clusterrole=edit", "--user=viewer", "-n", "build")
    assert run(*bind).returncode == 0
    assert lines(run(*question, context="lab-viewer")) == ["yes"]
    everywhere = ("create", "clusterrolebinding", "w", "--clusterrole=view", "--user=viewer")
    assert run(*everywhere).returncode == 0
    assert lines(run("auth", "can-i", "list", "namespaces", context="lab-viewer"))[-1] == "yes"
    assert run("delete", "rolebinding", "v", "-n", "build").returncode == 0
    assert run(*question, context="lab-viewer").stdout == "no\n"


def test_kubectl_applies_a_manifest_twice(run: Run) -> None:
    manifest = (
        "apiVersion: v1\nkind: ServiceAccount\n"
        "metadata: {name: applied, namespace: build, labels: {stage: one}}\n"
    )
    apply = ("apply", "--validate=false", "-f", "-")
    assert "created" in run(*apply, stdin=manifest).stdout
    assert "configured" in run(*apply, stdin=manifest.replace("one", "two")).stdout
    stage = ("get", "sa", "applied", "-n", "build", "-o", "jsonpath={.metadata.labels.stage}")
    assert run(*stage).stdout == "two"


@pytest.fixture
def core(sim: Simulator, tmp_path: Path) -> Iterator[Any]:
    file = write_kubeconfig(sim, tmp_path)
    configuration = api.Configuration()
    loader: Any = kubernetes.config
    loader.load_kube_config(str(file), "lab", configuration)
    with api.ApiClient(configuration) as client:
        yield api.CoreV1Api(client)


def test_the_client_lists_in_pages_and_mints(sim: Simulator, core: Any) -> None:  # noqa: ANN401
    seen: list[str] = []
    more = None
    while True:
        page = core.list_service_account_for_all_namespaces(limit=5, _continue=more)
        seen += [f"{one.metadata.namespace}/{one.metadata.name}" for one in page.items]
        more = page.metadata._continue
        if not more:
            break
    assert len(seen) == len(set(seen)) == 12
    spec = api.V1TokenRequestSpec(audiences=[], expiration_seconds=900)
    wish = api.AuthenticationV1TokenRequest(spec=spec)
    made = core.create_namespaced_service_account_token("deployer", "build", wish)
    assert made.spec.expiration_seconds == 900
    assert made.status.expiration_timestamp.tzinfo is not None
    assert answer_to(sim, made.status.token) == 200


def test_the_client_makes_accounts_secrets_and_bindings(core: Any) -> None:  # noqa: ANN401
    account = api.V1ServiceAccount(metadata=api.V1ObjectMeta(name="bot"))
    assert core.create_namespaced_service_account("build", account).metadata.uid
    with pytest.raises(ApiException) as taken:
        core.create_namespaced_service_account("build", account)
    assert json.loads(taken.value.body or "")["reason"] == "AlreadyExists"
    annotations = {"kubernetes.io/service-account.name": "bot"}
    head = api.V1ObjectMeta(name="bot-token", annotations=annotations)
    secret = api.V1Secret(metadata=head, type="kubernetes.io/service-account-token")
    core.create_namespaced_secret("build", secret)
    assert core.read_namespaced_secret("bot-token", "build").data["token"]
    rights = api.RbacAuthorizationV1Api(core.api_client)
    binding = api.V1RoleBinding(
        metadata=api.V1ObjectMeta(name="bot"),
        role_ref=api.V1RoleRef(
            api_group="rbac.authorization.k8s.io", kind="ClusterRole", name="view"
        ),
        subjects=[api.RbacV1Subject(kind="ServiceAccount", name="bot", namespace="build")],
    )
    assert rights.create_namespaced_role_binding("build", binding).role_ref.name == "view"
    assert core.delete_namespaced_service_account("bot", "build").metadata.name == "bot"
    with pytest.raises(ApiException) as gone:
        core.read_namespaced_secret("bot-token", "build")
    assert gone.value.status == 404
    reviews: Any = api.AuthenticationV1Api(core.api_client)
    me = reviews.create_self_subject_review(api.V1SelfSubjectReview())
    assert me.status.user_info.username == "admin"
