"""Reads and checks the file of categories. Every fault in it is named at once, before anything starts."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import marshmallow
from marshmallow import fields, validate

from services.intake.domain.catalogue import CATCH_ALL, AnswerClass, Catalogue, Category, Matching
from services.intake.domain.wording import SHORTEST_WORD
from shared.contracts.fields import FullMatch
from shared.contracts.vocabulary import Disposition, SlaClass
from shared.toml_file import TomlFile

SHIPPED_FILE = Path(__file__).resolve().parent.parent / "categories.toml"
_CODE = FullMatch("[a-z][a-z0-9_]{1,59}", error="Must be a code like road_repair.")


def _words() -> fields.List[str]:
    word = fields.String(validate=validate.Length(min=SHORTEST_WORD, max=40))
    return fields.List(word, load_default=list)


class _MatchingSchema(marshmallow.Schema):
    title_weight = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    content_characters = fields.Integer(required=True, strict=True, validate=validate.Range(0, 20_000))
    likeness_characters = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1_000))
    likeness_candidates = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000))
    likeness_least_characters = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100))
    repeat_likeness_ratio = fields.Float(required=True, validate=validate.Range(0, 1))


class _CategorySchema(marshmallow.Schema):
    code = fields.String(required=True, validate=_CODE)
    name = fields.String(required=True, validate=validate.Length(1, 60))
    sla_class = fields.Enum(SlaClass, by_value=True, required=True)
    deliberative = fields.Boolean(required=True, truthy={True}, falsy={False})
    telling = _words()
    words = _words()


class _AnswerSchema(marshmallow.Schema):
    code = fields.Enum(Disposition, by_value=True, required=True)
    name = fields.String(required=True, validate=validate.Length(1, 60))
    title = _words()
    answer = fields.String(required=True, validate=validate.Length(1, 1_000))


class _FileSchema(marshmallow.Schema):
    matching = fields.Nested(_MatchingSchema, required=True)
    categories = fields.List(fields.Nested(_CategorySchema), required=True)
    dispositions = fields.List(fields.Nested(_AnswerSchema), required=True)

    @marshmallow.validates_schema
    def _must_agree(self, read: dict[str, Any], **_: object) -> None:
        """What no single field shows."""
        faults = {name: found for name, found in _contradictions(read).items() if found}
        if faults:
            raise marshmallow.ValidationError(faults)


@cache
def read_catalogue(path: Path | None = None) -> Catalogue:
    """The catalogue in a file, or the one that ships. Raises BadTomlFile with every fault."""
    return catalogue_from(TomlFile.read(path or SHIPPED_FILE))


def catalogue_from(file: TomlFile) -> Catalogue:
    """The catalogue in a file that was read. Raises BadTomlFile with every fault."""
    read = file.checked_by(_FileSchema())
    return Catalogue(
        Matching(**read["matching"]),
        tuple(Category(**_tuples(one)) for one in read["categories"]),
        tuple(AnswerClass(**_tuples(one)) for one in read["dispositions"]),
    )


def _contradictions(read: dict[str, Any]) -> dict[str, list[str]]:
    codes = [one["code"] for one in read["categories"]]
    classes = [one["code"] for one in read["dispositions"]]
    of_categories = [f"{code} is there twice" for code, times in Counter(codes).items() if times > 1]
    if CATCH_ALL not in codes:
        of_categories.append(f"{CATCH_ALL} is missing; it takes what no word speaks of")
    of_classes = [f"{code} is there twice" for code, times in Counter(classes).items() if times > 1]
    of_classes += [f"{code} is missing" for code in Disposition if code not in classes]
    if any(one["code"] is Disposition.ALREADY_IN_HAND and one["title"] for one in read["dispositions"]):
        of_classes.append("already_in_hand can't have title words; repeats are found by caller")
    return {"categories": of_categories, "dispositions": of_classes}


def _tuples(one: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
