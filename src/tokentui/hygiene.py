"""What a process that holds secrets does before anything else is imported.

Only `os` and `sys` are imported here; the rest is needed once and imported where it is used.
"""

from __future__ import annotations

import os
import sys

_TERMINAL_STREAMS = (0, 1, 2)
_PR_SET_DUMPABLE = 4  # linux/prctl.h

_FOR_TEXTUAL = {
    "TEXTUAL_FPS": "120",  # shortens the gap between the frames of one action
    "TEXTUAL_ANIMATIONS": "none",  # a slow line sees the last frame only
    "ESCDELAY": "25",  # milliseconds; a user on a line that splits escape codes raises it
}


def clean_process(*, keep_textual: bool = False) -> None:
    """Close the ways by which a secret leaves a process unasked.

    Textual's debugging variables go, because one of them logs every key of a password field;
    `keep_textual` leaves them for whoever asked for debugging. New files are readable by their
    owner only, and neither a core dump nor another process of the user shows the memory.
    """
    if not keep_textual:
        _drop_textual_variables()
    os.umask(0o077)
    _forbid_core_dumps()
    if sys.platform == "linux":
        _forbid_memory_access()


def prepare_textual() -> None:
    """Set how Textual draws and reads keys, where the user has not; call it before its import."""
    for name, value in _FOR_TEXTUAL.items():
        os.environ.setdefault(name, value)


def has_terminal() -> bool:
    """Tell whether a person sits at all three standard streams."""
    return all(os.isatty(stream) for stream in _TERMINAL_STREAMS)


def _drop_textual_variables() -> None:
    for name in [name for name in os.environ if name == "TEXTUAL" or name.startswith("TEXTUAL_")]:
        del os.environ[name]


def _forbid_core_dumps() -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return  # a system that forbids the change: the other measures stand


def _forbid_memory_access() -> None:
    try:
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (ImportError, OSError, AttributeError):
        return  # a Python without ctypes or a C library without prctl
