"""Mementos: on which days an address of this host had another answer.

Owns the days that a TimeMap lists. A document begins with the first article that speaks of its
thing; what no article names, and what is a list or a query, has had an answer on every day.
"""

from urllib.parse import unquote

from entente.query.results import Iri
from entente.query.service import QueryService
from entente.web.addresses import Addresses, split_suffix

THINGS = ("id/", "page/", "data/")


def days_of(service: QueryService, addresses: Addresses, path: str) -> list[str]:
    """Give the days, first to last, at which articles told something new.

    Args:
        service: that of the present.
        addresses: the mapping of paths to IRIs.
        path: of the address, percent-encoded, without leading slash; a search part is ignored.
    """
    days = sorted({str(row["reported"]) for row in service.rows("evidence/days")})
    name = split_suffix(unquote(path.partition("?")[0])).path
    for start in THINGS:
        if name.startswith(start):
            name = "id/" + name.removeprefix(start)
    iri = addresses.iri_of(name)
    if iri is None or "/" not in name or name.startswith("api/"):
        return days
    spoken = [str(row["reported"]) for row in service.rows("pages/mentioned", it=Iri(iri))]
    return [day for day in days if not spoken or day >= min(spoken)]
