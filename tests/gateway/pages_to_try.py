"""Every public page by its address, for tests that hold of all of them."""

from tests.gateway.fake_board import HALL, ISSUE, PERIOD, SESSION

PAGES = {
    "front": "/",
    "issues": "/issues",
    "issue": f"/issues/{ISSUE}",
    "sessions": "/sessions",
    "session": f"/sessions/{SESSION}",
    "halls": "/halls",
    "hall": f"/halls/{HALL}",
    "ranks": f"/ranks?period={PERIOD}",
    "search": "/search?words=水管",
    "file": "/file",
    "file-order": "/file/order",
    "file-proposal": "/file/proposal",
    "my-order": "/my-order",
    "objection": f"/objection?issue={ISSUE}&resolution={ISSUE}/R1",
    "login": "/login",
    "design": "/design",
    "missing": "/nowhere",
}
