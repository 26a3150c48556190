"""Scripts of calls, side by side."""

from services.rehearsal.calling import Ask, Calling
from shared.auth import Role
from shared.errors import Refused


def tokens(role, unit, organisation):
    return f"{role}@{unit}"


class Desk:
    """Answers calls, and remembers in which order they came."""

    def __init__(self):
        self.asked = []

    def begin(self, service, method, request, *, token):
        self.asked.append(request["name"])
        if request["name"] == "no":
            return self.refuse
        return lambda: {"name": request["name"]}

    def refuse(self):
        raise Refused("not now")


def script(names, replies):
    for name in names:
        replies.append((yield Ask("dispatch", "finish_task", {"name": name}, Role.HANDLER, "110105001")))


def test_first_calls_go_out_together_then_second_ones():
    desk, replies = Desk(), []
    Calling(desk, tokens).run([script(["a1", "a2"], replies), script(["b1", "b2", "b3"], replies)])
    assert desk.asked == ["a1", "b1", "a2", "b2", "b3"]
    assert {"name": "b3"} in replies


def test_a_refusal_ends_its_script_alone_and_is_counted():
    desk, replies = Desk(), []
    calling = Calling(desk, tokens)
    calling.run([script(["no", "never"], replies), script(["b1"], replies)])
    assert desk.asked == ["no", "b1"]
    assert calling.refused == {"dispatch.finish_task: refused": 1}
