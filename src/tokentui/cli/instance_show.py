"""`instance show`: what is known of one instance, its details by what they are for."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING

from tokentui.cli.output import Plain, document, instant, note
from tokentui.cli.session import chosen, run
from tokentui.cli.show import instance_item
from tokentui.cli.targets import find_instance
from tokentui.domain.errors import ExitCode, ProviderError
from tokentui.domain.model import Detail
from tokentui.services.details import details

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from tokentui.domain.model import Instance
    from tokentui.services.workbench import Workbench


def show_instance(options: argparse.Namespace) -> int:
    """Print what is listed and what its system tells beyond; without the latter say why."""

    async def use(workbench: Workbench) -> ExitCode:
        names = chosen(workbench, options.profile)
        instance = await find_instance(workbench, names, options.instance)
        code, told = ExitCode.DONE, tuple[Detail, ...]()
        try:
            told = await details(workbench.connections, instance) or ()
        except ProviderError as error:
            note(f"tokentui: {error.sentence}")
            code = error.exit_code
        if options.output == "text":
            sys.stdout.write(_text((*_listed(instance), *told)))
        else:
            said: list[Plain] = [
                {"group": one.group, "label": one.label, "value": one.value} for one in told
            ]
            head: dict[str, Plain] = {"schema": "tokentui/instance/v1"}
            document(head | instance_item(instance) | {"details": said}, options.output)
        return code

    return run(use)


def _listed(instance: Instance) -> tuple[Detail, ...]:
    known = (
        ("name", instance.name),
        ("kind", instance.noun),
        ("id", instance.native_id),
        ("profile", instance.profile),
        ("scope", instance.scope),
        ("region", instance.region),
        ("state", instance.state_text),
        ("plan", instance.plan),
        ("description", instance.description),
        ("created", instant(instance.created_at) or ""),
    )
    return tuple(Detail("instance", label, value) for label, value in known if value)


def _text(told: Sequence[Detail]) -> str:
    """Write one block for each group, in the order in which they come."""
    width = max(len(detail.label) for detail in told)
    blocks = (
        "\n".join(
            (
                f"{group}:",
                *(f"  {detail.label:<{width}}  {detail.value}" for detail in members),
            )
        )
        for group, members in groupby(told, key=lambda detail: detail.group)
    )
    return "\n\n".join(blocks) + "\n"
