"""Whether a host is this machine alone."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Return whether a host, an address or a name, is this machine's loopback interface; no name is looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
