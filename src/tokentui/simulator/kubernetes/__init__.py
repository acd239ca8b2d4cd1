"""Plain Kubernetes clusters: service accounts, tokens, secrets and their rights."""
