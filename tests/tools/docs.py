# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the documentation site, without a network: guides, modules, roles and plugins.

antsibull-docs writes the pages as the Ansible project does for docs.ansible.com. Sphinx makes HTML
of them; its warnings are errors, and so are broken links.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tools.checkout import CHECKOUT
from tools.links import broken_html

FOLDER = CHECKOUT / ".venv" / "docs"
PAGES, SITE = FOLDER / "rst", FOLDER / "html"
SETTINGS = CHECKOUT / "docs" / "docsite"
GENERAL = ("--config-file", str(SETTINGS / "antsibull-docs.cfg"))
COLLECTION = ("collection", "--use-current", "--squash-hierarchy", "--fail-on-error")
STRICT = ("-W", "--keep-going", "-n", "-q")


def main() -> int:
    """Build the site, check its links and print where it is."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    PAGES.mkdir(parents=True)
    # antsibull-docs refuses a folder that others can write to.
    PAGES.chmod(0o755)
    environment = {**os.environ, "HOME": str(CHECKOUT / ".venv")}
    for command in (
        ("antsibull-docs", *GENERAL, *COLLECTION, "--dest-dir", str(PAGES), "fedora.copr"),
        ("sphinx-build", *STRICT, "-c", str(SETTINGS), str(PAGES), str(SITE)),
    ):
        status = subprocess.run(command, env=environment, check=False).returncode
        if status:
            return status
    for link in (broken := broken_html(SITE)):
        print(f"broken link: {link}")
    if broken:
        return 1
    print(f"{len([*SITE.rglob('*.html')])} pages: {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
