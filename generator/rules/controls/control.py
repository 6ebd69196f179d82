"""What a control is: one name, the facts it needs, its parameters, and what it finds (docs/controls.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from generator.errors import Problem, problem
from generator.model.certificate import Kind
from generator.model.claim import Claim
from generator.model.value import Distinct, Value
from generator.rules.controls.facts import ClaimFacts, Missing, Unknown

Complaint = tuple[str, str, str]  # field, what, fix (which begins with who must act)
Mode = Literal["hold", "report", "off"]
Phase = Literal["claim", "approval"]


class Parameters(Value):
    """Parameters that every control has: the kinds of certificate to which it applies."""

    kinds: Annotated[tuple[Kind, ...], Distinct] = ("qualification", "units", "course")


Given = TypeVar("Given", bound=Parameters)
Look = Callable[[Claim, ClaimFacts, Given], Iterator[Complaint]]


@dataclass(frozen=True, slots=True)
class Control(Generic[Given]):
    """A named control. `phase`: it looks at the claim, or at those who would sign it.

    `always`: without it what is printed would make no sense or be no longer true, so that no policy
    may weaken it.
    """

    name: str
    needs: tuple[str, ...]
    parameters: type[Given]
    look: Look[Given]
    phase: Phase = "claim"
    always: bool = False

    def complaints(self, claim: Claim, facts: ClaimFacts, given: Given) -> list[Complaint]:
        """What it finds; a fact that it needs and that is missing is a finding (fails closed)."""
        if claim.kind not in given.kinds:
            return []
        missing = [(name, fact) for name, fact in self._facts(facts) if isinstance(fact, Missing)]
        if missing:
            return [(name.replace("_", " "), fact.what, fact.fix) for name, fact in missing]
        try:
            return list(self.look(claim, facts, given))
        except Unknown as unknown:
            return [("", unknown.missing.what, unknown.missing.fix)]

    def _facts(self, facts: ClaimFacts) -> Iterator[tuple[str, Any]]:
        return ((name, getattr(facts, name)) for name in self.needs)


@dataclass(frozen=True, slots=True)
class ConfiguredControl:
    """A control as a policy has it."""

    control: Control[Any]
    mode: Mode
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Findings:
    """What holds a claim, and what is only reported."""

    held: tuple[Problem, ...]
    reported: tuple[Problem, ...]


def control(
    name: str,
    needs: tuple[str, ...],
    parameters: type[Given],
    phase: Phase = "claim",
    *,
    always: bool = False,
) -> Callable[[Look[Given]], Control[Given]]:
    """Make a control of a function."""
    return lambda look: Control(name, needs, parameters, look, phase, always)


def evaluate(
    switched: Iterable[ConfiguredControl], claim: Claim, facts: ClaimFacts, where: str, phase: Phase = "claim"
) -> Findings:
    """Ask every control that is switched on, in order. One missing fact is told once."""
    held: list[Problem] = []
    reported: list[Problem] = []
    told: set[tuple[str, str]] = set()
    for item in switched:
        if item.mode == "off" or item.control.phase != phase:
            continue
        found = held if item.mode == "hold" else reported
        for place, what, fix in item.control.complaints(claim, facts, item.parameters):
            if (what, fix) not in told:
                found.append(problem(item.control.name, f"{where} {place}".strip(), what, fix))
            if item.mode == "hold":
                told.add((what, fix))
    return Findings(tuple(held), tuple(reported))
