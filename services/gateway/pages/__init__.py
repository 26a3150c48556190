"""The pages: one module each, a Flask blueprint named `page`, listed here."""

from flask import Blueprint

from services.gateway.pages.design import pieces
from services.gateway.pages.public import file, front, halls, issues, look, my_order, objection, ranks, search, sessions
from services.gateway.pages.staff import (
    callbacks,
    cases,
    desk,
    directory,
    directory_book,
    doing,
    entries,
    escalating,
    evaluation,
    listing,
    my_work,
    operations,
    poll_opening,
    polls,
    requests,
    room,
    tasks,
    wall,
)

PAGES: tuple[Blueprint, ...] = (
    front.page,
    issues.page,
    sessions.page,
    halls.page,
    ranks.page,
    search.page,
    file.page,
    my_order.page,
    objection.page,
    look.page,
    my_work.page,
    tasks.page,
    requests.page,
    wall.page,
    cases.page,
    escalating.page,
    operations.page,
    callbacks.page,
    evaluation.page,
    directory_book.page,
    directory.page,
    entries.page,
    doing.page,
    desk.page,
    listing.page,
    room.page,
    poll_opening.page,
    polls.page,
    pieces.page,
)
