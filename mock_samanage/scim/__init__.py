"""The SCIM 2.0 language: pure functions over plain data; no Flask, SQL, clock or state."""
