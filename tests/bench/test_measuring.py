"""How benchmarks count: percentiles, ratios, processor time, and results side by side."""

import os

from services.cli.bench.calls import percentile, summary
from services.cli.bench.gauges import CpuGauge, rss_mb
from services.cli.bench.result import Result, flat, ratio, together

TENTHS = [number / 10_000 for number in range(1, 101)]  # 0.1 ms to 10 ms


def test_the_median_of_a_hundred_is_the_fiftieth():
    assert percentile(TENTHS, 50) == 5.0


def test_the_99th_per_cent_of_a_hundred_is_the_99th_and_not_the_slowest():
    assert percentile(TENTHS, 99) == 9.9
    assert percentile(TENTHS, 100) == 10.0


def test_order_does_not_matter_to_a_summary():
    assert summary(TENTHS) == summary(TENTHS[::-1])


def test_a_single_call_is_its_own_summary():
    assert summary([0.002]) == {"p50_ms": 2.0, "p99_ms": 2.0, "slowest_ms": 2.0, "calls": 1}


def test_there_is_no_ratio_to_nothing():
    assert ratio(1.0, 0.0) is None
    assert ratio(1.0, 3.0) == 0.333


def test_a_running_process_has_memory():
    assert rss_mb(os.getpid()) > 1


def test_processor_time_counts_from_the_last_look():
    gauge = CpuGauge({"us": os.getpid()}, {})
    while gauge.take()["us"] == 0:
        sum(range(100_000))
    assert 0 <= gauge.take()["us"] < 1


def test_nested_values_are_told_by_dotted_names():
    assert flat({"a": {"b": 1, "c": {"d": 2}}, "e": 3}) == {"a.b": 1, "a.c.d": 2, "e": 3}


def test_all_benchmarks_together_keep_their_parts_apart():
    found = together([Result("one", figures={"n": 1}), Result("two", figures={"n": 2}, machine={"cores": 2})])

    assert found.as_json() == {
        "name": "all",
        "figures": {"one": {"n": 1}, "two": {"n": 2}},
        "baselines": {"one": {}, "two": {}},
        "ratios": {"one": {}, "two": {}},
        "machine": {"cores": 2},
    }
