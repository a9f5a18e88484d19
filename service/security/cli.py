"""Commands on who may do what: accounts of readers, keys of platforms."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from service.options import COMMAND_LINE, Database, opened

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
user = typer.Typer(no_args_is_help=True, help="Accounts of those who read posts.")
key = typer.Typer(no_args_is_help=True, help="Keys of platforms, each for what its scopes say.")
app.add_typer(user, name="user")
app.add_typer(key, name="key")


@app.callback()
def commands() -> None:
    """Say who may do what."""


@user.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="by which they sign in")],
    role: Annotated[str, typer.Option(help="viewer, reviewer, lead or admin")] = "reviewer",
    database: Database = None,
) -> None:
    """Make an account. The password is asked for, or read from standard input when that is no terminal."""
    from classifier.errors import InputError
    from classifier.terminal import complain

    with opened(database) as store:
        from service.review.words import Role
        from service.security.accounts import Accounts

        if role not in set(Role):
            raise InputError(f"--role {role!r}: one of {', '.join(Role)}")
        if sys.stdin.isatty():
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        else:
            password = sys.stdin.readline().rstrip("\r\n")
        made = Accounts(store).add(name, Role(role), password, by=COMMAND_LINE)
        complain(f"{made.name} may now sign in as {made.role.value}; exports call them {made.pseudonym}")


@user.command("list")
def list_users(database: Database = None) -> None:
    """List every account."""
    with opened(database) as store:
        from service.security.accounts import Accounts

        for row in Accounts(store).all():
            state = "disabled" if row.disabled_at else "in use"
            typer.echo(f"{row.name}\t{row.role}\t{row.pseudonym}\t{state}")


@user.command("disable")
def disable_user(name: Annotated[str, typer.Argument(help="the account")], database: Database = None) -> None:
    """End the use of an account and its sessions. What it decided stays."""
    from classifier.terminal import complain

    with opened(database) as store:
        from service.security.accounts import Accounts

        Accounts(store).disable(name, by=COMMAND_LINE)
        complain(f"{name} can sign in no more")


@key.command("add")
def add_key(
    name: Annotated[str, typer.Argument(help="whose key it is")],
    scope: Annotated[list[str], typer.Option(help="score or posts; may be given several times")],
    database: Database = None,
) -> None:
    """Make a key and show it, this once."""
    from classifier.errors import InputError
    from classifier.terminal import complain

    with opened(database) as store:
        from service.security.keys import Scope
        from service.security.keystore import KeyStore

        unknown = sorted(set(scope) - set(Scope))
        if unknown:
            raise InputError(f"--scope {unknown[0]!r}: one of {', '.join(Scope)}")
        made = KeyStore(store).add(name, [Scope(one) for one in scope], by=COMMAND_LINE)
        complain("this key is shown once and kept nowhere:")
        typer.echo(made)


@key.command("list")
def list_keys(database: Database = None) -> None:
    """List every key by its name."""
    with opened(database) as store:
        from service.security.keystore import KeyStore

        for row in KeyStore(store).all():
            typer.echo("\t".join((row.name, row.scopes, "revoked" if row.revoked_at else "in use")))


@key.command("revoke")
def revoke_key(name: Annotated[str, typer.Argument(help="the key")], database: Database = None) -> None:
    """End the use of a key, from the next request on."""
    from classifier.terminal import complain

    with opened(database) as store:
        from service.security.keystore import KeyStore

        KeyStore(store).revoke(name, by=COMMAND_LINE)
        complain(f"the key {name} opens nothing any more")
