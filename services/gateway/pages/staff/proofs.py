"""Evidence 佐证材料: files that somebody chooses, and where they are kept. Address and hash are all that is recorded.

The hash is reckoned from what was sent (`Form.take_files`), and the file is let go with the request.
"""

from dataclasses import replace

from flask import Flask, request

from services.gateway.accounts.signing import signed_in
from services.gateway.pages.forms import Form, place_of
from services.gateway.pages.staff.acts import FILES, Field
from services.gateway.words.catalogue import zh

NAME, LABEL = "evidence", zh("佐证材料")
HELP = zh("选好文件，再写原件存放在哪里。系统只记存放处、文件名和校验码，不保存文件本身；一次最多 64 MB。")
LONGEST = 30_000
OURS = frozenset({"csrf", "form_key", place_of(NAME)})
LARGEST_FILES = 64 * 1024 * 1024
TAKING = frozenset({"doing.do", "escalating.do"})

MUST_PROVE = Field(name=NAME, label=LABEL, help=HELP, look=FILES, longest=LONGEST)
MAY_PROVE = replace(MUST_PROVE, is_required=False)


def join(app: Flask) -> None:
    """Let members of staff send files to forms that ask for some; nothing else may be larger than any page takes."""
    app.before_request(_let_files_in)


def _let_files_in() -> None:
    if request.endpoint in TAKING and request.mimetype == "multipart/form-data" and signed_in() is not None:
        request.max_content_length = LARGEST_FILES


def with_proofs(form: Form) -> dict[str, object]:
    """All that was typed, with the evidence as its parts: the service says which of them it can't read."""
    typed = {name: value for name, value in form.typed.items() if value and name not in OURS}
    return {**typed, NAME: [_part(line) for line in form[NAME].splitlines() if line.strip()]}


def _part(line: str) -> dict[str, str]:
    uri, _, sha256 = line.strip().rpartition(" ")
    return {"uri": uri.strip(), "sha256": sha256.lower()}
