"""Readings of the article of The Kyiv Independent: NATO's east, money, weapons and two deals."""

from tests.data.readings.reading import Reading

READINGS = (
    Reading(
        "The eastern flank in the headline, NATO airspace in the lead, air defence in the words",
        """SELECT ?objective ?part {
          ?claim ent:describes ?objective ; ent:articlePart ?part ;
            ent:reportedIn art:2025-10-01-kyivindependent-romania-joint-drones .
          ?objective a ent:Objective } ORDER BY ?objective""",
        (
            "objective/romania-drones-protect-eastern-flank article-part/headline",
            "objective/romania-drones-protect-nato-airspace article-part/lead",
            "objective/romania-eastern-flank-air-defence article-part/body",
        ),
    ),
    Reading(
        "Defensive drones are the minister's own words; elsewhere the drones are just drones",
        """SELECT DISTINCT ?speaker ?part {
          ?claim ent:predicate ent:producesType ;
            ent:object <vocab/product-type/defensive-drone> ;
            ent:saidBy ?speaker ; ent:articlePart ?part }""",
        ("person/oana-toiu article-part/body",),
    ),
    Reading(
        "The confirmation and the interview may be one event; the interview has no date",
        """SELECT ?same ?time {
          GRAPH graph:curation { <id/event/toiu-confirmation-2025-09-30> ent:possiblySame ?same }
          OPTIONAL { ?same ent:occursOn ?time } }""",
        ("event/toiu-reuters-interview -",),
    ),
    Reading(
        "What Reuters reported is the outlet's, not the minister's",
        """SELECT DISTINCT ?speaker ?source {
          ?claim ent:saidIn <id/event/reuters-report-2025-09-26> ;
            ent:saidBy ?speaker ; ent:originalSource ?source }""",
        ("org/reuters org/reuters",),
    ),
    Reading(
        "The scheme may be SAFE: a weak link in the view, and no identity",
        """SELECT ?link ?doubtful {
          ?claim ent:subject <id/initiative/eu-defence-initiative> ; ent:predicate ?link ;
            ent:object <id/initiative/safe> ; ent:ambiguous ?doubtful .
          <id/initiative/eu-defence-initiative> ?link <id/initiative/safe> }""",
        ("relatedTo true",),
    ),
    Reading(
        "That SAFE pays for the drones is possible only: the view names the unnamed initiative",
        """SELECT ?fund {
          <id/initiative/romania-ukraine-drone-programme> ent:fundedUnder ?fund }""",
        ("initiative/eu-defence-initiative",),
    ),
    Reading(
        "Euros and dollars are one sum: the second is the equivalent that is stated",
        """SELECT ?amount ?equivalent {
          <id/commitment/safe-romania> ent:amount ?amount ; ent:statedEquivalent ?equivalent }""",
        ("money/16600000000-EUR money/19400000000-USD",),
    ),
    Reading(
        "No commitment has an equivalent as its amount",
        """SELECT ?commitment {
          ?commitment ent:amount ?money . ?other ent:statedEquivalent ?money }""",
    ),
    Reading(
        "One percent each year or over five years: the reading is flagged",
        """SELECT ?value ?per ?duration ?doubtful {
          ?claim ent:describes <id/figure/romania-military-purchases-share-of-gdp> .
          <id/figure/romania-military-purchases-share-of-gdp> ent:numericValue ?value ;
            ent:per ?per ; ent:duration ?duration ; ent:ambiguous ?doubtful }""",
        ("1 http://www.w3.org/2006/time#unitYear P5Y true",),
    ),
    Reading(
        "Estonia accuses: nothing of it is a fact but that it accuses",
        """SELECT ?role ?who {
          VALUES ?role { ent:accuser ent:perpetrator ent:affected ent:occursIn }
          <id/incident/estonian-airspace-fighter-jets> ?role ?who }""",
        ("accuser country/estonia",),
    ),
    Reading(
        "The narrator states whose drones entered Romania's airspace",
        """SELECT ?who ?speaker {
          ?claim ent:subject <id/incident/russian-drones-in-romanian-airspace> ;
            ent:predicate ent:perpetrator ; ent:object ?who .
          OPTIONAL { ?claim ent:saidBy ?speaker } }""",
        ("country/russia -",),
    ),
    Reading(
        "The incidents that Romania counts are laid to nobody, and may overlap with the violations",
        """SELECT ?perpetrator ?same {
          GRAPH graph:curation {
            <id/incident/drone-incidents-documented-by-romania> ent:possiblySame ?same }
          OPTIONAL { <id/incident/drone-incidents-documented-by-romania> ent:perpetrator
            ?perpetrator } }""",
        ("- incident/russian-drones-in-romanian-airspace",),
    ),
    Reading(
        "More than twenty counts crossings and falls of debris together",
        """SELECT ?kind ?number ?bound {
          ?figure ent:figureOf <id/incident/drone-incidents-documented-by-romania> ;
            ent:numericValue ?number ; ent:bound ?bound .
          <id/incident/drone-incidents-documented-by-romania> ent:incidentType ?kind }
        ORDER BY ?kind""",
        (
            "incident-type/airspace-violation 20 bound/more-than",
            "incident-type/debris-fall 20 bound/more-than",
        ),
    ),
    Reading(
        "How many drones were shot down over Poland is not stated",
        """SELECT ?figure { ?figure ent:figureOf <id/incident/russian-drones-downed-over-poland> }
        """,
    ),
    Reading(
        "The unidentified drones have no perpetrator, and the states no names",
        """SELECT ?role ?who { VALUES ?role { ent:perpetrator ent:affected }
          <id/incident/unidentified-drones-over-eu-countries> ?role ?who }""",
        ("affected group-of-agents/eu-countries",),
    ),
    Reading(
        "That the three incidents fall in recent weeks is inferred from the sentence before",
        """SELECT DISTINCT ?basis (COUNT(?claim) AS ?incidents) {
          ?claim ent:object <id/time/recent-weeks-before-2025-10-01> ;
            ent:attributionBasis ?basis } GROUP BY ?basis""",
        ("attribution-basis/inferred 3",),
    ),
    Reading(
        "Made in the United States is clear of the F-16 only",
        """SELECT ?product ?modality {
          ?claim ent:predicate ent:originCountry ; ent:object <id/country/united-states> ;
            ent:subject ?product ; ent:modality ?modality } ORDER BY ?product""",
        ("product/f-16 modality/stated", "product/patriot modality/possible"),
    ),
    Reading(
        "The Patriot has no origin in the view",
        "SELECT ?country { <id/product/patriot> ent:originCountry ?country }",
    ),
    Reading(
        "Only the HIMARS has a named maker",
        "SELECT ?product ?maker { ?product ent:manufacturer ?maker }",
        ("product/himars org/lockheed-martin",),
    ),
    Reading(
        "A thousand a day is what can be deployed, soon, and not what is produced",
        """SELECT ?measure ?bound ?modality ?earliest {
          ?claim ent:describes <id/figure/ukraine-interceptor-drones-per-day-2025-09> ;
            ent:modality ?modality .
          <id/figure/ukraine-interceptor-drones-per-day-2025-09> ent:measure ?measure ;
            ent:bound ?bound ; ent:asOf/ent:earliest ?earliest }""",
        ("measure/deployment-capacity bound/at-least modality/expected 2025-09-18",),
    ),
    Reading(
        "The Mega Deal has a buyer; who sells is not stated",
        """SELECT ?role ?who { VALUES ?role { ent:buyer ent:seller ent:productOrigin }
          <id/agreement/mega-deal> ?role ?who } ORDER BY ?role""",
        ("buyer country/ukraine", "productOrigin country/united-states"),
    ),
    Reading(
        "The Drone Deal is about uncrewed systems, which is wider than its name",
        "SELECT ?type { <id/agreement/drone-deal> ent:productType ?type }",
        ("product-type/uncrewed-system",),
    ),
    Reading(
        "Neither deal is joint production",
        """SELECT ?deal ?type { VALUES ?deal { <id/agreement/mega-deal> <id/agreement/drone-deal> }
          ?deal ent:agreementType ?type } ORDER BY ?type""",
        (
            "agreement/drone-deal agreement-type/export",
            "agreement/mega-deal agreement-type/procurement",
        ),
    ),
    Reading(
        "The border has one length; miles are what is stated for the same",
        """SELECT ?figure ?equivalent {
          ?figure ent:figureOf <id/place/romania-ukraine-border> ;
            ent:statedEquivalent ?equivalent }""",
        ("figure/romania-ukraine-border-length-km figure/romania-ukraine-border-length-miles",),
    ),
    Reading(
        "Whether Sybiha is in the picture is open; Popșoi is said not to be",
        """SELECT ?who ?negated ?doubtful {
          ?claim ent:subject <id/photo/kyivindependent-toiu-chernivtsi> ;
            ent:predicate ent:depicts ; ent:object ?who ; ent:negated ?negated .
          OPTIONAL { ?claim ent:ambiguous ?doubtful } } ORDER BY ?who""",
        ("person/andrii-sybiha true true", "person/mihai-popsoi true -"),
    ),
    Reading(
        "The meeting in Chernivtsi is known from the caption alone",
        """SELECT DISTINCT ?part {
          ?claim ent:subject <id/event/ukraine-romania-moldova-meeting-2025-08-08> ;
            ent:articlePart ?part }""",
        ("article-part/caption",),
    ),
    Reading(
        "Every spelling of the foreign minister is one person",
        """SELECT ?person {
          { SELECT ?person (COUNT(?name) AS ?names) {
            ?person a ent:Person ; skos:prefLabel|skos:altLabel ?name
            FILTER(CONTAINS(STR(?name), "oiu")) } GROUP BY ?person } FILTER(?names = 3) }""",
        ("person/oana-toiu",),
    ),
    Reading(
        "Kyiv is a city that stands for a state, and the two are not one",
        """SELECT ?thing { ?thing skos:prefLabel|skos:altLabel "Kyiv"@en } ORDER BY ?thing""",
        ("country/ukraine", "place/kyiv"),
    ),
)
