"""Words for a credential that is made or was made: its end, its limits, its script."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from tokentui.domain.lifetime import Chosen, DateChosen, spell_long
from tokentui.domain.model import FieldType, Form
from tokentui.ui import present
from tokentui.ui.generate_form import COPY, CURRENT, MERGE, VERIFY

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from tokentui.domain.model import Instance, Issued, Verification
    from tokentui.domain.profile import Guard
    from tokentui.ui.generate_form import GenerateForm
    from tokentui.ui.present import When

_A_SECOND = 1.0


def until(ends_at: datetime | None, when: When, *, with_date: bool = False) -> str:
    """Word an end: "until 14:32 CEST (12:32 UTC)", with its day unless that is today."""
    if ends_at is None:
        return "for ever: it never ends by itself"
    local = ends_at.astimezone(when.zone)
    shown = _moment(ends_at, when, with_date=with_date)
    if not local.utcoffset():
        return f"until {shown}"
    utc = f"{ends_at.astimezone(UTC):%H:%M} UTC"
    if ends_at.astimezone(UTC).date() != local.date():
        utc = _moment(ends_at, replace(when, zone=UTC), with_date=True)
    return f"until {shown} ({utc})"


def validity(issued: Issued, when: When, *, with_date: bool = False) -> str:
    """Word how long a credential that was just made still lives."""
    if issued.ends_at is None:
        return f"never ends, {issued.end_source}"
    left = present.time_left(issued.ends_at - when.now)
    remaining = "expired" if issued.ends_at <= when.now else f"{left} left"
    return f"{remaining}, {until(issued.ends_at, when, with_date=with_date)}, {issued.end_source}"


def target(instance: Instance) -> str:
    """Word what a credential is made for, and where that is."""
    where = " - ".join(filter(None, (instance.profile, instance.region, instance.scope)))
    return f"{instance.noun} {instance.name} - {where}"


def allowed(policy: object) -> str:
    """Word the limits within which an expiration can be chosen; empty: there is no choice."""
    match policy:
        case Chosen(minimum=minimum, maximum=maximum):
            return f"allowed here: {spell_long(minimum)} to {spell_long(maximum)}"
        case DateChosen(maximum=None, may_never_end=may_never_end):
            return "allowed here: any date" + (" or never" if may_never_end else "")
        case DateChosen(maximum=maximum, may_never_end=may_never_end) if maximum is not None:
            most = f"allowed here: up to {spell_long(maximum)}"
            return most + (" or never" if may_never_end else "")
    return ""


def rules(profile: str, guard: Guard) -> str:
    """Word a profile's own rules; empty: it has none."""
    said = []
    if guard.protected:
        said.append("protected")
    if guard.read_only:
        said.append("read only")
    if guard.max_lifetime is not None:
        said.append(f"{spell_long(guard.max_lifetime)} at most")
    if guard.purpose_required:
        said.append("a purpose is required")
    return f"Profile {profile}: {', '.join(said)}." if said else ""


def verification_words(verification: Verification) -> str:
    """Word what a call with the new secret showed."""
    parts = [verification.sentence]
    if verification.took is not None:
        parts[0] += f" in {_duration(verification.took)}"
    if verification.clock_off is not None:
        parts.append(f"clock difference {verification.clock_off.total_seconds():.1f} s")
    return ", ".join(parts)


def script(form: GenerateForm, *, several_profiles: bool) -> str:
    """Write the command that does the same; empty where the command line cannot say it."""
    flags = _field_flags(form)
    if flags is None:
        return ""
    target = form.offer.target
    words = [*_verb(form), "--instance", target.name]
    if several_profiles:
        words += ["-p", target.profile]
    words += ["-e", form.asked()]
    if form.purpose.strip():
        words += ["--purpose", form.purpose.strip()]
    return shlex.join(["tokentui", *words, *flags, *_ways(form)])


def _verb(form: GenerateForm) -> list[str]:
    kind = form.offer.kind
    same_form = [offer.kind.key for offer in form.offers if offer.kind.form is kind.form]
    if same_form[0] != kind.key:
        return ["token", "create", "--kind", kind.key]
    return ["kubeconfig" if kind.form is Form.KUBECONFIG else "token", "create"]


def _field_flags(form: GenerateForm) -> list[str] | None:
    flags: list[str] = []
    for item in form.offer.fields:
        value = form.values[item.key]
        if value == item.default:
            continue
        if item.type not in {FieldType.TEXT, FieldType.CHOICE}:
            return None
        flags += ["--set", f"{item.key}={value}"]
    return flags


def _ways(form: GenerateForm) -> list[str]:
    ways = []
    if MERGE in form.after:
        ways = ["--kubeconfig", *(["--use"] if CURRENT in form.after else [])]
    elif COPY in form.after:
        ways = ["--copy"]
    else:
        ways = ["--stdout"]
    return ways if VERIFY in form.after else [*ways, "--no-verify"]


def _moment(at: datetime, when: When, *, with_date: bool = False) -> str:
    local, today = at.astimezone(when.zone), when.now.astimezone(when.zone)
    there = replace(when, now=at)
    if local.year != today.year:
        return f"{when.date(at)} {there.clock()}"
    return there.clock(with_date=with_date or local.date() != today.date())


def _duration(took: timedelta) -> str:
    seconds = took.total_seconds()
    return f"{seconds * 1000:.0f} ms" if seconds < _A_SECOND else f"{seconds:.1f} s"
