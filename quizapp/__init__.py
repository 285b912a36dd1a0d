"""Recto: documents into cards, cards into memory."""

__version__ = "0.1.0"
