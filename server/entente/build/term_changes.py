"""Term changes: what differs between the records of two releases, and the changelog made of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from entente.build.term_record import Fact

_INTRODUCTION: Final = (
    "# Changelog of the terms",
    "",
    "What each release added, changed and removed among classes, properties and concepts. "
    "Written by `entente terms --changelog` from the records in `releases/`; not by hand.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A term that both releases have: what it lost and gained, as predicate and value."""

    term: str
    lost: tuple[tuple[str, str], ...]
    gained: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs between two releases; terms in the order of their names."""

    added: tuple[str, ...]
    changed: tuple[Change, ...]
    removed: tuple[str, ...]


def compare(old: Iterable[Fact], new: Iterable[Fact]) -> Changes:
    """Compare the records of two releases."""
    before, after = _by_term(old), _by_term(new)
    changed = [
        Change(
            term=term,
            lost=tuple(sorted(before[term] - after[term])),
            gained=tuple(sorted(after[term] - before[term])),
        )
        for term in sorted(before.keys() & after.keys())
        if before[term] != after[term]
    ]
    return Changes(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(changed),
        removed=tuple(sorted(before.keys() - after.keys())),
    )


def changelog(records: Mapping[str, tuple[Fact, ...]]) -> str:
    """Write the changelog of all releases, the newest first.

    Args:
        records: version (numbers and points) to record.
    """
    versions = sorted(records, key=_numbers)
    lines = list(_INTRODUCTION)
    for before, version in reversed(list(zip((None, *versions), versions, strict=False))):
        old = records[before] if before is not None else ()
        lines += ["", f"## {version}", "", *_release(compare(old, records[version]), old, records)]
        if before is None:
            lines += _listed(records[version])
    return "\n".join(lines) + "\n"


def told(changes: Changes) -> Iterator[str]:
    """Say what differs, one line a term."""
    yield from (f"added    {term}" for term in changes.added)
    for change in changes.changed:
        yield f"changed  {change.term}: {'; '.join(_parts(change))}"
    yield from (f"removed  {term}" for term in changes.removed)


def _by_term(record: Iterable[Fact]) -> dict[str, set[tuple[str, str]]]:
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for term, predicate, value in record:
        found[term].add((predicate, value))
    return dict(found)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _parts(change: Change) -> Iterator[str]:
    """Say for each predicate what it was and what it is."""
    for predicate in sorted({name for name, _ in (*change.lost, *change.gained)}):
        was = ", ".join(value for name, value in change.lost if name == predicate)
        now = ", ".join(value for name, value in change.gained if name == predicate)
        if was and now:
            yield f"{predicate} was “{was}”, is “{now}”"
        else:
            yield f"{predicate} {'without' if was else 'with'} “{was or now}”"


def _release(
    changes: Changes, old: tuple[Fact, ...], records: Mapping[str, tuple[Fact, ...]]
) -> list[str]:
    if not old and records:
        return [f"First release: {len(changes.added)} terms."]
    counts = f"{len(changes.added)} added, {len(changes.changed)} changed, "
    lines = [f"{counts}{len(changes.removed)} removed."]
    for title, entries in (
        ("Added", [f"- `{term}`" for term in changes.added]),
        ("Changed", [f"- `{one.term}`: {'; '.join(_parts(one))}" for one in changes.changed]),
        ("Removed", [f"- `{term}`" for term in changes.removed]),
    ):
        if entries:
            lines += ["", f"### {title}", "", *entries]
    return lines


def _listed(record: tuple[Fact, ...]) -> Iterator[str]:
    """List the terms of the first release by module and by scheme."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for term, predicate, value in record:
        if predicate == "ent:module":
            groups[f"Module {value}"].add(term)
        elif predicate == "skos:inScheme":
            groups[f"Vocabulary {value.removeprefix('voc:')}"].add(term.rpartition("/")[2])
    for name in sorted(groups):
        terms = ", ".join(f"`{term}`" for term in sorted(groups[name]))
        yield from ("", f"**{name}** ({len(groups[name])}): {terms}")
