"""Examples: the published queries as data, so that editors and people find them in the graph.

Follows the convention of the SIB endpoints: each query is a `sh:SPARQLExecutable` with its text,
its question, keywords and target. Owns the header of these files (`# title:`, `# question:`,
`# kind:`, `# keywords:`); the text is published without it. A query with parameters, or in no form
that SHACL names (DESCRIBE), is none: its file is refused by name, as is one that does not parse.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Store, Triple

from entente.core.errors import Finding, SourceError
from entente.core.terms import BASE, ENT, GRAPH_META, RDFS, SCHEMA, SH
from entente.logic.facts import TYPE

FOLDERS: Final = ("queries/questions", "queries/examples")
ENDPOINT: Final = BASE + "sparql"
PREFIXES: Final = ENT.rstrip("/")  # the ontology, which has sh:declare

_HEADER: Final = re.compile(r"#\s*(title|question|kind|keywords)\s*:\s*(.*)")
_PROLOGUE: Final = re.compile(r"(?:PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>|#[^\n]*|\s)+", re.I)
_WORD: Final = re.compile(r"[A-Za-z]*")
_FORMS: Final = {"select": "Select", "ask": "Ask", "construct": "Construct"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One published query; `form` is the word that begins it, in small letters."""

    name: str
    title: str
    question: str
    keywords: tuple[str, ...]
    form: str
    text: str

    @property
    def iri(self) -> str:
        """IRI of the query within the graph that describes the dataset."""
        return f"{GRAPH_META}#query-{self.name}"


def read_examples(contents: Mapping[str, bytes]) -> tuple[Example, ...]:
    """Read the queries among the input files, in order of their paths.

    Raises:
        SourceError: queries that cannot be published, all of them.
    """
    examples, findings = [], list[Finding]()
    for path, content in sorted(contents.items()):
        if path.rpartition("/")[0] in FOLDERS and path.endswith(".rq"):
            try:
                examples.append(_read(path, content))
            except SourceError as error:
                findings += error.findings
    if findings:
        raise SourceError(tuple(findings))
    return tuple(examples)


def _read(path: str, content: bytes) -> Example:
    try:
        lines = content.decode().splitlines(keepends=True)
    except UnicodeDecodeError as error:
        raise _refused(path, f"byte {error.start} is no UTF-8", "save it as UTF-8") from error
    header: dict[str, str] = {}
    while lines and lines[0].startswith("#"):
        if match := _HEADER.match(lines.pop(0)):
            header[match[1]] = match[2].strip()
    text = "".join(lines).strip() + "\n"
    prologue = _PROLOGUE.match(text)
    word = _WORD.match(text, prologue.end() if prologue else 0)
    form = word[0].lower() if word else ""
    if form not in _FORMS:
        what = (
            f"a published query is SELECT, ASK or CONSTRUCT, not {word[0][:20] if word else ''!r}"
        )
        raise _refused(path, what, "write it in one of these forms")
    try:
        if "SERVICE" not in text.upper():  # there is no parsing apart: an empty store is asked
            Store().query(text)
    except SyntaxError as error:
        raise _refused(path, f"the query does not parse: {error}", "mend its syntax") from error
    name = path.rpartition("/")[2].removesuffix(".rq")
    title = header.get("title", name)
    keywords = [word.strip() for word in header.get("keywords", "").split(",")]
    return Example(
        name=name,
        title=title,
        question=header.get("question", title),
        keywords=tuple(word for word in (header.get("kind", ""), *keywords) if word),
        form=form,
        text=text,
    )


def _refused(path: str, what: str, mend: str) -> SourceError:
    return SourceError((Finding(what, mend, path, rule="published-query"),))


def describe_examples(examples: tuple[Example, ...]) -> Iterator[Triple]:
    """Say what each query is, with its text."""

    def iri(value: str) -> NamedNode:
        return NamedNode(value)

    if examples:
        label = Literal("SPARQL endpoint of Entente", language="en")
        yield Triple(iri(ENDPOINT), iri(RDFS + "label"), label)
    for example in examples:
        node = iri(example.iri)
        yield Triple(node, TYPE, iri(SH + "SPARQLExecutable"))
        yield Triple(node, TYPE, iri(f"{SH}SPARQL{_FORMS[example.form]}Executable"))
        yield Triple(node, iri(SH + example.form), Literal(example.text))
        yield Triple(node, iri(SH + "prefixes"), iri(PREFIXES))
        yield Triple(node, iri(RDFS + "label"), Literal(example.title, language="en"))
        yield Triple(node, iri(RDFS + "comment"), Literal(example.question, language="en"))
        yield Triple(node, iri(SCHEMA + "target"), iri(ENDPOINT))
        for word in example.keywords:
            yield Triple(node, iri(SCHEMA + "keywords"), Literal(word))
