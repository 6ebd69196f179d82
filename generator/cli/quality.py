"""Commands for who reviews a certificate: review and trail."""

from __future__ import annotations

from typing import Annotated

import typer

from generator.cli.codes import REVIEW_WHO
from generator.cli.options import HERE, AsJson, PassphraseFd, WorkspaceOption, opened_register
from generator.cli.terminal import data, line
from generator.errors import Place, UsageError
from generator.flow.certifying import certificate_trail, sample_review
from generator.terms import CLAIM, sentence


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(review)
    app.command()(trail)


def review(
    checked: Annotated[
        str, typer.Option("--check", help="A claim of the sample that you compared with the records.")
    ] = "",
    as_: Annotated[str, typer.Option("--as", help="Your handle on the roster.")] = "",
    differs: Annotated[bool, typer.Option("--differs", help="It does not agree with the records.")] = False,
    note: Annotated[str | None, typer.Option(help="What you found.")] = None,
    workspace: WorkspaceOption = HERE,
    passphrase_fd: PassphraseFd = None,
    as_json: AsJson = False,
) -> None:
    """Draw the claims to be checked, once. With --check it keeps what you found."""
    if checked and not as_:
        fix = "certportal review --check CLAIM-ID --as m.castell"
        raise UsageError(REVIEW_WHO.at(Place(subject="review"), "does not say who checked", fix))
    with opened_register(workspace, passphrase_fd) as session:
        if checked:
            outcome = "differs" if differs else "agrees"
            sample_review.check(session, checked, as_, "differs" if differs else "agrees", note)
            line(f"{checked}: {outcome}, kept.")
            return
        found = sample_review.review(session)
    if as_json:
        sample = [
            {
                "claim": one.held.claim_id,
                "source": one.held.source,
                "outcome": one.check and one.check.outcome,
            }
            for one in found.sample
        ]
        data({"new": found.new, "claims_sha256": found.digest, "sample": sample})
        return
    if found.new:
        line(f"Drawn among {found.new} new {CLAIM}s; kept, and never drawn again.")
    for one in found.sample:
        claim = one.held.claim
        state = one.check.outcome if one.check else "to be checked"
        line(
            f"  {one.held.claim_id} {claim.centre}/{claim.learner_ref} {claim.programme}"
            f" ({one.held.source}): {state}"
        )
    line(
        "Next: `certportal review --check CLAIM-ID --as PERSON` for each."
        if found.sample
        else f"No {CLAIM} waits."
    )


def trail(
    serial: Annotated[str, typer.Argument(help="The certificate's serial, such as NW-26-000001.")],
    workspace: WorkspaceOption = HERE,
    as_json: AsJson = False,
) -> None:
    """Show everything that a certificate rests on. Every signature is verified on the way."""
    with opened_register(workspace) as session:
        found = certificate_trail.trail(session, serial)
    bad = sum(1 for item in found if item.good is False)
    if as_json:
        data([{"section": item.section, "text": item.text, "good": item.good} for item in found])
    else:
        shown = ""
        for item in found:
            if item.section != shown:
                line(sentence(f"{item.section}".replace("-", " ")).capitalize(), "bold")
                shown = item.section
            mark = {True: "✓", False: "✗", None: " "}[item.good]
            line(f"  {mark} {item.text}", "red" if item.good is False else "")
        line(f"{bad} lines do not hold: report it." if bad else "Everything that can be verified holds.")
    if bad:
        raise SystemExit(1)
