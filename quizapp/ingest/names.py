"""What a person's name and a job title look like in running text.

No dictionary of names: a name is two to four capitalised words, none of which
is a common word. Callers ask for more evidence before they believe it.
"""

import re

_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'-]*\.?"
PARTICLE = r"(?:van|von|der|den|de|da|di|dos|del|la|le|bin|ibn|bint|ben|abu|al|el|ter|zu|zum|zur|vom|an|na|du|des|das|do|wa|af|av|y|e|ní|nic|’t)"
NAME = rf"{_WORD}(?: (?:{PARTICLE} ){{0,2}}{_WORD}){{1,3}}"
WHOLE_NAME = re.compile(rf"(?:(?:Dr|Prof|Mr|Ms|Mrs|Sir|Professor)\.? )?({NAME})")

ROLE = re.compile(
    r"\b(?:C[EFTIOPM]O|CISO|CMO|[SE]?VP|MD|Chief|President|Vice President|Director|Head|Founder|Co-?[Ff]ounder|Chair|"
    r"Chair(?:man|woman|person)|Co-?[Cc]hair|Manager|Engineer|Scientist|Professor|Researcher|Analyst|Editor|Lead|Leader|"
    r"Partner|Secretary|Minister|Officer|Architect|Designer|Developer|Consultant|Advis[eo]r|Fellow|Dean|Commissioner|"
    r"Ambassador|Author|Principal|Coordinator|Specialist|Physician|Surgeon|Nurse|Economist|Lecturer|Strategist|Producer|"
    r"Teacher|Trainer|Counsel|Lawyer|Maintainer|Evangelist|Advocate|Correspondent|Journalist|Investor|Entrepreneur|"
    r"Physicist|Chemist|[a-z]{3,}ician|Statistician|Historian|Curator|Conservator|Librarian|Archivist|Surveyor|"
    r"Solicitor|Councillor|Mayor|Pharmacist|Midwife|Farmer|Forester|Ranger|Columnist|Reporter|Programmer|Campaigner|Accountant|Auditor|"
    r"Treasurer|Supervisor|Administrator|Operator|Technologist|SWE|Planner|Inspector|Captain|Host|Moderator|"
    r"Photographer|Writer|Novelist|Baker|Beekeeper|Chef|Pilot|[a-z]{3,}(?:ologist|orist|anist|emist|rapher|onomer))\b",
    re.IGNORECASE,
)

# Capitalised in headings and labels, and never part of a person's name there.
_COMMON_TEXT = """
    a about abstract access acknowledgements action actions after agenda ai all an analysis and annex answer
    answers any api appendix approach architecture at attendees audience background before best break building
    business case cases challenge challenges chapter chapters closing cloud code comments community company
    conclusion conclusions conference context contents core cost costs customer customers data date day deadline
    decision decisions deep definition definitions demo deployment design details development digital discussion
    do edge end engineering event example examples executive faq feedback final findings first focus follow for
    forecast from finally future general getting glossary goal goals group growth guide handbook health here highlight
    highlights history host how if important improving in incident industry infrastructure insight insights
    interview introduction is issue issues it item items job key keynote language large last later learn learned
    learning legal lessons let license limitations links list location looking main making management market
    meeting method methods metrics minutes model models more my need network new news next no note notes now of
    office on onboarding open opening operations operator options or other our out outcome outline outlook
    overview panel part participants people performance plan planning platform point points policy practice
    photo photos preface principles problem problems procedure process product production program project projects purpose
    question questions quick quote quotes real recap recommendation recommendations reference references related
    release report requirement requirements research resource resources response responsibilities result results
    review risk risks road roadmap role roles rule rules safety sales scaling schedule science scope second
    section security server service services session sessions severity should side social software solution
    solutions some source sources speaker speakers special stage standard start state statement status step
    steps strategy subject summary summit support system systems table takeaway takeaways talk talks task tasks
    team teams tech technical technology term terms test testing thank thanks that the their then these things third
    this time timeline timestamps title to today tool tools top topic topics trade tradeoffs training trends
    trends tutorial types understanding update updates url usage use user users value version video vision
    warning we web week welcome what when where which who why with work working workshop world year you your
"""
COMMON = frozenset(_COMMON_TEXT.split())

PERSON_VERB = (
    r"(?:said|says|defined|defines|proposed|proposes|suggested|suggests|claimed|claims|considers|considered|spoke|speaks|shared|shares|argued|argues|gave|gives|presented|presents|explained|explains|noted|notes|"
    r"talked|talks|described|describes|believes|believed|opened|opens|delivered|delivers|discussed|discusses|told|joined|"
    r"joins|recalled|recalls|warned|warns|reminded|reminds|predicted|predicts|made|makes|took|takes|pointed|points|thinks|"
    r"addressed|closed|outlined|stressed|stresses|compared|compares|called|urged|urges|asked|reported|reports|admitted|admits|insisted|insists|recommended|recommends|replied|replies|concluded|concludes|distinguished|distinguishes|disagreed|disagrees)"
)

HOUSE = (
    r"(?:University|Institute|College|Hospital|Agency|Ministry|School|Academy|Laboratory|Museum|Foundation|Commission|Council|Union|"
    r"Trust|Association|Society|Centre|Center)"
)

INITIAL = re.compile(r"[A-Z]\.")
STOPPED = re.compile(r"\w{4,}\. ")  # the end of a sentence, not of "J." or "Wm."


def like_name(text: str) -> bool:
    """Say whether a text could be one person's name and nothing else."""
    found = WHOLE_NAME.fullmatch(text.strip())
    if found is None or STOPPED.search(found[1]):
        return False
    parts = [word for word in found[1].split() if not word.islower()]  # without the "an" of "Mac an Tuile"
    words = [word for word in parts if not INITIAL.fullmatch(word)]
    return len(parts) > 1 and not any(word == "I" or word.strip(".").lower() in COMMON for word in words)


def bare(text: str) -> str:
    """Return a name without its form of address."""
    found = WHOLE_NAME.fullmatch(text.strip())
    return found[1] if found else text.strip()


def initials(name: str) -> str:
    """Return the capitals that a name is shortened to in minutes: "Kevin Klues" -> "KK"."""
    return "".join(part[0] for part in name.split() if part[0].isupper())


def split_title(title: str) -> tuple[str | None, str | None]:
    """Return role and organisation of "CEO of Acme" or "Director, Research, Acme"; None where unsure."""
    title = title.strip(" .,")
    if " at " in title:
        role, organisation = title.rsplit(" at ", 1)
        return role.strip(" ,"), organisation
    if "," in title:
        first, *_, last = (part.strip() for part in title.split(","))
        return first, (last if last[:1].isupper() and not ROLE.search(last) else None)
    if title.count(" of ") == 1:
        role, organisation = title.split(" of ")
        if organisation[:1].isupper() and organisation.lower() not in COMMON:
            return role, organisation
    house = title[:1].isupper() and not ROLE.search(title) and re.search(rf"\b{HOUSE}\b", title)
    return (None, title) if house else (title, None)
