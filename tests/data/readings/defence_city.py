"""Readings of the article on Defence City."""

from tests.data.readings.reading import Reading

READINGS = (
    Reading(
        "Planned in the reporter's words, under way in the minister's: both stand in the view",
        """SELECT ?status ?part ?speaker {
          ?claim ent:subject <id/initiative/defence-city> ; ent:predicate ent:lifecycleStatus ;
            ent:object ?status ; ent:articlePart ?part .
          GRAPH graph:current { <id/initiative/defence-city> ent:lifecycleStatus ?status }
          OPTIONAL { ?claim ent:saidBy ?speaker } } ORDER BY ?status""",
        (
            "lifecycle/being-launched article-part/body person/rustem-umerov",
            "lifecycle/planned article-part/lead -",
        ),
    ),
    Reading(
        "A start is expected, operation is hoped for: two milestones, one of them in the view",
        """SELECT ?relation ?modality ?fact {
          VALUES ?relation { ent:expectedStart ent:expectedOperational }
          ?claim ent:subject <id/initiative/defence-city> ; ent:predicate ?relation ;
            ent:modality ?modality .
          OPTIONAL { <id/initiative/defence-city> ?relation ?fact } } ORDER BY ?relation""",
        (
            "expectedOperational modality/hoped -",
            "expectedStart modality/expected time/by-september-2025",
        ),
    ),
    Reading(
        "What is hoped to operate may be the programme or the law",
        """SELECT ?doubtful ?confidence {
          ?claim ent:subject <id/initiative/defence-city> ;
            ent:predicate ent:expectedOperational ;
            ent:ambiguous ?doubtful ; ent:confidence ?confidence }""",
        ("true 0.7",),
    ),
    Reading(
        "By September ends with September at the latest, and says so",
        """SELECT ?earliest ?latest ?inferred {
          <id/time/by-september-2025> ent:earliest ?earliest ; ent:latest ?latest ;
            ent:inferred ?inferred ; ent:precisionNote ?note }""",
        ("2025-06-27 2025-09-30 true",),
    ),
    Reading(
        "This summer and the next few months have bounds, and the bounds are inferred",
        """SELECT ?time ?earliest ?latest {
          VALUES ?time { <id/time/summer-2025> <id/time/next-few-months-2025-06-27> }
          ?time ent:earliest ?earliest ; ent:latest ?latest ; ent:inferred true }
        ORDER BY ?time""",
        (
            "time/next-few-months-2025-06-27 2025-06-27 2025-12-31",
            "time/summer-2025 2025-06-01 2025-08-31",
        ),
    ),
    Reading(
        "Every time that is not worded in full says what is inferred in it",
        """SELECT ?time { ?time a ent:TimeExpression ; ent:inferred true .
          FILTER NOT EXISTS { ?time ent:precisionNote ?note } }""",
    ),
    Reading(
        "The law is registered, no more",
        "SELECT ?status { <id/law/defence-city-law> ent:lifecycleStatus ?status }",
        ("lifecycle/registered",),
    ),
    Reading(
        "The start waits for a vote; what is voted on and when is not stated",
        """SELECT ?vote ?status ?time { <id/milestone/defence-city-start> ent:dependsOn ?vote .
          ?vote ent:lifecycleStatus ?status OPTIONAL { ?vote ent:occursOn ?time } }""",
        ("event/verkhovna-rada-vote-before-defence-city lifecycle/planned -",),
    ),
    Reading(
        "Twenty-one initiatives are counted and not listed",
        """SELECT ?number ?complete (COUNT(?member) AS ?members) {
          <id/initiative/localisation-initiatives-in-ukraine> ent:memberCount ?number ;
            ent:listComplete ?complete .
          OPTIONAL { ?member ent:partOfInitiative
            <id/initiative/localisation-initiatives-in-ukraine> } }
        GROUP BY ?number ?complete""",
        ("21 false 0",),
    ),
    Reading(
        "Up to ten is a bound and no number",
        """SELECT ?most ?exact { <id/figure/projects-abroad-up-to-10> ent:maxValue ?most .
          OPTIONAL { <id/figure/projects-abroad-up-to-10> ent:numericValue ?exact } }""",
        ("10 -",),
    ),
    Reading(
        "The countries are named for the whole, since it is unclear for which of the two groups",
        """SELECT DISTINCT ?group (COUNT(?country) AS ?countries) ?complete {
          ?group ent:concernsCountry ?country ; ent:listComplete ?complete .
          FILTER(?country != <id/country/ukraine>) } GROUP BY ?group ?complete""",
        ("initiative/joint-production-initiatives-2025-06 3 false",),
    ),
    Reading(
        "Which initiatives have agreements and which negotiate is left open",
        """SELECT ?group ?status ?complete {
          VALUES ?group { <id/initiative/initiatives-with-agreements-2025-06>
            <id/initiative/initiatives-in-negotiation-2025-06> }
          ?group ent:lifecycleStatus ?status ; ent:listComplete ?complete } ORDER BY ?group""",
        (
            "initiative/initiatives-in-negotiation-2025-06 lifecycle/under-negotiation false",
            "initiative/initiatives-with-agreements-2025-06 lifecycle/agreed false",
        ),
    ),
    Reading(
        "Established with Denmark and Norway in one article, less in another: two open conflicts",
        """SELECT ?conflict ?state { GRAPH graph:curation {
          ?conflict ent:conflictType <vocab/conflict-type/established-v-planned> ;
            ent:conflictState ?state } } ORDER BY ?conflict""",
        (
            "conflict/ukraine-denmark-established-v-planned conflict-state/open",
            "conflict/ukraine-norway-established-v-later conflict-state/open",
        ),
    ),
    Reading(
        "The factory in Denmark has a country, and neither product nor town nor owner",
        """SELECT ?relation ?what {
          VALUES ?relation { ent:locatedIn ent:producesType ent:ownedBy ent:productType }
          <id/facility/ukrainian-factory-in-denmark> ?relation ?what }""",
        ("locatedIn country/denmark",),
    ),
    Reading(
        "It opens in Denmark what Ukraine plans: the country is where, not who",
        """SELECT ?who { <id/facility/ukrainian-factory-in-denmark> ent:launchedBy ?who }""",
        ("country/ukraine",),
    ),
    Reading(
        "Who the other party of the agreement on technology is, is not stated",
        "SELECT ?party { <id/agreement/technology-export-agreement> ent:participant ?party }",
        ("country/ukraine",),
    ),
    Reading(
        "The enterprises are read as the production lines",
        """SELECT DISTINCT ?basis {
          ?claim ent:subject <id/facility/production-lines-in-europe> ;
            ent:predicate ent:producesType ; ent:attributionBasis ?basis }""",
        ("attribution-basis/inferred",),
    ),
    Reading(
        "Effects of joint ventures are expected, and Umerov is inferred as their speaker",
        """SELECT DISTINCT ?modality ?speaker ?basis {
          ?benefit ent:ofInstrument <vocab/instrument/joint-venture> .
          ?claim ent:describes ?benefit ; ent:modality ?modality ; ent:saidBy ?speaker ;
            ent:attributionBasis ?basis }""",
        ("modality/expected person/rustem-umerov attribution-basis/inferred",),
    ),
    Reading(
        "Governments consider work for Ukrainians: prospective, without a speaker",
        """SELECT ?status ?role ?speaker {
          ?claim ent:subject <id/initiative/employment-initiatives-for-ukrainians> ;
            ent:predicate ?role ; ent:object <id/country/united-kingdom> .
          <id/initiative/employment-initiatives-for-ukrainians> ent:lifecycleStatus ?status .
          OPTIONAL { ?claim ent:saidBy ?speaker } }""",
        ("lifecycle/under-consideration prospectiveParticipant -",),
    ),
    Reading(
        "The condition belongs to the last of the three duties",
        """SELECT ?duty { ?duty a ent:Responsibility ; ent:condition ?condition }""",
        ("duty/protection-of-production",),
    ),
    Reading(
        "The minister of the duties is the defence minister by context",
        """SELECT DISTINCT ?post ?confidence { ?duty a ent:Responsibility ; ent:ofPost ?post .
          ?claim ent:describes ?duty ; ent:confidence ?confidence }""",
        ("post/defence-minister-of-ukraine 0.9",),
    ),
    Reading(
        "When the journalists were met is not stated",
        "SELECT ?time { <id/event/umerov-meeting-with-journalists> ent:occursOn ?time }",
    ),
)
