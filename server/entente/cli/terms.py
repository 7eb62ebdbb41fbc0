"""`entente terms`: what the ontology's terms are, and what changed since a release."""

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from entente.cli.options import chosen_root, root_option
from entente.cli.progress import plural

RELEASES: Final = "ontology/releases"


@click.command("terms")
@click.option(
    "--since",
    type=click.Path(exists=True, path_type=Path),
    help="Compare with a release: its record (.tsv), an RDF file of its ontology, or the folder "
    "of a project.",
)
@click.option("--changelog", "whole", is_flag=True, help="Print the changelog of all releases.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@root_option
def command(*, since: Path | None, whole: bool, form: str, root: Path | None) -> None:
    """Print the record of all terms: term, predicate and value, parted by tabulators.

    A release keeps it as ontology/releases/VERSION.tsv; --since tells the added, changed and
    removed terms, and --changelog writes ontology/CHANGELOG.md from all records.
    """
    from entente.build.term_changes import changelog, compare, told
    from entente.build.term_record import read_record, write_record

    if whole and since is not None:
        raise click.UsageError("--changelog compares all releases; --since compares with one")
    place = chosen_root(root)
    if whole:
        records = sorted((place / RELEASES).glob("*.tsv"))
        named = {path.stem: path for path in records if re.fullmatch(r"\d+(\.\d+)*", path.stem)}
        found = {name: read_record(path) for name, path in named.items()}
        click.echo(changelog(found), nl=False)
        return
    present = read_record(place)
    if since is None:
        click.echo(write_record(present), nl=False)
        return
    changes = compare(read_record(since), present)
    if form == "json":
        click.echo(json.dumps(asdict(changes), ensure_ascii=False, indent=1))
    else:
        for line in told(changes):
            click.echo(line)
    words = (
        f"{plural(len(changes.added), 'term')} added",
        f"{len(changes.changed)} changed",
        f"{len(changes.removed)} removed",
    )
    click.echo(", ".join(words), err=True)
