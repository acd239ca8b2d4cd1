"""STACKIT: Edge Cloud, Observability, service accounts, projects, and what stands behind them."""
