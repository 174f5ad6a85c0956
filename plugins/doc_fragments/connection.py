# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that say which Copr server to talk to, as whom, and how patiently."""

    DOCUMENTATION = r"""
options:
  copr_url:
    description:
      - Address of the Copr frontend.
      - If not given, the environment variable E(COPR_URL) is used, then the O(config_file), then
        Fedora's public instance, V(https://copr.fedorainfracloud.org).
    type: str
  copr_login:
    description:
      - The login that belongs to O(copr_token). It is not your user name; both are shown on the
        page C(/api/) of your Copr server.
      - If not given, the environment variable E(COPR_LOGIN) is used, then the O(config_file).
      - What can be read without a login is read without one.
    type: str
  copr_token:
    description:
      - The API token. It is sent only over TLS or to a loopback address, and to no other server.
      - If not given, the environment variable E(COPR_TOKEN) is used, then the O(config_file).
    type: str
  copr_username:
    description:
      - Whose project is meant where a project is named without its owner.
      - If not given, the environment variable E(COPR_USERNAME) is used, then the O(config_file);
        at last the server is asked whose token it is.
    type: str
  config_file:
    description:
      - Path of the file that the official client C(copr-cli) reads, with a section C([copr-cli]).
      - If not given, the environment variable E(COPR_CONFIG) is used, then V(~/.config/copr), if
        it exists.
      - On the controller, a relative path is looked up in the directory of the playbook or of the
        inventory file, then in the one in which Ansible was started. With a playbook of this
        collection, and in E(COPR_CONFIG), it is looked up in the latter only. On other hosts, use
        an absolute path.
      - Its credentials are used only for the server that it names. A token that has expired, or
        will within two weeks, is warned of.
    type: path
  gssapi:
    description:
      - Log in with a Kerberos ticket in place of a token. Needs the Python library
        C(requests-gssapi). The session is kept where C(copr-cli) keeps it, and is shared with it.
      - If not given, the environment variable E(COPR_GSSAPI) is used, then the O(config_file), as
        long as no token is found.
    type: bool
  validate_certs:
    description:
      - Whether the server's certificate is verified.
      - If not given, the environment variable E(COPR_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - Certificates of the authorities to trust, as a file or a directory.
      - A relative path is looked up as that of O(config_file) is.
      - If not given, the environment variable E(COPR_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Seconds that the server has to begin its answer to a request, counted from the end of the
        request. The whole answer may take three times as long. A file is sent and fetched for as long
        as it goes on.
      - If not given, the environment variable E(COPR_REQUEST_TIMEOUT) is used.
    type: float
    default: 60.0
  retries:
    description:
      - How often a request is sent again when the server can't be reached or is overloaded, with
        growing pauses in between. What the server asks for with C(Retry-After) is honoured.
      - A build whose submission got no answer is looked for before it is submitted again.
      - If not given, the environment variable E(COPR_RETRIES) is used.
    type: int
    default: 4
requirements:
  - requests
  - requests-toolbelt
"""

    # Where plugins, which have no argument spec, find the same options.
    PLUGINS = r"""
options:
  copr_url:
    env: [{name: COPR_URL}]
    vars: [{name: fedora_copr_url}]
  copr_login:
    env: [{name: COPR_LOGIN}]
    vars: [{name: fedora_copr_login}]
  copr_token:
    env: [{name: COPR_TOKEN}]
    vars: [{name: fedora_copr_token}]
  copr_username:
    env: [{name: COPR_USERNAME}]
    vars: [{name: fedora_copr_username}]
  config_file:
    env: [{name: COPR_CONFIG}]
    vars: [{name: fedora_copr_config_file}]
  gssapi:
    env: [{name: COPR_GSSAPI}]
    vars: [{name: fedora_copr_gssapi}]
  validate_certs:
    env: [{name: COPR_VALIDATE_CERTS}]
    vars: [{name: fedora_copr_validate_certs}]
  ca_path:
    env: [{name: COPR_CA_PATH}]
    vars: [{name: fedora_copr_ca_path}]
  request_timeout:
    env: [{name: COPR_REQUEST_TIMEOUT}]
    vars: [{name: fedora_copr_request_timeout}]
  retries:
    env: [{name: COPR_RETRIES}]
    vars: [{name: fedora_copr_retries}]
"""
