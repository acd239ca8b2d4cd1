"""Rules for names of objects.

Source: kubernetes/apimachinery eed236ce pkg/util/validation and pkg/api/validation, read
2026-08-21.
"""

from __future__ import annotations

import re
from typing import Final

from tokentui.simulator.kubernetes.errors import Cause
from tokentui.simulator.kubernetes.resources import NAMESPACES, RBAC, Resource

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN: Final = rf"{_LABEL}(\.{_LABEL})*"
_LABEL_LENGTH: Final = 63
_SUBDOMAIN_LENGTH: Final = 253
_LABEL_TEXT: Final = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "
    f"used for validation is '{_LABEL}')"
)
_SUBDOMAIN_TEXT: Final = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    f"for validation is '{_SUBDOMAIN}')"
)


def name_causes(resource: Resource, name: str) -> list[Cause]:
    """Return what is wrong with the name of a new object."""
    if not name:
        return [
            Cause("metadata.name", "Required", "Required value: name or generateName is required")
        ]
    return [
        Cause("metadata.name", "Invalid", f'Invalid value: "{name}": {why}')
        for why in _faults(resource, name)
    ]


def _faults(resource: Resource, name: str) -> list[str]:
    if resource.group == RBAC:
        return [f"may not contain '{sign}'" for sign in "/%" if sign in name]
    is_label = resource is NAMESPACES
    pattern, told = (_LABEL, _LABEL_TEXT) if is_label else (_SUBDOMAIN, _SUBDOMAIN_TEXT)
    longest = _LABEL_LENGTH if is_label else _SUBDOMAIN_LENGTH
    faults = [] if re.fullmatch(pattern, name) else [told]
    if len(name) > longest:
        faults.append(f"must be no more than {longest} characters")
    return faults
