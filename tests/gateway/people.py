"""People with an account, and how they sign in: with a form, as a browser sends it."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine

from services.gateway.accounts import logins
from services.gateway.accounts.sessions import moment
from services.gateway.storage.logins import acting
from tests.gateway.fakes import FakeServices

PASSWORD = "a good long password"
STREET, COMMUNITY = "110105015", "110105015003"


def a_post(*roles: str, unit: str = STREET, organisation: str = "ORG-1") -> dict[str, Any]:
    """As the directory tells it."""
    return {
        "person": "P-1",
        "person_name": "李娜",
        "organisation": organisation,
        "unit": unit,
        "post": "",
        "roles": list(roles),
    }


def invited(engine: Engine, login: str = "li.na") -> str:
    """The secret of a fresh link."""
    with acting(engine) as kept:
        return logins.invite(kept, login, moment())


def with_account(engine: Engine, login: str = "li.na", password: str = PASSWORD) -> None:
    secret = invited(engine, login)
    with acting(engine) as kept:
        logins.accept(kept, secret, password, moment())


def csrf_in(text: str) -> str:
    """What stands in the page's form."""
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', text)
    assert found, text
    return found[1]


def send(browser: FlaskClient, path: str, form_at: str = "", **fields: str) -> Any:
    """The form as it is found on a page, filled in and sent."""
    token = csrf_in(browser.get(form_at or path).text)
    return browser.post(path, data={"csrf": token, **fields})


def sign_in(
    browser: FlaskClient, engine: Engine, services: FakeServices, *roles: str, login: str = "li.na", unit: str = STREET
) -> None:
    """As a member of staff with these roles."""
    services.answers["directory.list_posts"] = {"posts": [a_post(*roles, unit=unit)]}
    with_account(engine, login)
    assert send(browser, "/login", login=login, password=PASSWORD).status_code == 303
