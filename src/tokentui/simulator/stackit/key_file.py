"""The key file of a service account.

Source: STACKIT service-account API description v2, schema CreateServiceAccountKeyResponse, read
2026-08-21.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tokentui.simulator.stackit.account_wire import created_key_json

if TYPE_CHECKING:
    from tokentui.simulator.stackit.model import ServiceAccountKey
    from tokentui.simulator.stackit.world import StackitWorld


def key_file(world: StackitWorld, key: ServiceAccountKey) -> str:
    """Return the text of the file, private key included, as the portal hands it out once."""
    return json.dumps(created_key_json(world, key, key.private_key), indent=2) + "\n"
