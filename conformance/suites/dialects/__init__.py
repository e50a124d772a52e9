"""The shapes in which the clients of Entra, Okta and OneLogin send."""
