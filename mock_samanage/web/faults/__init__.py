"""Faults as data: what a plan may say, which requests it means, and how each kind is played; never in resource code."""
