"""Evidence 佐证材料 as it is typed: a line for each file, its address and its content hash."""

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import Field
from services.gateway.words.catalogue import zh

NAME, LABEL = "evidence", zh("佐证材料")
HELP = zh("每行一份：先写存放地址，空一格，再写 64 位校验码（SHA-256）。")
LONGEST = 30_000
MUST_PROVE = Field(name=NAME, label=LABEL, help=HELP, longest=LONGEST)
MAY_PROVE = Field(name=NAME, label=LABEL, help=HELP, longest=LONGEST, is_required=False)
OURS = frozenset({"csrf", "form_key"})


def with_proofs(form: Form) -> dict[str, object]:
    """All that was typed, with the evidence as its parts: the service says which of them it can't read."""
    typed = {name: value for name, value in form.typed.items() if value and name not in OURS}
    return {**typed, NAME: [_part(line) for line in form[NAME].splitlines() if line.strip()]}


def _part(line: str) -> dict[str, str]:
    uri, _, sha256 = line.strip().rpartition(" ")
    return {"uri": uri.strip(), "sha256": sha256.lower()}
