"""The wire shapes of the provisioning service: requests as data, and the one place that sends them."""
