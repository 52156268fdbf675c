"""The cookies of a login: for pages of ours, and for curl."""

from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from app.domain.accounts.guards import ACCESS_COOKIE, CrossSite, from_our_pages
from app.settings import Settings

REFRESH_COOKIE = "refresh"
REFRESH_PATH = "/api/users"
"""It is sent nowhere else, so no other part of the server ever sees it."""

AnyRequest = Request[Any, Any, Any]


def token_cookies(request: AnyRequest, settings: Settings, access: str, refresh: str) -> list[Cookie]:
    """None for other sites' pages, which may log in for a Bearer token but not plant a login into the browser."""
    if not from_our_pages(request.headers, settings.origins):
        return []
    return [
        _cookie(settings, ACCESS_COOKIE, access, path="/", max_age=settings.access_token_seconds),
        _cookie(settings, REFRESH_COOKIE, refresh, path=REFRESH_PATH, max_age=settings.refresh_token_seconds),
    ]


def clear_cookies(settings: Settings) -> list[Cookie]:
    return [
        _cookie(settings, ACCESS_COOKIE, "", path="/", max_age=0),
        _cookie(settings, REFRESH_COOKIE, "", path=REFRESH_PATH, max_age=0),
    ]


def refresh_cookie(request: AnyRequest, settings: Settings) -> str | None:
    """Raises CrossSite when another site's page made the browser send it."""
    token = request.cookies.get(REFRESH_COOKIE)
    if token and not from_our_pages(request.headers, settings.origins):
        raise CrossSite
    return token or None


def _cookie(settings: Settings, key: str, value: str, *, path: str, max_age: int) -> Cookie:
    return Cookie(
        key=key, value=value, path=path, max_age=max_age, httponly=True, samesite="lax", secure=settings.secure_cookies
    )
