"""Readings of the article on talks with France, Spain and Norway."""

from tests.data.readings.reading import Reading

READINGS = (
    Reading(
        "Air defence with Spain is the headline's alone: disputed, and no fact",
        """SELECT ?standing ?part ?fact {
          ?claim ent:subject <id/initiative/spain-ukraine-joint-drone-projects> ;
            ent:object <vocab/product-type/air-defence-system> ;
            ent:curationStatus ?standing ; ent:articlePart ?part .
          OPTIONAL { ?fact ent:producesType <vocab/product-type/air-defence-system>
            FILTER(?fact = <id/initiative/spain-ukraine-joint-drone-projects>) } }""",
        ("curation-status/disputed article-part/headline -",),
    ),
    Reading(
        "Air defence is a matter with France",
        """SELECT ?initiative {
          GRAPH graph:current {
            ?initiative ent:producesType <vocab/product-type/air-defence-system> } }""",
        ("initiative/france-ukraine-air-defence-production",),
    ),
    Reading(
        "Negotiating in the headline, discussing in the body: recorded for both states",
        """SELECT ?conflict ?state { GRAPH graph:curation {
          ?conflict ent:conflictType <vocab/conflict-type/headline-v-body> ;
            ent:differsIn <vocab/conflict-aspect/status> ; ent:conflictState ?state } }
        ORDER BY ?conflict""",
        (
            "conflict/unn-headline-negotiating-with-france conflict-state/open",
            "conflict/unn-headline-negotiating-with-spain conflict-state/open",
        ),
    ),
    Reading(
        "French companies might take part; they do not yet",
        """SELECT ?role ?initiative { VALUES ?role { ent:participant ent:prospectiveParticipant }
          ?initiative ?role <id/group-of-agents/french-companies> } ORDER BY ?initiative""",
        (
            "prospectiveParticipant initiative/france-ukraine-air-defence-production",
            "prospectiveParticipant initiative/france-ukraine-drone-production",
        ),
    ),
    Reading(
        "The lead ties French companies to air defence, the body does not: a conflict",
        """SELECT ?state { GRAPH graph:curation {
          <id/conflict/unn-lead-french-companies-and-air-defence> ent:conflictState ?state } }""",
        ("conflict-state/open",),
    ),
    Reading(
        "Defence at large in the lead, drones in the body: one meeting told twice",
        """SELECT ?state { GRAPH graph:curation {
          <id/conflict/unn-lead-defence-v-drones-with-spain> ent:conflictState ?state } }""",
        ("conflict-state/explained",),
    ),
    Reading(
        "Brussels is the place of the Spanish meeting only",
        """SELECT ?meeting ?place { VALUES ?meeting { <id/event/umerov-lecornu-talks>
            <id/event/umerov-robles-meeting> <id/event/umerov-sandvik-discussion> }
          OPTIONAL { ?meeting ent:occursIn ?place } } ORDER BY ?meeting""",
        (
            "event/umerov-lecornu-talks -",
            "event/umerov-robles-meeting place/brussels",
            "event/umerov-sandvik-discussion -",
        ),
    ),
    Reading(
        "No talk of the three has a date",
        """SELECT ?meeting { VALUES ?meeting { <id/event/umerov-lecornu-talks>
            <id/event/umerov-robles-meeting> <id/event/umerov-sandvik-discussion> }
          ?meeting ent:occursOn ?time }""",
    ),
    Reading(
        "The quotations name no speaker: Umerov is inferred in each",
        """SELECT DISTINCT ?speaker ?basis {
          ?claim ent:subject ?thanks ; ent:saidBy ?speaker ; ent:attributionBasis ?basis .
          VALUES ?thanks { <id/event/umerov-thanks-lecornu> <id/event/umerov-thanks-robles> } }""",
        ("person/rustem-umerov attribution-basis/inferred",),
    ),
    Reading(
        "The projects with Spain are uncounted, and their field is drones",
        """SELECT ?type ?complete ?number {
          <id/initiative/spain-ukraine-joint-drone-projects> a ent:InitiativeGroup ;
            ent:productType ?type ; ent:listComplete ?complete .
          OPTIONAL { <id/initiative/spain-ukraine-joint-drone-projects> ent:memberCount ?number } }
        """,
        ("product-type/drone false -",),
    ),
    Reading(
        "Praise of a partner is an opinion and no fact",
        """SELECT DISTINCT ?modality {
          ?claim ent:about <id/country/france> ; ent:modality ?modality ; ent:statement ?words .
          FILTER NOT EXISTS { ?claim ent:subject ?thing } }""",
        ("modality/opinion",),
    ),
    Reading(
        "The linked headline is an article of its own, with its own day and views",
        """SELECT ?published ?views {
          <article/2025-06-05-unn-france-spain-production> ent:linksTo ?item .
          ?item schema:datePublished ?published .
          ?figure ent:figureOf ?item ; ent:numericValue ?views }""",
        ("2025-06-04T22:05:00 3518",),
    ),
    Reading(
        "Production with Ramstein countries may be Defence City, and no report says so",
        """SELECT ?same { GRAPH graph:curation {
          <id/initiative/ramstein-countries-arms-production> ent:possiblySame ?same } }""",
        ("initiative/defence-city",),
    ),
    Reading(
        "Both spellings of Ramstein are one group",
        """SELECT ?group { ?group a ent:Coalition ; skos:altLabel "Ramstein"@en, "Rammstein"@en }
        """,
        ("org/ramstein-group",),
    ),
    Reading(
        "Seven billion is two commitments that may be one",
        """SELECT ?commitment ?from ?stage {
          ?commitment ent:identityGroup <id/group/norway-7bn> ; ent:fundingStage ?stage ;
            ent:period/ent:earliest ?from } ORDER BY ?from""",
        (
            "commitment/norway-7bn-2025 2025-01-01 funding-stage/announced",
            "commitment/norway-7bn-next-year 2026-01-01 funding-stage/planned",
        ),
    ),
    Reading(
        "The two reports of seven billion differ in five ways",
        """SELECT ?aspect { GRAPH graph:curation {
          <id/conflict/norway-7-billion> ent:differsIn ?aspect } } ORDER BY ?aspect""",
        (
            "conflict-aspect/modality",
            "conflict-aspect/purpose",
            "conflict-aspect/recipient",
            "conflict-aspect/speaker",
            "conflict-aspect/year",
        ),
    ),
    Reading(
        "The heads of the two ministries are read from the context",
        """SELECT ?country ?confidence {
          ?claim ent:subject <id/initiative/france-ukraine-air-defence-production> ;
            ent:predicate ent:participant ; ent:object ?country ; ent:confidence ?confidence }
        ORDER BY ?country""",
        ("country/france 0.9", "country/ukraine 0.9"),
    ),
)
