"""Every page that is pictured: a name for its files, its path, and what it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pictured:
    """A page: its address, where `{...}` stands for what the library made, what it is, and who looks."""

    path: str
    what: str
    by: str = ""  # "owner" or "member" of the team; else nobody who has signed in


PAGES = {
    "today": Pictured("/", "Today"),
    "library": Pictured("/library", "The library"),
    "library-search": Pictured("/library?q=incident", "A search in documents"),
    "create": Pictured("/library/new", "Create: a document goes in"),
    "document": Pictured("/library/1", "A document with its cards"),
    "document-remembered": Pictured("/library/1?look=remembered", "How well each passage is remembered"),
    "versions": Pictured("/library/1/versions", "Versions of a document"),
    "drafts": Pictured("/drafts/2", "Proposed cards beside their source"),
    "decks": Pictured("/decks", "Decks"),
    "deck": Pictured("/decks/1", "A deck"),
    "deck-edit": Pictured("/decks/1?edit=1", "A card being edited"),
    "deck-options": Pictured("/decks/1/options", "Options of a deck, with what they cost"),
    "export": Pictured("/decks/1/export", "A deck on its way to other programs"),
    "import": Pictured("/decks/import", "A file of another program on its way in"),
    "split": Pictured("/decks/1/notes/1/split", "A card being split in two"),
    "cards": Pictured("/cards?q=prop:s>10", "The browser of cards"),
    "card": Pictured("/cards/1", "A card and its history"),
    "write": Pictured("/write?kind=cloze", "A card being written"),
    "study": Pictured("/study", "A question"),
    "study-answer": Pictured("/study?card=1&show=1", "An answer, with its source and the next intervals"),
    "study-typed": Pictured("/study?card=1&type=1", "An answer to be typed"),
    "study-report": Pictured("/study?card=1&panel=report", "A report"),
    "offline": Pictured("/study/offline", "Study without a connection"),
    "hard-cards": Pictured("/hard-cards", "Hard cards"),
    "catch-up": Pictured("/catch-up", "Catching up"),
    "quizzes": Pictured("/quizzes", "Quizzes"),
    "quiz-new": Pictured("/quizzes/new", "A new quiz"),
    "quiz": Pictured("/quizzes/{quiz}", "A quiz and its results"),
    "quiz-question": Pictured("/sittings/{begun}", "A question of a quiz"),
    "quiz-result": Pictured("/sittings/{sat}", "The result of a quiz"),
    "progress": Pictured("/progress?span=all", "Progress"),
    "trash": Pictured("/trash", "The trash"),
    "settings": Pictured("/settings", "Settings"),
    "parameters": Pictured("/settings/parameters", "Parameters of one's own"),
    "tokens": Pictured("/settings/tokens", "Tokens for programs"),
    "data": Pictured("/settings/data", "Taking everything of one's own out"),
    "privacy": Pictured("/privacy", "What is stored, and who sees it"),
    "keys": Pictured("/keys", "All keys"),
}

TEAM_PAGES = {
    "teams": Pictured("/teams", "Teams", "owner"),
    "team": Pictured("/teams/{team}", "A team and its people", "owner"),
    "team-member": Pictured("/teams/{team}", "A team, as its members see it", "member"),
    "board": Pictured("/teams/{team}/board", "What a team knows", "owner"),
    "leaderboard": Pictured("/teams/{team}/leaderboard", "A leaderboard of a team", "member"),
    "assignments": Pictured("/teams/{team}/assignments", "What is assigned to a team", "owner"),
    "assignment-new": Pictured("/teams/{team}/assignments/new", "A new assignment", "owner"),
    "assignment": Pictured("/assignments/{asked}", "Who did what", "owner"),
    "assignment-mine": Pictured("/assignments/{asked}", "What is assigned to oneself", "member"),
    "attempt": Pictured("/sittings/{begun}", "A question of an attempt", "member"),
    "analysis": Pictured("/quizzes/{quiz}/analysis", "What the answers say of the questions", "owner"),
    "today-member": Pictured("/", "Today, with what is assigned", "member"),
    "suggestions": Pictured("/teams/{team}/suggestions", "What waits for a decision in a team", "owner"),
    "suggest": Pictured("/decks/{deck}/notes/{note}/suggest", "Another wording being suggested", "member"),
    "wordings": Pictured("/decks/{deck}/notes/{note}/history", "What a card said before", "owner"),
    "team-log": Pictured("/teams/{team}/log", "The log of a team", "owner"),
    "invitations": Pictured("/teams/{team}/invitations", "Who is invited into a team", "owner"),
    "guests": Pictured("/a/{guests}", "An assignment by link, for guests"),
    "join": Pictured("/join/{invited}", "The link of an invitation"),
    "sign-in": Pictured("/sign-in", "Signing in"),
    "forgotten": Pictured("/forgotten", "A forgotten password"),
    "account": Pictured("/settings/account", "One's own account", "owner"),
    "devices": Pictured("/settings/devices", "Where one is signed in", "owner"),
    "people": Pictured("/settings/people", "Who has an account", "owner"),
    "reminders": Pictured("/settings/reminders", "Reminders by mail, and the calendar", "owner"),
}
