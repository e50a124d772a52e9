"""The judge of connectors: plays scenarios to a connector, judges what it sent and what the tenant is left with."""
