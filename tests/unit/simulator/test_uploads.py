# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import gc
import socket

from unit.lab import Lab

HALF_AN_UPLOAD = b"""\
POST /api_3/build/create/upload HTTP/1.1
Host: localhost
Content-Type: multipart/form-data; boundary=b
Content-Length: 1000

--b
Content-Disposition: form-data; name="pkgs"; filename="hello-1.0-1.src.rpm"

The beginning"""


def test_an_upload_that_breaks_off_leaves_no_file_open(lab: Lab) -> None:
    server = lab.sim.server
    with socket.create_connection((server.host, server.port)) as client:
        client.sendall(HALF_AN_UPLOAD.replace(b"\n", b"\r\n"))
        client.shutdown(socket.SHUT_WR)
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    # Complains of files that are open still.
    gc.collect()
