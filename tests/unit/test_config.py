from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from configs import GOOD, parse, write
from tokentui.domain.errors import ProviderError
from tokentui.domain.profile import AuthSettings, Guard, Settings
from tokentui.storage.config import CLEAR_AFTER, load

DEFAULTS = Settings(timedelta(seconds=45))
PROFILE_KEYS = ("profiles:", "  ops:", "    provider: cloudy", "    auth: {method: none}")


def test_a_whole_configuration_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ops")
    config = parse(tmp_path, GOOD)
    assert config.problems == ()
    assert config.path == tmp_path / "config.yaml"
    first, second = config.profiles
    assert (first.name, first.provider) == ("ops-prod", "cloudy")
    assert first.settings == {
        "project_id": "0c6c",
        "region": "eu01",
        "zones": ("a", "7"),
        "endpoints": {"edge": "https://edge.example", "token": "https://token.example/x?y=1"},
        "ca_file": str(tmp_path / "certs/ca.pem"),
        "proxy": "http://proxy.example:3128",
        "timeout": 2.5,
        "insecure": True,
    }
    assert first.auth == AuthSettings("command", {"command": ("pass", "show", "x")})
    assert first.guard == Guard(
        protected=True,
        read_only=False,
        purpose_required=True,
        max_lifetime=timedelta(days=30),
        default_lifetime=timedelta(minutes=10),
    )
    assert second.auth == AuthSettings("file", {"path": "/home/ops/token"})
    assert second.settings == {"project_id": "0123"}
    assert second.guard == Guard()
    assert config.settings == Settings(
        clear_after=timedelta(seconds=90),
        clipboard="osc52",
        theme="ansi-dark",
        keys={"quit": "ctrl+q", "first": "1"},
    )


def test_a_value_among_the_choices_is_taken(tmp_path: Path) -> None:
    lines = (*PROFILE_KEYS, "    project_id: x", "    tier: full", "    parts: [metrics, edge]")
    config = parse(tmp_path, "\n".join(lines))
    assert config.problems == ()
    assert config.profiles[0].settings["tier"] == "full"
    assert config.profiles[0].settings["parts"] == ("metrics", "edge")


@pytest.mark.parametrize("content", [None, "", "# nothing\n", "---\n", "profiles:\nsettings:\n"])
def test_nothing_configured_is_no_problem(tmp_path: Path, content: str | None) -> None:
    config = parse(tmp_path, content)
    assert (config.profiles, config.settings, config.problems) == ((), DEFAULTS, ())
    assert config.settings.clear_after == CLEAR_AFTER


PROBLEMS = [
    ("regoin: eu01", 5, "profiles.ops.regoin is not a setting of cloudy: did you mean region?"),
    ("region: [a]", 5, "profiles.ops.region must be a text: write the value behind the colon"),
    ("region: no", 5, "profiles.ops.region must be a text and is true or false: put the word"),
    ("region:", 5, "profiles.ops.region is empty: give it a value"),
    ('region: " "', 5, "profiles.ops.region is empty: give it a value"),
    ('region: "\\e[2J"', 5, "profiles.ops.region holds characters that cannot be shown"),
    ("zones: a", 5, "profiles.ops.zones must be a list of texts: write it like [one, two]"),
    ("zones:\n      - a\n      - [b]", 7, "profiles.ops.zones[1] must be a text"),
    ("tier: fulll", 5, "profiles.ops.tier cannot be fulll: did you mean full?"),
    ("tier: x", 5, "profiles.ops.tier cannot be x: known are basic, full"),
    ("parts: [edge, metrix]", 5, "profiles.ops.parts[1] cannot be metrix: did you mean metrics?"),
    ("parts:\n      - edge\n      - x", 7, "profiles.ops.parts[1] cannot be x: known are edge"),
    ("endpoints: [a]", 5, "profiles.ops.endpoints must hold keys and values"),
    ("endpoints: {edge: {a: b}}", 5, "profiles.ops.endpoints.edge must be a text"),
    ("proxy: proxy.example", 5, "profiles.ops.proxy must be a URL: write it like https://"),
    ("proxy: http://[::1", 5, "profiles.ops.proxy must be a URL"),
    ("proxy: http://h:99999", 5, "profiles.ops.proxy must be a URL"),
    ("proxy: http://u:p@h", 5, "profiles.ops.proxy holds a user name or a password"),
    ("ca_file: ~nobody-here/x", 5, "profiles.ops.ca_file begins with the home of an unknown user"),
    ("timeout: soon", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: '3'", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: 1:30", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: 0", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: .inf", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: 1.0e+999", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ("timeout: .nan", 5, "profiles.ops.timeout must be a number of seconds above zero"),
    ('insecure: "true"', 5, "profiles.ops.insecure must be true or false: write true or false"),
    ("region: a\n    region: b", 6, "profiles.ops.region stands twice, first in line 5"),
    ("[a]: b", 5, "profiles.ops.the key is no plain text"),
    ("guard: {protect: true}", 5, "profiles.ops.guard.protect is no rule: did you mean protected?"),
    ("guard: {purpose: yes}", 5, "profiles.ops.guard.purpose must be a text"),
    ("guard: {purpose: maybe}", 5, "profiles.ops.guard.purpose cannot be maybe: known are optio"),
    ("guard: {max_lifetime: 30}", 5, "profiles.ops.guard.max_lifetime is no length of time"),
    ("guard: {max_lifetime: 3M}", 5, "profiles.ops.guard.max_lifetime must be an exact length"),
    ("guard: {max_lifetime: never}", 5, "profiles.ops.guard.max_lifetime must be an exact length"),
    ("guard: [a]", 5, "profiles.ops.guard must hold keys and values"),
    (
        "guard: {max_lifetime: 1h, default_lifetime: 2h}",
        5,
        "profiles.ops.guard has a default_lifetime above its max_lifetime: lower it",
    ),
]


@pytest.mark.parametrize(("line", "number", "sentence"), PROBLEMS)
def test_a_fault_is_told_with_file_line_and_key(
    tmp_path: Path, line: str, number: int, sentence: str
) -> None:
    good = "  good: {provider: cloudy, project_id: x, auth: {method: none}}\n"
    lines = (*PROFILE_KEYS, f"    {line}", "    project_id: x", good)
    config = parse(tmp_path, "\n".join(lines))
    assert config.problems[0].sentence.startswith(f"config.yaml line {number}: {sentence}")
    assert len(config.problems) == 1
    assert [profile.name for profile in config.profiles] == ["good"]


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ("{auth: {method: none}}", "profiles.p has no provider"),
        (
            "{provider: cloudi, auth: {method: none}}",
            "profiles.p.provider names cloudi, which is not installed: did you mean cloudy?",
        ),
        (
            "{provider: qqqq}",
            "profiles.p.provider names qqqq, which is not installed: known are broken, cloudy",
        ),
        ("{provider: broken}", "profiles.p.provider cannot be used: it fails to import: tell"),
        ("{provider: [a]}", "profiles.p.provider must be a text"),
        ("{provider: cloudy, project_id: x}", "profiles.p does not say how to sign in: write"),
        (
            "{provider: cloudy, auth: {method: none}}",
            "profiles.p has no project_id: add it: the project",
        ),
        (
            "{provider: cloudy, project_id: x, auth: keyring}",
            "profiles.p.auth must hold keys and values",
        ),
        (
            "{provider: cloudy, project_id: x, auth: {path: x}}",
            "profiles.p.auth has no method: known are command, file, none",
        ),
        (
            "{provider: cloudy, project_id: x, auth: {method: fiel, path: x}}",
            "profiles.p.auth.method is no way to sign in to Cloudy: did you mean file?",
        ),
        (
            "{provider: cloudy, project_id: x, auth: {method: [a]}}",
            "profiles.p.auth.method must be a text",
        ),
        (
            "{provider: cloudy, project_id: x, auth: {method: file}}",
            "profiles.p.auth has no path: add it: the file",
        ),
        (
            "{provider: cloudy, project_id: x, auth: {method: none, token: abc}}",
            "profiles.p.auth.token is not an option of the method none",
        ),
        ("", "profiles.p has no provider"),
        ("text", "profiles.p must hold keys and values"),
    ],
)
def test_a_profile_that_cannot_work_is_left_out(
    tmp_path: Path, profile: str, sentence: str
) -> None:
    config = parse(tmp_path, f"profiles:\n  p: {profile}\n")
    assert config.profiles == ()
    assert config.problems[0].sentence.startswith(f"config.yaml line 2: {sentence}")


def test_an_unknown_provider_may_be_a_plug_in(tmp_path: Path) -> None:
    path = write(tmp_path, "profiles: {p: {provider: other}}")
    (problem,) = load(path, lambda key: None).problems
    assert problem.next_step == "install its plug-in"


@pytest.mark.parametrize("name", ["a b", "a/b", "ü", "x" * 41, ""])
def test_a_profile_name_must_fit_everywhere(tmp_path: Path, name: str) -> None:
    config = parse(
        tmp_path,
        f"profiles:\n  '{name}': {{provider: cloudy, project_id: x, auth: {{method: none}}}}\n",
    )
    assert config.profiles == ()
    assert "cannot be a profile's name" in config.problems[0].message


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ("{clipboard: tmx}", "settings.clipboard cannot be tmx: did you mean tmux?"),
        ("{clear_after: 45}", "settings.clear_after is no length of time"),
        ("{clear_after: never}", "settings.clear_after must be an exact length of time"),
        ("{them: x}", "settings.them is not a setting: did you mean theme?"),
        ("{keys: [a]}", "settings.keys must hold keys and values"),
        ("{keys: {quit: [a]}}", "settings.keys.quit must be a text"),
        ("[a]", "settings must hold keys and values"),
    ],
)
def test_a_wrong_setting_keeps_its_default(tmp_path: Path, settings: str, sentence: str) -> None:
    config = parse(tmp_path, f"settings: {settings}\n")
    assert config.problems[0].sentence.startswith(f"config.yaml line 1: {sentence}")
    assert config.settings == DEFAULTS


def test_other_settings_outlive_a_wrong_one(tmp_path: Path) -> None:
    config = parse(tmp_path, "settings: {clipboard: tmx, theme: ansi-dark}\n")
    assert config.settings.theme == "ansi-dark"


def test_unknown_and_doubled_keys_at_the_top_are_told(tmp_path: Path) -> None:
    config = parse(tmp_path, "profile: {}\nsettings: {}\nsettings: {theme: x}\n")
    assert [problem.sentence for problem in config.problems] == [
        "config.yaml line 3: settings stands twice, first in line 2: remove one of them",
        "config.yaml line 1: profile is not known here: did you mean profiles?",
    ]


def test_all_faults_of_a_profile_are_told_at_once(tmp_path: Path) -> None:
    config = parse(
        tmp_path,
        "profiles:\n  p:\n    provider: cloudy\n    regoin: x\n    zones: x\n    auth: {}\n",
    )
    assert len(config.problems) == 4


def test_hostile_keys_cannot_steer_a_terminal(tmp_path: Path) -> None:
    config = parse(tmp_path, '"\\e]0;x\\a": 1\n')
    assert "\x1b" not in config.problems[0].sentence


def test_values_are_not_repeated_in_errors(tmp_path: Path) -> None:
    canary = "eyJcanary"
    config = parse(
        tmp_path,
        "profiles:\n  p:\n    provider: cloudy\n    project_id: x\n"
        f"    token: {canary}\n    zones: {canary}\n    timeout: {canary}\n"
        f"    proxy: http://u:{canary}@h\n    auth: {{method: none, token: {canary}}}\n",
    )
    assert len(config.problems) == 5
    assert canary not in "".join(problem.sentence for problem in config.problems)


def test_a_provider_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    def about(key: str) -> None:
        raise ProviderError(f"{key} does not load", "reinstall it")

    path = write(tmp_path, "profiles: {p: {provider: x, auth: {}}}")
    (problem,) = load(path, about).problems
    assert problem.sentence.endswith("cannot be used: x does not load: reinstall it")
