"""`entente stats`: what the graph holds, in figures."""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from entente.build.pipeline import build
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.cli.progress import shown_progress
from entente.core.manifest import read_manifest

if TYPE_CHECKING:
    from pyoxigraph import Quad

    from entente.build.shape_tally import ConstraintTally
    from entente.build.tally import Tally

STAGES: Final = ("asserted", "closure")
EXAMPLES: Final = "tests/ontology/examples"


@click.command("stats")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    help="By default a table on a terminal, JSON in a pipe.",
)
@root_option
@settings_options("state")
def command(*, form: str | None, root: Path | None, **values: object) -> None:
    """Count claims, covered characters, terms, mappings, constraints, concepts and questions.

    Builds what is stale first. The share of an article that passages cover is counted from their
    ranges, without the text. Examples of constraints stand with the tests: an installed copy has
    none.
    """
    from pyoxigraph import RdfFormat, parse

    from entente.build.tally import count

    place, settings = chosen_root(root), chosen_settings(values)
    with shown_progress() as progress:
        build(place, settings, progress=progress)
    manifest = read_manifest(settings.artifact)
    dataset = settings.artifact / manifest.files["dataset"]
    tally = count(parse(path=str(dataset), format=RdfFormat.N_QUADS))
    constraints = _constraints(place)
    if form == "table" or (form is None and sys.stdout.isatty()):
        _print_tables(tally, constraints)
    else:
        figures = {**_figures(tally), "constraints": _sums(constraints)}
        click.echo(json.dumps(figures, ensure_ascii=False, indent=1))


def _constraints(root: Path) -> "dict[str, tuple[ConstraintTally, ...]]":
    from pyoxigraph import parse

    from entente.build.shape_tally import count_constraints

    def read(*patterns: str) -> "Iterable[Quad]":
        for pattern in patterns:
            for path in sorted(root.glob(pattern)):
                yield from parse(path=str(path))

    return {
        stage: count_constraints(
            read(f"ontology/shapes/{stage}/*.ttl"),
            read("ontology/modules/*.ttl"),
            read(f"{EXAMPLES}/context.ttl", f"{EXAMPLES}/{stage}/*.ttl"),
        )
        for stage in STAGES
    }


def _figures(tally: "Tally") -> dict[str, Any]:
    mappings = tally.mappings
    return {
        "claims": {
            "all": tally.claims,
            "by article": {one.article: one.claims for one in tally.articles},
            "by modality": dict(tally.modalities),
            "by part of article": dict(tally.parts),
            "by curation status": dict(tally.statuses),
        },
        "coverage": {
            one.article: {
                "characters": one.characters,
                "covered": one.covered,
                "share": round(one.share, 4),
            }
            for one in tally.articles
        },
        "terms": {module: dict(held) for module, held in tally.modules.items()},
        "mappings": {
            "classes": mappings.classes,
            "mapped classes": mappings.mapped_classes,
            "share of classes": round(mappings.share, 4),
            "properties": mappings.properties,
            "mapped properties": mappings.mapped_properties,
            "vocabularies": dict(mappings.vocabularies),
        },
        "concepts": dict(tally.schemes),
        "questions": dict(tally.questions),
        "triples": {"inferred": tally.inferred, "by graph": dict(tally.graphs)},
    }


def _sums(constraints: "Mapping[str, tuple[ConstraintTally, ...]]") -> dict[str, Any]:
    return {
        stage: {
            "constraints": len(held),
            "with broken example": sum(one.broken > 0 for one in held),
            "with good example": sum(one.good > 0 for one in held),
            "by constraint": {
                f"{one.shape} {one.component}": {"broken": one.broken, "good": one.good}
                for one in held
            },
        }
        for stage, held in constraints.items()
    }


def _print_tables(tally: "Tally", constraints: "Mapping[str, tuple[ConstraintTally, ...]]") -> None:
    from entente.cli.tables import print_counts

    print_counts(
        "Articles",
        ("article", "claims", "characters", "covered", "share"),
        [
            (one.article, one.claims, one.characters, one.covered, f"{one.share:.1%}")
            for one in tally.articles
        ],
    )
    for title, counts in (
        ("Claims by modality", tally.modalities),
        ("Claims by part of article", tally.parts),
        ("Claims by curation status", tally.statuses),
    ):
        print_counts(title, (title.rpartition(" by ")[2], "claims"), counts.items())
    names = list(dict.fromkeys(name for held in tally.modules.values() for name in held))
    print_counts(
        "Terms by module",
        ("module", *names),
        [(module, *(held.get(n, 0) for n in names)) for module, held in tally.modules.items()],
    )
    mapped = tally.mappings
    print_counts(
        f"Mappings: {mapped.mapped_classes} of {mapped.classes} classes ({mapped.share:.0%}), "
        f"{mapped.mapped_properties} of {mapped.properties} properties",
        ("vocabulary", "mappings"),
        mapped.vocabularies.items(),
    )
    print_counts(
        "Constraints of shapes",
        ("stage", "constraints", "with broken example", "with good example"),
        [
            (
                stage,
                len(held),
                sum(one.broken > 0 for one in held),
                sum(one.good > 0 for one in held),
            )
            for stage, held in constraints.items()
        ],
    )
    print_counts("Concepts by scheme", ("scheme", "concepts"), tally.schemes.items())
    print_counts("Questions by kind", ("kind", "questions"), tally.questions.items())
    print_counts("Triples by graph", ("graph", "triples"), tally.graphs.items())
