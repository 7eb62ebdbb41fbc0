"""`entente check`: everything that is wrong with the sources, one line each."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from entente.build.pipeline import check, seal
from entente.cli.options import chosen_root, reference_option, root_option, sources_option
from entente.cli.progress import plural, shown_progress


@click.command("check")
@root_option
@sources_option
@reference_option
@click.option("--ontology", is_flag=True, help="Look at the ontology alone, without the data.")
@click.option(
    "--seal", "sealing", is_flag=True, help="After a good check with --sources, record it."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    *,
    root: Path | None,
    sources: Path | None,
    reference: bool,
    ontology: bool,
    sealing: bool,
    form: str,
) -> None:
    """Do all that a build does, and write nothing but the findings.

    One line each: file, line, what is wrong, how to mend it. Exit code 1 where one is an error.

    With --sources, passages are compared with the articles' texts; --seal then records in
    data/verified.txt which passages were compared, so that a check without the texts finds those
    that were altered since.
    """
    if sealing and (sources is None or ontology):
        raise click.UsageError("--seal records a comparison with the texts: name them by --sources")
    place = chosen_root(root)
    with shown_progress() as progress:
        findings = check(
            place,
            sources=sources,
            engines="reference" if reference else "auto",
            only="ontology" if ontology else None,
            progress=progress,
        )
    if form == "json":
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            click.echo(str(finding))
    counts = {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in ("error", "warning", "info")
    }
    words = [plural(count, severity) for severity, count in counts.items() if count]
    click.echo(", ".join(words) or "nothing wrong", err=True)
    if counts["error"]:
        sys.exit(1)
    if sealing:
        click.echo(f"sealed in {seal(place)}", err=True)
