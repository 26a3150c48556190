"""Finds in the code which fields of the policy are read: `policy.extension.times`, or `rule.times` of such a rule.

A name is followed to its section through assignments, annotated parameters and functions of the same file that return
one. A section that is handed to a parameter without an annotation is lost: its fields then count as unread.
"""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from shared.policy.policy import Sections

ROOT = Path(__file__).resolve().parents[2]
SECTIONS: dict[str, type] = {section.name: section.type for section in dataclasses.fields(Sections)}  # type: ignore[misc]
NAMES_OF_CLASSES = {kind.__name__: name for name, kind in SECTIONS.items()}
GIVES_A_POLICY = {"policy_in", "policy_then", "policy_for"}
KEPT_IN = {"policies", "_book"}

Where = dict[str, str]


def sources() -> Iterator[str]:
    """Everything that may apply a policy; the policy's own package only describes it."""
    for file in (*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")):
        if "policy" not in file.relative_to(ROOT).parts:
            yield file.read_text(encoding="utf-8")


def fields_read(texts: Iterable[str]) -> set[str]:
    """As `section.field`, by the names in Python."""
    return {field for text in texts for field in _read_in(text)}


@cache
def _read_in(text: str) -> frozenset[str]:
    return frozenset(_reads_in(ast.parse(text)))


def _reads_in(tree: ast.Module) -> Iterator[str]:
    classes = _imported(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    known = {function: _names_in(function, classes, {}) for function in functions}
    returning = {
        f"{function.name}()": section for function in functions for section in _returned(function, known[function])
    }
    for function in functions:
        names = _names_in(function, classes, returning)
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and (section := _section(node.value, names)):
                yield from _reads_of(section, node.attr)
            elif isinstance(node, ast.Call) and (section := _section(node.func, names)):
                yield from _reads_of(section, "__call__")


def _imported(tree: ast.Module) -> Where:
    """The classes of sections that a file imports, by the names it gives them."""
    return {
        alias.asname or alias.name: NAMES_OF_CLASSES[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("shared.policy")
        for alias in node.names
        if alias.name in NAMES_OF_CLASSES
    }


def _names_in(function: ast.FunctionDef, classes: Where, returning: Where) -> Where:
    """Parameters and local names that stand for a section."""
    names = dict(returning)
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id in classes:
            names[argument.arg] = classes[argument.annotation.id]
    for node in ast.walk(function):
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        if section := _section(node.value, names):
            names[node.targets[0].id] = section
    return names


def _returned(function: ast.FunctionDef, names: Where) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value and (section := _section(node.value, names)):
            yield section


def _section(node: ast.expr, names: Where) -> str | None:
    """The section an expression stands for, or None."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Call):
        return names.get(f"{_last_name(node.func)}()")
    if isinstance(node, ast.Attribute) and node.attr in SECTIONS and _is_policy(node.value, names):
        return node.attr
    return None


def _is_policy(node: ast.expr, names: Where) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "policy"
    if isinstance(node, ast.Call) and _last_name(node.func) == "at":
        return isinstance(node.func, ast.Attribute) and _last_name(node.func.value) in KEPT_IN
    if isinstance(node, ast.Call):
        return _last_name(node.func) in GIVES_A_POLICY
    return _last_name(node) == "policy" and "policy" not in names


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _reads_of(section: str, attribute: str) -> Iterator[str]:
    """A field, or what a method of the section reads of it."""
    kind = SECTIONS[section]
    if attribute in {field.name for field in dataclasses.fields(kind)}:
        yield f"{section}.{attribute}"
    elif inspect.isfunction(method := getattr(kind, attribute, None)):
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(method)))):
            if isinstance(node, ast.Attribute) and _last_name(node.value) == "self":
                yield from _reads_of(section, node.attr)
