"""A fake Samanage (SolarWinds Service Desk) tenant that speaks SCIM 2.0."""
