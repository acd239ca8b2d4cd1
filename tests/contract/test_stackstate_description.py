"""The adapter uses these operations of the vendor's description, on servers of each age."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from described import DESCRIPTIONS
from described_check import used
from described_stackstate import STACKSTATE
from simulator_fixtures import start_simulator
from stackstate_connection import connected, connection_to, listed, order, the_server
from tokentui.domain.errors import NotFound, ProviderError
from tokentui.simulator.faults import Fault, FaultKind
from tokentui.simulator.stackstate.model import ServerAge
from tokentui.simulator.stackstate.world import ADMIN_TOKEN, GUEST_TOKEN, LAB, PROD

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.simulator.server import Simulator
    from traffic import Traffic

pytestmark = pytest.mark.skipif(
    not DESCRIPTIONS.is_dir(), reason="the vendor's API descriptions are not beside the project"
)
OPERATIONS = {
    "serverInfo",
    "getUserAuthorizationFor",
    "getUserSessionAvailableRoles",
    "getServiceTokens",
    "createNewServiceToken",
    "deleteServiceToken",
    "listSubjects",
    "createSubject",
    "deleteSubject",
    "grantPermissions",
    "revokePermissions",
    "getIngestionApiKeys",
}


async def use_everything(sim: Simulator, folder: Path, server: str) -> None:
    """Use every call of the adapter, also in vain."""
    for token in (ADMIN_TOKEN, GUEST_TOKEN):
        connection = connection_to(sim, folder, server=server, token=token)
        async with connected(connection) as provider:
            await provider.identity()
            instance = await the_server(provider)
            await provider.details(instance)
            await provider.offers(instance)
            _ = [page async for page in provider.credentials(instance)]
    connection = connection_to(sim, folder, server=server)
    async with connected(connection) as provider:
        wish = await order(provider, "ingestion-token", name="edge-7", scoped=server == PROD)
        refusal = Fault(
            kind=FaultKind.STATUS, method="POST", path="/tokens$", status=403, times=1, body="{}"
        )
        sim.faults.add(refusal)
        with pytest.raises(ProviderError):
            await provider.issue(wish)
        await provider.issue(wish)
        await provider.issue(await order(provider, roles=("x", "y"), dedicated_subject="own"))
        for credential in (await listed(provider)).values():
            if credential.name != ADMIN_TOKEN:
                await provider.revoke(credential)
                with suppress(NotFound):  # the servers answer in three ways
                    await provider.revoke(credential)


@pytest.mark.parametrize(
    ("server", "age"),
    [(PROD, ServerAge.CURRENT), (LAB, ServerAge.OLD), (LAB, ServerAge.VERY_OLD)],
)
async def test_everything_is_described(
    tmp_path: Path, server: str, age: ServerAge, traffic: Traffic
) -> None:
    with start_simulator() as sim:
        sim.world.stackstate.servers[server].age = age
        await use_everything(sim, tmp_path, server)
    (names,) = used(STACKSTATE, traffic).values()
    assert names >= OPERATIONS
    of_old = {"deleteIngestionApiKey"} if server == LAB else set()
    of_old |= {"getCurrentUserProfile"} if age is ServerAge.VERY_OLD else set()
    assert names - OPERATIONS == of_old
