"""Who signs a quotation."""

import pytest

from quizapp.ingest import read


@pytest.mark.parametrize(("signature", "who"), [("Ada Byron, miller", "Ada Byron"), ("a proverb", None)])
def test_a_signed_quotation_is_whose_name_stands_below_it(signature, who):
    source = f"# Looms\n\nThe mill was full.\n\n> “A loom is never struck, it is let go.”\n> — {signature}\n"

    block = next(one for one in read(source.encode(), "a.md").blocks if "let go" in one.span.of(source) or one.speaker)

    assert (block.speaker.name if block.speaker else None) == who
