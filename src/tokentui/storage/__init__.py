"""What is kept on this machine: the ledger, the configuration, keys and secrets."""
