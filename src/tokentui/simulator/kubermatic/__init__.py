"""The simulated Kubermatic Kubernetes Platform (KKP), offered as iMKE among other names."""
