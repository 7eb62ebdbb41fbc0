"""Endpoints: what the comment header of a named query says, read strictly.

Owns the header's words. They follow grlc's decorators (https://github.com/CLARIAH/grlc): `title`
(its summary), `description`, `tags`, `pagination`, and for a parameter `default`, `enumerate`,
`example`; ours are `param`, `type`, `required`, `column`, `things` (columns that hold IRIs),
`order`, and `items` (the column whose things a list is of). A line that is not understood is a
fault: a misspelt word must not be silent.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from entente.core.terms import expand
from entente.logic.endpoint_values import KINDS, Accepted, complaint

MOST_ROWS: Final = 1000
RESERVED: Final = ("limit", "offset", "sort", "fields", "labels", "format", "asOf")
WORDS: Final = ("title", "description", "tags", "pagination", "things", "order", "items")
NAMED_WORDS: Final = ("param", "type", "default", "enumerate", "example", "required", "column")

_LINE: Final = re.compile(r"#\s*(?P<word>[A-Za-z]+)(?:\s+(?P<name>[^\s:]+))?\s*(?::(?P<text>.*))?")
_NAME: Final = re.compile(r"[a-z][A-Za-z0-9]*")
_FILE: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Accepted):
    """One parameter of an endpoint; `required` ones must be given."""

    name: str
    description: str
    default: str | None = None
    example: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A named query as an endpoint.

    `columns` maps the variables that it selects to what they mean; `things` are those that hold
    IRIs, `order` those by which rows are sorted (`-` descending) when nothing else is asked;
    `items` is the column whose things make it a list.
    """

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: dict[str, str]
    pagination: int
    things: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    items: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a header; `line` counts from 1."""

    line: int
    what: str
    mend: str


@dataclass(slots=True)
class _Header:
    """The lines of a header: word and name to text and line."""

    held: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def text(self, word: str, name: str = "") -> str | None:
        found = self.held.get((word, name))
        return found[0] if found else None

    def line(self, word: str, name: str = "") -> int:
        return self.held.get((word, name), ("", 1))[1]

    def names(self, word: str) -> list[str]:
        return [name for held, name in self.held if held == word]

    def blame(self, word: str, name: str, what: str, mend: str) -> None:
        self.faults.append(Fault(self.line(word, name), what, mend))


def read_endpoint(name: str, text: str) -> tuple[Endpoint | None, tuple[Fault, ...]]:
    """Read the header of a named query.

    Args:
        name: of its file, without folder and ending.
        text: of the file.

    Returns:
        The endpoint, or `None` and the faults that prevent one.
    """
    header = _read_lines(text)
    if _FILE.fullmatch(name) is None:
        mend = "call it in small letters, digits and hyphens"
        header.faults.append(Fault(1, f"{name!r} cannot be the last part of an address", mend))
    for word in ("title", "description"):
        if not header.text(word):
            header.blame(word, "", f"the header has no {word}", f"begin with # {word}: …")
    parameters = tuple(_parameters(header, text))
    columns = {one: header.text("column", one) or "" for one in header.names("column")}
    if not columns:
        mend = "say what each selected variable means: # column NAME: …"
        header.faults.append(Fault(1, "the header has no column", mend))
    endpoint = Endpoint(
        name=name,
        title=header.text("title") or name,
        description=header.text("description") or "",
        tags=_listed(header.text("tags")),
        parameters=parameters,
        columns=columns,
        pagination=_pagination(header),
        things=_listed(header.text("things")),
        order=_listed(header.text("order")),
        items=header.text("items"),
    )
    _check_columns(header, endpoint)
    faults = tuple(sorted(header.faults, key=lambda fault: fault.line))
    return (None if faults else endpoint), faults


def _read_lines(text: str) -> _Header:
    header = _Header()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#"):
            break
        match = _LINE.fullmatch(line.rstrip())
        word, name = (match["word"], match["name"] or "") if match else ("", "")
        if match is None or word not in (*WORDS, *NAMED_WORDS):
            known = ", ".join((*WORDS, *NAMED_WORDS))
            what = f"the header does not know {line[1:40].strip()!r}"
            header.faults.append(Fault(number, what, f"a line is # WORD: …; words are {known}"))
            continue
        if (word in NAMED_WORDS) is (not name):
            mend = f"write # {word} NAME: …" if word in NAMED_WORDS else f"write # {word}: …"
            header.faults.append(Fault(number, f"{word} is not understood", mend))
        elif (word, name) in header.held:
            what = f"{word} {name}".strip() + f" stands in line {header.line(word, name)} already"
            header.faults.append(Fault(number, what, "say it once"))
        else:
            header.held[word, name] = ((match["text"] or "").strip(), number)
    return header


def _parameters(header: _Header, text: str) -> Iterator[Parameter]:
    declared = header.names("param")
    for word in ("type", "default", "enumerate", "example", "required"):
        for name in header.names(word):
            if name not in declared:
                mend = f"add # param {name}: … or correct the name"
                header.blame(word, name, f"there is no parameter {name}", mend)
    for name in declared:
        if _NAME.fullmatch(name) is None or name in RESERVED:
            mend = f"letters and digits, a small one first; {', '.join(RESERVED)} are taken"
            header.blame("param", name, f"no parameter can be called {name!r}", mend)
            continue
        if not header.text("param", name):
            header.blame("param", name, f"{name} is not described", "say what it means")
        if placeholder(name).search(text) is None:
            mend = f"write VALUES ?_{name} {{ UNDEF }} in the query"
            header.blame("param", name, f"the query has no place for {name}", mend)
        yield _parameter(header, name)


def _parameter(header: _Header, name: str) -> Parameter:
    kind, *rest = (header.text("type", name) or "").split() or [""]
    namespaces = []
    if kind not in KINDS:
        mend = f"add # type {name}: and one of {', '.join(KINDS)}"
        header.blame("type", name, f"{name} has no type that is known", mend)
        kind = "text"
    for prefix in rest:
        try:
            namespaces.append(expand(prefix))
        except ValueError as error:
            header.blame("type", name, str(error), "name the namespace as prefix:start")
    if (kind == "iri") is (not rest):
        mend = "iri takes namespaces such as id:country/, other types take nothing"
        header.blame("type", name, f"the type of {name} is not understood", mend)
    parameter = Parameter(
        name=name,
        description=header.text("param", name) or "",
        kind=kind,
        namespaces=tuple(namespaces),
        values=_listed(header.text("enumerate", name)),
        default=header.text("default", name),
        example=header.text("example", name),
        required=("required", name) in header.held,
    )
    for word in ("default", "example"):
        value = header.text(word, name)
        wrong = complaint(parameter, value) if value is not None else None
        if wrong is not None:
            header.blame(word, name, f"{name} is {value!r} there; {wrong}", "give one that fits")
    return parameter


def _pagination(header: _Header) -> int:
    text = header.text("pagination")
    if text is None:
        return 100
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_ROWS:
        mend = f"rows on a page, 1 to {MOST_ROWS}"
        header.blame("pagination", "", f"pagination is {text!r}", mend)
        return 100
    return int(text)


def _check_columns(header: _Header, endpoint: Endpoint) -> None:
    known = ", ".join(endpoint.columns) or "none"
    for word, keys in (("order", endpoint.order), ("things", endpoint.things)):
        for key in keys:
            if key.removeprefix("-") not in endpoint.columns:
                header.blame(word, "", f"there is no column {key!r}", f"columns are {known}")
    if endpoint.items is not None and endpoint.items not in endpoint.things:
        mend = "name it among # things: …"
        header.blame("items", "", f"{endpoint.items!r} is no column of things", mend)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def placeholder(*names: str) -> re.Pattern[str]:
    """Give the pattern of the places where values of parameters go.

    Its groups are all before the values, and the name. As grlc has it, `?_name` stands for the
    parameter `name` where a column has the same name.
    """
    either = "|".join(re.escape(name) for name in names)
    return re.compile(rf"(VALUES\s+\?_?({either}))\s*\{{\s*UNDEF\s*\}}")
