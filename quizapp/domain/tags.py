"""What a tag is called."""

import re
from collections.abc import Sequence

LIMIT_CHARS = 60
COMMA = re.compile("[,，、]")


def clean(names: str) -> Sequence[str]:
    """Return the tags that were typed with commas between, as any script has them, each once."""
    found = (" ".join(name.split())[:LIMIT_CHARS] for name in COMMA.split(names.replace("\0", "")))
    return list(dict.fromkeys(name for name in found if name))
