"""Search among a hundred thousand names over HTTP, as ratios to the same among a thousand."""

import random
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from time import sleep
from typing import Final

from entente.core.terms import GRAPH_ENTITIES, ID, SKOS
from tests.web.site import Site, run_site

Comparison = tuple[str, Callable[[], object], Callable[[], object]]

FEW: Final = 1_000
MANY: Final = 100_000
VOCABULARY: Final = 30_000
SYLLABLES: Final = (
    *("bra", "chi", "da", "dro", "el", "fa", "gri", "ha", "in", "jo", "ka", "lu"),
    *("mo", "ne", "or", "pra", "re", "sti", "ta", "ul", "vo", "we", "ya", "zhy"),
)
KINDS: Final = ("Factory", "Programme", "Agreement", "Institute", "Ministry", "Alliance")


def names(count: int) -> list[str]:
    """Make names of two to four words; the same at each run."""
    chance = random.Random(7)
    words = [
        "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
        for _ in range(VOCABULARY)
    ]
    return [
        " ".join((*chance.choices(words, k=chance.randint(1, 3)), chance.choice(KINDS)))
        for _ in range(count)
    ]


def quads(known: list[str]) -> bytes:
    """Give sorted N-Quads of things with these names."""
    lines = (
        f'<{ID}generated/g{place}> <{SKOS}prefLabel> "{name}"@en <{GRAPH_ENTITIES}> .\n'
        for place, name in enumerate(known)
    )
    return "".join(sorted(lines)).encode()


def comparisons(folder: Path) -> Iterator[Comparison]:
    """Give name, what is measured and what it is compared with; each is to be used at once."""
    known = names(MANY)
    with ExitStack() as stack:
        sites = []
        for count in (MANY, FEW):
            place = folder / str(count)
            place.mkdir(parents=True)
            site = run_site(place, quads=quads(known[:count]), readers=1, query_seconds=60.0)
            sites.append(stack.enter_context(site))
            _wait_for_index(sites[-1])
        many, few = sites
        asked: dict[str, Callable[[str], str]] = {
            "a whole name": lambda name: name,
            "three letters": lambda name: name[:3],
            "words in another order": lambda name: " ".join(reversed(name.split())),
            "a name with a typing error": lambda name: name[:2] + name[3:],
        }
        for title, form in asked.items():
            yield (
                f"search, {title}: {MANY:,} / {FEW:,} names, HTTP",
                _searching(many, [form(name) for name in known[::97]]),
                _searching(few, [form(name) for name in known[:FEW]]),
            )


def _searching(site: Site, texts: list[str]) -> Callable[[], object]:
    turn = cycle(texts)
    return lambda: _search(site, next(turn))


def _search(site: Site, text: str) -> bytes:
    address = f"{site.url}/api/search?q={urllib.parse.quote(text)}"
    with urllib.request.urlopen(address) as reply:
        answer: bytes = reply.read()
    return answer


def _wait_for_index(site: Site) -> None:
    while True:
        try:
            _search(site, "a")
        except urllib.error.HTTPError as error:
            error.close()
            sleep(1)
        else:
            return
