"""The pages: one module each, a Flask blueprint named `page`, listed here."""

from flask import Blueprint

PAGES: tuple[Blueprint, ...] = ()
