"""The enterprise application as its administrator configures it."""
