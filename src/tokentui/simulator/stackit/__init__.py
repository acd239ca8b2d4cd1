"""STACKIT: Edge Cloud, the token endpoint, and the Kubernetes API of each Edge instance."""
