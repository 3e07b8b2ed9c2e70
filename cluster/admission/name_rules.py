"""Checks of names: each function returns the server's complaints about a text, empty if it is valid.

Source: apimachinery's pkg/util/validation/validation.go; the docstrings name its functions. Lengths count bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Check = Callable[[str], list[str]]
"""A function that returns the server's complaints about a text."""

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
_UNDERSCORE_SUBDOMAIN = rf"{_UNDERSCORE_LABEL}(\.{_UNDERSCORE_LABEL})*"
_LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_WILDCARD = rf"\*\.{_SUBDOMAIN}"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_VALUE = f"({_QUALIFIED})?"
_PERCENT = "[0-9]+%"
_HEADER = "[-A-Za-z0-9]+"
_CONFIG_KEY = "[-._a-zA-Z0-9]+"
_HTTP_PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"

_label = re.compile(_LABEL)
_subdomain = re.compile(_SUBDOMAIN)
_underscore_subdomain = re.compile(_UNDERSCORE_SUBDOMAIN)
_label_1035 = re.compile(_LABEL_1035)
_wildcard = re.compile(_WILDCARD)
_qualified = re.compile(_QUALIFIED)
_label_value = re.compile(_LABEL_VALUE)
_percent = re.compile(_PERCENT)
_header = re.compile(_HEADER)
_config_key = re.compile(_CONFIG_KEY)
_http_path = re.compile(_HTTP_PATH)
_port_name = re.compile("[-a-z0-9]+")
_letter = re.compile("[a-z]")

_SUBDOMAIN_WORDS = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character"
)
_QUALIFIED_WORDS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
)
_MOST_LABEL, _MOST_SUBDOMAIN, _MOST_PORT = 63, 253, 15
LOWEST_PORT, HIGHEST_PORT = 1, 65535


def between(low: int, high: int) -> str:
    """InclusiveRangeError."""
    return f"must be between {low} and {high}, inclusive"


def dns_label(value: str) -> list[str]:
    """IsDNS1123Label: a container's name, a volume's."""
    complaints = _too_long(value, _MOST_LABEL)
    if not _label.fullmatch(value):
        if _subdomain.fullmatch(value):
            complaints.append("must not contain dots")
        else:
            words = (
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
                "and must start and end with an alphanumeric character"
            )
            complaints.append(_expected(words, _LABEL, "my-name", "123-abc"))
    return complaints


def dns_subdomain(value: str, *, unit: str = "characters") -> list[str]:
    """IsDNS1123Subdomain: most objects' names."""
    complaints = _too_long(value, _MOST_SUBDOMAIN, unit)
    if not _subdomain.fullmatch(value):
        complaints.append(_expected(_SUBDOMAIN_WORDS, _SUBDOMAIN, "example.com"))
    return complaints


def dns_subdomain_with_underscore(value: str) -> list[str]:
    """IsDNS1123SubdomainWithUnderscore: a DNS search path."""
    complaints = _too_long(value, _MOST_SUBDOMAIN)
    if not _underscore_subdomain.fullmatch(value):
        words = _SUBDOMAIN_WORDS.replace("characters, '-'", "characters, '_', '-'")
        complaints.append(_expected(words, _UNDERSCORE_SUBDOMAIN, "example.com"))
    return complaints


def wildcard_subdomain(value: str) -> list[str]:
    """IsWildcardDNS1123Subdomain: an Ingress's host with a star."""
    complaints = _too_long(value, _MOST_SUBDOMAIN)
    if not _wildcard.fullmatch(value):
        words = (
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist "
            "of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"
        )
        complaints.append(_expected(words, _WILDCARD, "*.example.com"))
    return complaints


def dns_1035_label(value: str) -> list[str]:
    """IsDNS1035Label: a Service's name."""
    complaints = _too_long(value, _MOST_LABEL)
    if not _label_1035.fullmatch(value):
        words = (
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
            "character, and end with an alphanumeric character"
        )
        complaints.append(_expected(words, _LABEL_1035, "my-name", "abc-123"))
    return complaints


def qualified_name(value: str, *, what: str = "a qualified name", unit: str = "characters") -> list[str]:
    """IsQualifiedName, later IsLabelKey: a label's key, an annotation's, a resource's.

    ``what`` and ``unit`` are words that differ between versions.
    """
    prefix, slash, name = value.rpartition("/")
    words = _expected(_QUALIFIED_WORDS, _QUALIFIED, "MyName", "my.name", "123-abc")
    if "/" in prefix:
        return [f"{what} {words} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    complaints = []
    if slash and not prefix:
        complaints.append("prefix part must be non-empty")
    elif slash:
        complaints += [f"prefix part {complaint}" for complaint in dns_subdomain(prefix, unit=unit)]
    if not name:
        complaints.append("name part must be non-empty")
    complaints += [f"name part {complaint}" for complaint in _too_long(name, _MOST_LABEL, unit)]
    if not _qualified.fullmatch(name):
        complaints.append(f"name part {words}")
    return complaints


def label_value(value: str, *, unit: str = "characters") -> list[str]:
    """IsValidLabelValue, later IsLabelValue."""
    complaints = _too_long(value, _MOST_LABEL, unit)
    if not _label_value.fullmatch(value):
        words = f"a valid label must be an empty string or {_QUALIFIED_WORDS.removeprefix('must ')}"
        complaints.append(_expected(words, _LABEL_VALUE, "MyValue", "my_value", "12345"))
    return complaints


def port_name(value: str) -> list[str]:
    """IsValidPortName: an IANA service name."""
    complaints = _too_long(value, _MOST_PORT)
    if not _port_name.fullmatch(value):
        complaints.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not _letter.search(value):
        complaints.append("must contain at least one letter (a-z)")
    if "--" in value:
        complaints.append("must not contain consecutive hyphens")
    if value.startswith("-") or value.endswith("-"):
        complaints.append("must not begin or end with a hyphen")
    return complaints


def port_number(value: int) -> list[str]:
    """IsValidPortNum."""
    return [] if LOWEST_PORT <= value <= HIGHEST_PORT else [between(LOWEST_PORT, HIGHEST_PORT)]


def percent(value: str) -> list[str]:
    """IsValidPercent."""
    if _percent.fullmatch(value):
        return []
    words = "a valid percent string must be a numeric string followed by an ending '%'"
    return [_expected(words, _PERCENT, "1%", "93%")]


def header_name(value: str) -> list[str]:
    """IsHTTPHeaderName."""
    if _header.fullmatch(value):
        return []
    words = "a valid HTTP header must consist of alphanumeric characters or '-'"
    return [_expected(words, _HEADER, "X-Header-Name")]


def env_name(value: str) -> list[str]:
    """IsRelaxedEnvVarName: since 1.32 every printable character but the equals sign is allowed."""
    complaints = [] if value else ["environment variable name must be non-empty"]
    if any(not " " <= character <= "~" or character == "=" for character in value):
        complaints.append(
            "a valid environment variable name must consist only of printable ASCII characters other than '='"
        )
    return complaints


def config_key(value: str) -> list[str]:
    """IsConfigMapKey: a key in a ConfigMap or a Secret."""
    complaints = _too_long(value, _MOST_SUBDOMAIN)
    if not _config_key.fullmatch(value):
        words = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
        complaints.append(_expected(words, _CONFIG_KEY, "key.name", "KEY_NAME", "key-name"))
    if value in (".", ".."):
        complaints.append(f"must not be '{value}'")
    elif value.startswith(".."):
        complaints.append("must not start with '..'")
    return complaints


def http_path(value: str) -> list[str]:
    """The path in IsDomainPrefixedPath."""
    return [] if _http_path.fullmatch(value) else [f"Invalid path (regex used for validation is '{_HTTP_PATH}')"]


def path_segment(value: str) -> list[str]:
    """IsValidPathSegmentName: any single segment of a URL's path."""
    if value in (".", ".."):
        return [f"may not be '{value}'"]
    return [f"may not contain '{character}'" for character in ("/", "%") if character in value]


def masked(prefix: str) -> str:
    """MaskTrailingDash: change a generateName so that the rules for names apply to it."""
    return prefix[:-2] + "a" if len(prefix) > 1 and prefix.endswith("-") else prefix


def _too_long(value: str, most: int, unit: str = "characters") -> list[str]:
    return [f"must be no more than {most} {unit}"] if len(value.encode(errors="replace")) > most else []


def _expected(words: str, pattern: str, *examples: str) -> str:
    listed = " or ".join(f"'{example}', " for example in examples)
    return f"{words} (e.g. {listed}regex used for validation is '{pattern}')"
