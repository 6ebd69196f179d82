"""Every command, the module that has it and what it does in a word; it is loaded when it is used.

So a command loads what it needs and no more, and the list of commands needs none of them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import typer
from typer.core import TyperGroup

from generator.terms import GENERAL, TERMS, OrganisationKind, in_words_of, spelled

# In the order of the work, as the list shows them. What each says is the first sentence of its own help.
VERBS: dict[str, tuple[str, str]] = {
    "init": ("keys", "Make a workspace."),
    "check": ("records", "Say what is new and what is wrong."),
    "export": ("records", "Write what the register holds, in our layout."),
    "pending": ("records", "Show what waits for somebody."),
    "import": ("imports", "Read claims from sheets."),
    "approve": ("claims", "Sign claims with your own key."),
    "issue": ("claims", "Issue every approved claim."),
    "pdf": ("claims", "Make an issued PDF again."),
    "review": ("quality", "Draw the claims to be checked, once."),
    "trail": ("quality", "Show everything that a certificate rests on."),
    "publish": ("site", "Bring public/ up to date and switch it in whole."),
    "audit": ("site", "Re-read everything published."),
    "verify": ("site", "Say whether a certificate is genuine and current."),
    "serve": ("site", "Show public/ on this machine."),
    "nightly": ("night", "The whole night in one go."),
    "schedule": ("night", "Have this machine run the night."),
    "backup": ("night", "Copy what cannot be made again."),
    "deploy": ("deployment", "Copy what changed to the host."),
    "rollback": ("deployment", "Show earlier pages again."),
    "deliver": ("delivery", "Send each learner the certificate, once."),
    "link": ("delivery", "Private links of learners."),
    "demo": ("demo", "Do the whole main job on the sample."),
    "restore": ("recovery", "Put a backup back."),
    "move": ("recovery", "Hand the register over to another machine."),
    "recover": ("recovery", "Go on with an older register."),
    "received": ("received", "Show certificates on paper: received, checked, handed out."),
    "hold": ("holds", "Keep claims from issue, certificates from publication."),
    "case": ("cases", "Cases: what a decision after issue rests on."),
    "revoke": ("after_issue", "Revoke a certificate on a closed case."),
    "suspend": ("after_issue", "Suspend a certificate at once."),
    "reinstate": ("after_issue", "Reinstate a certificate."),
    "erase": ("after_issue", "Erase a certificate's personal data."),
    "resend": ("replacements", "Send the same file again."),
    "replace": ("replacements", "A new certificate for an old one."),
    "reissue": ("replacements", "Many certificates made anew after an error of ours."),
    "due": ("due", "Say what comes due."),
    "renew": ("due", "Claim the renewal of a certificate."),
    "revalidation": ("due", "The three dates of a qualification, and whom they concern."),
    "access": ("privacy", "Give one learner's data out."),
    "keys": ("keys", "Make and renew the organisation's keys."),
    "staff": ("keys", "Say who may approve, in which role."),
    "template": ("templates", "Look at the certificates' designs."),
}

_KIND = re.compile(rf"""\bkind['"]?\s*:\s*['"]?({"|".join(TERMS)})\b""")


class LazyCommands(Mapping[str, Any]):
    """The commands by their names, each made when it is asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._kind = _kind_here()

    def __getitem__(self, verb: str) -> Any:
        if verb not in VERBS:
            raise KeyError(verb)
        if verb not in self._made:
            app = typer.Typer(rich_markup_mode=None)
            # Typer makes a group of a single command only where it has something of its own to say.
            app.callback()(_nothing)
            import_module(f"generator.cli.{VERBS[verb][0]}").register(app)
            made = typer.main.get_group(app).commands
            for command in made.values():
                _put_in_words(command, self._kind)
            self._made.update(made)
        return self._made[verb]

    def __iter__(self) -> Iterator[str]:
        return iter(VERBS)

    def __len__(self) -> int:
        return len(VERBS)


class CommandGroup(TyperGroup):
    """The list of commands, shown without loading them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = cast(MutableMapping[str, Any], LazyCommands())
        self.help = in_words_of(_kind_here(), spelled(self.help or ""))

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer's own class of the same
        """Every command in the order of the work."""
        del ctx
        return list(VERBS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands, each with what it does."""
        del ctx
        with formatter.section("Commands"):
            kind = _kind_here()
            formatter.write_dl(
                [(verb, in_words_of(kind, spelled(said))) for verb, (_, said) in VERBS.items()]
            )


def _kind_here() -> OrganisationKind:
    """The kind of organisation whose workspace this folder is; help must not wait for more than one line."""
    with contextlib.suppress(OSError, ValueError):
        settings = Path("portal.yaml")
        found = _KIND.search(settings.read_text("utf-8")) if settings.is_file() else None
        return next((kind for kind in TERMS if found and found[1] == kind), GENERAL)
    return GENERAL


def _put_in_words(command: Any, kind: OrganisationKind) -> None:
    """The help of a command, of its options and of the commands in it, in the organisation's words."""
    for part in (command, *command.params):
        if getattr(part, "help", None):
            part.help = in_words_of(kind, spelled(part.help))
        if part is not command and part.param_type_name == "argument" and part.metavar is None:
            part.metavar = in_words_of(kind, spelled(part.name))
    for inner in getattr(command, "commands", {}).values():
        _put_in_words(inner, kind)


def _nothing() -> None:
    """A group that only holds its commands."""
