"""Which language a text is in. Start from `language`."""

import re
from functools import cache
from importlib import import_module
from typing import Any

UNKNOWN = "und"
SAMPLE_CHARS = 20_000
SURE = 0.7  # chance from which the identifier is believed
LEAST_LETTERS = 25
ENGLISH_SHARE = 0.03  # of words that every English text is full of, and no other
ENGLISH = frozenset({"the", "and", "with", "that", "this", "are", "from"})
# A language by its script, and the share of letters that shows it: Japanese mixes its own with Chinese ones.
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.1),
    ("zh", re.compile("[\u4e00-\u9fff]"), 0.3),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.3),
)


def language(text: str) -> str:
    """Return an ISO 639-1 code, or "und" when it cannot be told."""
    sample = text[:SAMPLE_CHARS]
    letters = sum(c.isalpha() for c in sample) or 1
    for code, script, share in SCRIPTS:
        if len(script.findall(sample)) > share * letters:
            return code
    words = re.findall(r"[^\W\d_]+", sample.lower())
    if words and sum(word in ENGLISH for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    if letters < LEAST_LETTERS:
        return UNKNOWN
    found, chance = _identifier().classify(sample)
    return str(found) if chance >= SURE else UNKNOWN


@cache
def _identifier() -> Any:
    langid = import_module("py3langid.langid")  # takes a second, which English texts need not pay
    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
