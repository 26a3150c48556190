"""Evaluation: rates over time and other pictures with their tables; a period with its ranks, frozen, published."""

import csv
import io

import jsonschema_rs
import openpyxl
import pytest

from services.evaluation.domain.period import PeriodState
from services.gateway.api.catalogue import all_calls, all_schemas
from services.gateway.pages.staff.navigation import ENTRIES
from services.gateway.pages.staff.period_acts import ACTS
from services.gateway.words.names import NAMES
from shared.auth import Role
from shared.errors import Refused
from tests.gateway.people import STREET, csrf_in, send

CALLS = {call.name: call for call in all_calls()}
SHA = "9f2c" * 16
READERS = ("evaluator", "supervisor", "leader")
OTHERS = ("clerk", "chair", "handler", "callback_agent", "operator")
PAGES = ("/evaluation", "/evaluation/2026-01", "/evaluation/2026-01.xlsx")
TABLES = ("rates", "load", "flow", "streets")


def rates(samples=40):
    line = {"asked": samples + 4, "samples": samples, "response_ratio": 0.96, "resolution_ratio": 0.875}
    return line | {"satisfaction_ratio": 0.9, "composite_ratio": 0.9012}


def a_period(period_id="2026-01", state="frozen", **other):
    told = {"period_id": period_id, "state": state, "samples": 40, "sha256": SHA, "result": "{}", "errata": []}
    told |= {"starts_at": "2025-12-31T16:00:00+00:00", "ends_at": "2026-01-31T16:00:00+00:00", "rates": rates()}
    return told | {"frozen_at": "2026-01-31T16:00:00+00:00", "published_at": None} | other


def an_entry(unit, rank, samples):
    ends = {f"{name}_interval": [0.6, 0.95] for name in ("response", "resolution", "satisfaction")}
    return {"unit_code": unit, "organisation_id": "", "name": "", "rank": rank} | rates(samples) | ends


RANKING = {
    "period_id": "2026-01",
    "state": "frozen",
    "policy_version": "2026-01",
    "rankings": [
        {
            "group": "community",
            "within": STREET,
            "dispatch_kind": "overall",
            "entries": [an_entry(f"{STREET}034", 1, 12)],
        },
        {
            "group": "street",
            "within": "",
            "dispatch_kind": "overall",
            "entries": [an_entry(STREET, 1, 40), an_entry("110105014", None, 6)],
        },
    ],
    "classes": {"advanced": [STREET], "progress": [], "rectify": [], "governance": []},
    "requests": {STREET: 52},
}


@pytest.fixture
def office_of(staff, services):
    """`office_of("evaluator")`: their browser, before an evaluation with one month that may be told to be otherwise."""

    def signed_in(*roles, **period):
        one = a_period(**period)
        services.answers |= {
            "evaluation.list_periods": {
                "periods": [one, a_period("2025-12", "published"), a_period("2025-11", "published")]
            },
            "evaluation.get_period": one,
            "evaluation.get_ranking": RANKING,
            "evaluation.get_rates": {"policy_version": "2026-01", "state": one["state"], "period_id": "2026-01"}
            | {kind: rates() for kind in ("overall", "direct", "relayed")},
            "evaluation.verify_period": {
                "is_same": True,
                "sha256": SHA,
                "computed_sha256": SHA,
                "period_id": "2026-01",
            },
            **{f"evaluation.{act.method}": {} for act in ACTS.values()},
        }
        browser = staff(*roles)
        services.asked.clear()
        return browser

    return signed_in


def form(name):
    return f"/do/period/{name}?about=2026-01"


def asked(services, call):
    return [one.request for one in services.asked if one.call == f"evaluation.{call}"]


@pytest.mark.parametrize("role", READERS)
def test_who_reads_evaluations_finds_the_page_and_each_table(office_of, role):
    browser = office_of(role)

    assert [browser.get(path).status_code for path in PAGES] == [200] * len(PAGES)
    assert [browser.get(f"/evaluation/{name}.csv").mimetype for name in TABLES] == ["text/csv"] * len(TABLES)
    assert 'href="/evaluation"' in browser.get("/").text


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_it(office_of, role):
    browser = office_of(role)

    paths = (*PAGES, *(f"/evaluation/{name}.csv" for name in TABLES))
    assert [browser.get(path).status_code for path in paths] == [403] * len(paths)
    assert 'href="/evaluation"' not in browser.get("/").text


def test_a_stranger_is_asked_to_sign_in(visitor):
    assert visitor.get("/evaluation").location == "/login?next=/evaluation"


def test_rates_over_time_are_drawn_and_stand_in_a_table_that_can_be_taken_away(office_of):
    browser = office_of("evaluator")
    page = browser.get("/evaluation").text
    lines = list(csv.reader(io.StringIO(browser.get("/evaluation/rates.csv").text.removeprefix("\ufeff"))))

    assert page.count('<path class="line') == 3
    assert "87.5%" in page
    assert lines[1] == ["2026-01", "已冻结，待公布", "0.96", "0.875", "0.9", "0.9012", "40"]


def test_what_is_counted_is_of_the_readers_own_unit(office_of, board):
    office_of("leader").get("/evaluation/load.csv")

    ((unit, _, _),) = board.asked
    assert unit == STREET


def test_a_district_in_which_nothing_happened_yet_says_so(office_of, services, board):
    browser, board.is_empty = office_of("evaluator"), True
    services.answers["evaluation.list_periods"] = {"periods": []}
    page = browser.get("/evaluation").text

    assert "还没有考评周期" in page
    assert "这段时间没有诉求" in page


def test_ranks_stand_with_their_intervals_and_few_samples_get_no_place(office_of):
    page = office_of("supervisor").get("/evaluation/2026-01").text

    assert page.count('class="interval"') == 2
    assert "样本不足" in page
    assert "60.0% — 95.0%" in page


def test_communities_are_shown_within_the_street_that_is_asked_for(office_of):
    browser = office_of("evaluator")

    assert "社区 · 综合" not in browser.get("/evaluation/2026-01").text
    assert "社区 · 综合" in browser.get(f"/evaluation/2026-01?unit={STREET}").text


def test_the_workbook_has_rates_ranks_and_orders_with_shares_as_numbers(office_of):
    answer = office_of("evaluator").get("/evaluation/2026-01.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    streets = list(book["街道（乡、地区）"].values)

    assert book.sheetnames == ["三率", "街道（乡、地区）", "社区", "诉求量", "更正"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evaluation-2026-01.xlsx"'
    assert streets[1][2:6] == (1, STREET, "八里庄街道", 0.9012)
    assert streets[2][2] is None
    assert book["三率"]["C2"].number_format == "0.0%"


@pytest.mark.parametrize(
    ("state", "ends_at", "offered"),
    [
        ("open", "2026-03-31T16:00:00+00:00", set()),
        ("open", "2026-02-28T16:00:00+00:00", {"freeze"}),
        ("frozen", "2026-01-31T16:00:00+00:00", {"publish"}),
        ("published", "2026-01-31T16:00:00+00:00", {"erratum"}),
    ],
    ids=["runs", "is over", "frozen", "published"],
)
def test_an_evaluator_is_offered_what_comes_next_and_nobody_else_is(office_of, state, ends_at, offered):
    pages = {role: office_of(role, state=state, ends_at=ends_at).get("/evaluation/2026-01").text for role in READERS}

    assert {name for name in ACTS if f"/do/period/{name}" in pages["evaluator"]} == offered
    assert "/do/period/" not in pages["supervisor"] + pages["leader"]


@pytest.mark.parametrize("name", ACTS)
def test_a_page_says_what_will_follow_and_then_it_is_sent_once(office_of, services, name):
    browser, act = office_of("evaluator"), ACTS[name]
    page = browser.get(form(name)).text
    typed = {one.name: "少算一件" for one in act.fields}
    sent = send(browser, form(name), **typed)
    ((request),) = asked(services, act.method)
    schema = CALLS[f"evaluation.{act.method}"].request | {"components": {"schemas": all_schemas()}}
    shown = {field: value for field, value in request.items() if field != "idempotency_key"}

    assert act.follows in page
    assert "87.5%" in page
    assert sent.location == "/evaluation/2026-01?done=yes"
    assert shown == {"period_id": "2026-01"} | typed
    assert jsonschema_rs.is_valid(schema, shown)


@pytest.mark.parametrize("name", ACTS)
def test_only_evaluators_get_to_these_forms(office_of, services, name):
    assert [office_of(role).get(form(name)).status_code for role in ("supervisor", "leader", *OTHERS)] == [403] * 7
    assert ACTS[name].roles <= CALLS[f"evaluation.{ACTS[name].method}"].roles


def test_an_erratum_without_words_is_not_sent_and_what_was_typed_stays(office_of, services):
    browser = office_of("evaluator")
    page = send(browser, form("erratum"), reason="少算一件")

    assert (page.status_code, 'href="#correction"' in page.text, "少算一件" in page.text) == (422, True, True)
    assert asked(services, "issue_erratum") == []


def test_what_is_refused_is_told_in_words(office_of, services):
    browser = office_of("evaluator")
    services.answers["evaluation.freeze_period"] = Refused("no", code="period_not_over")

    assert "这个周期还没有结束" in send(browser, form("freeze")).text


def test_a_form_sent_twice_is_done_once(office_of, services):
    browser, key = office_of("evaluator"), "7d0b4d3c-93bb-4e1c-8f5c-0d5f1f1e2a3b"
    token = csrf_in(browser.get(form("publish")).text)
    for _ in range(2):
        browser.post(form("publish"), data={"csrf": token, "form_key": key})

    assert [one["idempotency_key"] for one in asked(services, "publish_period")] == [key, key]


def test_a_result_is_computed_again_when_somebody_asks_for_it_alone(office_of, services):
    browser = office_of("supervisor")
    browser.get("/evaluation/2026-01")
    before = asked(services, "verify_period")

    assert before == []
    assert "一字不差" in browser.get("/evaluation/2026-01?verify=yes").text


def test_whoever_finds_the_page_in_the_head_may_read_it():
    (entry,) = [one for one in ENTRIES if one.endpoint == "evaluation.show"]

    assert entry.roles == {Role(role) for role in READERS}
    assert set(NAMES["period_state"]) == {*PeriodState, "over"}
