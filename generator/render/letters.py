"""Letters and reports from templates: the adapter for jinja2 (docs/delivery.md).

A letter is three templates of one name: subject, text and HTML. Every place in a template must be
filled, so a fact that is not handed over is an error before anything is sent; a subject gets the
office's facts only, so that no learner's data can ever be in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.errors import Place, Refused
from generator.render.codes import MAIL_TEMPLATE


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to send; `html` is empty where there is no such template."""

    subject: str
    text: str
    html: str


class LetterTemplates:
    """The templates of one language: file name -> text."""

    def __init__(self, templates: Mapping[str, str], where: str) -> None:
        self._where = where
        self._names = set(templates)
        # Sandboxed: a template is the office's own text, but no text of ours needs Python's depths.
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(dict(templates)),
            autoescape=lambda name: bool(name) and str(name).endswith(".html"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

    def letter(self, name: str, office: Mapping[str, Any], facts: Mapping[str, Any]) -> Letter:
        """A letter; `office` are the facts that a subject may use. Raises `Refused`."""
        subject = " ".join(self.text(f"{name}.subject.txt", office).split())
        everything = {**office, **facts, "subject": subject}
        html = self.text(f"{name}.html", everything) if f"{name}.html" in self._names else ""
        return Letter(subject, self.text(f"{name}.txt", everything), html)

    def text(self, name: str, facts: Mapping[str, Any]) -> str:
        """One template, filled. Raises `Refused` that names the template and what it lacks."""
        where = f"{self._where}/{name}"
        if name not in self._names:
            fix = "put the template back, or copy it from another language"
            raise Refused(MAIL_TEMPLATE.at(Place(where), "is not there", fix))
        try:
            return self._environment.get_template(name).render(facts)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            what = f"cannot be filled: {error.message or 'unknown reason'}"
            fix = "use only the names that docs/delivery.md lists for this template"
            raise Refused(MAIL_TEMPLATE.at(Place(where, line or 0), what, fix)) from None
