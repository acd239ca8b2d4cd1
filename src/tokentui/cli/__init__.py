"""The command line: nouns and verbs over the same services as the interface."""
