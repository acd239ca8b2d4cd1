"""Dialogs that make a credential, hand it over, or ask before something is lost."""
