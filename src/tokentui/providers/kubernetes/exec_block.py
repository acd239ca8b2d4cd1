"""The exec block of a kubeconfig's user: what is run, and whether that was agreed to.

Sources: client-go 32ce75a plugin/pkg/client/auth/exec/exec.go and validation.go;
kubernetes.io "client-go credential plugins", read 2026-08-21.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tokentui.domain.text import clean
from tokentui.providers.kubernetes.access import beside, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tokentui.domain.errors import NotSignedIn
    from tokentui.providers.kubernetes.access import Context
    from tokentui.providers.kubernetes.user_rules import User

V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"
_MODES = ("Never", "IfAvailable", "Always")
_LOADER = ("LD_", "DYLD_", "BASH_FUNC_")
_LOADERS = frozenset(
    (
        *("BASH_ENV", "ENV", "NODE_OPTIONS", "NODE_PATH", "PATH", "PERL5LIB", "PERL5OPT"),
        *("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "RUBYLIB", "RUBYOPT"),
    )
)
_MARK_DIGITS = 16
_LONGEST_SHOWN = 2000
"""Characters that a person is asked to agree to; what is longer hides its end from the eye."""
_PLAIN = re.compile(r"[\w./:@%+,=-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExecBlock:
    """A program with its arguments and environment; `mark` is what a person agrees to."""

    api_version: str
    program: str
    command: str
    args: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    wants_cluster: bool
    hint: str
    mark: str

    @property
    def shown(self) -> str:
        """The program, its arguments and the names of its variables, whole, without values.

        What has blanks or else is not plain stands as JSON, so that nothing hides in it.
        """
        words = " ".join(map(_spelled, (self.program, *self.args)))
        names = ", ".join(map(_spelled, self.environment))
        return f"{words} (sets {names})" if names else words


def read_block(user: User, context: Context) -> ExecBlock:
    """Read and check the block. Blocks; raises `NotSignedIn`."""
    raw, where = user.exec or {}, f"the exec of {user.where}"
    command = _text(raw, "command", where)
    if not command:
        raise refused(f"{where} names no command")
    hint = clean(_text(raw, "installHint", where), 200)
    program = _program(command, context, where, hint)
    environment = _environment(raw.get("env"), where)
    return ExecBlock(
        api_version=_version(raw, where),
        program=program,
        command=command,
        args=_args(raw.get("args"), where),
        environment=environment,
        wants_cluster=raw.get("provideClusterInfo") is True,
        hint=hint,
        mark=_mark(raw, program),
    )


def check_agreed(block: ExecBlock, user: User, allowed: str) -> None:
    """Refuse a program that the profile does not allow. Raises `NotSignedIn`."""
    if len(block.shown) > _LONGEST_SHOWN:
        raise refused(
            f"{user.where} signs in by running a program with more words than the "
            f"{_LONGEST_SHOWN} characters that can be shown for your consent",
            "put them into a script and name that in the exec",
        )
    if allowed.strip().lower() == block.mark:
        return
    changed = "is not the one that exec_allowed stands for" if allowed else "needs your consent"
    raise refused(
        f"{user.where} signs in by running a program, which {changed}: {block.shown}",
        "if you trust it, add this line to the profile (or --exec-allowed to profile add): "
        f"exec_allowed: '{block.mark}'",
    )


def missing(program: str, where: str, hint: str) -> NotSignedIn:
    """Say that a program is not installed, with its author's hint."""
    return refused(
        f"{where} names the program {clean(program, 120)}, which is not there",
        hint or "install it, or name another context in the profile",
    )


def _version(raw: Mapping[str, object], where: str) -> str:
    """Give the version; checks what it asks for the interactive mode."""
    version, mode = _text(raw, "apiVersion", where), _text(raw, "interactiveMode", where)
    if version not in (V1, V1BETA1):
        raise refused(f"{where} has the version {clean(version, 80) or '(none)'}, not {V1}")
    if mode not in _MODES and (mode or version == V1):
        raise refused(f"{where} has no interactiveMode of {', '.join(_MODES)}")
    if mode == "Always":
        raise refused(
            f"{where} needs a terminal of its own (interactiveMode: Always)",
            "sign in with it in a shell, or name another context in the profile",
        )
    return version


def _program(command: str, context: Context, where: str, hint: str) -> str:
    """Give the program's absolute path: beside the kubeconfig, or as the caller's PATH has it."""
    if os.sep in command:
        path = str(beside(context.user, command))
        found = path if os.access(path, os.X_OK) and os.path.isfile(path) else None
    else:
        found = shutil.which(command)
    if found is None:
        raise missing(command, where, hint)
    return os.path.abspath(found)


def _args(value: object, where: str) -> tuple[str, ...]:
    listed = value or []
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise refused(f"{where} has args that are no texts")
    return tuple(listed)


def _environment(value: object, where: str) -> Mapping[str, str]:
    """Give the variables; those that load other code into a program are refused."""
    listed = value or []
    found: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else (None,):
        name = one.get("name") if isinstance(one, dict) else None
        content = (one.get("value") or "") if isinstance(one, dict) else None
        if not isinstance(name, str) or not name or not isinstance(content, str):
            raise refused(f"{where} has an env that is no list of names and values")
        if name.startswith(_LOADER) or name in _LOADERS:
            raise refused(f"{where} sets {clean(name, 60)}, which loads other code into programs")
        found[name] = content
    return found


def _spelled(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else json.dumps(word)


def _mark(raw: Mapping[str, object], program: str) -> str:
    """Give a digest of the whole block and of the program that it means here."""
    canonical = json.dumps({"exec": raw, "program": program}, sort_keys=True)
    return hashlib.sha256(canonical.encode(errors="surrogatepass")).hexdigest()[:_MARK_DIGITS]


def _text(raw: Mapping[str, object], key: str, where: str) -> str:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise refused(f"{where} has no text in {key}")
    return value or ""
