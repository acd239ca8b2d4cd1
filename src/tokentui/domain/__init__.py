"""Words and rules of credentials: the standard library only; no I/O, no async, no clock."""
