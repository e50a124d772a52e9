"""What was asked and answered: a ring the request path appends to, a writer that redacts, a store that is read."""
