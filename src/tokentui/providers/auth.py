"""Ways to sign in that every provider shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tokentui.domain.about import Setting, SettingType, SignInMethod
from tokentui.domain.errors import ConfigError
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.domain.profile import AuthSettings
    from tokentui.domain.secret import Secret
    from tokentui.providers.base import Connection


class SignIn(Protocol):
    """Gives the header that signs a request."""

    @property
    def title(self) -> str:
        """The way of signing in, in words."""

    async def header(self) -> tuple[str, Secret]:
        """Give the header's name and value. Raises `ProviderError`, mostly `NotSignedIn`."""

    def forget(self, refused: Secret) -> None:
        """Keep a header's value no longer, because the server refused it."""

    async def aclose(self) -> None:
        """Stop what is under way."""


@dataclass(frozen=True, slots=True)
class HeaderForm:
    """Where in a request a secret stands."""

    name: str
    prefix: str = ""


BEARER = HeaderForm("Authorization", "Bearer ")

SIGN_INS = (
    SignInMethod(
        "keyring",
        "a token kept in the system's secret store",
        (Setting("name", SettingType.TEXT, "name that it was stored under", required=True),),
    ),
    SignInMethod(
        "env",
        "a token in an environment variable",
        (Setting("variable", SettingType.TEXT, "name of the variable", required=True),),
    ),
    SignInMethod(
        "file",
        "a token in a file that nobody else can read",
        (Setting("path", SettingType.PATH, "the file, one line", required=True),),
    ),
    SignInMethod(
        "command",
        "a token that a command prints",
        (
            Setting("command", SettingType.TEXTS, "program and arguments", required=True),
            Setting("json_field", SettingType.TEXT, "field to take if it prints JSON"),
            Setting("timeout", SettingType.SECONDS, "longest run of the command", default=20.0),
        ),
    ),
)
"""The methods of `sign_in`, for a provider's `About`."""


def sign_in(auth: AuthSettings, connection: Connection, form: HeaderForm = BEARER) -> SignIn:
    """Build a sign-in by one of `SIGN_INS`. Raises `ConfigError` for settings that cannot work.

    The modules of the methods are imported when one is used.
    """
    from tokentui.providers import auth_command, auth_sources

    match auth.method:
        case "env":
            return auth_sources.from_variable(auth.options, form)
        case "file":
            return auth_sources.from_file(auth.options, form)
        case "keyring":
            return auth_sources.from_store(auth.options, form, connection.lookup)
        case "command":
            return auth_command.from_command(auth.options, form, connection.clock)
        case unknown:
            known = ", ".join(method.key for method in SIGN_INS)
            raise ConfigError(
                f"auth.method {clean(unknown, 40)} is not known", f"use one of {known}"
            )
