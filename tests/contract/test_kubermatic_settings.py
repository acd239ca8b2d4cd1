"""The settings of a KKP profile."""

from __future__ import annotations

import pytest

from tokentui.domain.errors import ConfigError
from tokentui.providers.kubermatic.settings import read_settings


@pytest.mark.parametrize(
    "url",
    [
        "https://kkp.example",
        "https://kkp.example/",
        "https://KKP.example:443/api/v1/",
        "https://kkp.example/api",
        "https://kkp.example./api/v2",
    ],
)
def test_an_address_may_be_written_in_many_ways(url: str) -> None:
    settings = read_settings({"url": url}, "here")
    assert settings.server_id == "https://kkp.example"


def test_the_preset_gives_way_to_an_address() -> None:
    assert read_settings({"preset": "imke"}, "here").url == "https://imke.cloud"
    both = read_settings({"preset": "imke", "url": "https://kkp.example"}, "here")
    assert both.url == "https://kkp.example"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"preset": "azure"},
        {"url": "http://kkp.example"},
        {"url": "https://x.example/?a=b"},
        {"url": "https://x.example/?"},
        {"url": "https://x.example/#top"},
    ],
)
def test_settings_that_cannot_work_name_the_key(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="url|preset|address"):
        read_settings(settings, "here")
