"""Cloudfleet's API, of which no description is published: nothing can be held against one."""

from __future__ import annotations

from described_check import Described

_WHY = "the vendor's API reference (read 2026-08-21) shows no operations"

CLOUDFLEET = (Described("/cloudfleet", not_described={".*": _WHY}),)
