"""How good the cards are: documents, facts that an expert would ask about, and ratings by people, all as data."""
