"""The tests that do not pass to the letter, each with the reason; nothing else may fail.

Owns the list, which is strict: a test that passes although it stands here fails the run.
`BY_VALUE` holds tests whose answer has the right values in another spelling.
"""

from collections.abc import Mapping
from typing import Final

SPELLING: Final = "the engine's store keeps the value of a literal, not its spelling"
PATHS: Final = "the engine leaves out a constant end of a path that stands in no triple"
ZONES: Final = "the engine compares dates with and without a zone, which SPARQL 1.0 does not"
SCOPE: Final = "the engine does not evaluate a GRAPH ?g group graph by graph"
LANGUAGE: Final = "GROUP_CONCAT of the engine keeps the language that all values share"

BY_VALUE: Final[Mapping[str, Mapping[str, str]]] = {
    "query": {
        **dict.fromkeys(
            (
                *("aggregates/agg-sum-02", "aggregates/agg-avg-02", "aggregates/agg-err-02"),
                *("aggregates/agg-min-01", "aggregates/agg-min-02", "aggregates/agg-min-distinct"),
                *("aggregates/agg-max-01", "aggregates/agg-max-02", "aggregates/agg-max-distinct"),
                *("cast/cast-bool", "cast/cast-int", "cast/cast-float", "cast/cast-double"),
                *("cast/cast-decimal", "cast/cast-string", "functions/coalesce01"),
                *("functions/plus-1-corrected", "functions/plus-2-corrected"),
            ),
            SPELLING,
        )
    },
    "1.0": dict.fromkeys(
        (
            *("open-world/open-eq-03", "open-world/open-eq-04", "expr-builtin/dawg-datatype-1"),
            *("expr-equals/eq-2-1", "expr-equals/eq-2-2", "sort/dawg-sort-7"),
            *("distinct/no-distinct-1", "distinct/no-distinct-9"),
        ),
        SPELLING,
    ),
    "results": {"csv-tsv-res/csv03": SPELLING},
    "1.2": {"eval-triple-terms/op-2": SPELLING},
}

FAILED: Final[Mapping[str, Mapping[str, str]]] = {
    "query": {
        "aggregates/agg-groupconcat-04": LANGUAGE,
        "aggregates/agg-groupconcat-06": LANGUAGE,
        "aggregates/agg-empty-group-count-graph": SCOPE,
        "bindings/graph": SCOPE,
        "negation/graph-minus": SCOPE,
        "functions/bnode01": "BNODE(?x) of the engine gives the same node in every row",
        "property-path/zero_or_more_set_start": PATHS,
        "property-path/zero_or_more_set_end": PATHS,
        "property-path/zero_or_one_set_start": PATHS,
        "property-path/zero_or_one_set_end": PATHS,
    },
    "1.0": {
        **dict.fromkeys(
            (
                *("open-world/open-eq-01", "expr-builtin/dawg-str-1", "expr-builtin/dawg-str-2"),
                *("expr-builtin/sameTerm-simple", "expr-builtin/sameTerm-eq"),
                *("expr-builtin/sameTerm-not-eq", "expr-equals/eq-graph-1"),
                *("expr-equals/eq-graph-2", "distinct/distinct-1", "distinct/distinct-9"),
            ),
            SPELLING,
        ),
        "open-world/date-2": ZONES,
        "open-world/date-3": ZONES,
        "syntax-sparql3/syn-bad-26": "the longest token would be an IRI; what is meant is answered",
        "graph/graph-variable-scope": SCOPE,
        "graph/graph-optional": SCOPE,
    },
    "results": {
        "csv-tsv-res/tsv03": "the engine's store turns xsd:negativeInteger into xsd:integer",
    },
    "1.2": {
        "grouping/group01": SPELLING,
        "grouping/select-variable-reuse": "the engine refuses what SPARQL 1.2 newly allows",
    },
}
