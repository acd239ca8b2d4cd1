"""Every API that adapters use, each as its vendor describes it."""

from __future__ import annotations

from described_cloudfleet import CLOUDFLEET
from described_kubermatic import KUBERMATIC
from described_kubernetes import KUBERNETES
from described_stackit import STACKIT
from described_stackstate import STACKSTATE

APIS = (*STACKIT, *STACKSTATE, *KUBERNETES, *CLOUDFLEET, *KUBERMATIC)
