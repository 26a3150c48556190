"""Strangers' validators, held against each other: one in Python, and one in Rust that really checks formats."""

from typing import Any

import jsonschema
import jsonschema_rs


def faults_by_schema(schema: dict[str, Any], value: Any) -> list[str]:
    """What the Rust validator finds. The schema must be right, and Python's must find no fault that it does not."""
    jsonschema.Draft202012Validator.check_schema(schema)
    found = [
        error.message for error in jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(value)
    ]
    assert found or jsonschema.Draft202012Validator(schema).is_valid(value)
    return found
