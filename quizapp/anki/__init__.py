"""Anki packages: `export.write` makes them."""
