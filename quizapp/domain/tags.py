"""What a tag is called."""

from collections.abc import Sequence

LIMIT_CHARS = 60


def clean(names: str) -> Sequence[str]:
    """Return the tags that were typed with commas between, each once."""
    found = (" ".join(name.split())[:LIMIT_CHARS] for name in names.replace("\0", "").split(","))
    return list(dict.fromkeys(name for name in found if name))
