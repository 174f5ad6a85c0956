# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has galaxy-importer check the collection as Ansible Galaxy does with an upload.

It is installed into a folder of its own, since it needs other versions of what the tests need.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from tools.checkout import CHECKOUT, copied_checkout

IMPORTER = "galaxy-importer==0.4.44"
DONE = "Importer processing completed successfully"


def main() -> int:
    """Build and check; a warning is a failure, too."""
    home = CHECKOUT / ".venv" / "importer"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, IMPORTER, "ansible-core==2.19.*", "ansible-lint"], check=True)
    with copied_checkout() as copy, tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "ANSIBLE_COLLECTIONS_PATH")
        }
        environment.update(HOME=folder, PATH=f"{home / 'bin'}:{os.environ['PATH']}")
        command = ["ansible-galaxy", "collection", "build", "--output-path", folder]
        subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tar.gz")
        done = subprocess.run(
            [python, "-m", "galaxy_importer.main", archive.name],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    print(done.stdout, end="", flush=True)
    wrong = [line for line in done.stdout.splitlines() if line.startswith(("WARNING", "ERROR"))]
    return 1 if done.returncode or wrong or DONE not in done.stdout else 0


if __name__ == "__main__":
    sys.exit(main())
