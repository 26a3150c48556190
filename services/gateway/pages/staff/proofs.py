"""Evidence 佐证材料 as it is typed: a line for each file, its address and its content hash."""

import re
from dataclasses import replace

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import Field
from services.gateway.words.catalogue import zh

NAME, LABEL = "evidence", zh("佐证材料")
HELP = zh("每行一份：先写存放地址，空一格，再写 64 位校验码（SHA-256）。")
LONGEST = 30_000
NOT_A_PROOF = zh("有一行读不懂。请写成：存放地址，空一格，64 位校验码（0–9、a–f）；一份一行")
LINE = re.compile(r"\S.* [0-9A-Fa-f]{64}")
OURS = frozenset({"csrf", "form_key"})


def _fault_of(typed: str) -> str:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    return "" if all(LINE.fullmatch(line) for line in lines) else NOT_A_PROOF


MUST_PROVE = Field(name=NAME, label=LABEL, help=HELP, longest=LONGEST, fault_of=_fault_of)
MAY_PROVE = replace(MUST_PROVE, is_required=False)


def with_proofs(form: Form) -> dict[str, object]:
    """All that was typed, with the evidence as its parts: the service says which of them it can't read."""
    typed = {name: value for name, value in form.typed.items() if value and name not in OURS}
    return {**typed, NAME: [_part(line) for line in form[NAME].splitlines() if line.strip()]}


def _part(line: str) -> dict[str, str]:
    uri, _, sha256 = line.strip().rpartition(" ")
    return {"uri": uri.strip(), "sha256": sha256.lower()}
