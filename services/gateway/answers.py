"""What goes with every answer: headers that keep browsers from harm, and how long it took."""

import time
from http import HTTPStatus

from flask import Flask, Response, g, request

from shared import metrics

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""No script and no style inside a page: `style=` attributes and `<script>` bodies do nothing."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
FOR_A_YEAR = "max-age=31536000"


def join(app: Flask) -> None:
    """Let the app's answers have them."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    g.began = time.perf_counter()


def _finish(answer: Response) -> Response:
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = FOR_A_YEAR
    if request.endpoint != "static":
        answer.vary.update(("Cookie", "Accept-Language"))
        answer.headers.setdefault("Cache-Control", "private, no-cache")
    if request.method == "GET" and answer.status_code == HTTPStatus.OK and not answer.is_streamed:
        answer.add_etag()
        answer.make_conditional(request)
    route = request.url_rule.rule if request.url_rule else metrics.OTHER
    spent = time.perf_counter() - g.get("began", time.perf_counter())
    metrics.WEB_SECONDS.labels(route, f"{answer.status_code // 100}xx").observe(spent)
    return answer
