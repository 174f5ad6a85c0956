# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sources the builder that builds takes, and what it makes of those out of its reach."""

from __future__ import annotations

import functools
import subprocess
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from simulator.rpmbuild.builder import Rpmbuild
from simulator.rpmbuild.local import is_local
from simulator.server import running
from unit.simulator.workshop import F43, Workshop, needs_rpmbuild, spec

pytestmark = needs_rpmbuild

WITH_ARCHIVE = "BuildArch: noarch\nSource0: %{name}-%{version}.tar.gz"
READS_ARCHIVE = "%prep\n%autosetup\n\n%build\ngrep committed README"
MAKEFILE = """\
srpm:
\tcp $(spec) $(outdir)/made.spec
\trpmbuild -bs --define "_srcrpmdir $(outdir)" $(outdir)/made.spec
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with running(builder=Rpmbuild) as sim:
        yield Workshop(sim)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Serve a folder on the loopback interface; return it and its address."""
    folder = tmp_path_factory.mktemp("served")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def repository(served: tuple[Path, str]) -> str:
    """Serve a git repository with a branch ``next``; return its address."""
    folder, url = served
    tree = folder / "cloned"
    (tree / "sub").mkdir(parents=True)
    (tree / ".copr").mkdir()
    (tree / ".copr" / "Makefile").write_text(MAKEFILE)
    (tree / "README").write_text("committed\n")
    (tree / "cloned.spec").write_text(spec("cloned", tags=WITH_ARCHIVE, sections=READS_ARCHIVE))
    (tree / "sub" / "below.spec").write_text(spec("below"))

    def git(*words: str) -> None:
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.org")
        subprocess.run(["git", *identity, *words], cwd=tree, check=True, capture_output=True)

    git("init", "--initial-branch=main")
    git("add", ".")
    git("commit", "--message=first")
    git("checkout", "-b", "next")
    (tree / "cloned.spec").write_text(spec("cloned-next"))
    git("commit", "--all", "--message=second")
    git("checkout", "main")
    git("update-server-info")
    return f"{url}/cloned/.git"


def built(shop: Workshop, build: int) -> str:
    """Return the name of the package that a build has given."""
    assert shop.wait(build) == "succeeded", shop.log(build)
    (package,) = (name for name in shop.packages(build, F43) if not name.endswith(".src"))
    return package


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "cloned"),
        ({"committish": "next"}, "cloned-next"),
        ({"subdirectory": "sub"}, "below"),
        ({"subdirectory": "sub", "spec": "below.spec"}, "below"),
        ({"source_build_method": "make_srpm", "spec": "sub/below.spec"}, "below"),
    ],
    ids=str,
)
def test_repositories_of_this_machine_are_cloned(
    shop: Workshop, repository: str, fields: dict[str, str], name: str
) -> None:
    build = shop.submit("scm", clone_url=repository, chroots=[F43], **fields)
    assert built(shop, build) == f"{name}-1.0-1.fc43.noarch"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"committish": "--upload-pack=touch"}, "did not match any file"),
        ({"subdirectory": "../.."}, "outside of the repository"),
        ({"subdirectory": "none"}, "does not exist"),
        ({"spec": "none.spec"}, "does not exist"),
        ({"scm_type": "svn"}, "not svn"),
    ],
    ids=str,
)
def test_what_a_repository_does_not_have_fails(
    shop: Workshop, repository: str, fields: dict[str, str], said: str
) -> None:
    build = shop.submit("scm", clone_url=repository, **fields)
    assert shop.wait(build) == "failed"
    assert said in shop.log(build).splitlines()[-1]


def test_a_repository_that_is_not_there_fails_with_the_words_of_git(
    shop: Workshop, served: tuple[Path, str]
) -> None:
    build = shop.submit("scm", clone_url=f"{served[1]}/none.git")
    assert shop.wait(build) == "failed"
    assert "fatal: repository" in shop.log(build)


def test_specs_of_this_machine_are_downloaded(shop: Workshop, served: tuple[Path, str]) -> None:
    (served[0] / "linked.spec").write_text(spec("linked"))
    build = shop.submit("url", pkgs=f"{served[1]}/linked.spec", chroots=[F43])
    assert built(shop, build) == "linked-1.0-1.fc43.noarch"
    gone = shop.submit("url", pkgs=f"{served[1]}/gone.spec")
    assert shop.wait(gone) == "failed"
    assert "404" in shop.log(gone)


def test_scripts_are_run(shop: Workshop) -> None:
    script = (
        f"#!/bin/bash -e\ncd \"$COPR_RESULTDIR\"\ncat >it.spec <<'EOF'\n{spec('scripted')}EOF\n"
    )
    build = shop.submit("custom", script=script, resultdir=".", chroots=[F43])
    assert built(shop, build) == "scripted-1.0-1.fc43.noarch"


@pytest.mark.parametrize(
    ("script", "resultdir", "said"),
    [
        ("#!/bin/sh\necho going wrong >&2\nexit 3", "", "going wrong"),
        ("#!/bin/nonsense", "", "No such file"),
        ("#!/bin/sh\ntrue", "", "exactly one spec file"),
        ("#!/bin/sh\nln -s /etc/passwd it.spec", "", "exactly one spec file"),
        ("#!/bin/sh\ntrue", "none", "did not create resultdir none"),
        ("#!/bin/sh\ntrue", "../..", "is outside of"),
    ],
)
def test_scripts_fail(shop: Workshop, script: str, resultdir: str, said: str) -> None:
    build = shop.submit("custom", script=script, resultdir=resultdir)
    assert shop.wait(build) == "failed"
    assert said in shop.log(build)


@pytest.mark.parametrize(
    ("kind", "fields", "package"),
    [
        (
            "pypi",
            {"pypi_package_name": "six", "pypi_package_version": "1.17"},
            "python3-six-1.17-1",
        ),
        ("rubygems", {"gem_name": "rake"}, "rubygem-rake-1.0-1"),
        ("distgit", {"package_name": "hello"}, "hello-1.0-1"),
        ("scm", {"clone_url": "https://git.example.org/far.git"}, "far-1.0-1"),
        ("url", {"pkgs": "https://example.org/away-2.0-3.src.rpm"}, "away-2.0-3"),
    ],
)
def test_what_is_out_of_reach_gets_a_small_package(
    shop: Workshop, kind: str, fields: dict[str, str], package: str
) -> None:
    build = shop.submit(kind, chroots=[F43], **fields)
    assert built(shop, build) == f"{package}.fc43.noarch"
    assert "It builds a placeholder instead of" in shop.log(build)


def test_names_make_what_is_out_of_reach_fail(shop: Workshop) -> None:
    source = shop.submit("rubygems", gem_name="fails-source")
    build = shop.submit("rubygems", gem_name="fails-check", chroots=[F43])
    assert (shop.wait(source), shop.wait(build)) == ("failed", "failed")
    assert "FAILED tests/test_sum.py" in shop.log(build, F43)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8000/hello.git", True),
        ("http://[::1]/hello.git", True),
        ("http://localhost/hello.git", True),
        ("file:///srv/hello.git", True),
        ("https://127.0.0.1.example.org/hello.git", False),
        ("https://10.0.0.1/hello.git", False),
        ("ssh://git.example.org/hello.git", False),
    ],
)
def test_local_is_what_needs_no_network(address: str, local: bool) -> None:
    assert is_local(address) is local
