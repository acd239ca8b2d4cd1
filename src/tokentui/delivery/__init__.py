"""Ways for a secret to leave: clipboard, kubeconfig, file, command."""
