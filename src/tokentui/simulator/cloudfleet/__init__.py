"""The simulated Cloudfleet: API tokens of an organization and its CFKE clusters."""
