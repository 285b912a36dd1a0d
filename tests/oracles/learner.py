"""A learner who uses the real Anki."""

from collections import Counter

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


class Anki:
    """A learner's Anki: a collection, and the ways in and out of it that the tests use."""

    def __init__(self, folder):
        self.folder = folder
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, package, **chosen):
        """Import the package with Anki's own choices but for those chosen; return how many notes were what."""
        path = self.folder / "deck.apkg"
        path.write_bytes(package.data)
        log = self.collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions(**chosen))
        ).log
        kinds = ["new", "updated", "duplicate", "conflicting", "missing_notetype", "missing_deck", "empty_first_field"]
        return Counter({kind: len(getattr(log, kind)) for kind in kinds if len(getattr(log, kind))})

    def note(self, guid):
        return self.collection.get_note(self.collection.db.scalar("select id from notes where guid = ?", guid))

    def everything(self):
        """Return all that an import could have changed."""
        tables = ["notes", "cards", "notetypes", "fields", "templates", "decks", "tags", "revlog"]
        return {table: sorted(self.collection.db.all(f"select * from {table}"), key=repr) for table in tables}

    def rendered(self):
        """Return every card with its two sides."""
        for card_id in self.collection.find_cards("", order="c.nid, c.ord"):
            card = self.collection.get_card(card_id)
            shown = card.render_output()
            yield card, shown.question_text, shown.answer_text
