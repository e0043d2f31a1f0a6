"""``kith web …``: what this node hands out to browsers."""

from __future__ import annotations

import click
import msgspec

from kith_node.web.tree import digest_of, load_tree, webroot


@click.group()
def web() -> None:
    """The web client that this node hands out."""


@web.command("digest")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def digest(as_json: bool) -> None:
    """Show what tells this build of the web client from any other.

    Builds are reproducible: whoever builds the same version gets the same digest, and finds it
    in the client under "about". Compare it by another way than the node itself.

    Example: kith web digest
    """
    tree = load_tree(webroot())
    if not tree:
        raise click.ClickException("the web client is not built; build it with: make web")
    if as_json:
        document = {"digest": digest_of(tree), "files": len(tree)}
        click.echo(msgspec.json.encode(document).decode())
        return
    click.echo(digest_of(tree))
