"""A field of the policy that no code reads is marked `not_yet_applied`, and no other field is."""

import dataclasses

import pytest

from shared.policy import NOT_YET_APPLIED
from shared.policy.fields import key_of
from tests.guards.policy_reads import SECTIONS, fields_read, sources

IN_POLICY = "overridable"  # read where the policy file itself is checked
HEAD = "from shared.policy.clocks import Extension as Rule\n"


def keys(*, of: set[str], are_read: bool) -> set[str]:
    return {
        f"{section}.{key_of(field)}"
        for section, kind in SECTIONS.items()
        for field in dataclasses.fields(kind)
        if field.name != IN_POLICY and (f"{section}.{field.name}" in of) == are_read
    }


def test_no_field_that_is_read_is_marked_as_not_yet_applied():
    assert set(NOT_YET_APPLIED) & keys(of=fields_read(sources()), are_read=True) == set()


def test_every_field_that_nobody_reads_is_marked_as_not_yet_applied():
    assert keys(of=fields_read(sources()), are_read=False) - set(NOT_YET_APPLIED) == set()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("def f(policy):\n    return policy.extension.times", {"extension.times"}),
        ("def f(at):\n    rule = at.policy_in('110105').failure\n    return rule.times", {"failure.times"}),
        ("def f(policies, now):\n    policy = policies.at(now).redo\n    return policy.times", {"redo.times"}),
        ("def f(rules):\n    return rules['policy'].group.within", {"group.within"}),
        ("def f(rule: Rule):\n    return rule.times", {"extension.times"}),
        ("def f(policy, limit):\n    return policy.extension.granted_for(limit)", {"extension.max"}),
        (
            "def f(policy):\n    return policy.first_contact(1, 'general')",
            {"first_contact.emergency", "first_contact.most", "first_contact.share_of_limit"},
        ),
        ("def g(at):\n    return at.policy.inbox\ndef f(at):\n    return g(at).backoff", {"inbox.backoff"}),
        ("def f(issue):\n    return issue.redo.times", set()),
        ("def f(rule):\n    return rule.times", set()),
        ("def f(policy):\n    return policy.extension", set()),
    ],
)
def test_a_read_is_found_in_its_own_section_and_in_no_other(body, found):
    assert fields_read([HEAD + body]) == found


def test_a_field_whose_only_read_is_taken_out_counts_as_unread():
    texts = list(sources())
    without = [text.replace("policy.postpone.within", "policy.other") for text in texts]
    assert "postpone.within" in fields_read(texts) - fields_read(without)
