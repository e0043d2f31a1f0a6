"""The ``kith`` command: parses, calls the routes' services, prints for people or as JSON.

Each subcommand lives in a module that is imported when it is asked for, so that ``kith --help``
is quick and a missing extra is named only by the command that needs it.
"""

from __future__ import annotations

import importlib
import os
import sys

import click

from kith_crypto.errors import KithError, UsageError
from kith_node.cli.output import print_error, wants_color

# name: (module, attribute, what `kith --help` says, the extra it needs)
_COMMANDS: dict[str, tuple[str, str, str, str]] = {
    "init": (
        "kith_node.cli.init",
        "init",
        "Make a new node: keys, settings, databases.",
        "server",
    ),
    "serve": ("kith_node.cli.serve", "serve", "Run the node.", "server"),
    "invite": ("kith_node.cli.invite", "invite", "Make, list and revoke invites.", "server"),
    "member": (
        "kith_node.cli.member",
        "member",
        "Suspend and reinstate members.",
        "server",
    ),
    "peer": ("kith_node.cli.peer", "peer", "Connect with other communities.", "server"),
    "offers": (
        "kith_node.cli.offers",
        "offers",
        "List and remove this node's offers.",
        "server",
    ),
    "library": (
        "kith_node.cli.library",
        "library",
        "Keep the links and texts that members find, and share them.",
        "server",
    ),
    "topics": (
        "kith_node.cli.topics",
        "topics",
        "Find, show, check and export the topics that offers are about.",
        "client",
    ),
    "search": ("kith_node.cli.search", "search", "Search the catalogue of a node.", "server"),
    "web": ("kith_node.cli.web", "web", "The web client that this node hands out.", "server"),
    "status": ("kith_node.cli.status", "status", "How the node is doing.", "server"),
    "disclosure": (
        "kith_node.cli.disclosure",
        "disclosure",
        "What this node holds and could hand over.",
        "server",
    ),
    "config": ("kith_node.cli.config", "config", "Check and show the settings.", "server"),
    "keyholder": (
        "kith_node.cli.keyholder",
        "keyholder",
        "Make the keyholders' keys, on a machine that is no server.",
        "client",
    ),
    "me": ("kith_client.cli", "me", "What a member does: join, offer, search.", "client"),
    "demo": (
        "kith_node.demo.command",
        "demo",
        "Run several communities on this machine.",
        "server",
    ),
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _, extra = _COMMANDS[cmd_name]
        try:
            command = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as error:
            raise click.ClickException(
                f"`kith {cmd_name}` needs the package {error.name}: install kith-node[{extra}]"
            ) from error
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # From the table, so that help imports nothing.
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry[2]) for name, entry in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kith-node", prog_name="kith")
def kith() -> None:
    """Kith: a community's own mentorship node.

    A steward starts with `kith init`, then `kith serve`. A member starts with `kith me join
    LINK`. To see several communities at work: `kith demo`.
    """


def main() -> None:
    """Run the command line; exit with 0, with 1 for what can be mended, with 2 for misuse."""
    try:
        kith(standalone_mode=True, color=wants_color(os.environ))
    except KithError as error:
        print_error(error)
        sys.exit(1)
    except OSError as error:
        print_error(UsageError(f"{error.filename or 'system'}: {error.strerror or error}"))
        sys.exit(1)
