"""Bytes in, one `Document` out, whatever the format. Start from `read`."""

from quizapp.ingest.formats import read

__all__ = ["read"]
