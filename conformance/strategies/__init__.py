"""Hypothesis strategies for SCIM data and filters."""
