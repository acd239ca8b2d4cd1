"""An invented provider and configurations for tests of `config.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokentui.domain.about import About, Setting, SettingType, SignInMethod
from tokentui.domain.errors import ConfigError
from tokentui.domain.model import ProviderKey
from tokentui.storage.config import load

if TYPE_CHECKING:
    from pathlib import Path

    from tokentui.domain.profile import Config

CLOUDY = About(
    key=ProviderKey("cloudy"),
    title="Cloudy",
    instance_noun="cloud",
    settings=(
        Setting("project_id", SettingType.TEXT, "the project", required=True),
        Setting("region", SettingType.TEXT, "the region", default="eu01"),
        Setting("zones", SettingType.TEXTS, "the zones"),
        Setting("endpoints", SettingType.TEXT_MAP, "other addresses"),
        Setting("tier", SettingType.TEXT, "the tier", choices=("basic", "full")),
        Setting("parts", SettingType.TEXTS, "which parts", choices=("edge", "metrics")),
    ),
    sign_ins=(
        SignInMethod("none", "nothing", ()),
        SignInMethod(
            "file", "a file", (Setting("path", SettingType.PATH, "the file", required=True),)
        ),
        SignInMethod(
            "command",
            "a command",
            (Setting("command", SettingType.TEXTS, "the command", required=True),),
        ),
    ),
    kinds=(),
)
ABOUT = {CLOUDY.key: CLOUDY}
GOOD = """\
# kept in git
profiles:
  ops-prod:
    provider: cloudy
    project_id: 0c6c
    region: "eu01"
    zones: [a, 7]
    endpoints:
      edge: https://edge.example
      token: https://token.example/x?y=1
    ca_file: certs/ca.pem
    proxy: http://proxy.example:3128
    timeout: 2.5
    auth: {method: command, command: [pass, show, x]}
    guard: {protected: true, max_lifetime: 30d, default_lifetime: 10m, purpose: required}
    insecure: yes
  dev:
    provider: cloudy
    project_id: 0123
    auth:
      method: file
      path: ~/token
settings: {clipboard: osc52, clear_after: 90s, theme: ansi-dark, keys: {quit: ctrl+q, first: 1}}
"""


def about(key: ProviderKey) -> About | None:
    """Describe `cloudy`; `broken` is a plug-in that does not load."""
    if key == "broken":
        raise ConfigError("it fails to import", "tell its author")
    return ABOUT.get(key)


def write(folder: Path, content: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(content)
    path.chmod(0o600)
    return path


def parse(folder: Path, content: str | None) -> Config:
    path = folder / "config.yaml" if content is None else write(folder, content)
    return load(path, about, (ProviderKey("cloudy"), ProviderKey("broken")))
