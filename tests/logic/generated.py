"""Generated ontologies and data, as Turtle: the constructs that the fast engine covers."""

from hypothesis import strategies as st

_INDIVIDUALS = st.sampled_from([":a", ":b", ":c", ":d", ":e"])
_NAMED = st.sampled_from([":A", ":B", ":C", ":D", ":E"])
_CLASSES = st.one_of(*[_NAMED] * 9, st.sampled_from(["owl:Thing", "owl:Nothing"]))
_PROPERTIES = st.sampled_from([":p", ":q", ":r", ":s", ":t"])
_VALUES = st.sampled_from(
    ["01", "1", '"1"^^xsd:int', '"x"', '"x"@en', '"x"^^xsd:integer', "true", "1.50"]
)
_RANGES = st.one_of(_NAMED, _NAMED, st.sampled_from(["xsd:integer", "xsd:string"]))
_COUNTS = st.sampled_from(['"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger'])
_STEPS = st.one_of(_PROPERTIES, _PROPERTIES.map(lambda p: f"[ owl:inverseOf {p} ]"))


def _text(template: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: template.format(*values))


def _listed(items: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=least, max_size=most).map(lambda x: f"( {' '.join(x)} )")


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    restricted = "[ owl:onProperty {} ; owl:{} {} ]"
    return st.one_of(
        _text(restricted.replace("{} {}", "hasValue {}"), _PROPERTIES, _INDIVIDUALS | _VALUES),
        _text(restricted.replace("{} {}", "someValuesFrom {}"), _PROPERTIES, inner | _RANGES),
        _text(restricted.replace("{} {}", "allValuesFrom {}"), _PROPERTIES, inner),
        _text(restricted.replace("{} {}", "maxCardinality {}"), _PROPERTIES, _COUNTS),
        _text(
            "[ owl:onProperty {} ; owl:maxQualifiedCardinality {} ; owl:onClass {} ]",
            _PROPERTIES,
            _COUNTS,
            inner,
        ),
        _text("[ owl:intersectionOf {} ]", _listed(inner, 1, 3)),
        _text("[ owl:unionOf {} ]", _listed(inner, 1, 3)),
        _text("[ owl:complementOf {} ]", inner),
        _text("[ owl:oneOf {} ]", _listed(_INDIVIDUALS, 1, 2)),
    )


_EXPRESSIONS = st.one_of(_CLASSES, st.recursive(_CLASSES, _expressions, max_leaves=3))

_AXIOMS = st.one_of(
    _text("{} rdfs:subClassOf {} .", _EXPRESSIONS, _CLASSES),
    _text("{} rdfs:subClassOf {} .", _CLASSES, _EXPRESSIONS),
    _text("{} owl:equivalentClass {} .", _CLASSES, _EXPRESSIONS),
    _text("{} a owl:Class .", _CLASSES),
    _text("{} rdfs:subPropertyOf {} .", _PROPERTIES, _PROPERTIES),
    _text("{} owl:equivalentProperty {} .", _PROPERTIES, _PROPERTIES),
    _text("{} owl:inverseOf {} .", _PROPERTIES, _PROPERTIES),
    _text(
        "{} a owl:{} .",
        _PROPERTIES,
        st.sampled_from(
            [
                *("SymmetricProperty", "TransitiveProperty", "IrreflexiveProperty"),
                *("AsymmetricProperty", "ObjectProperty", "DatatypeProperty"),
            ]
        ),
    ),
    _text("{} rdfs:domain {} .", _PROPERTIES, _CLASSES),
    _text("{} rdfs:range {} .", _PROPERTIES, _RANGES),
    _text("{} owl:propertyChainAxiom {} .", _PROPERTIES, _listed(_STEPS, 1, 4)),
    _text("{} owl:disjointWith {} .", _CLASSES, _CLASSES),
    _text("[] a owl:AllDisjointClasses ; owl:members {} .", _listed(_CLASSES, 2, 3)),
    _text("{} owl:propertyDisjointWith {} .", _PROPERTIES, _PROPERTIES),
    _text("[] a owl:AllDisjointProperties ; owl:members {} .", _listed(_PROPERTIES, 2, 3)),
)

_RARE = st.one_of(
    _text("{} owl:sameAs {} .", _INDIVIDUALS, _INDIVIDUALS),
    _text("{} owl:sameAs {} .", _NAMED, _NAMED),
    _text("{} owl:sameAs {} .", _PROPERTIES, _PROPERTIES),
    _text("{} owl:differentFrom {} .", _INDIVIDUALS, _INDIVIDUALS),
    _text("[] a owl:AllDifferent ; owl:members {} .", _listed(_INDIVIDUALS, 2, 3)),
    _text("[] a owl:AllDifferent ; owl:distinctMembers {} .", _listed(_INDIVIDUALS, 2, 3)),
    _text(
        "[] owl:sourceIndividual {} ; owl:assertionProperty {} ; owl:targetIndividual {} .",
        _INDIVIDUALS,
        _PROPERTIES,
        _INDIVIDUALS,
    ),
    _text(
        "[] owl:sourceIndividual {} ; owl:assertionProperty {} ; owl:targetValue {} .",
        _INDIVIDUALS,
        _PROPERTIES,
        _VALUES,
    ),
    _text(
        "{} a owl:{} .",
        _PROPERTIES,
        st.sampled_from(["FunctionalProperty", "InverseFunctionalProperty"]),
    ),
    _text("{} owl:hasKey {} .", _CLASSES, _listed(_PROPERTIES, 1, 2)),
    _text("{} rdfs:subPropertyOf rdf:type .", _PROPERTIES),
)

DATA = st.one_of(
    _text("{} a {} .", _INDIVIDUALS, _CLASSES),
    _text("{} {} {} .", _INDIVIDUALS, _PROPERTIES, _INDIVIDUALS),
    _text("{} {} {} .", _INDIVIDUALS, _PROPERTIES, _INDIVIDUALS),
    _text("{} {} {} .", _INDIVIDUALS, _PROPERTIES, _VALUES),
)

ONTOLOGIES = st.tuples(
    st.lists(_AXIOMS, min_size=1, max_size=8),
    st.lists(_RARE, max_size=2),
    st.lists(DATA, min_size=1, max_size=8),
).map(lambda parts: "\n".join(line for part in parts for line in part))
