"""From a registered claim to a proposal: what would be printed now, under which catalogue and template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.crypto.digest import sha256
from generator.edge.register.claims import RegisteredClaim, Replaces
from generator.edge.register.event_log import EventLog
from generator.errors import Place, Problem
from generator.flow.shared.fact_loader import Loader
from generator.flow.shared.session import Session
from generator.formats import strict_json
from generator.formats.approval import NO_EVIDENCE
from generator.formats.decision import commitment
from generator.formats.statement import decode_draft
from generator.model.template import Template
from generator.model.value import Day
from generator.rules.approving import Proposal
from generator.rules.controls.control import evaluate
from generator.rules.controls.facts import Missing
from generator.rules.drafting import draft
from generator.terms import CLAIM


@dataclass(frozen=True, slots=True)
class FactsState:
    """Equal while no fact of any claim has changed, on one connection to the register.

    Whatever this run changes of a fact is an event; whatever another process commits changes `commits`.
    Policy, catalogue and centres are read once, with the workspace; every control knows the day.
    """

    today: Day
    events: tuple[int, str]
    commits: int

    @staticmethod
    def of(session: Session) -> FactsState:
        """The state of the facts now."""
        return FactsState(
            session.today, EventLog(session.register).state(), session.register.commits_elsewhere()
        )


@dataclass(frozen=True, slots=True)
class EvaluatedClaim:
    """What one evaluation found: a proposal, or what holds the claim; and what is reported only."""

    held: RegisteredClaim
    outcome: Proposal | tuple[Problem, ...]
    reported: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluatedClaims:
    """Evaluations by claim id, and the state of the facts for which they hold."""

    facts: FactsState
    claims: Mapping[str, EvaluatedClaim]

    @property
    def passing(self) -> int:
        """How many claims pass every control."""
        return sum(isinstance(one.outcome, Proposal) for one in self.claims.values())


class Proposals:
    """Makes proposals for one run; each template is read once. `reported` collects what does not hold.

    `earlier` are evaluations of the same session. One is used again, in place of another, only while it is
    what an evaluation would find now: no fact has changed since, the claim is the same, and so is the
    template, which alone is read from its file each time.
    """

    def __init__(self, session: Session, earlier: EvaluatedClaims | None = None) -> None:
        self._workspace = session.workspace
        self._issuer_id = session.workspace.keystore.pin().issuer_id
        self._facts = FactsState.of(session)
        self._earlier = earlier.claims if earlier is not None and earlier.facts == self._facts else {}
        self._loader = Loader(session)
        self._templates: dict[str, Template] = {}
        self.reported: list[Problem] = []

    def template(self, name: str) -> Template:
        """A template of the workspace."""
        if name not in self._templates:
            self._templates[name] = self._workspace.template(name)
        return self._templates[name]

    def of(self, held: RegisteredClaim) -> Proposal | list[Problem]:
        """The proposal of a claim, or the problems that its controls find today."""
        found = self._evaluated(held)
        self.reported += found.reported
        return found.outcome if isinstance(found.outcome, Proposal) else list(found.outcome)

    def evaluate(self, claims: Iterable[RegisteredClaim]) -> EvaluatedClaims:
        """Every one of these claims, evaluated; for a later step of the same run."""
        return EvaluatedClaims(self._facts, {held.claim_id: self._evaluated(held) for held in claims})

    def _evaluated(self, held: RegisteredClaim) -> EvaluatedClaim:
        known = self._earlier.get(held.claim_id)
        if known is not None and known.held == held and self._prints_the_same(known.outcome):
            return known
        if held.replacement is not None:
            return EvaluatedClaim(held, self._replacement(held, held.replacement))
        claim = held.claim
        facts = self._loader.of(claim, held.claim_id)
        place = Place(subject=f"{CLAIM} {held.claim_id} ({held.source})")
        found = evaluate(self._workspace.policy.controls.values(), claim, facts, place)
        if found.held or isinstance(facts.programme, Missing) or isinstance(facts.centre, Missing):
            return EvaluatedClaim(held, found.held, found.reported)
        name = self._workspace.template_name(claim, facts.programme)
        proposal = Proposal(
            held.claim_id,
            held.salt,
            claim,
            draft(claim, facts.programme, facts.centre, self._workspace.portal, self._issuer_id),
            self._workspace.digests[(claim.programme, claim.version)],
            name,
            self.template(name).digest,
            automatic=facts.programme.automatic is not None and claim.kind == "course",
            facts=facts,
            evidence_sha256=sha256(strict_json.encode(list(facts.evidence))),
        )
        return EvaluatedClaim(held, proposal, found.reported)

    def _prints_the_same(self, outcome: Proposal | tuple[Problem, ...]) -> bool:
        return not isinstance(outcome, Proposal) or (
            self.template(outcome.template).digest == outcome.template_sha256
        )

    def _replacement(self, held: RegisteredClaim, replaces: Replaces) -> Proposal:
        """A replacement prints the old certificate with its corrections, whatever the catalogue says now."""
        return Proposal(
            held.claim_id,
            held.salt,
            held.claim,
            decode_draft(replaces.draft),
            NO_EVIDENCE,
            replaces.template,
            self.template(replaces.template).digest,
            automatic=False,
            facts=self._loader.of(held.claim, held.claim_id),
            evidence_sha256=commitment(bytes.fromhex(held.salt), replaces.request),
            roles=self._workspace.portal.policy.after_issue.replace,
        )

    def split(self, claims: Iterable[RegisteredClaim]) -> tuple[list[Proposal], list[Problem]]:
        """Proposals of the claims that pass, and the problems of the others."""
        good: list[Proposal] = []
        problems: list[Problem] = []
        for held in claims:
            made = self.of(held)
            if isinstance(made, Proposal):
                good.append(made)
            else:
                problems += made
        return good, problems
