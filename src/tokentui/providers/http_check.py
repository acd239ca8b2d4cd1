"""What must be right before a request leaves: the address and the header values."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tokentui.domain.errors import ConfigError, NotSignedIn, ProviderError
from tokentui.domain.secret import Secret
from tokentui.domain.text import clean

if TYPE_CHECKING:
    from tokentui.providers.http_call import Call

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def check(call: Call) -> None:
    """Refuse a call that the HTTP library would refuse with the secret in its words."""
    fault = url_fault(call.url)
    if fault:
        raise ProviderError(
            f"cannot {call.what} because the address {clean(call.url, 120)!r} {fault}",
            "correct the profile's endpoints",
        )
    for name, value in call.headers.items():
        if not all(map(fits_header, value if isinstance(value, tuple) else (value,))):
            raise NotSignedIn(
                f"cannot {call.what} because the value of the header {clean(name)} holds "
                "characters that no header may hold",
                "look at the secret's source: it must be one line of printable ASCII",
            )


def url_fault(url: str) -> str:
    """Say what is wrong with an address; empty: nothing."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "is not valid"
    if parts.scheme not in {"http", "https"}:
        return "does not begin with https://"
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        return "is not valid"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or a password"
    return "has the port 0" if port == 0 else ""


def is_safe_url(url: str) -> bool:
    """Whether a credential may be sent there: over https, or to this host itself."""
    return not url_fault(url) and (urlsplit(url).scheme == "https" or is_loopback(url))


def is_loopback(url: str) -> bool:
    """Whether an address is on this host."""
    return urlsplit(url).hostname in _LOOPBACK


def checked_url(url: str, where: str) -> str:
    """Give an address without its last slash. Raises `ConfigError` if it is not safe."""
    if not is_safe_url(url):
        raise ConfigError(
            f"{where}: {clean(url, 120)} is no address that a credential may be sent to",
            "use an https:// address",
        )
    return url.rstrip("/")


def checked_base(url: str, where: str) -> str:
    """Give an address that paths are added to; for the rest see `checked_url`."""
    if set("?#") & set(url):
        raise ConfigError(
            f"{where}: the address {clean(url, 120)} has a part after ? or #",
            "set it to the address without that part",
        )
    return checked_url(url, where)


def canonical_url(url: str) -> str:
    """Give an address the same for each way to write it, without its last slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    shown_host = f"[{host}]" if ":" in host else host
    usual = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    return f"{parts.scheme}://{shown_host}{port}{parts.path.rstrip('/')}"


def is_proxy_url(url: str) -> bool:
    """Whether a proxy's address can be connected to; it may hold a user name and a password."""
    try:
        parts = urlsplit(url)
        return bool(parts.scheme and parts.hostname) and parts.port != 0
    except ValueError:
        return False


def fits_header(value: str | Secret) -> bool:
    """Whether a header may hold the value: printable ASCII, no blank at either end."""
    if isinstance(value, Secret):
        return fits_header(value.reveal())
    return value.isascii() and value.isprintable() and value == value.strip()


def host_of(url: str) -> str:
    """Give the host and port of an address, for a sentence."""
    return clean(urlsplit(url).netloc.rpartition("@")[2], 100)
