"""Matching: how a provisioning service finds the users and groups it made before."""
