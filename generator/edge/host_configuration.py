"""What a web host must be told: headers, caching, 404; for nginx, Caddy, `_headers`, S3 (docs/deploy.md).

One table says which headers a path gets; every configuration is written from it. The pages carry
their own full policy in a meta element; what a meta element cannot say (`frame-ancestors`) is here.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_SECURITY = {
    "Content-Security-Policy": (
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "geolocation=(), microphone=(), payment=(), usb=()",
    # Whoever saved the verifier, or mirrors the site, may read the data files.
    "Access-Control-Allow-Origin": "*",
}
# Signed status is asked for anew each time; a host answers 304 where nothing changed.
_FRESH, _PAGES = "no-cache", "public, max-age=300"
_FOREVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = (".css", ".html", ".js", ".json", ".md", ".svg", ".txt")
# The same without what a person or a program may fetch by hand and read as it comes.
LOADED_BY_BROWSERS = (".css", ".html", ".js", ".svg")


def content_type(path: str) -> str:
    """The media type of a published path."""
    suffix = "." + path.rpartition(".")[2]
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def cache_control(path: str) -> str:
    """How long a visitor may keep a file without asking."""
    if path.startswith(("r/", "s/", "l/")) or path in ("head.json", "manifest.json", "pages.json"):
        return _FRESH
    if path.startswith("m/"):
        return _FOREVER
    return _FRESH if path.endswith(".html") else _PAGES


def headers(path: str) -> dict[str, str]:
    """Every header of a path."""
    return {"Content-Type": content_type(path), "Cache-Control": cache_control(path), **_SECURITY}


def nginx(domain: str, root: str, precompressed: bool = False) -> str:
    """A server block; certificates for TLS are the host's own business."""
    lines = [
        "# Written by certportal from its table of headers; write it again after an upgrade.",
        "server {",
        "    listen 443 ssl;",
        "    listen [::]:443 ssl;",
        f"    server_name {domain};",
        f"    root {_quoted(root)};",
        "    index index.html;",
        "    error_page 404 /404.html;",
        # A folder is nothing that anybody may list: it is as absent as any other name.
        "    error_page 403 =404 /404.html;",
        "    server_tokens off;",
        # A log of look-ups would say who was checked, when and from where.
        "    access_log off;",
        "    types {",
        *(f"        {kind.partition(';')[0]} {suffix[1:]};" for suffix, kind in sorted(_TYPES.items())),
        "    }",
        "    default_type application/octet-stream;",
        "    charset utf-8;",
        "    charset_types text/css text/html text/javascript text/markdown text/plain;",
        f"    gzip{'_static' if precompressed else ''} on;",
        "    gzip_vary on;",
        *(
            []
            if precompressed
            else ["    gzip_types text/css text/javascript application/json image/svg+xml;"]
        ),
        "    location / {",
        *_nginx_headers(_PAGES),
        "        try_files $uri $uri/ =404;",
        "    }",
        r"    location ~ (^/(r|s|l)/|\.html$|/$|^/(head|manifest|pages)\.json$) {",
        *_nginx_headers(_FRESH),
        "    }",
        "    location /m/ {",
        *_nginx_headers(_FOREVER),
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _quoted(path: str) -> str:
    """A path as one word of a configuration. What could end that word is refused by portal.yaml already."""
    if set(path) & set('"$;{}\n\r'):
        raise ValueError(f"a path that cannot be written into a configuration: {path!r}")
    return f'"{path}"'


def _nginx_headers(cache: str) -> list[str]:
    # nginx drops inherited headers where a location adds one, so each location names them all.
    named = {"Cache-Control": cache, **_SECURITY}
    return [f'        add_header {name} "{value}" always;' for name, value in named.items()]


_CADDY_FRESH = r"(^/(r|s|l)/|\.html$|/$|^/(head|manifest|pages)\.json$)"


def caddy(domain: str, root: str, precompressed: bool = False) -> str:
    """A Caddyfile; Caddy gets its TLS certificate by itself."""
    lines = [
        "# Written by certportal from its table of headers; write it again after an upgrade.",
        f"{domain} {{",
        f"    root * {_quoted(root)}",
        "    file_server" + (" {\n        precompressed gzip\n    }" if precompressed else ""),
        *([] if precompressed else ["    encode gzip"]),
        # Caddy sorts directives by itself, so each path must match one of these three and no other.
        f"    @fresh path_regexp {_CADDY_FRESH}",
        "    @forever path /m/*",
        "    @pages {",
        "        not path /m/*",
        f"        not path_regexp {_CADDY_FRESH}",
        "    }",
        "    header {",
        *(f'        {name} "{value}"' for name, value in _SECURITY.items()),
        "    }",
        f'    header @fresh Cache-Control "{_FRESH}"',
        f'    header @forever Cache-Control "{_FOREVER}"',
        f'    header @pages Cache-Control "{_PAGES}"',
        # The types that Caddy knows are the machine's, and another machine knows others.
        *(f"    @{suffix[1:]} path *{suffix}" for suffix in sorted(_TYPES)),
        *(f'    header @{suffix[1:]} Content-Type "{kind}"' for suffix, kind in sorted(_TYPES.items())),
        "    handle_errors {",
        f'        header Content-Type "{_TYPES[".html"]}"',
        "        rewrite * /404.html",
        "        file_server",
        "    }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def headers_file(_domain: str = "", _root: str = "", _precompressed: bool = False) -> str:
    """`_headers` of Cloudflare Pages and Netlify; it goes to the top of the site."""
    rules: list[tuple[str, Mapping[str, str]]] = [("/*", _SECURITY)]
    fresh = {"Cache-Control": _FRESH}
    rules += [
        (place, fresh)
        for place in ("/", "/*.html", "/r/*", "/s/*", "/l/*", "/head.json", "/manifest.json", "/pages.json")
    ]
    rules.append(("/m/*", {"Cache-Control": _FOREVER}))
    blocks = (
        "\n".join([place, *(f"  {name}: {value}" for name, value in named.items())]) for place, named in rules
    )
    return "\n".join(blocks) + "\n"


def s3(domain: str, root: str, _precompressed: bool = False) -> str:
    """What cannot be on the objects themselves: the bucket's website and the headers of its front."""
    lines = [
        f"# Bucket {root}, seen as https://{domain}. Content-Type and Cache-Control are on each object.",
        "# Website configuration: index document index.html, error document 404.html.",
        "# Let the front (CloudFront, Cloudflare, a proxy) add to every answer:",
        *(f"{name}: {value}" for name, value in _SECURITY.items()),
    ]
    return "\n".join(lines) + "\n"


WRITERS: Mapping[str, tuple[str, Callable[[str, str, bool], str]]] = {
    "nginx": ("nginx.conf", nginx),
    "caddy": ("Caddyfile", caddy),
    "headers": ("_headers", headers_file),
    "cloudflare_pages": ("_headers", headers_file),
    "s3": ("s3-website.txt", s3),
}

# Files, bytes in all, bytes of one file; None: no limit that matters here (FINDINGS, hosts in 2026).
LIMITS: Mapping[str, tuple[int | None, int | None, int | None]] = {
    "github_pages": (None, 1_000_000_000, 100_000_000),
    "gitlab_pages": (200_000, 1_000_000_000, None),
    "cloudflare_pages": (20_000, None, 26_214_400),
    "azure_static": (15_000, 500_000_000, None),
}


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A limit of a host that a site passes, or (not `over`) nearly passes; in words."""

    over: bool
    words: str


def limits_reached(host: str, files: int, size: int, largest: int) -> list[LimitReached]:
    """What of a site is too much for a host, or nearly too much."""
    most_files, most_bytes, most_each = LIMITS.get(host, (None, None, None))
    found = []
    for what, amount, limit in (
        ("files", files, most_files),
        ("bytes", size, most_bytes),
        ("bytes in one file", largest, most_each),
    ):
        if limit is not None and amount > limit:
            found.append(LimitReached(True, f"{amount:,} {what}, and {host} takes {limit:,}"))
        elif limit is not None and amount > limit * 9 // 10:
            words = f"nearly: {amount:,} {what} of the {limit:,} that {host} takes"
            found.append(LimitReached(False, words))
    return found
