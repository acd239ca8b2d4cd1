"""A whole story of a credential: the program by its keys, and what a credential opens."""

from __future__ import annotations

import json
import re
import shutil
import ssl
from typing import TYPE_CHECKING, Any

import httpx
import yaml

from command import argv, environment, tokentui
from stackit_services import exchange
from terminal import Terminal, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tokentui.simulator.server import Simulator

IN_FIELD = "Esc leaves the field"
"""What the last line says in a text field."""

_TITLES = {"H": "[H Home]", "I": "[I Instances]", "A": "[A Accounts]", "T": "[T Tokens]"}
_FRAME = re.compile(r"[\s│]+")
_TYPED = re.compile(r"^ /(.*)_ ", re.MULTILINE)


def items(home: Path, *words: str) -> list[dict[str, Any]]:
    """Give what a command lists; a source that failed is a failure."""
    done = tokentui(home, *words, "-o", "json")
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)["items"]
    return found


def entry(home: Path, number: int = 1) -> dict[str, Any]:
    """Give what the ledger alone says of a credential."""
    listed = items(home, "token", "list", "--offline", "--all")
    return next(one for one in listed if one["number"] == number)


def added(written: Path, folder: Path) -> Path:
    """Make another home by `profile add` alone, with what the simulator wrote into its own."""
    folder.mkdir(mode=0o700)
    shutil.copy(written / "simulator-ca.pem", folder)
    profiles = yaml.safe_load((written / "config.yaml").read_text())["profiles"]
    for name, settings in profiles.items():
        auth = settings.pop("auth")
        flags = ["--auth", auth.pop("method")]
        for key, value in auth.items():
            flags += [f"--auth-{key.replace('_', '-')}", str(value)]
        for key, value in settings.items():
            if key != "provider":
                flags += _flags(f"--{key.replace('_', '-')}", value)
        done = tokentui(folder, "profile", "add", settings["provider"], name, *flags)
        assert done.code == 0, done.err
        assert "signed in as" in done.err
    return folder


def _flags(flag: str, value: object) -> list[str]:
    if isinstance(value, dict):
        return [word for name, one in value.items() for word in (flag, f"{name}={one}")]
    values = value if isinstance(value, list) else [value]
    return [word for one in values for word in (flag, str(one))]


class Keys(Terminal):
    """The interface in a terminal, worked by its keys."""

    def __init__(self, home: Path, columns: int = 80, lines: int = 24, **extra: str) -> None:
        super().__init__(argv(), env=environment(home, **extra), columns=columns, lines=lines)

    def says(self, sentence: str) -> str:
        """Wait for a sentence, however its lines are broken, and give the screen."""
        wanted = _FRAME.sub("", sentence)
        return self.wait_for(lambda screen: wanted in _FRAME.sub("", screen))

    def gone(self, text: str) -> str:
        """Wait until a text is not shown any more, and give the screen."""
        return self.wait_for(lambda screen: text not in screen)

    def answered(self, *profiles: str) -> None:
        """Wait until these profiles are signed in and have named what they hold."""
        told = [re.compile(rf" {profile} (ok|\d+ s) ") for profile in profiles]
        self.wait_for(lambda screen: all(one.search(screen) for one in told))

    def place(self, key: str) -> None:
        """Go to a place by its letter."""
        self.send_keys(key)
        self.wait_for(_TITLES[key])

    def narrow(self, text: str) -> str:
        """Type a filter and give the screen with what it leaves."""
        self.send_keys("/")
        self.wait_for(lambda screen: _TYPED.search(screen) is not None)
        self.send_keys("C-u")
        self.send_text(text)
        self.wait_for(lambda screen: f" /{text}_" in screen)
        self.send_keys("Enter")
        return self.wait_for(lambda screen: f" /{text} " in screen)

    def fill(self, text: str, *tabs: str) -> None:
        """Go to a text field by these keys and type into it."""
        self.send_keys(*tabs)
        self.wait_for(IN_FIELD)
        self.send_text(text)
        self.says(text)

    def leave_field(self) -> None:
        """Leave the text field that has the focus."""
        self.send_keys("Escape")
        self.gone(IN_FIELD)

    def refreshed(self, shown: str | Callable[[str], bool]) -> str:
        """Ask all systems again and wait for what that shows."""
        self.send_keys("F5")
        return self.wait_for(shown)

    def copied(self, looks_right: Callable[[str], bool]) -> str:
        """Wait until the clipboard holds something of that look, and give it."""
        wait_until(lambda: looks_right(self.clipboard()), "the clipboard holds it")
        return self.clipboard()

    def verified(self, secret: str) -> str:
        """Paste a secret into the dialog that tries it, and give what that says."""
        self.send_keys("v")
        self.says("Paste the secret here")
        self.paste(secret)
        self.send_keys("Enter")
        self.wait_for("System ")
        screen = " ".join(_FRAME.sub(" ", self.capture()).split())
        self.leave_field()
        self.send_keys("Escape")
        self.gone("Paste the secret here")
        return screen

    def left(self) -> None:
        """Leave the program."""
        self.send_keys("C-q")
        assert self.wait_exit() == 0


def address(home: Path, instance: str, label: str) -> str:
    """Give one of the addresses that the program tells of an instance."""
    shown = tokentui(home, "instance", "show", instance, "-o", "json")
    assert shown.code == 0, shown.err
    return next(str(one["value"]) for one in shown.json["details"] if one["label"] == label)


def query(home: Path, instance: str, user: str, password: str) -> int:
    """Ask an Observability instance for metrics as a technical user; gives the status."""
    url = address(home, instance, "metrics, as Prometheus") + "/api/v1/query"
    trusted = ssl.create_default_context(cafile=str(home / "simulator-ca.pem"))
    answer = httpx.get(
        url, params={"query": "up"}, auth=(user, password), verify=trusted, trust_env=False
    )
    return answer.status_code


def sign_in(sim: Simulator, document: str) -> int:
    """Exchange a key file's assertion and ask who it is with the token; gives the last status."""
    key = json.loads(document)
    signed = exchange(sim, key)
    if not signed.is_success:
        return signed.status_code
    bearer = f"Bearer {signed.json()['access_token']}"
    answer = httpx.get(
        f"{sim.base_url}/stackit/resource-manager/v2/projects",
        params={"member": key["credentials"]["iss"]},
        headers={"authorization": bearer},
        trust_env=False,
    )
    return answer.status_code


def server_info(url: str, token: str) -> int:
    """Ask a StackState server for its version with a service token; gives the status."""
    headers = {"x-api-key": token}
    return httpx.get(f"{url}/api/server/info", headers=headers, trust_env=False).status_code
