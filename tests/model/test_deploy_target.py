"""Settings of a deploy target: nothing in them is an option, a command, or a line of a configuration."""

from __future__ import annotations

import pytest

from generator.edge import host_configuration
from generator.errors import Malformed
from generator.model.portal import DeployTarget


def target(**members: object) -> DeployTarget:
    return DeployTarget.of({"name": "live", "kind": "folder", "path": "/srv/verify", **members})


@pytest.mark.parametrize(
    "path",
    [
        "/srv/verify",
        "../live",
        "C:\\inetpub\\verify",
        "/srv/my site",
        "/srv/zeugnisse-prüfen",
        "/srv/a,b (1)",
    ],
)
def test_paths_of_folders(path: str) -> None:
    assert target(path=path).path == path


_SMUGGLED = (
    *(
        "-oProxyCommand=sh",
        "--rsh=sh",
        "~/site",
        "",
        " ",
        "/srv/x; include /etc/passwd",
        "/srv/x{}",
        "/srv/x}",
    ),
    *('/srv/"x', "/srv/'x", "/srv/$(id)", "/srv/`id`", "/srv/x\nroot /", "/srv/x|y", "/srv/x&y", "/srv/*"),
    *("/srv/x#y", "/srv/<x>", b"/srv/x\\u202ey".decode("unicode_escape"), "/srv/x%41", "/srv/x!"),
)


@pytest.mark.parametrize("path", _SMUGGLED)
def test_a_path_that_says_more_than_a_path_is_refused(path: str) -> None:
    with pytest.raises(Malformed, match="path"):
        target(path=path)


@pytest.mark.parametrize("path", ["host:/srv/x", "host::module", "rsync://host/x", "/srv/my site"])
def test_a_path_for_rsync_names_no_host(path: str) -> None:
    with pytest.raises(Malformed, match=r"rsync takes one without|path"):
        target(kind="rsync", ssh="web@host", path=path)


@pytest.mark.parametrize("host", ["host", "web@host.example.org", "www-data@10.0.0.1", "web@[2001:db8::1]"])
def test_hosts(host: str) -> None:
    assert target(kind="rsync", ssh=host).ssh == host


@pytest.mark.parametrize(
    "host",
    ["-oProxyCommand=sh", "-l@host", "web@-oX", "host:/srv", "a b", "host;id", "@host", "web@", "h\nx"],
)
def test_a_host_that_is_an_option_or_more_is_refused(host: str) -> None:
    with pytest.raises(Malformed, match="ssh"):
        target(kind="rsync", ssh=host)


@pytest.mark.parametrize(
    "words",
    [[], ["ssh"], ["ssh", "-i", "keys/private/ssh"], ["/usr/bin/ssh", "-p", "2222", "-4", "-J", "web@jump"]],
)
def test_shells(words: list[str]) -> None:
    assert list(target(kind="rsync", ssh="host", shell=words).shell) == words


@pytest.mark.parametrize(
    "words",
    [
        ["ssh", "-o", "ProxyCommand=sh"],
        ["ssh", "-oProxyCommand=sh"],
        ["ssh", "-F", "config"],
        ["ssh", "-i", "-oProxyCommand=sh"],
        ["ssh", "-i"],
        ["ssh", "host"],
        ["-i", "x"],
        ["ssh -oProxyCommand=sh"],
        ["sh", "-c", "id"],
        ["ssh", "-i", "a b"],
        ["ssh;id"],
        [""],
    ],
)
def test_a_shell_that_runs_something_else_is_refused(words: list[str]) -> None:
    with pytest.raises(Malformed, match="shell"):
        target(kind="rsync", ssh="host", shell=words)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("bucket", text) for text in ("../other", "a b", "-x", "x\nroot /", "")),
        *(("prefix", text) for text in ("../other", "/x", "a//b", "a b", "./x", "x/..")),
        *(("endpoint", text) for text in ("file:///etc", "s3.example.org", "https://a b")),
        *(("region", text) for text in ("eu west", "-x", "eu/../x")),
        *(("access_key", text) for text in ("a b", "a\nb", '"')),
    ],
)
def test_a_store_is_named_plainly(field: str, value: str) -> None:
    with pytest.raises(Malformed, match=field):
        target(**{"kind": "s3", "bucket": "verify", field: value})


@pytest.mark.parametrize("name", ["nginx", "caddy"])
@pytest.mark.parametrize("path", ["/srv/my site", "/srv/a,b (1)", "/srv/x"])
def test_a_path_is_one_word_of_a_hosts_configuration(name: str, path: str) -> None:
    _, write = host_configuration.WRITERS[name]
    assert f'root {"* " if name == "caddy" else ""}"{path}"' in write("verify.example.org", path, False)


@pytest.mark.parametrize("name", ["nginx", "caddy"])
@pytest.mark.parametrize("path", ['/srv/x"; include /etc/passwd; #', "/srv/x\nroot /", "/srv/{$HOME}"])
def test_what_could_end_the_word_is_never_written(name: str, path: str) -> None:
    _, write = host_configuration.WRITERS[name]
    with pytest.raises(ValueError, match="cannot be written"):
        write("verify.example.org", path, False)
