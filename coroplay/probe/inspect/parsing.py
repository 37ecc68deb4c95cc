"""Parses pieces of source, without a warning that the program would see.

Python warns of escapes in strings that mean nothing, and of numbers that run into a keyword: once
more than where the program itself was compiled, and through the program's own filters, which may
make an exception of it. There is no way to parse without that. So the parser never gets such source
to see: escapes are masked, and are read from the source afterwards, one string at a time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from coroplay.probe.base.interruptions import is_from_within

_MASK: Final = "\x01"
"""A character that stands for each one of an escape: it is as long, and hardly ever written."""
_BACKSLASHES: Final = re.compile(r"\\[\\'\"]?(?!\r?\n)")
_TOKENS: Final = re.compile(
    r"""\#[^\n]*|(?P<prefix>[A-Za-z]*)(?P<quote>\"{3}|'{3}|"|')(?P<inside>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)""",
    re.DOTALL,
)
"""Comments, and strings with their prefix."""
_ESCAPE: Final = re.compile(r"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPES: Final = "\\'\"\r\nabfnrtvx"
"""Characters that mean something after a backslash, in bytes too."""
_MOST_OCTAL: Final = 0o377
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n?|\n|$)")
_RUN_IN: Final = re.compile(
    r"(?<!\w)(?:0[xX][0-9a-fA-F_]+|0[oObB][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?[jJ]?)"
    r"(?:and|else|for|if|in|is|not|or)(?!\w)"
)
"""A number that runs into a keyword."""
_WITH_EXPRESSIONS: Final = re.compile(r"""(?i:f|fr|rf|t|tr|rt)['"]""")
"""The beginning of a string with expressions in it, in which strings may lie in turn."""


def parse_expression(source: str) -> ast.expr | None:
    """Return the tree of an expression; None if it is none, or can't be parsed silently."""
    tree = _parse(source, "eval")
    return tree.body if isinstance(tree, ast.Expression) else None


def parse_statement(source: str) -> ast.stmt | None:
    """Return the tree of the first statement; None if there is none, or not silently."""
    tree = _parse(source, "exec")
    return tree.body[0] if isinstance(tree, ast.Module) and tree.body else None


def parts_of(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield a tree and all its parts, those that are held in tuples too.

    `ast.walk` imports a module each time, by a function that the program may have replaced.
    """
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        nodes += _parts(node)
        yield node


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    for field in node._fields:
        value = getattr(node, field, None)
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, ast.AST):
                yield one


def segment(source: str, node: ast.expr) -> str:
    """Return the source text of a part of a tree.

    `ast.get_source_segment` imports a module when it is first called.
    """
    if node.end_lineno is None:
        return ""
    lines = _LINE.findall(source.encode())[node.lineno - 1 : node.end_lineno]
    lines[-1] = lines[-1][: node.end_col_offset]
    lines[0] = lines[0][node.col_offset :]
    return b"".join(lines).decode()


def _parse(source: str, mode: str) -> ast.AST | None:
    if _MASK in source or _runs_in(source):
        return None
    masked = _BACKSLASHES.sub(lambda found: _MASK * len(found[0]), source)
    tree = _compile(masked, mode)
    if tree is None or (masked != source and not _unmask(tree, source)):
        return None
    return tree


def _runs_in(source: str) -> bool:
    """Tell whether a number runs into a keyword; in a string with expressions, whether it may."""
    plain = source if _WITH_EXPRESSIONS.search(source) else _TOKENS.sub(" ", source)
    return _RUN_IN.search(plain) is not None


def _compile(source: str, mode: str) -> ast.AST | None:
    # Only a function in C runs within this `try`.
    try:
        tree: ast.AST = compile(source, "<piece>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if is_from_within(error):
            raise
        return None
    except SystemError:
        # So Python 3.11 complains if a callback of the collector of garbage fails meanwhile.
        return None
    return tree


def _unmask(tree: ast.AST, source: str) -> bool:
    """Give the strings in a tree the values that they have in the source; tell if that was done.

    Those with expressions in them stay as they are: nobody evaluates them.
    """
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Constant):
            if not _unmask_constant(node, source):
                return False
        elif not isinstance(node, _FORMATTED):
            nodes += _parts(node)
    return True


_FORMATTED: Final = tuple(
    getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name)
)


def _unmask_constant(node: ast.Constant, source: str) -> bool:
    value = node.value
    if not isinstance(value, str | bytes):
        return True
    if (_MASK not in value) if isinstance(value, str) else (_MASK.encode() not in value):
        return True
    mended = _TOKENS.sub(_mend_escapes, segment(source, node))
    found = _compile(f"({mended}\n)", "eval")
    known = found.body if isinstance(found, ast.Expression) else None
    if not isinstance(known, ast.Constant) or type(known.value) is not type(value):
        return False
    node.value = known.value
    return True


def _mend_escapes(found: re.Match[str]) -> str:
    r"""Return a string that means the same without a warning: with ``\\d`` in place of ``\d``."""
    prefix, quote, inside = found["prefix"], found["quote"], found["inside"]
    if quote is None or "r" in prefix.lower():
        return found[0]
    is_bytes = "b" in prefix.lower()
    return prefix + quote + _ESCAPE.sub(lambda one: _mend(one[1], is_bytes), inside) + quote


def _mend(escaped: str, is_bytes: bool) -> str:
    if escaped[0] in "01234567":
        code = int(escaped, 8)
        if code > _MOST_OCTAL:
            return f"\\x{code & _MOST_OCTAL:02x}" if is_bytes else f"\\u{code:04x}"
        return "\\" + escaped
    known = escaped in _ESCAPES or (not is_bytes and escaped in "NuU")
    return "\\" + escaped if known else "\\\\" + escaped
