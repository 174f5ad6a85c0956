# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps the simulator honest: facts recorded from a real server, and Copr's own clients.

test_copr_cli_* and test_python_copr_* let the official clients drive the simulator.

test_recorded sends the simulator what was once sent to a real Copr frontend, and compares statuses
and shapes of the answers. ``facts`` is what distil has made of the recordings, which are not kept
here; off_the_record.yml tells what the recordings take for granted, and unspoken.yml what the
simulator knowingly answers in another way. test_races sends at once what was recorded at once. With
new recordings, distil them again:

    PYTHONPATH=tests python -m contract.distil FOLDER
"""
