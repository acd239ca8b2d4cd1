"""A provider of another distribution, whose system is a file; it renames and regenerates."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from tokentui.domain.about import About, Setting, SettingType, SignInMethod
from tokentui.domain.lifetime import Never
from tokentui.domain.model import (
    Ability,
    Account,
    Credential,
    CredentialId,
    CredentialState,
    EndSource,
    FieldType,
    Form,
    Identity,
    Instance,
    InstanceId,
    InstanceState,
    Issued,
    Kind,
    KindKey,
    Offer,
    OfferField,
    Order,
    Page,
    ProviderKey,
    Target,
    Verification,
)
from tokentui.domain.recipe import Recipe
from tokentui.domain.secret import Secret
from tokentui.providers.base import Connection, Provider

_KEY = ProviderKey("invented")
_CAN = frozenset(
    {
        *(Ability.LIST, Ability.VERIFY, Ability.REVOKE, Ability.RENAME, Ability.REGENERATE),
        Ability.TWO_AT_ONCE,
    }
)
_CANNOT = dict.fromkeys((Ability.MOVE_END, Ability.SWITCH), "a badge has no such thing")
_BADGE = Kind(KindKey("badge"), "Badge", "badge", Form.TOKEN, _CAN, _CANNOT)
_NAME = OfferField("name", "Name", FieldType.TEXT, required=True)


class System:
    """The badges in a file: each has a name, its secrets in order, the last one alone works."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def badges(self) -> dict[str, dict[str, Any]]:
        """Give them by id."""
        if not self._path.exists():
            return {}
        found: dict[str, dict[str, Any]] = json.loads(self._path.read_text())
        return found

    def put(self, badges: dict[str, dict[str, Any]]) -> None:
        """Write them all."""
        self._path.write_text(json.dumps(badges))


class Invented:
    """The provider over one file."""

    def __init__(self, connection: Connection) -> None:
        self._profile = connection.profile
        self._system = System(Path(str(connection.settings["place"])))

    async def identity(self) -> Identity:
        return Identity("me", may_issue=True)

    async def instances(self) -> AsyncIterator[Page[Instance]]:
        yield Page((self._gate(),))

    async def accounts(self) -> AsyncIterator[Page[Account]]:
        yield Page()

    async def credentials(self, of: Target) -> AsyncIterator[Page[Credential]]:
        yield Page(
            tuple(
                Credential(
                    profile=self._profile,
                    provider=_KEY,
                    kind=_BADGE.key,
                    id=CredentialId(key),
                    name=badge["name"],
                    state=CredentialState.ACTIVE,
                    made_at=datetime.fromisoformat(badge["made"]),
                    target_id=of.id,
                    target_name=of.name,
                    target_noun=of.noun,
                )
                for key, badge in self._system.badges().items()
            )
        )

    async def offers(self, of: Target) -> tuple[Offer, ...]:
        return (Offer(_BADGE, of, Never(), (_NAME,)),)

    async def issue(self, order: Order) -> Issued:
        badges = self._system.badges()
        key, made_at = f"b-{len(badges) + 1}", datetime.now(UTC)
        name = str(order.values["name"])
        badges[key] = {"name": name, "made": made_at.isoformat(), "secrets": []}
        return self._with_new_secret(badges, key, made_at)

    async def regenerate(self, credential: Credential) -> Issued:
        return self._with_new_secret(self._system.badges(), credential.id, datetime.now(UTC))

    async def rename(self, credential: Credential, name: str) -> None:
        badges = self._system.badges()
        badges[credential.id]["name"] = name
        self._system.put(badges)

    async def revoke(self, credential: Credential) -> None:
        badges = self._system.badges()
        del badges[credential.id]
        self._system.put(badges)

    async def verify(self, issued: Issued) -> Verification:
        secret = issued.secret.reveal()
        ok = any(badge["secrets"][-1] == secret for badge in self._system.badges().values())
        return Verification(ok, "the gate opens" if ok else "the gate stays closed")

    async def recipes(self, kind: Kind, of: Target) -> tuple[Recipe, ...]:
        return ()

    async def aclose(self) -> None:
        return None

    def _gate(self) -> Instance:
        key, state = InstanceId("gate"), InstanceState.ACTIVE
        return Instance(self._profile, _KEY, key, key, "gate", "gate", state, "open")

    def _with_new_secret(
        self, badges: dict[str, dict[str, Any]], key: str, made_at: datetime
    ) -> Issued:
        secret = f"badge-{secrets.token_hex(16)}"
        badges[key]["secrets"].append(secret)
        self._system.put(badges)
        return Issued(
            kind=_BADGE,
            target=self._gate(),
            secret=Secret(secret),
            ends_at=None,
            end_source=EndSource.ANSWER,
            made_at=made_at,
            remote_id=key,
            name=badges[key]["name"],
        )


class _Plugin:
    about = About(
        _KEY,
        "Invented",
        "gate",
        (Setting("place", SettingType.PATH, "the system's file", required=True),),
        (SignInMethod("none", "nobody signs in", ()),),
        (_BADGE,),
        no_accounts="its badges belong to nobody",
    )

    def connect(self, connection: Connection) -> Provider:
        return Invented(connection)


PROVIDER = _Plugin()


def install(home: Path, system: Path) -> dict[str, str]:
    """Add a profile of it to a home; gives the variables with which the program finds it."""
    # Imported here: it brings in pytest, which the program does without.
    from command import environment

    info = home / "site" / "invented-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: invented\nVersion: 1.0\n")
    point = "[tokentui.providers]\ninvented = invented_plugin:PROVIDER\n"
    (info / "entry_points.txt").write_text(point)
    config = home / "config.yaml"
    content = yaml.safe_load(config.read_text()) if config.exists() else {"profiles": {}}
    profile = {"provider": _KEY, "place": str(system), "auth": {"method": "none"}}
    content["profiles"]["invented"] = profile
    config.write_text(yaml.safe_dump(content))
    config.chmod(0o600)
    places = (environment(home)["PYTHONPATH"], str(Path(__file__).parent), str(info.parent))
    return {"PYTHONPATH": os.pathsep.join(places)}
