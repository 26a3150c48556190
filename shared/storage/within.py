"""What lies inside a unit, as a condition that an index on the column serves on both databases."""

from typing import Any

from sqlalchemy.sql.expression import ColumnElement

LONGEST_CODE = 15


def is_within(column: Any, unit_code: str) -> ColumnElement[bool]:
    """Whether the column has the code of the unit or of one inside it; any code, where no unit is named.

    The same as `shared.units.is_within`. Codes are digits only, and so no collation can change their order.
    """
    inside: ColumnElement[bool] = column.between(unit_code, unit_code.ljust(LONGEST_CODE, "9"))
    return inside
