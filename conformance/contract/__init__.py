"""The OpenAPI document of a target, and schemathesis as the one who asks whether it is true.

Only `plan` and `survey` do without schemathesis, which loads slowly; suites import the other modules late.
"""
