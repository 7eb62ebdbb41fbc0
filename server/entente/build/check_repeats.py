"""Checks of repetition: one label a language, and no triple in two graphs.

The endpoint's default graph is the union of all graphs, and its engine counts a triple once for
each graph that holds it: what stands twice would count double in every sum.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from entente.build.problems import Problem
from entente.build.sources import Sources
from entente.core.terms import SKOS, shorten

PREF_LABEL: Final = NamedNode(SKOS + "prefLabel")


def check_repeats(sources: Sources) -> Iterator[Problem]:
    """Find things with two preferred labels in a language, and triples in two graphs."""
    labels: dict[tuple[str, str], str] = {}
    graphs: dict[Triple, set[str]] = defaultdict(set)
    for file in sources.files:
        for quad in file.quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            iri, value = quad.subject.value, quad.object
            if quad.predicate == PREF_LABEL and isinstance(value, Literal):
                known = labels.setdefault((iri, value.language or ""), value.value)
                if known != value.value:
                    yield Problem(
                        what=f"{shorten(iri)} is called {known!r} and {value.value!r}",
                        mend="keep one skos:prefLabel a language; the other is a skos:altLabel",
                        rule="label",
                        subject=iri,
                        predicate=PREF_LABEL.value,
                        object=value.value,
                        file=file.path,
                    )
            graphs[quad.triple].add(str(quad.graph_name))
            if len(graphs[quad.triple]) == 2:
                yield Problem(
                    what=f"{shorten(iri)} {shorten(quad.predicate.value)} is said in "
                    + " and in ".join(sorted(graphs[quad.triple])),
                    mend="say it in one graph: queries over all graphs count it twice",
                    rule="repeated-triple",
                    severity="warning",
                    subject=iri,
                    predicate=quad.predicate.value,
                    object=value.value if not isinstance(value, Triple) else None,
                    file=file.path,
                )
                graphs[quad.triple].add("")
