"""The simulated StackState, now SUSE Observability: service tokens and the receivers."""
