"""Mementos: what an address answered on a day, as headers tell it (RFC 7089).

Owns the day of Accept-Datetime, how days stand in headers and addresses, the links to original,
time gate and TimeMap, and the days that a TimeMap lists. A document begins with the first article
that speaks of its thing; what no article names, and what is a list or a query, has had an answer
on every day. https://www.rfc-editor.org/rfc/rfc7089
"""

from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote, unquote

from flask import Response, request

from entente.query.results import Iri
from entente.query.service import QueryService
from entente.web.addresses import Addresses, split_suffix
from entente.web.problems import wrong_parameter

THINGS = ("id/", "page/", "data/")


def day_of_header(text: str) -> str:
    """Give the day of an HTTP date in Accept-Datetime.

    Raises:
        RequestRefused: it is no date.
    """
    try:
        return parsedate_to_datetime(text).astimezone(UTC).date().isoformat()
    except (ValueError, TypeError, OverflowError) as error:
        detail = f"Accept-Datetime is {text[:60]!r}; it must be an HTTP date"
        raise wrong_parameter(detail) from error


def is_over(day: str) -> bool:
    """Tell whether a day lies before today (UTC)."""
    return day < datetime.now(UTC).date().isoformat()


def memento_of(original: str, day: str) -> str:
    """Give the address of an original as of a day."""
    return f"{original}{'&' if '?' in original else '?'}asOf={day}"


def http_date(day: str) -> str:
    """Give the last second of a day as an HTTP date."""
    moment = datetime.combine(datetime.fromisoformat(day).date(), time(23, 59, 59), tzinfo=UTC)
    return format_datetime(moment, usegmt=True)


def link_original(response: Response, original: str) -> None:
    """Say where an address is without a day, which is its time gate too, and where its TimeMap."""
    timemap = f"{request.url_root}api/timemap?uri={quote(original, safe='')}"
    response.headers.add("Link", f'<{original}>; rel="original timegate"')
    response.headers.add("Link", f'<{timemap}>; rel="timemap"; type="application/link-format"')


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
