"""Canonical URLs: whether two URLs name the same page, as far as that can be known without fetching it.

Different pages never get the same canonical URL. Only parts that are known not to affect the page are removed: tracking
parameters, a position on the page, the letter case of the host and the scheme's default port. ``ref``, ``source`` and
``campaign`` are kept because they may select content, and so are fragments that begin with ``#/`` or ``#!``, which
single-page applications use as routes.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

# Each is added by the service in whose name it is, and only that service's statistics read it.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|keyword|source|medium|content|cid)"  # Google Analytics, Matomo
    r"|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|srsltid"  # Google
    r"|fbclid|igsh|igshid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|epik|wickedid|_openstat"
    r"|mc_cid|mc_eid|_hsenc|_hsmi|__hstc|__hssc|__hsfp|hsctatracking|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_ASCII = "".join(map(chr, range(128)))  # left as it is; other characters are percent-encoded, as in browsers


def canonical_url(url: str) -> str:
    """Return the canonical form of a URL.

    Raises:
        ValueError: The URL cannot be parsed.
    """
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = (f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname) or ""
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    query = [part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    route = parts.fragment.partition(":~:")[0] if parts.fragment.startswith(("/", "!")) else ""
    path = parts.path or ("/" if query else "")
    rest = (quote(part, safe=_ASCII) for part in (path, "&".join(query), route))
    return urlunsplit([parts.scheme, user + at + _decode_idna(host) + port, *rest])


def same_page(one: str | None, other: str) -> bool:
    """Return True if both URLs have the same canonical form."""
    try:
        return one is not None and canonical_url(one) == canonical_url(other)
    except ValueError:
        return one == other


def _decode_idna(host: str) -> str:
    """Return an internationalised host name in Unicode, whether or not it was written in Punycode."""
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host
