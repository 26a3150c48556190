"""The notice board 公示栏: what is deliberated now, who meets when, what was resolved, and how the streets do."""

from flask import Blueprint, render_template

from services.gateway.at_hand import board, now

page = Blueprint("front", __name__)
SCALE = ((1, "< 60%"), (2, "60–70%"), (3, "70–80%"), (4, "80–90%"), (5, "≥ 90%"))


@page.get("/")
def show() -> str:
    return render_template("public/front.html", front=board().front(now()), scale=SCALE)
