"""HTTP to a provider, with the one distinction that counts: silent before, or after, it heard us."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

LONGEST_ANSWER = 64 * 1024


class Silent(Exception):
    """No answer. `heard`: the request may have arrived; `reason` is a code of ours. Without cause
    and context, because theirs name the address."""

    def __init__(self, reason: str, *, heard: bool) -> None:
        super().__init__(reason)
        self.reason, self.heard = reason, heard


class Line:
    """A connection that is never followed elsewhere, and whose failures become `Silent`."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def speak(self, method: str, url: str, **told) -> httpx.Response:
        failure: Silent | None = None
        try:
            return self._http.request(method, url, **told)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            failure = Silent("no_connection", heard=False)
        except httpx.TimeoutException:
            failure = Silent("timeout", heard=True)
        except httpx.HTTPError:
            failure = Silent("broken_off", heard=True)
        raise failure


@contextmanager
def client(timeout: float) -> Iterator[Line]:
    limits = httpx.Timeout(timeout, connect=min(timeout, 5.0))
    # The environment's proxies and credentials are not for families' numbers.
    with httpx.Client(timeout=limits, trust_env=False, follow_redirects=False) as http:
        yield Line(http)


def after(answer: httpx.Response) -> int | None:
    """The seconds of Retry-After, at most a day."""
    told = answer.headers.get("Retry-After", "")
    return min(int(told), 86_400) if told.isascii() and told.isdigit() else None
