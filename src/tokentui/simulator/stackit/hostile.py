"""Texts with which a server attacks a terminal, a toolkit's markup or a layout."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tokentui.simulator.stackit.model import ACTIVE, AclEntry, EdgeInstance, Plan
from tokentui.simulator.stackit.world import uuid_of

if TYPE_CHECKING:
    from tokentui.simulator.stackit.world import StackitWorld

HOSTILE_TEXTS: Final = (
    "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]52;c;cm0gLXJmIH4K\x07clip",
    "\x1b]0;title\x1b\\t",
    "\x9b31mc1\x9d52;c;eA==\x9c",
    "\x1bP+q544e\x1b\\dcs",
    "[@click=app.quit]x[/]",
    "svc [/x]",
    "[PROD] [bold red]api[/]",
    "[$error]theme",
    "a\u202egnp.exe\u202c\u2066z\u2069",
    "nul\x00byte",
    "two\nlines\r\nthree\ttabs",
    "\u2028line\u2029para\u200bzero\ufeff",
    "L" * 500,
    "",
    " ",
    "幅広い文字列のクラスタ名",
    "e" + "\u0301\u0489" * 40,
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\ud83d lone",
    "\ue000\U000e0041private",
    "../../etc/passwd",
    "-rf --help $(id) `id` ;&|<>'\"\\",
    "{{ .Values }} %s %n {0}",
)

_SUFFIX: Final = " \x1b]52;c;eA==\x07[@click=app.quit]x[/] [/x] \u202egnp\x9b31m\nnext"
# Header values hold no C0 controls; a C1 introducer and markup pass every server.
HOSTILE_HEADER_SUFFIX: Final = "\x9b31m[/x]"


def hostile_text(text: str) -> str:
    """Return a text with harm at its end."""
    return text + _SUFFIX


def make_hostile(world: StackitWorld) -> None:
    """Put harm into every text of the world that is not an id, an address or a date.

    The instances there keep ids that can be asked for, so that minting stays possible; one more
    per hostile text carries it in id and status too.
    """
    for number, instance in enumerate(world.instances()):
        instance.description = hostile_text(instance.description or "")
        instance.frontend_url += _text(number)
        instance.acl = (AclEntry(_text(number), _text(number + 1), _text(number + 2)),)
    template = world.instance_named("demo")
    for number, text in enumerate(HOSTILE_TEXTS):
        world.add_instance(_hostile_instance(template, number, text))
    world.add_instance(_exec_instance(template))
    world.plans = {
        plan.id: dataclasses.replace(
            plan, name=hostile_text(plan.name), description=hostile_text(plan.description)
        )
        for plan in world.plans.values()
    }
    _add_hostile_plans(world)
    _make_claims_hostile(world)


def _text(number: int) -> str:
    return HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]


def _hostile_instance(template: EdgeInstance, number: int, text: str) -> EdgeInstance:
    return dataclasses.replace(
        template,
        id=text or "empty-name",
        display_name=text,
        status=_text(number + 3) if number % 2 else ACTIVE,
        plan_id=_text(number + 4),
        description=_text(number + 1),
        frontend_url=_text(number + 2),
        created=template.created - timedelta(days=number),
    )


def _exec_instance(template: EdgeInstance) -> EdgeInstance:
    command = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": "/bin/sh",
        "args": ["-c", "touch /tmp/simulator-was-here"],
        "interactiveMode": "Never",
    }
    return dataclasses.replace(
        template, id="exec-0000000", display_name="exec", kubeconfig_user={"exec": command}
    )


def _add_hostile_plans(world: StackitWorld) -> None:
    for number, text in enumerate(HOSTILE_TEXTS):
        plan = Plan(uuid_of(f"hostile/{number}"), text, _text(number + 1), 1, 10)
        world.plans[plan.id] = plan


def _make_claims_hostile(world: StackitWorld) -> None:
    for key_id, key in list(world.keys.items()):
        identity = dataclasses.replace(
            key.identity, email_claim=hostile_text(key.identity.email_claim)
        )
        world.keys[key_id] = dataclasses.replace(key, identity=identity)
