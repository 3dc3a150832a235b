"""URLs: what is the same page, as far as that can be known without fetching it.

Two pages never become one. Only what is known to say nothing of the page is left out: who sent the reader, a place on
the page, the letter case of a host, a scheme's own port. ``ref``, ``source`` and ``campaign`` may choose what a page
shows, and ``#/`` and ``#!`` are how applications name their pages: they stay.
"""

import re
from urllib.parse import quote, urlsplit, urlunsplit

# Each is put there by the service that it is named after, and is read by nobody but that service's statistics.
_TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_(?:campaign|kwd|keyword|source|medium|content|cid)"  # Google Analytics, Matomo
    r"|_ga|_gl|gclid|gclsrc|dclid|gbraid|wbraid|srsltid"  # Google
    r"|fbclid|igsh|igshid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|epik|wickedid|_openstat"
    r"|mc_cid|mc_eid|_hsenc|_hsmi|__hstc|__hssc|__hsfp|hsctatracking|mkt_tok|vero_id|vero_conv|oly_anon_id|oly_enc_id",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
_ASCII = "".join(map(chr, range(128)))  # stands as it is; the rest is percent-encoded, as browsers do


def canonical(url: str) -> str:
    """One spelling for all URLs of a page.

    Raises:
        ValueError: it cannot be taken apart.
    """
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = (f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname) or ""
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    asked = [part for part in parts.query.split("&") if part and not _TRACKING.fullmatch(part.partition("=")[0])]
    route = parts.fragment.partition(":~:")[0] if parts.fragment.startswith(("/", "!")) else ""
    path = parts.path or ("/" if asked else "")
    whole = parts.scheme, user + at + _unicode(host) + port, path, "&".join(asked), route
    return urlunsplit([whole[0], whole[1], *(quote(part, safe=_ASCII) for part in whole[2:])])


def same_page(one: str | None, other: str) -> bool:
    """Whether both URLs are of one page."""
    try:
        return one is not None and canonical(one) == canonical(other)
    except ValueError:
        return one == other


def _unicode(host: str) -> str:
    """An internationalised host in letters, however it was spelt."""
    try:
        return host.encode().decode("idna")
    except UnicodeError:
        return host
