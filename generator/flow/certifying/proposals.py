"""From a registered claim to a proposal: what would be printed now, under which catalogue and template."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from generator.edge.register.claims import RegisteredClaim, Replaces
from generator.edge.register.database import Register
from generator.errors import Place, Problem
from generator.flow.shared.fact_loader import Loader
from generator.flow.shared.workspace import Workspace
from generator.formats import strict_json
from generator.formats.approval import NO_EVIDENCE
from generator.formats.decision import commitment
from generator.formats.statement import decode_draft
from generator.model.template import Template
from generator.rules.approving import Proposal
from generator.rules.controls.control import evaluate
from generator.rules.controls.facts import Missing
from generator.rules.drafting import draft


class Proposals:
    """Makes proposals for one run; each template is read once. `reported` collects what does not hold."""

    def __init__(self, workspace: Workspace, register: Register, issuer_id: str, today: str) -> None:
        self._workspace = workspace
        self._issuer_id = issuer_id
        self._loader = Loader(workspace, register, today)
        self._templates: dict[str, Template] = {}
        self.reported: list[Problem] = []

    def template(self, name: str) -> Template:
        """A template of the workspace."""
        if name not in self._templates:
            self._templates[name] = self._workspace.template(name)
        return self._templates[name]

    def of(self, held: RegisteredClaim) -> Proposal | list[Problem]:
        """The proposal of a claim, or the problems that its controls find today."""
        if held.replacement is not None:
            return self._replacement(held, held.replacement)
        claim = held.claim
        facts = self._loader.of(claim, held.claim_id)
        place = Place(subject=f"claim {held.claim_id} ({held.source})")
        found = evaluate(self._workspace.policy.controls.values(), claim, facts, place)
        self.reported += found.reported
        if found.held or isinstance(facts.programme, Missing) or isinstance(facts.centre, Missing):
            return list(found.held)
        name = self._workspace.template_name(claim, facts.programme)
        return Proposal(
            held.claim_id,
            held.salt,
            claim,
            draft(claim, facts.programme, facts.centre, self._workspace.portal, self._issuer_id),
            self._workspace.digests[(claim.programme, claim.version)],
            name,
            self.template(name).digest,
            automatic=facts.programme.automatic is not None and claim.kind == "course",
            facts=facts,
            evidence_sha256=hashlib.sha256(strict_json.encode(list(facts.evidence))).hexdigest(),
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
