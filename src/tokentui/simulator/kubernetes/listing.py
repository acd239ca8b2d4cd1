"""Lists in pages.

Source: kubernetes.io "API concepts", chapter on large results, read 2026-08-21.
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.kubernetes.errors import bad_request, expired
from tokentui.simulator.kubernetes.selectors import field_filters, label_filters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.simulator.kubernetes.cluster import KubernetesCluster
    from tokentui.simulator.kubernetes.resources import Resource
    from tokentui.simulator.kubernetes.store import Json, Key

_SNAPSHOT_LIFE: Final = timedelta(minutes=5)


def list_page(
    cluster: KubernetesCluster, resource: Resource, namespace: str, query: Mapping[str, str]
) -> tuple[Json, list[Json]]:
    """Return the metadata of a list and its items; raises ApiError."""
    filters = [
        *field_filters(resource, query.get("fieldSelector", "")),
        *label_filters(query.get("labelSelector", "")),
    ]
    limit = _limit(query.get("limit", ""))
    after = _start(cluster, query.get("continue", ""))
    keys = cluster.store.keys(resource)
    keys = keys[bisect_right(keys, after) :] if after is not None else keys
    items: list[Json] = []
    metadata: Json = {"resourceVersion": str(cluster.store.version)}
    for position, key in enumerate(keys):
        if namespace not in ("", key[0]):
            continue
        if limit and len(items) == limit:
            rest = sum(namespace in ("", other[0]) for other in keys[position:])
            metadata["continue"] = _continue(cluster, items[-1])
            if not filters:
                metadata["remainingItemCount"] = rest
            break
        one = cluster.store.get(resource, *key)
        if one is not None and all(passes(one) for passes in filters):
            items.append(one)
    return metadata, items


def _limit(text: str) -> int:
    try:
        return max(0, int(text or 0))
    except ValueError:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def _continue(cluster: KubernetesCluster, last: Json) -> str:
    metadata = last["metadata"]
    made = cluster.ground.clock.now().timestamp()
    place = {
        "v": "meta.k8s.io/v1",
        "rv": cluster.store.version,
        "start": [metadata.get("namespace", ""), metadata["name"]],
        "made": made,
    }
    return base64.urlsafe_b64encode(json.dumps(place).encode()).rstrip(b"=").decode("ascii")


def _start(cluster: KubernetesCluster, text: str) -> Key | None:
    if not text:
        return None
    try:
        place = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        made = datetime.fromtimestamp(place["made"], UTC)
        namespace, name = place["start"]
    except (ValueError, TypeError, KeyError):
        raise bad_request("continue key is not valid: illegal data") from None
    too_old = cluster.ground.clock.now() - made > _SNAPSHOT_LIFE
    if too_old or cluster.switches.expire_continues:
        raise expired()
    return (namespace, name)
