"""What a secret leaves behind, spelled in any usual way, whole or in pieces."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Collection

PIECE = 12
"""Characters of a secret that stand together by no chance."""


def traces(secret: str, data: bytes | str) -> list[str]:
    """Give the pieces of a secret that some data holds, as it is or encoded."""
    held = data.encode(errors="surrogateescape") if isinstance(data, str) else data
    wanted = _all_pieces(secret)
    return sorted({piece.decode() for piece in _pieces(held) & wanted})


def files_with(secret: str, folder: Path, intended: Collection[Path] = ()) -> dict[Path, list[str]]:
    """Give the files below a folder that hold pieces of a secret, but for the intended ones."""
    files = [path for path in folder.rglob("*") if path.is_file() and path not in intended]
    found = {path: traces(secret, path.read_bytes()) for path in files}
    return {path: pieces for path, pieces in found.items() if pieces}


@cache
def _all_pieces(secret: str) -> frozenset[bytes]:
    return frozenset(piece for spelling in _spellings(secret) for piece in _pieces(spelling))


def _spellings(secret: str) -> list[bytes]:
    raw = secret.encode()
    # Base64 of a longer text spells the secret in one of three ways, by where it begins.
    encoded = [base64.b64encode(b" " * lead + raw)[4 * (lead > 0) :] for lead in range(3)]
    urlsafe = [spelling.translate(bytes.maketrans(b"+/", b"-_")) for spelling in encoded]
    others = (json.dumps(secret)[1:-1], quote(secret, safe=""), raw.hex(), repr(secret)[1:-1])
    ends = [spelling.rstrip(b"=")[:-1] for spelling in (*encoded, *urlsafe)]
    return [raw, *ends, *(other.encode() for other in others)]


def _pieces(data: bytes) -> set[bytes]:
    return {data[start : start + PIECE] for start in range(len(data) - PIECE + 1)}
