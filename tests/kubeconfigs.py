"""Kubeconfigs for tests, and the real kubectl's view of them."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tokentui.domain.kubeconfig import Entry, Origin, from_server
from tokentui.domain.model import InstanceId, ProfileName
from tools import kubectl

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-7f3d9a1c-secret"
HAND_WRITTEN = """\
# my clusters
apiVersion: v1
kind: Config
clusters:   # all of them
# production
- cluster:
    server: https://prod.invented.example   # behind the bastion
    insecure-skip-tls-verify: on
    certificate-authority-data: |
      QUJD
  name: prod
users:
  - name: anna
    user:
      token: 'anna-token'
      note: keep me
  # end of users
contexts:
- {name: prod, context: {cluster: prod, user: anna, namespace: web}}   # the one
current-context: prod   # careful
preferences: {}
extensions:
- name: other-tool
  extension: {port: 8080, colour: on}
"""


def server_document(token: str = CANARY, **cluster: object) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "ctx",
        "clusters": [
            {"name": "c", "cluster": {"server": "https://demo.edge.example:6443", **cluster}}
        ],
        "users": [{"name": "u", "user": {"token": token}}],
        "contexts": [{"name": "ctx", "context": {"cluster": "c", "user": "u"}}],
    }


def origin(instance: str = "demo-1") -> Origin:
    return Origin(ProfileName("ops"), InstanceId(instance))


def entry(name: str = "edge-demo", token: str = CANARY, instance: str = "demo-1") -> Entry:
    return from_server(
        server_document(token, **{"certificate-authority-data": "QUJD"}),
        name=name,
        origin=origin(instance),
    )


def view(path: Path) -> dict[str, Any]:
    """Give what kubectl reads, secrets included; fails if it refuses the file."""
    argv = [kubectl(), "--kubeconfig", str(path), "config", "view", "--raw", "-o", "json"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    loaded = json.loads(done.stdout)
    assert isinstance(loaded, dict)
    return loaded


def names(path: Path, section: str = "contexts") -> list[str]:
    return sorted(item["name"] for item in view(path)[section] or [])
