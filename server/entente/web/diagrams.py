"""Diagrams: what the reference pictures of the ontology show.

Owns the choice of classes, properties and their places; a test holds each to the ontology. Names of
classes and properties are local names, so every box and label leads to its term on the page.
"""

from typing import Final

from entente.web.drawing import Bend, Box, Drawing, Edge


def _class(name: str, column: int, row: int, *lines: str) -> Box:
    return Box(name=name, column=column, row=row, lines=lines, href=f"#{name}")


def _scheme(name: str, column: int, row: int) -> Box:
    return Box(name=name, column=column, row=row, kind="scheme", href=f"/vocab/{name}")


def _graph(name: str, column: int, row: int, *lines: str, made: bool = False) -> Box:
    kind = "graph made" if made else "graph"
    return Box(name=name, column=column, row=row, kind=kind, lines=lines)


def _property(
    source: str,
    label: str,
    target: str,
    bend: Bend = "straight",
    *,
    leave: float = 0,
    enter: float = 0,
    derived: bool = False,
) -> Edge:
    return Edge(
        source=source,
        target=target,
        label=label,
        kind="derived" if derived else "property",
        bend=bend,
        leave=leave,
        enter=enter,
        href=f"#{label}",
    )


def _below(source: str, target: str, bend: Bend = "straight", *, enter: float = 0) -> Edge:
    return Edge(source=source, target=target, kind="subclass", bend=bend, enter=enter)


def _flow(source: str, label: str, target: str, bend: Bend = "straight") -> Edge:
    return Edge(source=source, target=target, label=label, bend=bend)


CLAIMS: Final = Drawing(
    key="claims",
    title="Claims and their evidence",
    caption="A claim says in our own words what one passage says, how firmly, and who says so. It "
    "holds one statement as subject, predicate and object, or it describes a situation.",
    boxes=(
        _class("Agent", 1, 0),
        _scheme("modality", 2, 0),
        _class("SpeechEvent", 0, 1),
        _class("Claim", 1, 1, "subject, predicate, object", "statement", "negated", "reportedOn"),
        _class("Passage", 2, 1, "charStart, charEnd", "passageSha256"),
        _class("ClaimConflict", 0, 2),
        _class("Situation", 1, 2),
        _class("Article", 2, 2, "textSha256", "charCount"),
    ),
    edges=(
        _property("Claim", "saidBy", "Agent"),
        _property("SpeechEvent", "speaker", "Agent", "vh"),
        _property("Claim", "modality", "modality", "vh", leave=84),
        _property("Claim", "saidIn", "SpeechEvent"),
        _property("Claim", "evidence", "Passage"),
        _property("ClaimConflict", "conflictingClaim", "Claim", "hv", enter=-84),
        _property("Claim", "describes", "Situation"),
        _property("Claim", "reportedIn", "Article", "vh", leave=84),
        _property("Article", "headlinePassage", "Passage"),
    ),
)

UNDERTAKINGS: Final = Drawing(
    key="undertakings",
    title="Undertakings, agreements and parties",
    caption="Every undertaking carries a stage, so that a plan never looks like a fact. Parties "
    "take part, sign, launch or own; who is only expected to take part has a property apart.",
    boxes=(
        _scheme("lifecycle", 1, 0),
        _class("Programme", 3, 0),
        _class("Agreement", 0, 1, "expectedSigning", "signedOn"),
        _class("Agent", 1, 1),
        _class("Initiative", 2, 1, "expectedStart", "launchedOn"),
        _class("Partnership", 3, 1),
        _class("Signing", 0, 2),
        _class("Milestone", 1, 2),
        _class("Project", 3, 2),
    ),
    edges=(
        _property("Agreement", "lifecycleStatus", "lifecycle", "vh"),
        _property("Initiative", "lifecycleStatus", "lifecycle", "vh"),
        _property("Agreement", "signatory", "Agent", leave=-12),
        _property("Agreement", "participant", "Agent", leave=12),
        _property("Initiative", "participant", "Agent", leave=-12),
        _property("Initiative", "launchedBy", "Agent", leave=12),
        _property("Signing", "ofAgreement", "Agreement"),
        _property("Milestone", "milestoneOf", "Initiative", "hv"),
        _below("Programme", "Initiative", "hvh"),
        _below("Partnership", "Initiative"),
        _below("Project", "Initiative", "hvh"),
    ),
)

FUNDING: Final = Drawing(
    key="funding",
    title="Funding",
    caption="A commitment is a situation: another amount is another node. That an agent funds "
    "another one (dashed) follows from its commitments; so does that the owner of a programme is "
    "the funder of what is paid under it.",
    boxes=(
        _class("Agent", 0, 1),
        _scheme("funding-stage", 1, 0),
        _scheme("currency", 2, 0),
        _class("FundingCommitment", 1, 1, "bound", "duration"),
        _class("MonetaryAmount", 2, 1, "value"),
        _class("Initiative", 1, 2),
        _class("TimeExpression", 2, 2, "earliest, latest", "verbatim, edtf"),
    ),
    edges=(
        _property("FundingCommitment", "funder", "Agent", leave=-16),
        _property("FundingCommitment", "recipient", "Agent", leave=16),
        _property("FundingCommitment", "fundingStage", "funding-stage"),
        _property("FundingCommitment", "amount", "MonetaryAmount", leave=-14),
        _property("FundingCommitment", "statedEquivalent", "MonetaryAmount", leave=14),
        _property("MonetaryAmount", "currency", "currency"),
        _property("FundingCommitment", "underProgramme", "Initiative"),
        _property("Initiative", "ownedBy", "Agent", "hv"),
        _property("FundingCommitment", "period", "TimeExpression", "vh", leave=84),
        _property("Agent", "fundsRecipient", "Agent", "loop", derived=True),
    ),
)

PLACES: Final = Drawing(
    key="places",
    title="Facilities and places",
    caption="A country is a place and an agent, as the news uses its name. Being located in "
    "something passes on: a factory in a city is in the country of that city.",
    boxes=(
        _class("Agent", 0, 0),
        _class("Country", 1, 0, "countryCode"),
        _class("Region", 2, 0),
        _class("Event", 0, 1),
        _class("Place", 1, 1),
        _class("City", 2, 1),
        _class("Initiative", 0, 2),
        _class("Facility", 1, 2, "expectedOpening"),
        _scheme("product-type", 2, 2),
        _class("Factory", 0, 3),
        _class("ProductionLine", 2, 3),
    ),
    edges=(
        _below("Country", "Agent"),
        _below("Country", "Place"),
        _below("Region", "Place", "hvh"),
        _below("City", "Place"),
        _below("Facility", "Place"),
        _property("Event", "occursIn", "Place", leave=8),
        _property("Place", "locatedIn", "Place", "loop"),
        _property("Facility", "partOfInitiative", "Initiative"),
        _property("Facility", "producesType", "product-type"),
        _below("Factory", "Facility", "hv", enter=-18),
        _below("ProductionLine", "Facility", "hv", enter=18),
    ),
)

POSTS: Final = Drawing(
    key="posts",
    title="Posts and tenures",
    caption="Who holds a post changes: a tenure joins person, post and time, and the current "
    "holder (dashed) is the one last reported. Two holders over time never become one person.",
    boxes=(
        _class("Person", 0, 0),
        Box(name="Tenure", column=1, row=0, href="#Tenure", least=210),
        _class("Post", 2, 0),
        _class("Organisation", 3, 0),
        _class("TimeExpression", 1, 1, "earliest, latest, verbatim"),
        _class("Responsibility", 2, 1, "task", "condition"),
        _class("Country", 3, 1),
    ),
    edges=(
        _property("Tenure", "holder", "Person"),
        _property("Tenure", "post", "Post"),
        _property("Post", "postIn", "Organisation"),
        Edge(source="Post", target="Country", bend="hvh"),
        _property("Tenure", "tenureBegins", "TimeExpression", leave=-58),
        _property("Tenure", "tenureEnds", "TimeExpression", leave=58),
        _property("Responsibility", "ofPost", "Post"),
        _property("Post", "currentHolder", "Person", "over", derived=True),
    ),
)

LAYERS: Final = Drawing(
    key="layers",
    title="Layers of graphs",
    caption="Graphs with a plain frame are written by hand, green ones are generated. The default "
    "graph of the endpoint is the union of all. Claims stay out of the reasoner: what they support "
    "enters it by the current view.",
    boxes=(
        _graph("graph:article/…", 0, 0, "claims, one graph", "an article"),
        _graph("graph:current", 1, 0, "direct triples that", "claims support now", made=True),
        _graph("graph:curation", 0, 1, "conflicts, identity,", "statuses"),
        _graph("graph:entities", 1, 1, "things, situations"),
        _graph("graph:inferred", 2, 1, "OWL 2 RL closure", made=True),
        _graph("graph:shapes", 0, 2, "hold what is asserted", "and what follows"),
        _graph("graph:ontology", 1, 2, "with graph:vocab"),
        _graph("graph:meta", 2, 2, "describes all graphs,", "example queries", made=True),
        _graph("graph:background", 1, 3, "codes, coordinates"),
    ),
    edges=(
        _flow("graph:article/…", "accepted claims", "graph:current"),
        _flow("graph:curation", "", "graph:current", "hvh"),
        _flow("graph:current", "", "graph:inferred", "hvh"),
        _flow("graph:entities", "reasoner", "graph:inferred"),
        _flow("graph:ontology", "", "graph:inferred", "hvh"),
        _flow("graph:background", "", "graph:inferred", "hvh"),
    ),
)

DIAGRAMS: Final = (CLAIMS, UNDERTAKINGS, FUNDING, PLACES, POSTS, LAYERS)
