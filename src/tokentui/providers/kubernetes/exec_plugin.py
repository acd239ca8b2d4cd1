"""Runs a sign-in program and reads the credential that it prints.

Sources: client-go 32ce75a exec.go; kubernetes.io "client-go credential plugins", read
2026-08-21. client-go has no time limit.
"""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn

from tokentui.domain.errors import NotSignedIn
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean
from tokentui.providers.auth_command import Command, run
from tokentui.providers.auth_sources import one_line
from tokentui.providers.kubernetes.exec_block import check_agreed, read_block
from tokentui.providers.kubernetes.exec_policy import check_policy
from tokentui.providers.kubernetes.proofs import KeptProof, Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tokentui.providers.kubernetes.access import Cluster, Context
    from tokentui.providers.kubernetes.exec_block import ExecBlock
    from tokentui.providers.kubernetes.user_rules import User

_LONGEST_RUN_S = 30.0


def exec_plugin(
    user: User, context: Context, allowed: str, clock: Callable[[], datetime]
) -> KeptProof:
    """Give what the user's program prints, until its end or until the server refuses it."""

    async def fetch() -> Proof:
        block = await asyncio.to_thread(_checked, user, context, allowed)
        return read_answer(await run(_command(block, context.cluster)), block)

    return KeptProof(fetch, clock)


def _checked(user: User, context: Context, allowed: str) -> ExecBlock:
    block = read_block(user, context)
    check_policy(block)
    check_agreed(block, user, allowed)
    return block


def _command(block: ExecBlock, cluster: Cluster) -> Command:
    """Say what to run; the word about the cluster goes before the block's own variables."""
    return Command(
        (block.program, *block.args),
        json_field=None,
        timeout_s=_LONGEST_RUN_S,
        environment={**block.environment, "KUBERNETES_EXEC_INFO": exec_info(block, cluster)},
        next_step=block.hint or "run kubectl with this context in a terminal",
        check=block.hint or "check the exec of the kubeconfig",
    )


def exec_info(block: ExecBlock, cluster: Cluster) -> str:
    """Give the JSON that the program is told about the call."""
    spec: dict[str, object] = {"interactive": False}
    if block.wants_cluster:
        spec = {"cluster": _cluster_info(cluster), **spec}
    return json.dumps({"kind": "ExecCredential", "apiVersion": block.api_version, "spec": spec})


def _cluster_info(cluster: Cluster) -> Mapping[str, object]:
    info: dict[str, object] = {"server": cluster.server}
    if cluster.server_name:
        info["tls-server-name"] = cluster.server_name
    if cluster.insecure:
        info["insecure-skip-tls-verify"] = True
    if cluster.ca_pem:
        info["certificate-authority-data"] = base64.b64encode(cluster.ca_pem.encode()).decode()
    if cluster.proxy is not None:
        info["proxy-url"] = cluster.proxy.reveal()
    if cluster.exec_config is not None:
        info["config"] = cluster.exec_config
    return info


def read_answer(output: Secret, block: ExecBlock) -> Proof:
    """Read the ExecCredential that a program printed. Raises `NotSignedIn`, without its text."""
    try:
        document: object = json.loads(output.reveal())
    except (ValueError, RecursionError):
        _useless(block, "printed no JSON")
    if not isinstance(document, dict) or document.get("kind") != "ExecCredential":
        _useless(block, "printed no ExecCredential")
    if document.get("apiVersion") != block.api_version:
        _useless(block, f"printed another version than {block.api_version}")
    status = document.get("status")
    if not isinstance(status, dict):
        _useless(block, "printed no status")
    token = _text(status, "token", block)
    certificate = _text(status, "clientCertificateData", block)
    key = _text(status, "clientKeyData", block)
    if bool(certificate) != bool(key):
        _useless(block, "printed a client certificate or a key without the other")
    if not token and not certificate:
        _useless(block, "printed neither a token nor a client certificate")
    return Proof(
        one_line(token.reveal(), f"the token that {_name(block)} printed") if token else None,
        certificate,
        key,
        _end(status, block),
    )


def _text(status: Mapping[str, object], name: str, block: ExecBlock) -> Secret | None:
    value = status.get(name)
    if value is not None and not isinstance(value, str):
        _useless(block, f"printed no text in status.{name}")
    return Secret(value) if value else None


def _end(status: Mapping[str, object], block: ExecBlock) -> datetime | None:
    value = status.get("expirationTimestamp")
    if value is None:
        return None
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        _useless(block, "printed no instant in status.expirationTimestamp")


def _name(block: ExecBlock) -> str:
    return clean(block.program, 120)


def _useless(block: ExecBlock, what: str) -> NoReturn:
    raise NotSignedIn(f"{_name(block)} {what}", block.hint or "check it with kubectl") from None
