"""The OpenAPI document is true: schemathesis asks, the judge judges."""
