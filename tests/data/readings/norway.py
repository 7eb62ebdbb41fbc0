"""Readings of the undated article on Norway."""

from tests.data.readings.reading import Reading

READINGS = (
    Reading(
        "The article has neither date nor outlet, only a day before which it cannot be",
        """SELECT ?undated ?from ?published ?publisher {
          <article/undated-norway-drone-line> ent:undated ?undated ; ent:notBefore ?from .
          OPTIONAL { <article/undated-norway-drone-line> schema:datePublished ?published }
          OPTIONAL { <article/undated-norway-drone-line> schema:publisher ?publisher } }""",
        ("true 2025-11-30 - -",),
    ),
    Reading(
        "The address that names an outlet is outside knowledge",
        """SELECT DISTINCT ?graph {
          GRAPH ?graph { <article/undated-norway-drone-line> ent:relatedTo <id/org/dagens> } }""",
        ("graph/background",),
    ),
    Reading(
        "Its claims have no day of report",
        """SELECT ?claim { ?claim ent:reportedIn <article/undated-norway-drone-line> ;
          ent:reportedOn ?day }""",
    ),
    Reading(
        "The year of 30 November and what depends on it is marked as inferred",
        """SELECT ?time ?inferred {
          VALUES ?time { <id/time/2025-11-30-inferred> <id/time/2026-next-year-inferred>
            <id/time/before-announcement-2025-11-30> <id/time/not-after-2025-11-30> }
          ?time ent:inferred ?inferred } ORDER BY ?time""",
        (
            "time/2025-11-30-inferred true",
            "time/2026-next-year-inferred true",
            "time/before-announcement-2025-11-30 true",
            "time/not-after-2025-11-30 true",
        ),
    ),
    Reading(
        "The signing came before the announcement; its day is not stated",
        """SELECT ?signing ?earliest ?latest {
          <id/event/shmyhal-norway-announcement-november-30> ent:follows ?signing .
          ?signing ent:occursOn ?time . ?time ent:latest ?latest
          OPTIONAL { ?time ent:earliest ?earliest } }""",
        ("event/norway-ukraine-drone-agreement-signing - 2025-11-30",),
    ),
    Reading(
        "That the agreement is about joint production follows from the context",
        """SELECT ?type ?basis {
          ?claim ent:subject <id/agreement/norway-ukraine-drone-agreement> ;
            ent:predicate ent:agreementType ; ent:object ?type ; ent:attributionBasis ?basis }""",
        ("agreement-type/joint-production attribution-basis/inferred",),
    ),
    Reading(
        "The types of drones are explicitly left open: a negated claim without a value",
        """SELECT ?speaker ?value {
          ?claim ent:subject <id/initiative/norway-ukraine-drone-cooperation> ;
            ent:negated true ; ent:saidBy ?speaker .
          OPTIONAL { ?claim ent:object ?value } }""",
        ("person/denys-shmyhal -",),
    ),
    Reading(
        "Where the pilot line stands is not stated, although Norway brings the base",
        "SELECT ?place { <id/facility/norway-pilot-production-line> ent:locatedIn ?place }",
    ),
    Reading(
        "The three contributions are Shmyhal's words",
        """SELECT DISTINCT ?speaker {
          ?what ent:toInitiative <id/initiative/norway-ukraine-drone-cooperation> .
          ?claim ent:describes ?what ; ent:saidBy ?speaker }""",
        ("person/denys-shmyhal",),
    ),
    Reading(
        "Kroner and dollars are one gift, both approximate",
        """SELECT ?amount ?bound ?equivalent ?other {
          <id/commitment/norway-nok-6-7bn-2023> ent:amount ?amount ; ent:bound ?bound ;
            ent:statedEquivalent ?equivalent ; ent:equivalentBound ?other }""",
        ("money/6700000000-NOK bound/approximately money/660000000-USD bound/approximately",),
    ),
    Reading(
        "Earlier in 2023 is kept as worded, and doubted",
        """SELECT ?year ?doubtful ?type {
          ?claim ent:subject <id/commitment/norway-nok-6-7bn-2023> ;
            ent:predicate ent:announcedOn ; ent:object/ent:edtf ?year ; ent:ambiguous ?doubtful .
          ?conflict ent:conflictingClaim ?claim ; ent:conflictType ?type }""",
        ("2023 true conflict-type/internal-implausibility",),
    ),
    Reading(
        "The gift goes to the coalition, not to Ukraine, for which it is",
        """SELECT ?role ?who { VALUES ?role { ent:recipient ent:beneficiary }
          <id/commitment/norway-nok-6-7bn-2023> ?role ?who } ORDER BY ?role""",
        ("beneficiary country/ukraine", "recipient org/maritime-coalition-for-ukraine"),
    ),
    Reading(
        "This support is read as the gift to the coalition",
        """SELECT ?support ?doubtful {
          ?claim ent:subject <id/initiative/norway-naval-drone-production> ;
            ent:predicate ent:relatedTo ; ent:object ?support ; ent:ambiguous ?doubtful }""",
        ("commitment/norway-nok-6-7bn-2023 true",),
    ),
    Reading(
        "The money of next year has a beneficiary and no recipient",
        """SELECT ?role ?who { VALUES ?role { ent:recipient ent:beneficiary }
          <id/commitment/norway-7bn-next-year> ?role ?who } ORDER BY ?who""",
        ("beneficiary country/ukraine", "beneficiary group-of-agents/ukraine-defence-sector"),
    ),
    Reading(
        "What is likely is expected at most, and recorded as weaker",
        """SELECT ?modality ?confidence {
          ?claim ent:subject <id/commitment/norway-7bn-next-year> ;
            ent:predicate ent:purposeText ; ent:modality ?modality ; ent:confidence ?confidence }
        """,
        ("modality/expected 0.8",),
    ),
    Reading(
        "The British pledge has no amount of money, and its number is in the thousands",
        """SELECT ?amount ?bound ?number {
          <id/commitment/uk-long-range-drones> ent:forQuantity ?figure . ?figure ent:bound ?bound .
          OPTIONAL { <id/commitment/uk-long-range-drones> ent:amount ?amount }
          OPTIONAL { ?figure ent:numericValue ?number } }""",
        ("- bound/indefinite -",),
    ),
    Reading(
        "Two thousand a month is a target under negotiation, no capacity",
        """SELECT ?measure ?modality {
          ?claim ent:describes <id/figure/uk-ukraine-interceptor-drones-per-month> ;
            ent:modality ?modality .
          <id/figure/uk-ukraine-interceptor-drones-per-month> ent:measure ?measure }""",
        ("measure/production-target modality/negotiating",),
    ),
    Reading(
        "The drone work may be the partnership or the projects of June: three nodes",
        """SELECT ?same { GRAPH graph:curation {
          <id/initiative/norway-ukraine-drone-cooperation> ent:possiblySame ?same } }
        ORDER BY ?same""",
        ("initiative/norway-ukraine-joint-projects", "initiative/norway-ukraine-partnership"),
    ),
    Reading(
        "Whose lines are domestic is flagged as open",
        """SELECT ?doubtful {
          ?claim ent:describes <id/benefit/domestic-lines-less-foreign-dependence> ;
            ent:ambiguous ?doubtful }""",
        ("true",),
    ),
    Reading(
        "What these projects are is flagged as open",
        """SELECT ?doubtful ?modality {
          ?claim ent:about <id/commitment/uk-long-range-drones> ; ent:ambiguous ?doubtful ;
            ent:modality ?modality }""",
        ("true modality/opinion",),
    ),
    Reading(
        "Both spellings of the Norwegian minister are one person in one post",
        """SELECT DISTINCT ?person ?post {
          ?person skos:prefLabel "Tore Onshus Sandvik"@en ; skos:altLabel "Tore O. Sandvik"@en .
          ?post ent:currentHolder ?person }""",
        ("person/tore-sandvik post/defence-minister-of-norway",),
    ),
    Reading(
        "Russia attacks in the article's words, so it is a side of the war",
        """SELECT ?role { VALUES ?role { ent:aggressor ent:belligerent ent:target }
          <id/event/russia-ukraine-war> ?role <id/country/russia> } ORDER BY ?role""",
        ("aggressor", "belligerent"),
    ),
)
