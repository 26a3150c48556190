"""What a service says of a field that is at fault, in the language of whoever reads."""

from services.gateway.reader import look
from services.gateway.words.book_faults import in_chinese
from services.gateway.words.catalogue import CHINESE
from shared.errors import GongshangError


def in_language(sentence: str) -> str:
    """As it came, where nobody has said it in Chinese yet."""
    return in_chinese(sentence) if look().language == CHINESE else sentence


def explained(error: GongshangError, field: str) -> str:
    """What is wrong with a field, as precisely as it was said; empty where that has no Chinese words."""
    sentences = error.fields.get(field, ())
    return " ".join(map(in_language, sentences)) if all(in_chinese(one) != one for one in sentences) else ""
