from __future__ import annotations

from dataclasses import replace

from tokentui.domain.about import About
from tokentui.domain.ledger import QuickTarget
from tokentui.domain.model import Instance, InstanceState, KindKey
from tokentui.services.overview import MOST_QUICK_TARGETS, quick_targets
from world import ABOUT, KUBECONFIG, PROVIDER, TOKEN, instance

USED = QuickTarget(
    instance().profile, PROVIDER, TOKEN.key, TOKEN.noun, instance().id, "demo", "8h", uses=3
)
OBS_USER = replace(TOKEN, key=KindKey("obs"), noun="obs user", made_for=("obs",))
ABOUTS = (replace(ABOUT, kinds=(OBS_USER, replace(TOKEN, made_for=("edge",)), KUBECONFIG)),)


def offered(
    *instances: Instance, used: tuple[QuickTarget, ...] = (), abouts: tuple[About, ...] = ABOUTS
) -> list[tuple[str, str, str]]:
    targets = quick_targets(used, instances, abouts)
    return [(one.target_name, one.noun, one.asked) for one in targets]


def test_each_instance_gets_the_first_kind_that_is_made_for_it() -> None:
    assert offered(instance("a"), instance("b", noun="obs"), instance("c", noun="other")) == [
        ("a", "edge token", ""),
        ("b", "obs user", ""),
        ("c", "edge kubeconfig", ""),
    ]


def test_what_nothing_is_made_for_is_left_out() -> None:
    fitting = (replace(ABOUT, kinds=(OBS_USER,)),)
    assert offered(instance("a"), instance("b", noun="obs"), abouts=fitting) == [
        ("b", "obs user", "")
    ]
    assert offered(instance("a"), abouts=()) == []


def test_what_was_used_comes_first_and_once_and_idle_instances_are_left_out() -> None:
    busy = instance("busy", state=InstanceState.BUSY)
    assert offered(instance(), instance("labs"), busy, used=(USED,)) == [
        ("demo", "edge token", "8h"),
        ("labs", "edge token", ""),
    ]


def test_there_are_nine_at_most() -> None:
    many = [instance(f"i{number}") for number in range(20)]
    used = tuple(replace(USED, target_id=f"u{number}") for number in range(12))
    assert len(offered(*many)) == len(offered(*many, used=used)) == MOST_QUICK_TARGETS
