"""JSON answers that can carry every text, lone surrogates included."""

from __future__ import annotations

import json

from starlette.responses import Response


class JsonResponse(Response):
    """A JSON answer in ASCII, with everything else escaped."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return json.dumps(content, separators=(",", ":")).encode("ascii")
