"""The pytest fixture, the in-process client and the live server."""
