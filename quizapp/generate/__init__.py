"""A document in, cards with their source out. Start from `pipeline.generate`."""
