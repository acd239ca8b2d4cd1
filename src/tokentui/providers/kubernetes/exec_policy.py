"""Keeps to the policy for sign-in programs that kubectl keeps to.

Source: kubernetes.io "kubectl user preferences (kuberc)", read 2026-08-21; kubectl 1.37.1,
measured.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tokentui.domain.errors import DeliveryError
from tokentui.domain.text import clean
from tokentui.kubeconfigs.tree import Reader, decode
from tokentui.providers.kubernetes.access import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.providers.kubernetes.exec_block import ExecBlock

_OFF = "off"
_ALLOW_ALL, _DENY_ALL, _ALLOW_LIST = "AllowAll", "DenyAll", "Allowlist"
_CHANGE = "change it there if you trust the program"


def check_policy(block: ExecBlock) -> None:
    """Refuse a program that the user's kuberc does not let kubectl run.

    Blocks; raises `NotSignedIn`, also for a kuberc that cannot be read.
    """
    named = os.environ.get("KUBERC", "")
    if named == _OFF:
        return
    path = Path(named) if named else Path.home() / ".kube" / "kuberc"
    shown, program = clean(str(path), 160), clean(block.program, 120)
    try:
        rules = _rules(path)
    except (OSError, DeliveryError):
        raise refused(f"the policy for {program} in {shown} cannot be read", _CHANGE) from None
    policy = rules.get("credentialPluginPolicy") or _ALLOW_ALL
    if policy == _DENY_ALL:
        raise refused(f"{shown} lets no sign-in programs run, so not {program} either", _CHANGE)
    if policy == _ALLOW_LIST and not _is_listed(block, rules.get("credentialPluginAllowlist")):
        raise refused(f"{shown} does not list {program} among the allowed programs", _CHANGE)
    if policy not in (_ALLOW_ALL, _ALLOW_LIST):
        raise refused(f"{shown} has an unknown credentialPluginPolicy", _CHANGE)


def _rules(path: Path) -> Mapping[str, object]:
    if not path.is_file():
        return {}
    reader = Reader(path)
    root = reader.tree(decode(path.read_bytes(), path))
    return reader.mapping(root) if isinstance(root, yaml.MappingNode) else {}


def _is_listed(block: ExecBlock, listed: object) -> bool:
    """Whether an entry names the command as it is written, or as the program that it is."""
    for one in listed if isinstance(listed, list) else ():
        entry = one if isinstance(one, dict) else {}
        if (entry.get("command") or entry.get("name")) in (block.command, block.program):
            return True
    return False
