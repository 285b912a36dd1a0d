"""Bring the catalogues up to date with the code, and list what has no translation: `make words`."""

import sys
from datetime import UTC, datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from catalogues import CODE, LANGUAGES, gathered


def updated(language: str, template: Catalog) -> tuple[Catalog, bytes]:
    """Return the catalogue of a language with every sentence of the code, and as it is written down."""
    path = CODE / "translations" / f"{language}.po"
    catalogue = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.project, catalogue.copyright_holder = "Recto", "the makers of Recto"
    catalogue.header_comment = "# What Recto says. Bring up to date with: make words"
    catalogue.creation_date = catalogue.revision_date = datetime(
        2026, 1, 1, tzinfo=UTC
    )  # so that only sentences differ
    written = BytesIO()
    write_po(written, catalogue, width=0, sort_output=True, include_lineno=False)
    return catalogue, written.getvalue()


def main() -> int:
    """Write the catalogues; exit status 1 says that a sentence has no translation."""
    template, missing = gathered(), 0
    for language in LANGUAGES:
        catalogue, written = updated(language, template)
        (CODE / "translations" / f"{language}.po").write_bytes(written)
        untold = [message for message in catalogue if message.id and not all(_forms(message.string))]
        missing += len(untold)
        print(f"{language}: {len(catalogue)} sentences, {len(untold)} without translation")
        for message in untold[:1000]:
            print(f"  {message.id!r}")
    return 1 if missing else 0


def _forms(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (str(string or ""),)


if __name__ == "__main__":
    sys.exit(main())
