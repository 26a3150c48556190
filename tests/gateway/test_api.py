"""The HTTP API before services that are really there: every call of its document, what it refuses, and its traps."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from marshmallow import Schema, fields, validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.board.reading.board import Board
from services.cli.suite.call_schemas import all_calls as calls_in_code
from services.cli.suite.call_schemas import as_text
from services.gateway.api.catalogue import FILE, Call, all_calls
from services.gateway.app import make_app
from services.gateway.at_hand import AtHand
from shared.auth import SYSTEMS, Role, issue_token
from shared.errors import Conflict, Unavailable
from shared.settings import settings as settings_of
from shared.storage.engine import close_engines, make_engine
from tests.databases import copy_migrated
from tests.gateway.fakes import FakeServices
from tests.gateway.people import csrf_in, sign_in
from tests.gateway.suite import DISTRICT, Suite
from tests.harness import HandClock, Request
from tests.staff import HOUR

pytestmark = pytest.mark.timeout(300)  # all services begin here, and hundreds of requests are made up
CALLS = {call.name: call for call in all_calls()}
EVERY_CALL = pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: call.name)
ORDER = {"title": "楼道照明长期不亮", "content": "三号楼二单元的楼道灯坏了两周,夜里上下楼不安全。"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("suite")
        patch.setenv("GONGSHANG_VAR", str(folder))
        patch.setenv("GONGSHANG_DATABASE", "sqlite")
        settings_of.cache_clear()
        close_engines()
        made = Suite(folder)
        yield made
        made.close()
    settings_of.cache_clear()
    close_engines()


@pytest.fixture(scope="module")
def whole(suite: Suite) -> Iterator[Flask]:
    """The gateway before all services."""
    copy_migrated(["gateway"], settings_of().var_folder)
    clock, board, own = HandClock(NOW), make_engine("board", "sqlite"), make_engine("gateway", "sqlite")
    made = make_app(AtHand(asks=suite, engine=own, clock=clock, board=Board(board, clock)))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    yield made
    for engine in (board, own):
        engine.dispose()


@pytest.fixture(scope="module")
def document(whole: Flask) -> dict[str, Any]:
    found: dict[str, Any] = whole.test_client().get("/api/v1/openapi.json").json
    return found


def bearer(role: Role, unit: str = DISTRICT) -> dict[str, str]:
    """A token as an operator would sign it for somebody with the role."""
    bound = None if role in SYSTEMS - {Role.STREET_SYSTEM} else unit
    office = "" if role in SYSTEMS else "ORG-1"
    token = issue_token(f"{role}-1", role, bound, organisation=office, lifetime=HOUR)
    return {"Authorization": f"Bearer {token}"}


def post(app: Flask, call: str, content: Any, headers: dict[str, str] | None = None, *, key: str = "") -> Any:
    keyed = {"Idempotency-Key": key or str(uuid.uuid4())}
    return app.test_client().post(
        f"/api/v1/calls/{call.replace('.', '/')}", json=content, headers=keyed | (headers or {})
    )


def conforms(document: dict[str, Any], name: str, content: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(content)


def test_the_catalogue_of_calls_is_as_the_services_have_them():
    told = "run: ./gongshang contracts calls > services/gateway/api/calls.json"
    assert FILE.read_text(encoding="utf-8").strip() == as_text(calls_in_code()), told


@EVERY_CALL
def test_a_call_that_is_made_over_http_is_answered_as_its_document_says(whole, suite, document, call: Call):
    request = suite.requests[call.name]
    answers = (post(whole, call.name, content_of(request), bearer(role, request.unit)) for role in sorted(call.roles))
    *refused, answer = until_done(answers)

    for one in refused:
        conforms(document, "Problem", one.json)
    if answer.status_code == 200:
        conforms(document, call.reply["$ref"].rpartition("/")[2], answer.json)
        conforms(document, call.request["$ref"].rpartition("/")[2], content_of(request))
    else:
        conforms(document, "Problem", answer.json)
        assert answer.status_code in (403, 404, 409, 422), answer.json


def until_done(answers: Iterator[Any]) -> list[Any]:
    """Roles are tried in turn: some calls ask more of one than of another."""
    found = []
    for answer in answers:
        found.append(answer)
        if answer.status_code == 200:
            break
    return found


def content_of(request: Request) -> dict[str, Any]:
    """Over HTTP the key is a header."""
    return {name: value for name, value in request.content.items() if name != "idempotency_key"}


def test_most_calls_were_done_and_not_refused(whole, suite):
    done = [
        name
        for name, call in CALLS.items()
        if call.reads
        and any(
            post(whole, name, suite.requests[name].content, bearer(role, suite.requests[name].unit)).status_code == 200
            for role in sorted(call.roles)
        )
    ]
    assert set(done) == {name for name, call in CALLS.items() if call.reads}


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_whatever_a_program_sends_it_gets_an_answer_of_the_document(whole, mode):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", whole)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= len(CALLS)
    if mode is schemathesis.GenerationMode.NEGATIVE:  # one reader reads all calls, so that some are enough
        operations = [one for one in operations if one.query] + [one for one in operations if one.body][::4]
    for operation in operations:
        send_some(operation, mode)


def send_some(operation: Any, mode: schemathesis.GenerationMode) -> None:
    """As somebody who may ask."""
    call = CALLS.get(".".join(operation.path.split("/")[-2:]))
    headers = bearer(sorted(call.roles)[0] if call else Role.CLERK)

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=1,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def sent(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    sent()


def test_a_resident_files_without_a_login_and_follows_by_the_check_code(whole):
    key = str(uuid.uuid4())
    filed = post(whole, "intake.file_order", ORDER, key=key)
    again = post(whole, "intake.file_order", ORDER, key=key)

    assert filed.status_code == 200, filed.json
    assert again.json == filed.json
    code = {name: filed.json[name] for name in ("order_no", "check_code")}
    assert post(whole, "intake.read_by_check_code", code).json["order_no"] == filed.json["order_no"]
    wrong = post(whole, "intake.read_by_check_code", code | {"check_code": "wrong"})
    assert wrong.status_code == 404


def test_one_key_for_two_things_is_a_conflict(app, services, browser):
    services.answers["intake.file_order"] = Conflict("used", {"idempotency_key": ["Take a new one."]})

    answer = post(app, "intake.file_order", ORDER, key="same")

    assert (answer.status_code, answer.json["code"]) == (409, "conflict")


@pytest.mark.parametrize("key", ["", " ", "a b", "长", "x" * 101])
def test_what_acts_needs_a_key_that_can_be_one(app, services, key):
    answer = app.test_client().post(
        "/api/v1/calls/intake/file_order", json=ORDER, headers={"Idempotency-Key": key.encode().decode("latin-1")}
    )

    assert answer.status_code == 400
    assert answer.json["errors"][0]["header"] == "Idempotency-Key"
    assert services.asked == []


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"title": NaN}', "application/json", 400),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b'{"idempotency_key": "k"}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"x" * 2_000_000, "application/json", 413),
    ],
)
def test_a_body_that_is_none_is_refused_before_anybody_is_asked(app, services, sent, kind, status):
    answer = app.test_client().post(
        "/api/v1/calls/intake/file_order", data=sent, content_type=kind, headers={"Idempotency-Key": "k"}
    )

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert services.asked == []


def test_a_faulty_field_is_pointed_to(whole):
    answer = post(whole, "intake.file_order", {"title": "", "more": 1})

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json["errors"]} == {"#/title", "#/content", "#/more"}


def test_who_brings_no_token_a_bad_one_or_another_role_is_told_so(whole):
    task = {"task_id": "T-1"}
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
        assert post(whole, "dispatch.get_task", task, headers).status_code == 401
    assert post(whole, "dispatch.get_task", task, bearer(Role.EVALUATOR)).status_code == 403


def test_who_signed_in_with_a_browser_asks_as_themselves_and_what_is_public_as_the_public(
    app, browser, engine, services
):
    sign_in(browser, engine, services, "handler")
    services.answers |= {"dispatch.get_task": {}, "intake.read_by_check_code": {}}
    mark = {"X-CSRF-Token": csrf_in(browser.get("/password").text)}

    browser.post("/api/v1/calls/dispatch/get_task", json={}, headers=mark)
    browser.post("/api/v1/calls/intake/read_by_check_code", json={}, headers=mark)

    task, code = services.asked[-2:]
    assert task.by.login == "li.na"
    assert code.by is None


def test_my_work_is_of_all_services_in_order_and_says_who_is_away(app, services: FakeServices):
    def wait(about: str, due_at: str | None) -> dict[str, Any]:
        return {"about": about, "due_at": due_at}

    services.answers["intake.list_my_work"] = {"waits": [wait("A", None), wait("B", "2026-03-03T00:00:00+00:00")]}
    services.answers["councils.list_my_work"] = {"waits": [wait("C", "2026-03-02T00:00:00+00:00")]}
    services.answers |= {f"{name}.list_my_work": Unavailable() for name in ("deliberation", "supervision")}

    answer = app.test_client().get("/api/v1/my-work", headers=bearer(Role.CLERK))

    assert [(one["about"], one["service"]) for one in answer.json["waits"]] == [
        ("C", "councils"),
        ("B", "intake"),
        ("A", "intake"),
    ]
    assert answer.json["away"] == ["deliberation", "supervision"]
    assert app.test_client().get("/api/v1/my-work").status_code == 401


def test_the_document_is_of_openapi_and_every_reference_in_it_leads_somewhere(document):
    assert document["openapi"] == "3.1.0"
    text = json.dumps(document)
    for name in {one.partition('"')[0] for one in text.split('"#/components/schemas/')[1:]}:
        assert name in document["components"]["schemas"], name


def test_the_document_is_shown_by_a_page_without_script_inside(browser):
    page = browser.get("/api/")

    assert page.status_code == 200
    assert "<script>" not in page.text
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        with browser.get(f"/api/swagger/{name}") as shown:
            assert shown.status_code == 200
    assert browser.get("/api/swagger/LICENSE").status_code == 404


def test_what_was_seen_already_is_not_sent_again(browser):
    first = browser.get("/api/v1/openapi.json")
    again = browser.get("/api/v1/openapi.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


class Toy(Schema):
    """What apispec alone describes wrongly."""

    price = fields.Decimal(as_string=True)
    share = fields.Float(validate=validate.Range(min=0, max=1, min_inclusive=False, max_inclusive=False))
    count = fields.Integer(validate=validate.Range(min=0))


def test_decimals_are_described_as_text_and_bounds_as_they_are(whole: Flask):
    api = whole.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    described = api.ma_plugin.converter.schema2jsonschema(Toy())["properties"]

    assert described["price"]["type"] == "string"
    assert (described["share"]["exclusiveMinimum"], described["share"]["exclusiveMaximum"]) == (0, 1)
    assert "minimum" not in described["share"]
    assert described["count"]["minimum"] == 0
