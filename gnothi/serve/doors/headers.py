"""Headers that tell a browser to be careful with everything that comes from here."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    )
)
CAREFUL = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(self), payment=(), usb=()",
    # Not "no-referrer": browsers would send "Origin: null" with the form of the pairing page.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class CarefulHeaders:
    """Adds the headers to every response, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap *app*."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers where a response begins."""

        async def send_carefully(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope)
            await send(message)

        await self._app(scope, receive, send_carefully)


def _add(headers: MutableHeaders, scope: Scope) -> None:
    for name, value in CAREFUL.items():
        headers.setdefault(name, value)
    if scope["path"].startswith(("/api", "/metrics", "/pair")):
        headers.setdefault("cache-control", "no-store")
    else:
        # Ask each time: after an update no old module must meet a new one.
        headers.setdefault("cache-control", "no-cache")
