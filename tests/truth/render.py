"""A program of the model as source: one statement a line, functions named after who runs them."""

from __future__ import annotations

from typing import Final

from tests.truth import styles
from tests.truth.model import (
    Act,
    Body,
    Catch,
    Delegate,
    Error,
    Finally,
    Make,
    Program,
    Raise,
    Rendered,
    Reraise,
    Return,
    Say,
    Scenario,
    Sort,
    Statement,
    With,
    Yield,
)

MANAGER: Final = "c"
"""The letter of context managers."""
BEGINNING: Final = "scenario "
"""What a scenario prints first, before its name."""
LETTERS: Final = {Sort.GENERATOR: "g", Sort.GREENLET: "l", Sort.GEVENT: "w"}
_HELD: Final = """
@contextmanager
def {name}():
    print("{name} in")
    try:
        r = yield {value}
        print("{name}", r)
    finally:
        print("{name} out")
"""


def render(program: Program) -> Rendered:
    """Write a program down."""
    writer = _Writer()
    for scenario in program.scenarios:
        writer.add_scenario(scenario)
    return writer.finish()


class _Function:
    """A function being written: its lines, and the coroutines it can name."""

    def __init__(self, name: str, sort: Sort | None, arguments: str) -> None:
        self.name = name
        self.sort = sort
        self.lines = [f"def {name}({arguments}):"]
        self.known: dict[Sort, list[str]] = {sort: [] for sort in Sort}
        self.handling = 0


class _Writer:
    """Writes functions, the innermost first, and counts names and values."""

    def __init__(self) -> None:
        self._functions: list[list[str]] = []
        self._names = 0
        self._values = 0
        self._shared: dict[Sort, list[str]] = {}
        self._guarded = True
        self._scenarios: list[str] = []

    def add_scenario(self, scenario: Scenario) -> None:
        self._shared = {Sort.GREENLET: ["main"], Sort.GEVENT: []}
        self._guarded = scenario.guarded
        name = f"s{len(self._scenarios) + 1}"
        function = _Function(name, None, "")
        function.lines += [f'    print("{BEGINNING}{name}")', "    gc.collect()"]
        self._add_body(function, scenario.body, 1)
        self._functions.append(function.lines)
        self._scenarios.append(name)

    def finish(self) -> Rendered:
        uses_gevent = any("gevent" in line for lines in self._functions for line in lines)
        lines = [styles.GEVENT_HEADER if uses_gevent else styles.HEADER]
        for function in self._functions:
            lines += ["", "", *function]
        lines += ["", "", f"for scenario in ({', '.join(self._scenarios)},):"]
        lines += ["    try:", "        scenario()", "    except BaseException as error:"]
        lines += ["        print(type(error).__name__, error.args[:1])"]
        return _numbered("\n".join(lines) + "\n")

    def _value(self) -> int:
        self._values += 1
        return self._values

    def _name(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"

    def _add_body(self, function: _Function, body: Body, depth: int) -> None:
        before = len(function.lines)
        for statement in body:
            self._add(function, statement, depth)
        if len(function.lines) == before:
            function.lines.append("    " * depth + "pass")

    def _add(self, function: _Function, statement: Statement, depth: int) -> None:
        pad = "    " * depth
        match statement:
            case Say():
                function.lines.append(f'{pad}print("{function.name}")')
            case Yield() if function.sort is Sort.GENERATOR:
                function.lines.append(f"{pad}r = yield {self._value()}")
            case Raise(error):
                function.lines.append(f"{pad}raise {error}({self._value()})")
            case Reraise() if function.handling:
                function.lines.append(f"{pad}raise")
            case Return():
                function.lines.append(f"{pad}return {self._value()}")
            case Catch() | Finally() | With():
                self._add_block(function, statement, depth)
            case Delegate(body) if function.sort is Sort.GENERATOR:
                name = self._define(Sort.GENERATOR, body)
                made = f"{name}({self._value()})  # makes {name}"
                function.lines.append(f"{pad}r = yield from {made}")
            case Make():
                self._make(function, statement, pad)
            case Act():
                self._act(function, statement, pad)
            case _:
                pass

    def _add_block(
        self, function: _Function, statement: Catch | Finally | With, depth: int
    ) -> None:
        pad = "    " * depth
        match statement:
            case Catch(body, error, handler):
                function.lines.append(f"{pad}try:")
                self._add_body(function, body, depth + 1)
                function.lines.append(f"{pad}except {error} as e:")
                function.handling += 1
                self._add_body(function, handler, depth + 1)
                function.handling -= 1
            case Finally(body, last):
                function.lines.append(f"{pad}try:")
                self._add_body(function, body, depth + 1)
                function.lines.append(f"{pad}finally:")
                self._add_body(function, last, depth + 1)
            case With(body, manager):
                function.lines.append(f"{pad}with {self._manager(manager)}:")
                self._add_body(function, body, depth + 1)

    def _manager(self, manager: str) -> str:
        if manager == "suppress":
            return f"suppress({Error.KEY})"
        name = self._name(MANAGER)
        if manager == "plain":
            return f'Held("{name}")'
        source = _HELD.format(name=name, value=self._value())
        self._functions.append(source.strip("\n").splitlines())
        return f"{name}()"

    def _define(self, sort: Sort, body: Body) -> str:
        """Write a coroutine's function; a generator is one even if it never yields."""
        name = self._name(LETTERS[sort])
        function = _Function(name, sort, styles.ARGUMENTS[sort])
        self._add_body(function, body, 1)
        if sort is Sort.GENERATOR:
            function.lines.append("    r = yield 0")
        self._functions.append(function.lines)
        return name

    def _make(self, function: _Function, statement: Make, pad: str) -> None:
        sort = statement.sort
        if sort is not Sort.GENERATOR and function.sort not in (None, sort):
            return
        name = self._define(sort, statement.body)
        variable = name.upper()
        line = styles.MAKES[sort][statement.style].format(
            variable=variable, name=name, value=self._value()
        )
        if sort is Sort.GENERATOR:
            function.known[sort].append(variable)
        else:
            function.lines.insert(1, f"    global {variable}")
            self._shared[sort].append(variable)
        function.lines.extend(pad + one for one in line.splitlines())

    def _act(self, function: _Function, act: Act, pad: str) -> None:
        known = self._shared.get(act.sort, function.known[act.sort])
        if act.operation in styles.ALONE:
            known = known or ["main"]
        if not known or (act.sort is not Sort.GENERATOR and function.sort not in (None, act.sort)):
            return
        variable = known[act.which % len(known)]
        template = styles.ACTS[act.sort][act.operation][act.style]
        if "{error}" in template and "gevent" in act.sort and act.error is Error.STOP:
            return
        if "del " in template:
            if variable == "main" or act.sort is not Sort.GENERATOR:
                return
            known.remove(variable)
        text = template.format(
            variable=variable,
            value=self._value(),
            error=f"{act.error}({self._value()})",
            plain="  # plain",
        )
        self._guard(function, text.splitlines(), pad)

    def _guard(self, function: _Function, lines: list[str], pad: str) -> None:
        if not self._guarded or function.sort is not None:
            function.lines.extend(pad + line for line in lines)
            return
        function.lines.append(f"{pad}try:")
        function.lines.extend(f"{pad}    {line}" for line in lines)
        function.lines.append(f"{pad}except BaseException as e:")
        function.lines.append(f"{pad}    print(type(e).__name__, e.args[:1])")


def _numbered(source: str) -> Rendered:
    """Take the remarks out of a source, and note the lines at which they stood."""
    made: dict[str, int] = {}
    plain: dict[int, str] = {}
    waits: dict[int, str] = {}
    lines = []
    for number, line in enumerate(source.splitlines(), 1):
        code, _, remark = line.partition("  # ")
        lines.append(code)
        if remark.startswith("makes "):
            made[remark.removeprefix("makes ")] = number
        elif remark.startswith("waits for "):
            waits[number] = remark.removeprefix("waits for ")
        elif remark == "plain":
            plain[number] = code.strip()
    return Rendered("\n".join(lines) + "\n", made, plain, waits)
