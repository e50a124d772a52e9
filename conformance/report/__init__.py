"""Reports: JSON Lines with a strict reader, and the views made from it."""
