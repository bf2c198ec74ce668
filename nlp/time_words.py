"""The vocabulary and the patterns of time: what a part of an expression may look like. Data alone."""

from __future__ import annotations

import re

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "couple of": 2, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
NUMBER = r"\d{1,4}|" + "|".join(sorted(NUMBERS, key=len, reverse=True))

MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)(?![A-Za-z])\.?"
)
WEEKDAY = (
    r"(?:Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thur?s?(?:day)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)"
    r"(?![A-Za-z])"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_TH = r"(?:st|nd|rd|th)?(?![A-Za-z\d])"
_AND = r"\s?(?:-|–|to|and|&)\s?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_MERIDIEM = r"[AaPp](?:\.\s?[Mm]\.?|[Mm])(?![A-Za-z\d])"
_NOT_A_DAY = r"(?!\s?(?:[:/]\d|%|[AaPp]\.?[Mm]\b|(?:more )?(?:hours?|minutes?|days?|weeks?)\b))"
_BEHIND_WORD = (
    "(?:"
    + "|".join(
        rf"(?<=\b[{word[0].upper()}{word[0]}]{word[1:]}[\s-])"
        for word in (
            "in",
            "since",
            "last",
            "during",
            "of",
            "early",
            "late",
            "mid",
            "throughout",
            "summer",
            "spring",
        )
    )
    + ")"
)
_SECONDS = r"(?::[0-5]\d(?:[.,]\d+)?)?"

# Tried in this order: a longer reading stands before a shorter one that begins alike.
PATTERNS = {
    "stamp": rf"({_YEAR})-([01]\d)-([0-3]\d)T([0-2]\d):([0-5]\d){_SECONDS}(Z|[+\-][0-2]\d:?[0-5]\d)?",
    "iso": rf"({_YEAR})([-/.])(0?[1-9]|1[0-2])[-/.]({_DAY})(?![-/.]?\d)",
    "slashed": rf"(\d\d?)/(\d\d?)/({_YEAR}|\d\d(?![\d:]|\.\d))(?!/)",
    "dashed": rf"(\d\d?)([-.])(\d\d?)[-.]({_YEAR})(?![-.]\d)",
    "cjk_date": rf"(?:({_YEAR})\s?[年년]\s?)?(\d\d?)\s?[月월]\s?(\d\d?)\s?[日일]",
    "month_days": rf"({MONTH})\s({_DAY}){_TH}{_AND}({_DAY}){_TH}{_NOT_A_DAY}(?:,?\s({_YEAR}))?",
    "days_month": rf"({_DAY}){_TH}{_AND}({_DAY}){_TH}\s(?:of\s)?({MONTH})(?:,?\s({_YEAR}))?",
    "month_day": rf"({MONTH})\s{{1,3}}({_DAY}){_TH}{_NOT_A_DAY}(?:,?\s({_YEAR})(?!:\d))?",
    "day_month": rf"({_DAY}){_TH}(?:\sof)?[\s\-]({MONTH})(?:,?[\s\-]({_YEAR})(?!:\d))?",
    "month_year": rf"({MONTH}),?\s(?:of\s)?({_YEAR})",
    "prefixed": r"(AM|PM|午前|午後|오전|오후)\s?(\d\d?):([0-5]\d)",
    "clock": rf"(\d\d?)(?::|h(?!\d\d\s?m))([0-5]\d){_SECONDS}(?!\d|:\d)(?:\s{{0,2}}({_MERIDIEM}))?",
    "dotted": (
        rf"(\d\d?)\.([0-5]\d)(?:\s?({_MERIDIEM})|(?=\s?(?:UTC|GMT|BST|CES?T|EES?T|MSK|IST|SGT|HKT|JST|KST"
        r"|A[EW][DS]T|NZ[DS]T|[ECMP][DS]?T|SAST)\b))"
    ),
    "hour": rf"(\d\d?)\s?({_MERIDIEM})",
    "military": r"([01]\d|2[0-3])([0-5]\d)(?=\s?(?:UTC|GMT|hrs|hours|Z)\b)",
    "bare": rf"(\d\d?)(?=\s?(?:-|–|to|and|until)\s?\d\d?(?:[:.][0-5]\d)?\s?{_MERIDIEM})",
    "noon": r"(noon|midday|midnight)(?![A-Za-z])",
    "short": r"(\d\d?)/(\d\d?)(?![\d/%])",
    "weekday": (
        r"(?:(last|this past|past|next|following|previous)\s)?"
        rf"(?<!Black )(?<!Good )(?<!Cyber )({WEEKDAY})(?:['’]s)?"
        rf"(?:,?\s(?:the\s)?({_DAY})(?:st|nd|rd|th)(?![A-Za-z\d])(?!,?\s(?:of\s)?{MONTH}))?"
        r"(?:\s(night|evening)(?![A-Za-z]))?"
    ),
    "relative": (
        r"([Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow|[Oo]vernight|[Ll]ast (?:night|week|month|year)"
        r"|[Tt]his (?:morning|afternoon|evening|week|month|year)|[Nn]ext (?:week|month|year)"
        r"|[Tt]he (?:very )?(?:same|next|following|previous) (?:day|morning|afternoon|evening|night)"
        r"|[Tt]he (?:day|night) (?:before|after)|(?:the same|that) day|(?:[Ll]ater )?that (?:evening|night)"
        r"|[Bb]y (?:early |late |mid-?)?(?:morning|afternoon|evening|nightfall))(?:['’]s)?(?![A-Za-z])"
    ),
    "ago": (
        rf"((?i:{NUMBER}))[\s\-](?:(?:full|short|whole|more)\s)?(minute|hour|day|week|month|year)s?"
        r"\s(ago|earlier|later|prior|(?:before|after)(?= that\b|[,.;]))(?![A-Za-z])"
    ),
    "month": rf"{_BEHIND_WORD}({MONTH})(?!\s?\d)",
    "year": rf"{_BEHIND_WORD}({_YEAR})(?![\w.,/-]\d|%|\s(?:UTC|GMT|[a-z]+s)\b)",
    "marked": rf"({_YEAR})(?=\s(?:outage|disruption|incident|failure)s?\b)",
    "zone": r"(日本時間|北京时间|한국\s?시간)",
}  # fmt: skip

# Every part begins with one of these, and each is tried with the kinds that begin so. Literals alone, so that
# the search skips to them quickly.
_RELATIVE = (
    *("yesterday", "today", "tonight", "tomorrow", "overnight", "last night", "last week", "last month"),
    *("last year", "this morning", "this afternoon", "this evening", "this week", "this month", "this year"),
    *("next week", "next month", "next year", "the very", "the same", "the next", "the following"),
    *("the previous", "the day", "the night", "later that", "by early", "by late", "by mid", "by morning"),
    *("by afternoon", "by evening", "by nightfall"),
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_OPENINGS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("month_days", "month_day", "month_year", "month"): tuple(
        name for month in MONTHS for name in (month.capitalize(), month.upper())
    ),
    ("weekday",): (
        *_DAYS,
        *(
            f"{word} {day[0]}"
            for word in ("last", "this past", "past", "next", "following", "previous")
            for day in _DAYS
        ),
    ),
    ("relative",): (
        *(w for words in _RELATIVE for w in (words, words.capitalize())),
        "that evening",
        "that night",
        "that day",
    ),
    ("noon",): ("noon", "midday", "midnight"),
    ("prefixed",): ("AM ", "PM ", "AM1", "AM2", "PM1", "PM2", "午", "오"),
    ("zone",): ("日本時間", "北京时间", "한국"),
}
_OF_NUMBER = (
    *("slashed", "dashed", "cjk_date", "days_month", "day_month", "clock", "dotted", "hour", "bare", "short"),
    "ago",
)
_OF_YEAR = ("stamp", "iso", "cjk_date", "military", "year", "marked")


def one_of(kinds: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{PATTERNS[kind]})" for kind in kinds))


NUMBER_PART = one_of(_OF_NUMBER)
YEAR_PART = one_of(_OF_YEAR)
COUNTED_PART = one_of(("ago",))
PARTS = {
    opening: part
    for kinds, openings in _OPENINGS.items()
    for part in (one_of(kinds),)
    for opening in openings
}
HINT = re.compile("|".join(map(re.escape, PARTS)))
# "Six months earlier" begins with any number: looked for only where a text counts so at all.
COUNTED = re.compile(r"(?:minute|hour|day|week|month|year)s?\s(?:ago|earlier|later|prior|before|after)")
_COUNTS = tuple(name for number in NUMBERS for name in (f"{number} ", f"{number.capitalize()} "))
COUNTED_HINT = re.compile("|".join(map(re.escape, (*PARTS, *_COUNTS))))

_WORDS = [opening.lower() for opening in (*PARTS, *_COUNTS) if opening.isascii()]
FIRST_WORDS = frozenset(words.split(" ")[0][:4] for words in _WORDS if " " in words)
"""The first four letters of each whole word that an opening begins with ("last night")."""
BEGINNINGS = frozenset(words[:3] for words in _WORDS if " " not in words)
"""The first three of those that a word may go on behind ("Mon", "yesterday")."""
UNSPACED = re.compile("|".join(re.escape(opening) for opening in PARTS if not opening.isascii()))
"""Those that may stand right behind another word."""
