"""What holds of every answer, whatever page it is: its headers, how trouble is told, which proxy is believed."""

from ipaddress import ip_network

import pytest
from flask import request
from jinja2 import meta
from structlog.testing import capture_logs
from werkzeug.exceptions import Forbidden

from services.gateway.proxy import Proxied
from services.gateway.words.troubles import TROUBLES
from shared.errors import BadRequest, Conflict, NotAllowed, NotAuthenticated, NotFound, Refused, Unavailable

ERRORS = [
    (BadRequest("wrong", {"evidence.0.uri": ["Not a URL."]}), 400),
    (NotAuthenticated(), 401),
    (NotAllowed(), 403),
    (NotFound(), 404),
    (Conflict(), 409),
    (Refused(), 422),
    (Unavailable(), 503),
]


@pytest.fixture
def app(own_app):
    return own_app


@pytest.fixture
def raising(app):
    """`raising(error)` makes /raised and /api/raised raise it."""

    def make(error):
        def raised():
            raise error

        app.add_url_rule("/raised", "raised", raised)
        app.add_url_rule("/api/raised", "api_raised", raised, methods=["GET", "POST"])
        return app.test_client()

    return make


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/nowhere"])
def test_every_answer_forbids_what_browsers_need_not_do(browser, path):
    answer = browser.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_only_over_tls_a_browser_is_told_to_come_by_tls_alone(browser):
    assert "Strict-Transport-Security" not in browser.get("/healthz").headers
    assert "Strict-Transport-Security" in browser.get("/healthz", base_url="https://localhost").headers


def test_it_is_well_when_its_database_can_be_read_and_not_otherwise(browser, engine):
    assert browser.get("/healthz").json == {"ok": True, "trouble": None}

    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE accounts")

    assert browser.get("/healthz").status_code == 503


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_a_program_is_told_trouble_as_problem_details(raising, error, status):
    answer = raising(error).get("/api/raised")

    assert answer.status_code == answer.json["status"] == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == error.code
    assert answer.json["detail"] == error.message


def test_problem_details_point_to_the_faulty_field(raising):
    error = BadRequest("wrong", {"evidence.0.uri": ["Not a URL."], "Idempotency-Key": ["Must be there."]})
    browser = raising(error)

    body, header = browser.post("/api/raised").json["errors"]
    assert body == {"pointer": "#/evidence/0/uri", "detail": "Not a URL."}
    assert header == {"header": "Idempotency-Key", "detail": "Must be there."}
    assert browser.get("/api/raised").json["errors"][0]["parameter"] == "evidence.0.uri"


@pytest.mark.parametrize(("error", "status"), ERRORS)
def test_a_person_is_told_trouble_on_a_page(raising, error, status):
    answer = raising(error).get("/raised")

    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    told = TROUBLES[status]
    assert all(words in answer.text for words in (told.title, told.kept, told.try_this))
    assert error.message not in answer.text


def test_who_finds_a_service_away_is_told_when_to_come_again(raising):
    assert int(raising(Unavailable()).get("/raised").headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/raised", "/api/raised"])
def test_of_a_fault_of_ours_no_detail_gets_out(raising, path):
    answer = raising(RuntimeError("the secret")).get(path)

    assert answer.status_code == 500
    assert "secret" not in answer.text


@pytest.mark.parametrize("refusal", [NotAllowed(), NotAuthenticated()])
def test_whoever_is_denied_is_put_on_record(raising, refusal):
    with capture_logs() as lines:
        raising(refusal).get("/raised")

    (line,) = [one for one in lines if one["event"] == "access_denied"]
    assert (line["route"], line["code"], line["address"]) == ("/raised", refusal.code, "127.0.0.1")


def test_what_somebody_wrote_into_an_address_is_not_taken_for_markup(raising):
    answer = raising(Forbidden("<script>x</script>")).get("/raised")

    assert "<script>x" not in answer.text


def test_a_body_above_a_mebibyte_is_refused(app):
    app.add_url_rule("/taken", "taken", lambda: str(len(request.get_data())), methods=["POST"])

    assert app.test_client().post("/taken", data=b"x" * 10_000_000).status_code == 413


FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "gongshang.example"}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        ((), "127.0.0.1 http localhost"),
        ((ip_network("10.0.0.0/8"),), "127.0.0.1 http localhost"),
        ((ip_network("127.0.0.0/8"),), "203.0.113.9 https gongshang.example"),
    ],
    ids=["no proxy is named", "another is", "it is the one"],
)
def test_only_the_proxy_that_is_named_says_for_whom_it_asks(app, proxies, seen):
    app.add_url_rule("/seen", "seen", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
    app.wsgi_app = Proxied(app.wsgi_app, proxies)

    assert app.test_client().get("/seen", headers=FORWARDED).text == seen


def test_pieces_take_from_a_page_only_what_they_are_given(app):
    """They are made once for all pages: what they would look for in one is not there."""
    env = app.jinja_env
    for name in env.list_templates(filter_func=lambda one: one.startswith("pieces/")):
        assert env.loader is not None
        source, _, _ = env.loader.get_source(env, name)
        assert meta.find_undeclared_variables(env.parse(source)) <= set(env.globals), name
