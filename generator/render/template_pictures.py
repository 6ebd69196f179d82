"""The pictures of one template, each drawn once for the box it stands in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from generator.model.template import Template
from generator.render import picture as pictures
from generator.render.marks import POINTS
from generator.render.ornament import border_svg
from generator.render.pdf import drawing
from generator.render.pdf.drawing import Form


@dataclass(frozen=True)
class DrawnPicture:
    """A picture's resource name, which follows from its content and box alone, and its drawing."""

    name: str
    form: Form


class TemplatePictures:
    """Draws on demand. Raises `Malformed` for a picture that cannot be drawn."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._drawn_pictures: dict[str, DrawnPicture] = {}
        self._sources: dict[str, bytes] = {}

    def picture(self, file: str, width: float, height: float) -> DrawnPicture:
        """The picture as large as fits the box, in points."""
        data = self._template.asset(file)
        about = f"{hashlib.sha256(data).hexdigest()} {width:.3f} {height:.3f}"
        name = "P" + hashlib.sha256(about.encode()).hexdigest()[:8]
        if name not in self._drawn_pictures:
            form = drawing.drawn(pictures.read(data), width, height, self._template.colours.paper)
            self._drawn_pictures[name] = DrawnPicture(name, form)
            self._sources[name] = data
        return self._drawn_pictures[name]

    def source(self, name: str) -> bytes:
        """The file of a picture hung before, by its resource name."""
        return self._sources[name]

    def border(self) -> DrawnPicture | None:
        """The page's ornament."""
        if "Border" not in self._drawn_pictures:
            colours, (width, height) = self._template.colours, self._template.page.size
            svg = border_svg(self._template.border, width, height, colours.line, colours.accent)
            if svg is None:
                return None
            self._drawn_pictures["Border"] = DrawnPicture(
                "Border", drawing.ornament(svg, width * POINTS, height * POINTS)
            )
        return self._drawn_pictures["Border"]

    def named(self, name: str) -> Form:
        """A picture hung before, by its resource name."""
        return self._drawn_pictures[name].form
