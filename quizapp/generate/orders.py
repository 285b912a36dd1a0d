"""Whether a line tells somebody to do something, by its first word.

The parser takes "Report the damage" for a noun as often as not; a list of verbs
is wrong less often. Verbs that are nouns as well count only before an article.
"""

import re

_ORDERS_TEXT = """
    accept activate add adjust agree align allow analyse analyze announce apply appoint arrange ask assemble assess assign attach avoid bake beat
    begin blend boil book bring build buy calculate calibrate call cancel carry charge check choose circulate clean clear click close collect
    combine compare complete confirm connect contact continue convert cook cool copy create cut decide declare define delete deliver deploy
    describe detach determine dilute disable discard disconnect dispose distribute divide download drain draw drop dry edit email empty enable
    ensure enter escalate establish evaluate examine export file fill filter find finish fit flush fold follow freeze gather get give grease grind
    hand have heat hold identify import inform inject insert inspect install investigate invite isolate keep label lay leave lift list load
    lock log look loosen lower make mark measure meet melt mix monitor mount move notify obtain open order organise organize pack pay
    phone pick place point pour prepare preserve press promote proofread propose provide publish pull push put raise read rebuild reboot receive recommend record refill
    refuse register reinstall release remind reopen remove renew repair repeat replace report request research reset restart restore retrieve return review revert
    rinse roll rotate run save say scan schedule seal search secure select send serve set shake share show shut sign simmer soak sort speak start
    stir stop store submit switch take talk tell test tighten transfer translate trigger try turn type unlock unplug unscrew update upload use
    validate verify wait walk warn wash watch wear weigh wipe withdraw work wrap write yell zip
"""
ORDERS = frozenset(_ORDERS_TEXT.split())
_NOUNS_TEXT = """
    book call charge check cook copy cut drop file fit hand heat label list load lock log mark measure mount move order place point pull push record
    release repair report request research return review run scan seal search share show sort stop store switch talk test transfer try type update use
    walk watch work wrap
"""
NOUNS_TOO = frozenset(_NOUNS_TEXT.split())
BEFORE_NOUN = re.compile(
    r"(?:the|an?|all|any|both|each|every|your|our|its|their|this|that|these|those|it|them|for|with|to|from|at|on|off|in|out|up|down|\d+)$",
    re.IGNORECASE,
)
# "Work with acids must be signed" says what must be: nothing before its verb opens a clause or a list.
STATED = re.compile(
    r"(?:(?!(?:if|when|once|until|unless|before|after|while|because|since|as|so|that|which|who|what|how|where|whether|and|or|but|you|it|they|we|I)\b)"
    r"[\w’'-]+ )+(?:must|may|can|should|will|is|are|was|were)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Say whether a line opens with a verb that tells what to do."""
    if STATED.match(text):
        return False
    words = re.findall(r"[\w’'-]+", text)[:3]
    if words and words[0].lower() in {
        "then",
        "now",
        "first",
        "finally",
        "next",
        "always",
        "never",
        "please",
        "carefully",
    }:
        words = words[1:]
    if not words or words[0].lower() not in ORDERS:
        return False
    alone = len(words) == 1 or bool(re.match(rf"\W*{re.escape(words[0])},", text))
    return words[0].lower() not in NOUNS_TOO or alone or bool(BEFORE_NOUN.match(words[1]))
