"""Whether the links that we send can be opened by other people."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from app.toolkit import Toolkit


def is_reachable(kit: Toolkit) -> bool:
    """Whether mail with a link is worth sending. In trial mode it goes to the sender's own disk anyway."""
    return kit.mailer.is_trial or not leads_only_here(kit.public_url)


def leads_only_here(url: str) -> bool:
    """Whether an address is one of this machine itself."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
