"""What the cell of a spreadsheet shows: its number or date in the format that it has. Start from `shown`."""

import math
import re
from datetime import UTC, datetime, timedelta

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0', 6: '"$"#,##0', 7: '"$"#,##0.00', 8: '"$"#,##0.00', 9: "0%", 10: "0.00%",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: '"$"#,##0', 43: "#,##0.00",
    44: '"$"#,##0.00', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
}  # fmt: skip
ORIGIN, ORIGIN_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
LEAP_BUG = 60  # the day in 1900 that spreadsheets count and that never was
EXACT = 1e15  # from where on a number of a spreadsheet has no ones
MAX_DECIMALS = 12
TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.|'
    r"(?P<digits>[#0?][#0?,.]*)|(?P<plain>.)"
)
NOT_SHOWN = re.compile(r"[EG@]|[#0?] *\?*/")  # powers of ten, "General", text, fractions
LITERAL = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]|_.|\*.')
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
MINUTES = re.compile(r"h+[^a-z]*m+|m+[^a-z]*s")


def shown(value: float, number_format: str, *, from_1904: bool = False) -> str:
    """Return a number as a cell with this format shows it: "12.5%", "€1,200", "3 May 2026"."""
    if not math.isfinite(value):
        return ""
    if _is_date(number_format):
        return _date(value, number_format, ORIGIN_1904 if from_1904 else ORIGIN) or general(value)
    positive, *others = number_format.split(";")
    if value < 0 and others and others[0]:
        return _number(-value, others[0])
    if value == 0 and len(others) > 1:
        return _number(value, others[1])
    return f"-{_number(-value, positive)}" if value < 0 else _number(value, positive)


def _is_date(number_format: str) -> bool:
    first = LITERAL.sub("", number_format.split(";")[0])
    return bool(ELAPSED.search(first) or re.search(r"[dmyhs]", re.sub(r"\[[^\]]*\]|General", "", first), re.IGNORECASE))


def general(value: float) -> str:
    """Return a number without a format: no more digits than a cell shows."""
    return str(int(value)) if value == int(value) and abs(value) < EXACT else f"{value:.10g}"


def _number(value: float, number_format: str) -> str:
    tokens = list(TOKEN.finditer(number_format))
    digits = [token["digits"] for token in tokens if token["digits"]]
    if NOT_SHOWN.search(LITERAL.sub("", number_format)) or len(digits) > 1:
        return general(value)
    percent = sum(token["plain"] == "%" for token in tokens)
    out = [
        _digits(value * 100**percent, token["digits"])
        if token["digits"]
        else token["quoted"] or token["escaped"] or token["currency"] or token["plain"] or ""
        for token in tokens
    ]
    return "".join(out).strip()


def _digits(value: float, mask: str) -> str:
    """Return a number with the decimals, the zeros in front and the commas that a mask like "#,##0.0#" asks for."""
    bare = mask.rstrip(",")
    value /= 1000 ** (len(mask) - len(bare))
    whole, _, decimals = bare.partition(".")
    text = f"{value:{',' if ',' in whole else ''}.{min(len(decimals), MAX_DECIMALS)}f}"
    for place in reversed(decimals):
        if place != "#" or not text.endswith("0"):
            break
        text = text[:-1]
    ones, point, rest = text.partition(".")
    ones = "" if ones == "0" and "0" not in whole else ones
    return ones.zfill(min(whole.count("0"), MAX_DECIMALS)) + (point + rest if rest else "")


def _date(value: float, number_format: str, origin: datetime) -> str:
    """Return a date, a time of day or a duration; nothing for a number that is none."""
    tokens = LITERAL.sub("", number_format.split(";")[0])
    if ELAPSED.search(tokens):
        return _duration(round(value * 86400), seconds="s" in tokens.lower())
    if value < 0:
        return ""
    early = origin is ORIGIN and 1 <= value < LEAP_BUG
    try:
        when = origin + timedelta(days=int(value) + early, seconds=round(value % 1 * 86400))
    except OverflowError:
        return ""
    tokens = re.sub(r"\[[^\]]*\]|am/pm|a/p", "", tokens.lower())
    clock = re.search(r"[hs]", tokens) is not None
    day = _day(when, MINUTES.sub("", tokens) if clock else tokens)
    time = f"{when:%H:%M:%S}" if "s" in tokens and when.second else f"{when:%H:%M}"
    if clock and day and time == "00:00":
        return day
    return ", ".join(part for part in (day, time if clock else "") if part)


def _day(when: datetime, tokens: str) -> str:
    """Return the parts of a date that a format names; one of digits alone is written in full."""
    if tokens.startswith("yyyy-mm-dd"):
        return f"{when:%Y-%m-%d}"
    parts = [
        str(when.day) if re.search(r"(?<!d)d{1,2}(?!d)", tokens) else "",
        f"{when:%B}" if "m" in tokens else "",
        f"{when:%Y}" if "y" in tokens else "",
    ]
    return " ".join(part for part in parts if part)


def _duration(total: int, *, seconds: bool) -> str:
    """Return hours and minutes that may go beyond a day: "26:30"."""
    minutes, rest = divmod(abs(total), 60)
    text = f"{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if seconds else "")
    return f"-{text}" if total < 0 else text
