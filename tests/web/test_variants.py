"""The choice of a format is the same at every address that has one."""

import pytest

from tests.web.site import Site

ADDRESSES = {
    "/api": "json",
    "/api/openapi.json": "json",
    "/api/search?q=factory": "jsonld",
    "/api/claims?subject=id:facility/brasov-drone-factory": "html",
    "/dataset": "nq",
    "/graphs?default": "nt",
    "/releases/": "html",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_format_that_is_named_goes_before_accept(site: Site, address: str) -> None:
    parameter = f"{address}{'&' if '?' in address else '?'}format"
    name = ADDRESSES[address]
    strict = {"Accept": "image/png"}
    assert site.ask(f"{parameter}={name}", headers=strict).status == 200
    assert site.ask(f"{parameter}=png").status == 406
    assert site.ask(address, headers=strict).status == 406
    assert site.ask(f"{parameter}=%20", headers=strict).status == 406
    twice = site.ask(f"{parameter}={name}&format={name}")
    assert (twice.status, "format is given 2 times" in twice.text) == (400, True)
