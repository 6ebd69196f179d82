"""The public pages, ready to publish: script, style and policy set into what mkdocs made (SPEC, Pages).

Each page needs no other file: its style is inlined, and the verify page carries the whole check, so that a
visitor's first answer costs two requests more than the page. The head's place is left empty.

The script is the portal's JavaScript modules, joined in the order of their imports. They use only
`import { a } from "./x.js"` and names that are unique at the top level, so that joining them is leaving lines
out: imports, comments that fill their lines, and indentation. What is left of a line is published as it was
written. Anything else is refused here rather than published broken.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from generator.errors import Malformed
from generator.formats import manifest
from generator.formats.pages import HEAD_CLOSE, HEAD_OPEN

_POLICY, _STYLE = b"<!--certportal:policy-->", b"<!--certportal:style-->"
_VERIFY = b"<!--certportal:verify-->"
# The learner's own page, which opens a private link.
_PRIVATE, _PRIVATE_ENTRY = b"<!--certportal:mine-->", "private_page.js"
_STYLESHEET = "site.css"
_NOBLE = "vendor/noble-ed25519.js"
# The only file that a page may fetch beside data: it lies where ed25519.js looks for it.
_NOBLE_PUBLISHED = "noble-ed25519.js"
_ENTRY = "main.js"
_IMPORT = re.compile(r'^import \{[\w\s,]*\} from "\./(\w+\.js)";\n', re.MULTILINE)
_ANY_IMPORT = re.compile(r"^import\b", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)
_ANY_EXPORT = re.compile(r"^export\b", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the pages say of the organisation. `pin_json` and `manifest_json` are the files' own bytes."""

    organisation: str
    email: str
    telephone: str | None
    address: str | None
    origin: str
    languages: tuple[str, ...]
    accent: str
    sample: bool
    phrase: str
    pin_json: bytes
    manifest_json: bytes

    def for_theme(self) -> dict[str, object]:
        """Plain data for the theme's templates (`facts`)."""
        keys = manifest.decode(manifest.split(self.manifest_json).payload)
        return {
            "organisation": self.organisation,
            "email": self.email,
            "telephone": self.telephone,
            "address": self.address,
            "origin": self.origin,
            "host": self.origin.partition("://")[2],
            "language": self.languages[0],
            "sample": self.sample,
            "phrase": self.phrase,
            "issuer_id": manifest.decode_pin(self.pin_json).issuer_id,
            "manifest": keys.plain(),
        }


def publishable(
    built: Mapping[str, bytes], scripts: Mapping[str, bytes], facts: SiteFacts
) -> dict[str, bytes]:
    """Every page and asset to publish, from what mkdocs built and the files of site_src/js.

    Verify pages come with an empty head block (`formats.pages.inlined` fills it). Raises `Malformed`
    for a page without a place for its policy, and for data that would break out of its block.
    """
    for name, files in ((_STYLESHEET, built), (_NOBLE, scripts)):
        if name not in files:
            raise Malformed(f"{name} is not there")
    style = _style(built[_STYLESHEET], facts.accent)
    own = {_VERIFY: bundle(scripts)}
    if any(_PRIVATE in data for data in built.values()):
        own[_PRIVATE] = bundle(scripts, _PRIVATE_ENTRY)
    files = {
        path: _page(path, data, style, own, facts) if path.endswith(".html") else data
        for path, data in built.items()
        if path != _STYLESHEET
    }
    return {**files, _NOBLE_PUBLISHED: scripts[_NOBLE]}


def _page(path: str, page: bytes, style: bytes, own: Mapping[bytes, bytes], facts: SiteFacts) -> bytes:
    if page.count(_POLICY) != 1 or page.count(_STYLE) != 1:
        raise Malformed(f"{path} has no one place for its policy and style")
    place = next((mark for mark in own if mark in page), None)
    script = own[place] if place else None
    page = page.replace(_STYLE, b"<style>" + style + b"</style>")
    page = page.replace(_POLICY, _policy(style, script))
    if place is None or script is None:
        return page
    blocks = [_block("certportal-pin", facts.pin_json.strip())]
    if place == _VERIFY:
        blocks += [_block("certportal-manifest", facts.manifest_json), HEAD_OPEN + HEAD_CLOSE]
    blocks.append(b'<script type="module">' + script + b"</script>")
    return page.replace(place, b"\n".join(blocks))


def _block(identity: str, data: bytes) -> bytes:
    if b"<" in data:
        raise Malformed(f"{identity}: a name with < in it cannot be in a page")
    return b'<script type="application/json" id="%s">%s</script>' % (identity.encode(), data)


def _policy(style: bytes, script: bytes | None) -> bytes:
    """The page's own policy, since plain hosts send none: what is not listed is refused."""
    rules = ["default-src 'none'", f"style-src {_hash(style)}", "img-src data:", "base-uri 'none'"]
    rules += ["form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"]
    if script is not None:
        # 'self' lets the vendored verifier in where the browser has none of its own.
        rules += [f"script-src {_hash(script)} 'self'", "connect-src 'self'"]
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'.encode()


def _hash(inline: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline).digest()).decode()}'"


def _style(sheet: bytes, accent: str) -> bytes:
    text = re.sub(r"/\*.*?\*/", "", sheet.decode(), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text.replace("ACCENT", accent))
    return re.sub(r" ?([{};,>]) ?", r"\1", text).replace(": ", ":").replace(";}", "}").strip().encode()


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
                raise Malformed(f"{module}, line {number}: code follows a comment of several lines")
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
