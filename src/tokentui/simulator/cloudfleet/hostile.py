"""A server that writes harm into every text, and dates that are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tokentui.simulator.cloudfleet.model import ApiToken, CfkeCluster, ClusterStatus, new_secret
from tokentui.simulator.stackit.hostile_texts import HOSTILE_TEXTS, hostile_text, text_number

if TYPE_CHECKING:
    from tokentui.simulator.cloudfleet.world import CloudfleetWorld

_DATES: Final = (
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:60Z",
    "2026-02-30T00:00:00Z",
    "2026-11-02",
    "1700000000000",
)


def make_hostile(world: CloudfleetWorld) -> None:
    """Put harm into every text that is not a secret.

    The tokens and clusters there stay usable, so that signing in and minting stay possible; one
    more of each per hostile text carries it in every field, the id too.
    """
    world.text = hostile_text
    for number, text in enumerate(HOSTILE_TEXTS):
        world.add_token(_token(number, text))
        cluster = _cluster(number, text)
        world.clusters[cluster.id] = cluster


def _token(number: int, text: str) -> ApiToken:
    return ApiToken(
        id=f"hostile-{number}-{text}",
        name=text,
        role=text_number(number + 1),
        secret=new_secret(),
        created=_date(number),
        last_used=_date(number + 1),
    )


def _cluster(number: int, text: str) -> CfkeCluster:
    # Half of them are running by their status, so that their endpoints are shown.
    status = ClusterStatus.DEPLOYED if number % 2 else text_number(number + 1)
    return CfkeCluster(
        id=f"hostile-{number}-{text}",
        name=text,
        region=text_number(number + 2),
        tier=text_number(number + 3),
        status=status,
        endpoint=text_number(number // 2),
        kubernetes_version=text_number(number + 4),
        created=_date(number),
        updated=_date(number + 1),
    )


def _date(number: int) -> str:
    return _DATES[number % len(_DATES)] if number % 2 else text_number(number)
