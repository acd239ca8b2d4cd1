"""Adapters to the systems that credentials come from."""
