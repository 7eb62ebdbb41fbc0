"""Readings of the two articles on Romania's drone programme."""

from tests.data.readings.reading import Reading

READINGS = (
    Reading(
        "The programme's status is kept for each date, and the newest words win in the view",
        """SELECT DISTINCT ?status ?said {
          ?claim ent:subject <id/initiative/romania-ukraine-drone-programme> ;
            ent:predicate ent:lifecycleStatus ; ent:object ?status ; ent:reportedOn ?on .
          OPTIONAL { ?claim ent:saidOn/ent:latest ?day }
          BIND(COALESCE(?day, ?on) AS ?said)
        } ORDER BY ?said""",
        (
            "lifecycle/in-preparation 2025-07-18",
            "lifecycle/under-negotiation 2025-09-26",
            "lifecycle/planned 2025-09-30",
            "lifecycle/planned 2025-10-01",
        ),
    ),
    Reading(
        "The view has the programme planned and nothing else",
        """SELECT ?status { GRAPH graph:current {
          <id/initiative/romania-ukraine-drone-programme> ent:lifecycleStatus ?status } }""",
        ("lifecycle/planned",),
    ),
    Reading(
        "No agreement between Romania and Ukraine is ever reported as signed",
        """SELECT ?signed {
          { ?signed ent:signatory|ent:participant <id/country/romania> . ?signed a ent:Agreement }
          UNION { ?claim ent:subject <id/initiative/romania-ukraine-drone-programme> ;
            ent:object <vocab/lifecycle/signed> , ?signed } }""",
    ),
    Reading(
        "The programme of July and the plan of the autumn are one node by the curators' judgement",
        """SELECT (COUNT(?note) AS ?notes) { GRAPH graph:curation {
          <id/initiative/romania-ukraine-drone-programme> ent:curatorNote ?note } }""",
        ("1",),
    ),
    Reading(
        "The counterpart of the planned talks is a post, and stays without a name",
        """SELECT ?role ?who {
          VALUES ?role { ent:participant ent:participantPost }
          <id/event/mosteanu-ukrainian-counterpart-talks> ?role ?who }""",
        (
            "participant person/ionut-mosteanu",
            "participantPost post/defence-minister-of-ukraine",
        ),
    ),
    Reading(
        "Soon has a beginning and no end",
        """SELECT ?earliest ?latest {
          <id/event/mosteanu-ukrainian-counterpart-talks> ent:occursOn ?time .
          ?time ent:earliest ?earliest OPTIONAL { ?time ent:latest ?latest } }""",
        ("2025-07-18 -",),
    ),
    Reading(
        "The briefing of the ministry has no date, for none is stated",
        """SELECT ?time {
          <id/event/romanian-defence-ministry-briefing-2025-07> ent:occursOn ?time }""",
    ),
    Reading(
        "The factory is expected, not built",
        """SELECT ?modality ?status {
          ?claim ent:subject <id/facility/brasov-drone-factory> ;
            ent:predicate ent:locatedIn ; ent:modality ?modality .
          GRAPH graph:current { <id/facility/brasov-drone-factory> ent:lifecycleStatus ?status } }
        """,
        ("modality/expected lifecycle/planned",),
    ),
    Reading(
        "A start in 2026 is possible only, so it is no fact of the view",
        """SELECT ?modality ?fact {
          ?claim ent:subject <id/milestone/romania-programme-production-start> ;
            ent:predicate ent:possibleTime ; ent:object ?time ; ent:modality ?modality .
          OPTIONAL { GRAPH graph:current { ?fact ent:possibleTime ?time } } }""",
        ("modality/possible -",),
    ),
    Reading(
        "Markets abroad in the lead, the own forces in the body: both stand, as a conflict",
        """SELECT ?state { GRAPH graph:curation {
          <id/conflict/romania-programme-markets-v-own-forces> ent:conflictState ?state } }""",
        ("conflict-state/open",),
    ),
    Reading(
        "Most drones for the forces, others for export: shares, and no numbers",
        """SELECT ?output ?share ?number {
          ?output ent:ofInitiative <id/initiative/romania-ukraine-drone-programme> ;
            ent:share ?share .
          OPTIONAL { ?output ent:numericValue ?number } } ORDER BY ?output""",
        (
            "output/romania-programme-armed-forces share/most -",
            "output/romania-programme-export share/remainder -",
        ),
    ),
    Reading(
        "That others means the whole remainder is doubtful",
        """SELECT ?doubtful {
          ?claim ent:describes <id/output/romania-programme-export> ; ent:ambiguous ?doubtful }""",
        ("true",),
    ),
    Reading(
        "Likeness to the partnerships does not run the other way",
        """SELECT ?initiative {
          ?initiative ent:similarTo <id/initiative/romania-ukraine-drone-programme> }""",
    ),
    Reading(
        "Home money in July, European money in the autumn: both stand, as a conflict",
        """SELECT ?state { GRAPH graph:curation {
          <id/conflict/romania-programme-national-or-european-money> ent:conflictState ?state } }
        """,
        ("conflict-state/open",),
    ),
    Reading(
        "Umerov is called former: the claim is negated and gives no holder",
        """SELECT ?negated ?part {
          ?claim ent:subject <id/post/defence-minister-of-ukraine> ;
            ent:predicate ent:currentHolder ; ent:object <id/person/rustem-umerov> ;
            ent:negated ?negated ; ent:articlePart ?part }""",
        ("true article-part/body",),
    ),
    Reading(
        "Umerov left between the last report that has him and the first that calls him former",
        """SELECT ?inOffice ?over {
          { SELECT (MAX(?still) AS ?inOffice) {
            ?tenure ent:identityGroup <id/group/tenure-umerov-defence-minister-of-ukraine> ;
              ent:tenureEnds/ent:earliest ?still } }
          { SELECT (MIN(?ended) AS ?over) {
            ?tenure ent:identityGroup <id/group/tenure-umerov-defence-minister-of-ukraine> ;
              ent:tenureEnds/ent:latest ?ended } } }""",
        ("2025-06-27 2025-07-18",),
    ),
    Reading(
        "Shmyhal came no later than 18 September 2025",
        """SELECT (MIN(?began) AS ?by) {
          ?tenure ent:holder <id/person/denys-shmyhal> ; ent:tenureBegins/ent:latest ?began }""",
        ("2025-09-18",),
    ),
    Reading(
        "Ukraine has one defence minister now, and he is not the other one",
        """SELECT ?who ?same {
          <id/post/defence-minister-of-ukraine> ent:currentHolder ?who .
          OPTIONAL { ?who owl:sameAs ?same FILTER(?same != ?who) } }""",
        ("person/denys-shmyhal -",),
    ),
    Reading(
        "Capacity, deliveries and money are three measures",
        """SELECT ?figure ?measure {
          VALUES ?figure { <id/figure/ukrainian-companies-drones-per-year-2025-06>
            <id/figure/ukraine-drones-received-by-2025-06> }
          ?figure ent:measure ?measure } ORDER BY ?measure""",
        (
            "figure/ukraine-drones-received-by-2025-06 measure/deliveries-received",
            "figure/ukrainian-companies-drones-per-year-2025-06 measure/production-capacity",
        ),
    ),
    Reading(
        "Only the capacity is Umerov's; deliveries and money are the narrator's",
        """SELECT ?what ?speaker {
          VALUES ?what { <id/figure/ukrainian-companies-drones-per-year-2025-06>
            <id/figure/ukraine-drones-received-by-2025-06>
            <id/commitment/ukraine-drone-procurement-monthly> }
          ?claim ent:describes ?what OPTIONAL { ?claim ent:saidBy ?speaker } } ORDER BY ?what""",
        (
            "commitment/ukraine-drone-procurement-monthly -",
            "figure/ukraine-drones-received-by-2025-06 -",
            "figure/ukrainian-companies-drones-per-year-2025-06 person/rustem-umerov",
        ),
    ),
    Reading(
        "When the count of deliveries began is not stated",
        """SELECT ?earliest ?latest {
          <id/figure/ukraine-drones-received-by-2025-06> ent:asOf ?time . ?time ent:latest ?latest
          OPTIONAL { ?time ent:earliest ?earliest } }""",
        ("- 2025-06-30",),
    ),
    Reading(
        "April 2025 may date the report or the share",
        """SELECT ?doubtful ?speaker {
          ?claim ent:describes <id/figure/ukraine-frontline-drones-domestic-share-2025-04> ;
            ent:ambiguous ?doubtful ; ent:saidBy ?speaker }""",
        ("true country/ukraine",),
    ),
    Reading(
        "The picture of the Peklo illustrates only, and its event is known from the caption alone",
        """SELECT DISTINCT ?illustrates ?part {
          ?photo ent:depicts <id/event/peklo-display-2024-12-06> ;
            ent:illustrativeOnly ?illustrates .
          ?claim ent:subject <id/event/peklo-display-2024-12-06> ; ent:articlePart ?part }""",
        ("true article-part/caption",),
    ),
    Reading(
        "The Peklo has nothing to do with the programme",
        """SELECT ?link {
          <id/product/peklo> (ent:partOfInitiative|ent:relatedTo|ent:manufacturer) ?link }""",
    ),
)
