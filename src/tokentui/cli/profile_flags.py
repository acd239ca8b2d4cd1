"""The flags of `profile add`, made from what a provider says of itself."""

from __future__ import annotations

import argparse
import textwrap
from typing import TYPE_CHECKING

from tokentui.cli.grammar import Parser
from tokentui.domain.about import COMMON_SETTINGS, SettingType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tokentui.domain.about import About, Setting

_METAVARS = {
    SettingType.URL: "URL",
    SettingType.PATH: "FILE",
    SettingType.SECONDS: "SECONDS",
    SettingType.TEXT_MAP: "NAME=VALUE",
}
_MANY = frozenset({SettingType.TEXTS, SettingType.TEXT_MAP})
_RESERVED = frozenset(
    {
        *("help", "set", "auth", "test", "protected", "read_only"),
        *("max_lifetime", "default_lifetime", "purpose_required"),
    }
)
_WIDTH = 78
_TAKEN = ("auth_", "no_")


def has_flag(key: str) -> bool:
    """Say whether a setting has a flag; `--set` alone is for those that would be another's."""
    return key not in _RESERVED and not key.startswith(_TAKEN)


def flag_of(key: str) -> str:
    """Give the flag for a key of a profile: `url`, `auth` or `auth.path`."""
    if "." not in key and key != "auth" and not has_flag(key):
        return f"--set {key}=VALUE"
    return "--" + key.replace(".", "-").replace("_", "-")


def settings_of(about: About) -> dict[str, Setting]:
    """Give what a profile can hold; where both have a key, the provider's own counts."""
    own = {setting.key: setting for setting in about.settings}
    return own | {setting.key: setting for setting in COMMON_SETTINGS if setting.key not in own}


def build_flags(about: About) -> Parser:
    """Build the grammar of everything after PROVIDER."""
    parser = Parser(
        prog=f"tokentui profile add {about.key}",
        usage=f"tokentui profile add {about.key} NAME --auth METHOD [FLAG ...]",
        description=_description(about),
        epilog=_epilog(about),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", metavar="NAME", help="what to call it: letters, digits, . _ -")
    group = parser.add_argument_group(f"settings of {about.title}", _without_flag(about) or None)
    for setting in about.settings:
        _add_setting(group, setting)
    _add_sign_in(parser, about)
    group = parser.add_argument_group("settings of every system")
    for setting in settings_of(about).values():
        if setting not in about.settings:
            _add_setting(group, setting)
    group.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any setting, also one whose flag has another meaning",
    )
    _add_rules(parser)
    group = parser.add_argument_group("before it is saved")
    group.add_argument(
        "--test", action="store_true", default=True, help="sign in with it once (the default)"
    )
    group.add_argument("--no-test", action="store_false", dest="test", help="ask nobody")
    return parser


def _add_setting(group: argparse._ArgumentGroup, setting: Setting) -> None:
    if has_flag(setting.key):
        _add_flag(group, flag_of(setting.key), f"settings.{setting.key}", setting, _help(setting))


def _add_sign_in(parser: Parser, about: About) -> None:
    group = parser.add_argument_group("sign-in (the methods are listed below)")
    known = ", ".join(method.key for method in about.sign_ins)
    group.add_argument("--auth", metavar="METHOD", help=f"how to sign in: {known}")
    for key, of in _options_by_key(about).items():
        takes_value = [setting for setting in of.values() if setting.type is not SettingType.FLAG]
        setting = takes_value[0] if takes_value else next(iter(of.values()))
        helps = {_help(each): None for each in of.values()}
        words = "; ".join(
            f"{', '.join(m for m, each in of.items() if _help(each) == help_)}: {help_}"
            for help_ in helps
        )
        _add_flag(group, flag_of(f"auth.{key}"), f"auth.{key}", setting, words)


def _add_rules(parser: Parser) -> None:
    group = parser.add_argument_group("rules of the profile")
    for flag, help_ in (
        ("--protected", "mark it everywhere, and have names typed before anything is ended"),
        ("--read-only", "make and change nothing"),
        ("--purpose-required", "have a purpose given for every credential that is made"),
    ):
        group.add_argument(flag, action="store_true", help=help_)
    group.add_argument("--max-lifetime", metavar="SPAN", help="allow no more: 10m, 36h, 30d")
    group.add_argument("--default-lifetime", metavar="SPAN", help="propose this: 10m, 36h, 30d")


def _add_flag(
    group: argparse._ArgumentGroup, flag: str, dest: str, setting: Setting, help_: str
) -> None:
    help_ = help_.replace("%", "%%")
    if setting.type is SettingType.FLAG:
        for name, const, shown in (
            (flag, "true", help_),
            (f"--no-{flag.removeprefix('--')}", "false", "the opposite"),
        ):
            group.add_argument(
                name, action="append_const", const=const, dest=dest, default=None, help=shown
            )
        return
    metavar = _METAVARS.get(setting.type, "VALUE")
    group.add_argument(flag, action="append", dest=dest, metavar=metavar, help=help_)


def _help(setting: Setting) -> str:
    notes = []
    if setting.required:
        notes.append("required")
    if setting.choices:
        notes.append(f"one of {', '.join(setting.choices)}")
    if setting.type in _MANY:
        notes.append("may be given again")
    default = setting.default
    if isinstance(default, str | float) and not isinstance(default, bool):
        notes.append(f"default: {default}")
    elif default is True:
        notes.append("default: yes")
    return f"{setting.help} [{'; '.join(notes)}]" if notes else setting.help


def _description(about: About) -> str:
    """Say what it does, and what a person should know of the system beforehand."""
    told = [f"Write a connection to {about.title} into the configuration."]
    if about.caution:
        told.append(f"{about.title}: {about.caution}.")
    return "\n\n".join(textwrap.fill(one, _WIDTH) for one in told)


def _without_flag(about: About) -> str:
    """Name the settings that `--set` alone can give."""
    told = [
        f"{flag_of(setting.key)}: {_help(setting)}"
        for setting in about.settings
        if not has_flag(setting.key)
    ]
    return "\n".join(textwrap.fill(one, _WIDTH, subsequent_indent="  ") for one in told)


def _epilog(about: About) -> str:
    width = max((len(method.key) for method in about.sign_ins), default=0)
    lines = [
        f"  {method.key:<{width}}  {method.title}{_named(method.settings)}"
        for method in about.sign_ins
    ]
    return "\n".join(
        (
            "methods of --auth:",
            *lines,
            "",
            "A value that begins with a dash is written behind an equals sign:",
            "  --auth-command=-o --auth-command=json",
        )
    )


def _named(options: Iterable[Setting]) -> str:
    flags = [
        flag_of(f"auth.{option.key}") if option.required else f"[{flag_of(f'auth.{option.key}')}]"
        for option in options
    ]
    return f": {' '.join(flags)}" if flags else ""


def _options_by_key(about: About) -> dict[str, dict[str, Setting]]:
    """Give for each option of a sign-in the methods that have it."""
    found: dict[str, dict[str, Setting]] = {}
    for method in about.sign_ins:
        for option in method.settings:
            found.setdefault(option.key, {})[method.key] = option
    return found
