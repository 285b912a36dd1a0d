"""What a card of the real Anki says and knows, in a form in which two collections can be compared."""

import json
import re
from collections import Counter
from html import unescape
from urllib.parse import unquote

STOCK_BLOCKS = r"div|p|br|h[1-6]|section|article|hr"
PHRASE = "(?:b|i|u|s|sub|sup)"
SAME = {"strong": "b", "em": "i", "del": "s", "strike": "s"}
KEPT = {"b", "i", "u", "s", "sub", "sup", "ul", "ol", "li", "table", "tr", "td", "th", "ruby", "rt", "a", "code", "pre"}


def shown(html, av_tags=()):
    """Return what is seen and heard of a side: words, emphasis, lists, pictures, sounds and covers, whatever the look."""
    html = re.sub(r"<(script|style|button|header)\b.*?</\1>|<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r"\[\[type:[^\]]*\]\]", "", html)
    html = re.sub(r"\[anki:play:\w:(\d+)\]", lambda found: f"⟨{av_tags[int(found[1])].filename}⟩", html)
    html = re.sub(r'<div class="(cloze[\w-]*)"([^>]*data-shape[^>]*)></div>', _cover, html)
    html = re.sub(r"<img\b[^>]*?src=([\"'])(.*?)\1[^>]*>", lambda found: f"⟨{unquote(unescape(found[2]))}⟩", html)
    html = re.sub(r'<span class="cloze(?:-inactive)?"[^>]*>(.*?)</span>', r"⟦\1⟧", html, flags=re.DOTALL)
    html = re.sub(rf"</?(?:{STOCK_BLOCKS})\b[^>]*>", " ", html)
    html = re.sub(r"<(/?)([a-z][a-z0-9]*)[^>]*>", _tag, html)
    text = re.sub(
        rf"((?:«{PHRASE}»)+) ", r" \1", re.sub(rf" ((?:«/{PHRASE}»)+)", r"\1 ", " ".join(unescape(html).split()))
    )
    while (rest := re.sub(rf"«({PHRASE})» ?«/\1»", "", text)) != text:  # emphasis of nothing
        text = rest
    return " ".join(re.sub(r"\s*(«/?(?:ul|ol|li|table|tr|td|th|pre)»)\s*", r"\1", text).split())


def _cover(found):
    return f"⟨{found[1]}: {' '.join(sorted(unescape(found[2]).split()))}⟩"


def _tag(found):
    name = SAME.get(found[2], found[2])
    return f"«{found[1]}{name}»" if name in KEPT else ""


def sides(card):
    """Return front, and what the back says besides it."""
    out = card.render_output()
    front, back = shown(out.question_text, out.question_av_tags), out.answer_text
    if "[[type:Back]]" in out.question_text:
        return front, shown(card.note()["Back"])
    rule = re.search(r"<hr\b[^>]*id=[\"']?answer[\"']?[^>]*>", back)
    if rule and not re.search(r"cloze", out.question_text):
        return front, shown(back[rule.end() :], out.answer_av_tags)
    return front, shown(back, out.answer_av_tags)


def cards(collection):
    """Return what every card is, by the id that its note has here and in Recto, and its number."""
    today = collection.sched.today
    guids = set(collection.db.list("select guid from notes"))
    found = {}
    for card_id in collection.find_cards(""):
        card = collection.get_card(card_id)
        note = card.note()
        own = re.fullmatch(r"(.+)/([2-9])", note.guid)  # a card that came from Anki as one of several of a note
        guid, number = (own[1], int(own[2]) - 1) if own and own[1] in guids else (note.guid, card.ord)
        data = json.loads(collection.db.scalar("select data from cards where id = ?", card_id) or "{}")
        due = card.due - today if card.type == 2 else card.due
        rows = collection.db.all(
            "select id, ease, ivl, time from revlog where cid = ? and ease > 0 order by id", card_id
        )
        found[guid, number] = {
            "sides": sides(card),
            "deck": collection.decks.name(card.odid or card.did),
            "tags": sorted(note.tags),
            "flag": card.flags & 7,
            "suspended": card.queue == -1,
            "type": card.type,
            "due": due if card.type else None,
            "stability": data.get("s"),
            "difficulty": data.get("d"),
            "reps": card.reps,
            "log": [tuple(row) for row in rows],
        }
    return found


def differences(one, other):
    """Give what is not the same of two collections' cards, a sentence each."""
    for key in one.keys() ^ other.keys():
        yield f"{key} is in one alone: {(one.get(key) or other.get(key))['sides']}"
    for key in one.keys() & other.keys():
        for name, value in one[key].items():
            there = other[key][name]
            # What Anki adds at random to a step, up to five minutes, is not in its log.
            near = {"stability": 0.01, "difficulty": 0.01, "due": 300 / 10**9}.get(name)
            if value == there or (near and value and there and abs(value - there) <= near * abs(value)):
                continue
            yield f"{key} {name}: {value!r} became {there!r}"


def tally(lines):
    """Return how often each thing differed."""
    return Counter(line.split(":")[0].rsplit(" ", 1)[-1] for line in lines)
