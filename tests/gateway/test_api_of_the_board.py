"""What programs may look at: as the document says it, page by page, told apart by ETag, and no parameter twice."""

from datetime import UTC, datetime
from typing import Any

import jsonschema_rs
import pytest

from services.board.reading.shapes import Stage
from services.gateway.api.shown import as_json, schema_of
from tests.gateway.fake_board import HALL, ISSUE, NEXT, SESSION

PATHS = {
    "/issues": "/issues",
    "/issues/{issue_id}": f"/issues/{ISSUE}",
    "/sessions": "/sessions",
    "/sessions/{session_id}": f"/sessions/{SESSION}",
    "/halls": "/halls",
    "/halls/{hall_id}": f"/halls/{HALL}",
    "/ranks": "/ranks",
    "/search": "/search?words=水管",
}


@pytest.fixture(scope="module")
def document(pages) -> dict[str, Any]:
    found: dict[str, Any] = pages.test_client().get("/api/v1/openapi.json").json
    return found


@pytest.mark.parametrize(("described", "path"), PATHS.items(), ids=list(PATHS))
def test_what_is_shown_is_what_the_document_says(visitor, document, described, path):
    answer = visitor.get(f"/api/v1{path}")

    content = document["paths"][f"/api/v1{described}"]["get"]["responses"]["200"]["content"]
    schema = {**content["application/json"]["schema"], "components": document["components"]}
    assert answer.status_code == 200, answer.text
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(answer.json)


def test_a_list_goes_on_where_its_page_ended(visitor, board):
    first = visitor.get("/api/v1/issues?stage=handle&unit=110105015")

    assert first.json["next_cursor"] == NEXT
    assert first.headers["Link"].endswith('>; rel="next"')
    following = visitor.get(first.headers["Link"].partition(">")[0][1:])
    assert following.json["next_cursor"] == ""
    wanted, cursor = board.asked[-1]
    assert (wanted.stage, wanted.unit, cursor) == (Stage.HANDLE, "110105015", NEXT)


def test_what_has_not_changed_is_not_sent_again(visitor):
    first = visitor.get(f"/api/v1/issues/{ISSUE}")

    again = visitor.get(f"/api/v1/issues/{ISSUE}", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "faulty"),
    [
        ("stage=collect&stage=handle", "stage"),
        ("stage=flying", "stage"),
        ("color=red", "color"),
        ("unit=" + "1" * 16, "unit"),
        ("is_open=perhaps", "is_open"),
    ],
)
def test_a_parameter_that_is_none_or_named_twice_is_pointed_to(visitor, query, faulty):
    answer = visitor.get(f"/api/v1/issues?{query}")

    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["errors"][0]["parameter"] == faulty


@pytest.mark.parametrize("path", ["/issues/none", "/sessions/none", "/halls/none", "/nothing"])
def test_what_is_not_there_is_told_as_a_problem(visitor, path):
    answer = visitor.get(f"/api/v1{path}")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_stranger_is_shown_nothing_by_duty(visitor, board):
    visitor.get("/api/v1/issues")

    assert board.asked[-1][0].duty_in == ""


def test_times_sets_and_what_may_be_absent_are_described_as_they_are_written():
    assert schema_of(datetime | None, {})["anyOf"][1] == {"type": "null"}
    assert schema_of(frozenset[Stage], {})["items"]["enum"] == [one.value for one in Stage]
    assert as_json([datetime(2026, 3, 2, tzinfo=UTC), frozenset("ba")]) == b'["2026-03-02T00:00:00+00:00",["a","b"]]'
    with pytest.raises(TypeError):
        as_json(object())
