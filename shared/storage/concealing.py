"""Takes what rows say out of a database's errors, before they get into a log or a table: it may be personal.

SQLAlchemy leaves out a statement's parameters (`hide_parameters`); PostgreSQL itself quotes values in its messages.
"""

import re
from typing import Any

from sqlalchemy import Engine, event

from shared.telling import told

_QUOTED = re.compile(r'".*', re.DOTALL)  # a value may hold quotes and line feeds itself
_OF_DATA = "22"  # the class of errors in values: their first line may quote one


def conceal_values(engine: Engine) -> None:
    """From now on the errors of this engine name tables, columns and constraints, and no values."""
    event.listen(engine, "handle_error", _conceal)


def _conceal(context: Any) -> None:
    original, wrapped = context.original_exception, context.sqlalchemy_exception
    said = str(original)
    if isinstance(original, context.dialect.loaded_dbapi.Error):
        is_of_data = str(getattr(original, "sqlstate", None) or "").startswith(_OF_DATA)
        quoting_none = _QUOTED.sub('"***"', said) if is_of_data else said
        concealed = quoting_none.partition("\n")[0]  # further lines: DETAIL, CONTEXT, and the place in the statement
    else:
        concealed = told(original)  # a value that could not be made ready for the driver
    if concealed == said:
        return
    original.args = (concealed, *original.args[1:])
    if wrapped is not None:
        wrapped.args = tuple(one.replace(said, concealed) if isinstance(one, str) else one for one in wrapped.args)
