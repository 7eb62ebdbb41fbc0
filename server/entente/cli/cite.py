"""`entente cite`: the passage between some first and last words of an article's text."""

import re
import sys
from pathlib import Path

import click

from entente.core.manifest import sha256_of
from entente.core.terms import ART


@click.command("cite")
@click.argument("article", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("first")
@click.argument("last", required=False)
@click.option("--id", "name", default="ID", help="Local name of the article's IRI.")
def command(*, article: Path, first: str, last: str | None, name: str) -> None:
    """Find the passage of the text ARTICLE from the words FIRST to the words LAST.

    Prints the passage as Turtle: its range in Unicode code points and its digest. White space in
    FIRST and LAST stands for any. Where the words stand more than once, all places are printed and
    the exit code is 1.
    """
    content = article.read_bytes()
    text = content.decode()
    starts = [found.start() for found in _words(first).finditer(text)]
    passages = []
    for start in starts:
        match = _words(last or first).search(text, start)
        if match is not None:
            passages.append((start, match.end()))
    if not passages:
        missing = first if not starts else last
        raise click.UsageError(f"{missing!r} does not stand in {article.name}")
    click.echo(f"# ent:textSha256 {sha256_of(content)} ; ent:charCount {len(text)}", err=True)
    for start, end in passages:
        click.echo(f"<{ART.removeprefix('https://w3id.org/entente/')}{name}#char={start},{end}>")
        click.echo("    a ent:Passage ;")
        click.echo(f"    ent:charEnd {end} ;")
        click.echo(f"    ent:charStart {start} ;")
        click.echo(f'    ent:passageSha256 "{sha256_of(text[start:end].encode())}" .')
    if len(passages) > 1:
        click.echo(f"{len(passages)} places: give more words", err=True)
        sys.exit(1)


def _words(words: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()))
