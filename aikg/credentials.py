"""Credentials for an endpoint: from the environment or netrc, never from an argument or a URL."""

from __future__ import annotations

import netrc
import os
from urllib.parse import urlsplit

from aikg.errors import UsageError

USER, PASSWORD = "AIKG_ENDPOINT_USER", "AIKG_ENDPOINT_PASSWORD"


def credentials_for(url: str) -> tuple[str, str] | None:
    """User and password for the server of a URL; None where there are none.

    The environment's are for the endpoint that the user names, so call this for that one only. A
    `default` entry of netrc is not used, since it fits every host. Raises UsageError for half a
    pair, and for a netrc file that cannot be read.
    """
    user, password = os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password:
        return user, password
    if user or password:
        raise UsageError(f"set both {USER} and {PASSWORD}, or neither")
    try:
        entry = netrc.netrc().hosts.get(urlsplit(url).hostname or "")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read ~/.netrc: {error}") from error
    except netrc.NetrcParseError as error:
        raise UsageError(f"~/.netrc:{error.lineno}: {error.msg}") from error
    return (entry[0], entry[2]) if entry and entry[0] and entry[2] else None
