"""The portal's JavaScript modules as one script, in the order of their imports.

The modules use only `import { a } from "./x.js"` and names that are unique at the top level, so that
joining them is leaving lines out: imports, comments that fill their lines, and indentation. What is left
of a line is published as it was written. Anything else is refused here rather than published broken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.errors import Malformed

_ENTRY = "main.js"
_IMPORT = re.compile(r'^import \{[\w\s,]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_ANY_IMPORT = re.compile(r"^import\b", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)
_ANY_EXPORT = re.compile(r"^export\b", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def bundle(modules: Mapping[str, bytes], entry: str = _ENTRY) -> bytes:
    """One script of `entry` and all it imports (name -> source). Raises `Malformed`."""
    parts = []
    owners: dict[str, str] = {}
    for module in _in_order(modules, entry):
        text = modules[module].decode()
        for name in _NAME.findall(text):
            if owners.setdefault(name, module) != module:
                raise Malformed(f"{module} and {owners[name]} both define {name}")
        joined = _EXPORT.sub("", _IMPORT.sub("", _code_of(module, text)))
        if _ANY_IMPORT.search(joined) or _ANY_EXPORT.search(joined):
            raise Malformed(f"{module} imports or exports in a form that cannot be joined")
        parts.append(joined)
    script = "".join(parts)
    if "</" in script or "<!--" in script:
        raise Malformed("the script holds markup that would end its block")
    return script.encode()


def _code_of(module: str, text: str) -> str:
    """The lines that are not all comment, without their indentation.

    Only the beginning of a line is read: it is a comment's unless a text or another comment began on a line
    before. Texts of several lines, and comments of several lines beside code, are refused.
    """
    code = ""
    in_comment = False
    for number, line in enumerate((line.strip() for line in text.split("\n")), 1):
        if in_comment or line.startswith("/*"):
            end = line.find("*/", 0 if in_comment else 2)
            ends_with_line = end in (-1, len(line) - 2)
            if in_comment and not ends_with_line:
                raise Malformed(f"{module}, line {number}: code stands behind a comment of several lines")
            in_comment = end == -1
            if ends_with_line:
                continue
        if not line or line.startswith("//"):
            continue
        if _goes_on(line):
            raise Malformed(f"{module}, line {number}: a text or comment goes on in the next line")
        code += line + "\n"
    return code


def _goes_on(line: str) -> bool:
    """Whether a template, string or comment may be open at the end of this line of code."""
    template = line.count("`") % 2 == 1 or line.count("${") > line.count("}")
    return template or line.endswith("\\") or line.rfind("/*") > line.rfind("*/")


def _in_order(modules: Mapping[str, bytes], entry: str) -> list[str]:
    ordered: list[str] = []
    under_way: list[str] = []

    def visit(module: str) -> None:
        if module in ordered:
            return
        if module in under_way:
            raise Malformed(f"{' -> '.join([*under_way, module])}: modules import each other in a circle")
        if module not in modules:
            raise Malformed(
                f"{under_way[-1] if under_way else 'the page'} imports {module}, which is not there"
            )
        under_way.append(module)
        for imported in _IMPORT.findall(modules[module].decode()):
            visit(imported)
        under_way.pop()
        ordered.append(module)

    visit(entry)
    return ordered
