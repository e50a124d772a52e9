"""The OpenAPI document of a target, and schemathesis as the one who asks whether it is true.

Only `engine`, `transport`, `guard` and `excuses` import schemathesis, which takes its time; suites import them late.
"""
