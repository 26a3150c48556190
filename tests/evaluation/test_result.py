"""A period's result: the same samples give the same bytes."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.period import Period
from services.evaluation.domain.rates import Charged
from services.evaluation.domain.result import canonical, result_of
from shared.contracts.vocabulary import DispatchKind, Solved
from tests.evaluation.builders import MONDAY, POLICY, a_sample

MARCH = Period.around(MONDAY, 1)
BOARD = Charged("O-1", "区住建委", "department", Fraction(1))


def result(samples, requests=None, before=None, policy=POLICY):
    return result_of(
        MARCH.id,
        MARCH.starts_at,
        MARCH.ends_at,
        samples=samples,
        requests=requests or {},
        before=before,
        policy=policy,
    )


def many(unit, kind, solved, count, **more):
    return [a_sample(f"{unit}-{kind}-{n:03}", unit, dispatch_kind=kind, solved=solved, **more) for n in range(count)]


def code_of(entry):
    return entry.get("unit_code") or entry["organisation_id"]


def test_direct_and_relayed_are_ranked_apart_and_together():
    samples = [
        *many("110105001", DispatchKind.DIRECT, Solved.YES, 10),
        *many("110105001", DispatchKind.RELAYED, Solved.NO, 10),
        *many(
            "110105",
            DispatchKind.RELAYED,
            Solved.YES,
            12,
            charged=[BOARD],
        ),
    ]
    found = result(samples)
    places = {
        (one["group"], one["dispatch_kind"]): [(code_of(entry), entry["samples"]) for entry in one["entries"]]
        for one in found["rankings"]
    }

    assert places == {
        ("street", "overall"): [("110105001", 20)],
        ("street", "direct"): [("110105001", 10)],
        ("street", "relayed"): [("110105001", 10)],
        ("department", "overall"): [("O-1", 12)],
        ("department", "relayed"): [("O-1", 12)],
    }
    assert {kind: rates["samples"] for kind, rates in found["rates"].items()} == {
        "overall": 32,
        "direct": 10,
        "relayed": 22,
    }


def test_a_group_that_the_policy_does_not_rank_counts_but_has_no_place():
    streets_only = replace(POLICY, ranking=replace(POLICY.ranking, groups=("street",)))
    found = result(many("110105", DispatchKind.DIRECT, Solved.YES, 12), policy=streets_only)

    assert found["rates"]["overall"]["samples"] == 12
    assert found["rankings"] == []


def test_progress_is_measured_against_the_period_before():
    units = ("110105001", "110105002")
    before = result([sample for unit in units for sample in many(unit, DispatchKind.DIRECT, Solved.NO, 10)])
    now = result(
        [
            *many(units[0], DispatchKind.DIRECT, Solved.NO, 10),
            *many(units[1], DispatchKind.DIRECT, Solved.YES, 10),
        ],
        before=json.loads(canonical(before)),
    )

    assert now["classes"]["progress"] == ["110105002"]


def test_requests_are_those_of_streets():
    assert result([], {"110105001": 5, "110105": 9})["requests"] == {"110105001": 5}


@given(
    st.lists(
        st.builds(
            lambda unit, kind, solved, satisfaction: (unit, kind, solved, satisfaction),
            st.sampled_from(["110105001", "110105002", "110105"]),
            st.sampled_from(DispatchKind),
            st.sampled_from(Solved),
            st.integers(1, 5),
        ),
        max_size=40,
    ),
    st.randoms(use_true_random=False),
)
def test_the_same_samples_give_the_same_bytes_in_any_order(answers, random):
    samples = [
        a_sample(f"O-{number}", unit, dispatch_kind=kind, solved=solved, satisfaction=satisfaction)
        for number, (unit, kind, solved, satisfaction) in enumerate(answers)
    ]
    once = canonical(result(samples, {"110105001": 1, "110105002": 2}))
    random.shuffle(samples)
    again = canonical(result(samples, {"110105002": 2, "110105001": 1}))

    assert hashlib.sha256(once).digest() == hashlib.sha256(again).digest()
    assert canonical(json.loads(once)) == once
