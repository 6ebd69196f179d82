"""What a control is: one name, the facts it needs, its parameters, and what it finds (docs/controls.md)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from generator.errors import Code, Owner, Place, Problem
from generator.model.certificate import Kind
from generator.model.claim import Claim
from generator.model.value import Distinct, Value
from generator.rules.controls.facts import ClaimFacts, Missing, Unknown
from generator.terms import Worded

Mode = Literal["hold", "report", "off"]
Phase = Literal["claim", "approval"]


class Parameters(Value):
    """Parameters that every control has: the kinds of certificate to which it applies."""

    kinds: Annotated[tuple[Kind, ...], Distinct] = ("qualification", "units", "course")


Given = TypeVar("Given", bound=Parameters)


@dataclass(frozen=True, slots=True)
class Complaint(Worded):
    """What a control finds in a field of the claim (none: in the whole), and how to put it right.

    `owner` must act where it is not whoever acts on the control by default.
    """

    column: str
    what: str
    fix: str
    owner: Owner | None = None


Look = Callable[[Claim, ClaimFacts, Given], Iterator[Complaint]]


@dataclass(frozen=True, slots=True)
class Control(Generic[Given]):
    """A named control. `phase`: it looks at the claim, or at those who would sign it.

    `always`: without it what is printed would make no sense or be no longer true, so that no policy
    may weaken it.
    """

    code: Code
    needs: tuple[str, ...]
    parameters: type[Given]
    look: Look[Given]
    phase: Phase = "claim"
    always: bool = False

    @property
    def name(self) -> str:
        """Its one name, which is the code of its problems."""
        return self.code.name

    def complaints(self, claim: Claim, facts: ClaimFacts, given: Given) -> list[Complaint]:
        """What it finds; a fact that it needs and that is missing is a finding (fails closed)."""
        if claim.kind not in given.kinds:
            return []
        missing = [(name, fact) for name, fact in self._facts(facts) if isinstance(fact, Missing)]
        if missing:
            return [
                Complaint(name.replace("_", " "), fact.what, fact.fix, fact.owner) for name, fact in missing
            ]
        try:
            return list(self.look(claim, facts, given))
        except Unknown as unknown:
            fact = unknown.missing
            return [Complaint("", fact.what, fact.fix, fact.owner)]

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
    code: str | Code,
    needs: tuple[str, ...],
    parameters: type[Given],
    phase: Phase = "claim",
    *,
    owner: Owner = "exams_officer",
    remedy: str = "",
    always: bool = False,
) -> Callable[[Look[Given]], Control[Given]]:
    """Make a control of a function, whose docstring is what must hold.

    Its code is registered with it: `owner` acts on what it finds, unless a complaint names another. A
    code that a lower package raises too is registered there and given whole.
    """

    def made(look: Look[Given]) -> Control[Given]:
        meaning = inspect.cleandoc(look.__doc__ or "")
        registered = Code(code, owner, meaning, remedy) if isinstance(code, str) else code
        return Control(registered, needs, parameters, look, phase, always)

    return made


def evaluate(
    switched: Iterable[ConfiguredControl],
    claim: Claim,
    facts: ClaimFacts,
    place: Place,
    phase: Phase = "claim",
) -> Findings:
    """Ask every control that is switched on, in order. One missing fact is told once."""
    held: list[Problem] = []
    reported: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for item in switched:
        if item.mode == "off" or item.control.phase != phase:
            continue
        found = held if item.mode == "hold" else reported
        for one in item.control.complaints(claim, facts, item.parameters):
            if (one.what, one.fix) not in seen:
                at = place.within(one.column) if one.column else place
                found.append(item.control.code.at(at, one.what, one.fix, owner=one.owner))
            if item.mode == "hold":
                seen.add((one.what, one.fix))
    return Findings(tuple(held), tuple(reported))
