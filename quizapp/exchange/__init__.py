"""Decks to and from the files of other programs: `formats.read` and `formats.write`."""
