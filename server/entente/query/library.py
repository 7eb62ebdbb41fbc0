"""The query library: SPARQL in files, with parameters that are terms.

Owns the reading of `queries/**/*.rq` and the one place where a value enters a query. A file begins
with comments `# title: …`, `# description: …` and `# param name: …`; each parameter stands in the
text as `VALUES ?name { UNDEF }` (or `?_name`), so the file is a query that runs as it is. A value
is a term or a tuple of terms and is written as a literal or an IRI of the grammar, never pasted as
text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from entente.core.errors import NotFound, QueryRefused
from entente.core.terms import is_absolute
from entente.logic.endpoint import placeholder
from entente.query.results import LANG_STRING, XSD_STRING, Blank, Iri, Literal, Quoted, Term

_HEADER: Final = re.compile(r"#\s*(title|description|param\s+(\w+))\s*:\s*(.*)")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)

Value = Term | tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedQuery:
    """One file of the library; `parameters` maps a name to what it means."""

    name: str
    title: str
    description: str
    parameters: Mapping[str, str]
    text: str

    def with_values(self, values: Mapping[str, Value]) -> str:
        """Give the query's text with values in place of its parameters.

        A parameter that is not given stays unbound, so the query is not restricted by it.

        Raises:
            QueryRefused: a name is not a parameter, or a value cannot be written in SPARQL.
        """
        written: dict[str, str] = {}
        for name, value in values.items():
            if name not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise QueryRefused(f"{self.name} has no parameter {name!r}; it has {known}")
            terms = value if isinstance(value, tuple) else (value,)
            written[name] = " ".join(serialise(term) for term in terms)
        if not written:
            return self.text
        # in one pass: a value may hold what looks like the place of another
        return placeholder(*written).sub(
            lambda place: f"{place[1]} {{ {written[place[2]]} }}", self.text
        )


class QueryLibrary:
    """All queries below one folder, by their path without the ending."""

    def __init__(self, folder: Path) -> None:
        self._queries = {
            path.relative_to(folder).with_suffix("").as_posix(): path
            for path in sorted(folder.rglob("*.rq"))
        }
        self._read: dict[str, NamedQuery] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all queries, `folder/name`."""
        return tuple(self._queries)

    def get(self, name: str) -> NamedQuery:
        """Find a query by its name.

        Raises:
            NotFound: there is none.
        """
        if name not in self._queries:
            raise NotFound(f"no query is called {name!r}")
        if name not in self._read:
            self._read[name] = read_query(name, self._queries[name].read_text("utf-8"))
        return self._read[name]


def read_query(name: str, text: str) -> NamedQuery:
    """Read one file of the library.

    Raises:
        ValueError: a parameter has no `VALUES ?name { UNDEF }` in the text.
    """
    found: dict[str, str] = {}
    parameters: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        if match := _HEADER.match(line):
            kind, parameter, words = match.groups()
            (parameters if parameter else found)[parameter or kind] = words.strip()
    for parameter in parameters:
        if not placeholder(parameter).search(text):
            raise ValueError(f"{name}: parameter {parameter} needs VALUES ?{parameter} {{ UNDEF }}")
    return NamedQuery(
        name=name,
        title=found.get("title", name),
        description=found.get("description", ""),
        parameters=parameters,
        text=text,
    )


def serialise(term: Term) -> str:
    """Write a term as SPARQL has it, so that no value can be anything but a value.

    Raises:
        QueryRefused: the term has no such form (a blank node, an IRI with a bracket or space).
    """
    if isinstance(term, Iri):
        if not is_absolute(term.value):
            raise QueryRefused(f"{term.value!r} is not an absolute IRI")
        return f"<{term.value}>"
    if isinstance(term, Literal):
        quoted = f'"{term.value.translate(_ESCAPES)}"'
        if term.language is not None:
            if _LANGUAGE.fullmatch(term.language) is None:
                raise QueryRefused(f"{term.language!r} is not a language tag")
            return f"{quoted}@{term.language}"
        if term.datatype in (XSD_STRING, LANG_STRING):
            return quoted
        return f"{quoted}^^{serialise(Iri(term.datatype))}"
    if isinstance(term, Blank):
        raise QueryRefused("a blank node has no name outside its answer")
    assert isinstance(term, Quoted)
    parts = (term.subject, term.predicate, term.object)
    return f"<<( {' '.join(serialise(part) for part in parts)} )>>"
