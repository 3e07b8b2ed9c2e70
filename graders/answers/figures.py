"""Figures as people write them in a contract: ``128 MiB``, ``30 seconds``, ``GET /healthz``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from cluster.quantity import quantity
from graders.answers.phrase import LONGEST, plain, tidy, without

_AMOUNT = re.compile(r"([0-9.]+)\s*([A-Za-z]*?)(?:b|bytes?)?", re.IGNORECASE)
_OF_WHAT = r"\s*(?:of\s+)?(?:memory|ram|ssd|nvme|gp[23]|disk|storage|each|per (?:server|instance|pod))$"
_CPU = re.compile(r"([0-9.]+)\s*(m|millicores?|millicpus?|)\s*(?:v?cpus?|cores?)?", re.IGNORECASE)
_SECONDS = re.compile(
    r"(?<![0-9.])([0-9]+(?:\.[0-9]+)?)(?:\s*(ms|minutes?|mins?|m|seconds?|secs?|s)(?![a-z0-9])|(?!\s*[a-z0-9.]))",
    re.IGNORECASE,
)
_SPANS = {
    "ms": 0.001, "msec": 0.001, "millisecond": 0.001, "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "d": 86_400, "day": 86_400, "night": 86_400, "w": 604_800, "wk": 604_800,
    "week": 604_800, "fortnight": 1_209_600, "mo": 2_592_000, "month": 2_592_000, "quarter": 7_776_000,
    "y": 31_536_000, "yr": 31_536_000, "year": 31_536_000,
}  # fmt: skip
"""Units of time in seconds; a month has 30 days."""

_OFTEN = {
    "hourly": 3600, "daily": 86_400, "nightly": 86_400, "weekly": 604_800, "biweekly": 1_209_600, "fortnightly": 1_209_600,
    "monthly": 2_592_000, "quarterly": 7_776_000, "yearly": 31_536_000, "annually": 31_536_000, "continuous": 0,
    "continuously": 0, "streaming": 0, "streamed": 0, "always": 0, "immediate": 0, "immediately": 0, "realtime": 0,
    **dict.fromkeys((f"{day}day" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")), 604_800),
}  # fmt: skip
"""Words that say how often: seconds between two times. Who names a day of the week means each week."""

_SHORT_DAYS = dict.fromkeys(("week", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"), 604800)
_NUMBERS = {
    "half an": 0.5, "half a": 0.5, "a": 1, "an": 1, "one": 1, "other": 2, "second": 2, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14,
    "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip

_LIMIT = r"at (?:the )?most|max(?:imum|\.)?|up to|or less|(?:<=?|≤|(?:less|shorter) than)(?= [0-9])"
_FREQUENT = re.compile(r"\b(?:every|each|once|twice|per|times|[0-9]+ ?x|\w+ly)\b|/")
AT_MOST = (
    rf"{_LIMIT}|within|or sooner|or more often|"
    r"at least(?= (?:once|twice|each|every|[0-9]+ ?(?:x|times)|\w+ly)\b)"
)
"""Words beside an interval that is kept: at least weekly is at most a week."""

FROM_ON = r"at least|at|above|over|from|after|more than|(?:longer|greater|higher|slower) than|exceed(?:s|ing)?|or more|behind|p[0-9]{2,3}|(?:>=?|≥)(?= [0-9])"
"""Words beside a threshold, from which on an alert rings."""

_UNCHANGING = (
    r"every|each|once|per|the|is|are|on|about|around|approx(?:\.|imately)?|ca\.?|~|ago|after|apart|automat(?:ic|ed|ically)|"
    r"at midnight|at noon|at night|overnight"
)
_ANY = f"{AT_MOST}|{FROM_ON}|wal|archiving"
_CLOCK_TIME = r"[0-9]{1,2}(?::[0-9]{2}(?: ?[ap]m)?| ?[ap]m)"
_CLOCK = re.compile(rf"(?<![\w.:])(?:at )?{_CLOCK_TIME}(?: ?[-–] ?{_CLOCK_TIME})?(?: ?(?:utc|gmt|z))?(?![\w.:])")
LASTING = re.compile(r" for (?:at least |more than )?[0-9]{1,4} ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hours?)$")
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*-?\s*([a-z]+)")
_RATE = re.compile(r"(once|twice|[0-9]{1,4})\s*(?:x|times)?\s*(?:an?|per|/|each|every)\s*([a-z]+)")
_TIMES_OFTEN = re.compile(r"(once|twice|[0-9]{1,4} ?(?:x|times)) ([a-z]+)")
_ISO_SPAN = re.compile(
    r"p(?:([0-9]+)y)?(?:([0-9]+)m)?(?:([0-9]+)w)?(?:([0-9]+)d)?"
    r"(?:t(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+(?:\.[0-9]+)?)s)?)?"
)
_ISO_UNITS = ("y", "mo", "w", "d", "h", "m", "s")
_AT, _HOUR = r"[0-5]?[0-9]", r"(?:[01]?[0-9]|2[0-3])"
_CRONS = (
    (re.compile(r"(?:\*|\*/1) \* \* \* \*"), 60),
    (re.compile(rf"{_AT} \* \* \* \*"), 3600),
    (re.compile(rf"{_AT} {_HOUR} \* \* \*"), 86_400),
    (re.compile(rf"{_AT} {_HOUR} \* \* (?:[0-7]|mon|tue|wed|thu|fri|sat|sun)"), 604_800),
    (re.compile(rf"{_AT} {_HOUR} (?:[1-9]|1[0-9]|2[0-8]) \* \*"), 2_592_000),
)  # fmt: skip
"""Schedules that run evenly, and how far apart their runs are."""

_PATH = re.compile(r"(?<![\w/])/[\w./-]*")
_CRON_MINUTES = re.compile(r"\*/([2-6]|10|12|15|20|30) \* \* \* \*")
_MINUTE = 60


def cores(written: Any) -> Decimal | None:
    """CPU in cores: ``100m``, ``0.1``, ``100 millicores``; None for what says no amount."""
    if isinstance(written, str) and (match := _CPU.fullmatch(written.strip()[:LONGEST])):
        return quantity(match[1] + ("m" if match[2] else ""))
    return quantity(written)


def size(written: Any) -> Decimal | None:
    """Memory in bytes: ``128Mi``, ``128 MiB``, ``0.125 Gi``; None for what says no amount."""
    if isinstance(written, str):
        text = re.sub(_OF_WHAT, "", tidy(written), flags=re.IGNORECASE)
        text = re.sub(r"(kilo|mega|giga|tera)bytes?$", lambda said: f"{said[1][0].upper()}B", text, flags=re.IGNORECASE)
        if match := _AMOUNT.fullmatch(text):
            unit = match[2].capitalize() if len(match[2]) > 1 else match[2]
            if len(unit) == 1 and (
                unit in "gt" or text[-1] in "bB"
            ):  # 100g, 100 gb, 128 mb: no amount has thousandths of a byte
                unit = unit.upper().replace("K", "k")
            return quantity(match[1] + unit)
    return quantity(written)


def seconds(written: Any) -> float | None:
    """A time in seconds: ``30``, ``30s``, ``30 seconds``, ``0.5 min``; None for what says no time."""
    if isinstance(written, bool):
        return None
    if isinstance(written, (int, float)):
        return float(written)
    found = _SECONDS.findall(written[:LONGEST]) if isinstance(written, str) else []
    # Of two times nobody knows which is promised; a number with another unit behind it is no time.
    if len(found) != 1 or len(re.findall(r"[0-9][0-9.]*", str(written)[:LONGEST])) != 1:
        return None
    number, unit = found[0]
    unit = unit.casefold()
    factor = 0.001 if unit == "ms" else _MINUTE if unit.startswith("m") else 1
    return float(number) * factor


def duration(written: Any, beside: str = _ANY) -> float | None:
    """A time in seconds that names its unit: ``5 min``, ``14 days``, ``1h30m``, ``P14D``, ``weekly``; None for all else.

    A bare number is no time, but nothing: 30 of what? Nor is a phrase of which a word isn't understood; ``beside`` are
    the words that may stand beside the time, as alternatives of a regular expression.
    """
    if not isinstance(written, str):
        return 0.0 if written == 0 and not isinstance(written, bool) else None
    text = plain(written)
    if (iso := _ISO_SPAN.fullmatch(text)) and any(iso.groups()):
        return sum(float(n) * _SPANS[unit] for n, unit in zip(iso.groups(), _ISO_UNITS, strict=True) if n)
    if (cron := _cron(text)) is not None:
        return cron
    text = text.replace("bi-weekly", "biweekly").replace("real time", "realtime").replace("real-time", "realtime")
    limited = text != without(text, _LIMIT)
    if limited and _FREQUENT.search(text):
        return None  # “at most once a day” may be seldom; “at most 1 day” is how far apart
    text = without(re.sub(r",(?![0-9])", " ", text.removeprefix("@")), beside)
    text = " ".join(_CLOCK.sub(" ", LASTING.sub("", text)).split())
    if (rate := _rate(text)) is not None:
        return rate
    text = without(text, _UNCHANGING)
    often = None if limited else _often(text)
    return _span(text) if often is None else often


def _cron(text: str) -> float | None:
    if minutes := _CRON_MINUTES.fullmatch(text):
        return float(minutes[1]) * _MINUTE
    return next((float(apart) for schedule, apart in _CRONS if schedule.fullmatch(text)), None)


def _rate(text: str) -> float | None:
    """The time between two times: of ``twice a day``, ``1/min`` and ``1x daily``."""
    if rate := _RATE.fullmatch(text):
        # Four times a year is each quarter, so a year has as many days as its months here.
        unit = 12 * _SPANS["month"] if _unit(rate[2]) == _SPANS["year"] else _unit(rate[2])
    elif rate := _TIMES_OFTEN.fullmatch(text):
        unit = _OFTEN.get(rate[2], 0)
    else:
        return None
    times = {"once": 1.0, "twice": 2.0}.get(rate[1]) or float(rate[1].rstrip("x times"))
    return unit / times if times and unit else None


def _often(text: str) -> float | None:
    """The time that words say, of which all have to say the same: ``daily``, ``second tuesday``."""
    twice = 2 if re.match(r"(?:second|other) ", text) else 1
    # A Tuesday's night is as far from the next as Tuesdays are; a night alone is a unit.
    words = [word for word in text.split()[twice - 1 :] if word.removesuffix("s") not in ("night", "morning")]
    found = {_OFTEN.get(word, _OFTEN.get(word.removesuffix("s"), _SHORT_DAYS.get(word))) for word in words}
    often = found.pop() if len(found) == 1 else None
    return None if often is None else float(often * twice)


def _span(text: str) -> float | None:
    """The sum of numbers with their units, the largest first: ``1h30m``, ``twelve weeks``, ``day``."""
    for word, number in _NUMBERS.items():
        text = re.sub(rf"^{word} (?=[a-z])", f"{number} ", text)
    text = f"1 {text}" if _unit(text) else text
    found = list(_SPAN.finditer(text))
    units = [_unit(m[2]) for m in found]
    if not all(units) or re.sub(r"\band\b|,", "", _SPAN.sub("", text)).strip():
        return None
    # 1 h 30 min is one time; 7 to 14 days, or 2 h and 3 h, are two, and nobody knows which is meant.
    if not units or units != sorted(set(units), reverse=True):
        return None
    return sum(float(m[1]) * unit for m, unit in zip(found, units, strict=True))


def _unit(word: str) -> float:
    return _SPANS.get(word) or _SPANS.get(word.removesuffix("s"), 0)


def spoken(seconds: float) -> str:
    """A time as people say it, in the largest unit that it is at least one of: ``5 min``, ``2.5 h``, ``14 days``."""
    if seconds >= 1000 * _SPANS["year"]:
        return "over 1000 years"
    for unit, size in (("years", 31_536_000), ("days", 86_400), ("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= size * (2 if unit in ("years", "days") else 1):
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1000:.3g} ms"


def path(written: Any) -> str:
    """The path that is asked for: that of ``GET /healthz``, of a URL, or of a probe's ``httpGet``; empty for none."""
    if isinstance(written, dict):
        for key in ("httpGet", "path", "get", "GET", "url"):
            if key in written:
                return path(written[key])
        return ""
    if not isinstance(written, str):
        return ""
    text = re.sub(r"^\w+://[^/]*", "", written.strip()[:LONGEST])
    text = re.sub(r"(?<=\s):[0-9]+(?=/)|^:[0-9]+(?=/)", "", text)
    if found := _PATH.search(text):
        return found[0].rstrip(".") if len(found[0]) > 1 else found[0]
    return f"/{text}" if re.fullmatch(r"[\w-]+", text) else ""
