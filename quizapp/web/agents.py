"""What a browser calls itself, in words that its person knows it by."""

import re

# The first that is found counts: most browsers name others, too.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"CrOS", "ChromeOS"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X", "macOS"),
    (r"Linux|X11", "Linux"),
)


def named(told: str) -> str:
    """Return browser and system, as far as they are known: "Firefox, Linux"."""
    found = (next((name for sign, name in table if re.search(sign, told)), "") for table in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name)
