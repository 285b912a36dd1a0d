"""Files that mean no good, each built in memory. Start from `HOSTILE`: by its name, what it is called and what builds it."""

from tests.ingest.hostile import pdfs, pictures, texts, xmls, zips
from tests.ingest.hostile.files import Hostile

HOSTILE: dict[str, Hostile] = {**zips.FILES, **xmls.FILES, **pdfs.FILES, **pictures.FILES, **texts.FILES}
