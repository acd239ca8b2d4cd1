"""Clusters that attack with every text they send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.simulator.kubernetes.resources import NAMESPACES, SECRETS, SERVICE_ACCOUNTS
from tokentui.simulator.kubernetes.tokens import NAME_ANNOTATION, TOKEN_TYPE, UID_ANNOTATION
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number

if TYPE_CHECKING:
    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.kubernetes.store import Json


def make_hostile(cluster: KubernetesCluster) -> None:
    """Put harm into labels and annotations of all there is, and add harm in every name.

    The objects there keep their names, so that they can be asked for and tokens be minted.
    """
    for resource in (NAMESPACES, SERVICE_ACCOUNTS, SECRETS):
        for number, one in enumerate(cluster.store.all(resource)):
            _mark(one, number)
    for number, text in enumerate(HOSTILE_TEXTS):
        cluster.store.add(NAMESPACES, "", text, {"status": {"phase": text_number(number)}})
        _add_account(cluster, text, text_number(number + 1), number)
        _add_account(cluster, "build", text, number)
        _add_secret(cluster, text, number)


def _mark(one: Json, number: int) -> None:
    metadata = one["metadata"]
    metadata.setdefault("labels", {})["note"] = text_number(number)
    metadata.setdefault("annotations", {})["note"] = hostile_text("note")


def _add_account(cluster: KubernetesCluster, namespace: str, name: str, number: int) -> None:
    body = {
        "metadata": {"labels": {text_number(number + 2): text_number(number + 3)}},
        "secrets": [{"name": text_number(number + 4)}],
    }
    account = cluster.store.add(SERVICE_ACCOUNTS, namespace, name, body)
    if number % 2:
        account["metadata"]["creationTimestamp"] = text_number(number + 5)
        account["metadata"]["uid"] = text_number(number + 6)


def _add_secret(cluster: KubernetesCluster, text: str, number: int) -> None:
    annotations = {NAME_ANNOTATION: text_number(number + 1), UID_ANNOTATION: text_number(number)}
    body = {"metadata": {"annotations": annotations}, "type": TOKEN_TYPE}
    cluster.store.add(SECRETS, "build", text, body)
