# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options for the connection: the server, the login, timeouts and retries."""

    DOCUMENTATION = r"""
options:
  copr_url:
    description:
      - Address of the Copr frontend.
      - If omitted, the environment variable E(COPR_URL) is used, then the config file, then
        Fedora's public instance, V(https://copr.fedorainfracloud.org).
    type: str
  copr_login:
    description:
      - The login that belongs to O(copr_token). It is not your user name. Both are shown on the
        page C(/api/) of your Copr server.
      - If omitted, the environment variable E(COPR_LOGIN) is used, then the config file.
      - Requests that need no login are sent without one.
    type: str
  copr_token:
    description:
      - The API token. It is sent only over TLS or to a loopback address, and never to another
        server.
      - If omitted, the environment variable E(COPR_TOKEN) is used, then the config file.
    type: str
  copr_username:
    description:
      - Owner assumed for projects that are named without one.
      - If omitted, the environment variable E(COPR_USERNAME) is used, then the config file;
        otherwise the module asks the server which user the token belongs to.
    type: str
  config_file:
    description:
      - Path of a config file of the official client C(copr-cli), with a section C([copr-cli]).
      - If omitted, the environment variable E(COPR_CONFIG) is used, then V(~/.config/copr), if
        it exists.
      - On the controller, a relative path is looked up in the directory of the playbook or of the
        inventory file, then in the directory in which Ansible was started. With a playbook of this
        collection, and in E(COPR_CONFIG), it is looked up in the latter only. On other hosts, use
        an absolute path.
      - The credentials in the file are used only for the server that the file names. A token that
        has expired, or expires within two weeks, triggers a warning.
      - A misspelled key in the section is an error.
    type: path
  config_content:
    version_added: 1.0.0
    description:
      - The content of a config file, for instance from a password manager or a CI secret. It is
        used instead of O(config_file).
      - If omitted, the environment variable E(COPR_CONFIG) is used, if it contains the content of a
        file instead of a path.
    type: str
  gssapi:
    description:
      - Whether to log in with a Kerberos ticket instead of a token. Needs the Python library
        C(requests-gssapi). The session is stored where C(copr-cli) stores it, and is shared with
        it.
      - If omitted, the environment variable E(COPR_GSSAPI) is used, then the config file, unless a
        token is found.
    type: bool
  validate_certs:
    description:
      - Whether to verify the server's certificate.
      - If omitted, the environment variable E(COPR_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - Certificates of the authorities to trust, as a file or a directory.
      - A relative path is looked up in the same way as O(config_file).
      - If omitted, the environment variable E(COPR_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Seconds within which the server must begin to answer a request, counted from the end of the
        request. It then has three times as long to complete the answer.
      - Connecting may take 15 seconds for each address of the server, or O(request_timeout) if that
        is less.
      - File transfers may take longer. An upload fails if 256 KiB can't be sent within
        O(request_timeout). A download fails if 256 KiB do not arrive within three times
        O(request_timeout).
      - If omitted, the environment variable E(COPR_REQUEST_TIMEOUT) is used.
    type: float
    default: 60.0
  retries:
    description:
      - How many times to repeat a request if the server can't be reached or is overloaded. The
        pauses between the attempts grow. A C(Retry-After) header of the server is honored.
      - If the response to a build submission is lost, the module looks for the build before it
        submits it again.
      - If omitted, the environment variable E(COPR_RETRIES) is used.
    type: int
    default: 4
notes:
  - An empty environment variable is treated as not set.
  - If E(COPR_TOKEN) or E(COPR_CONFIG) is set in Ansible's environment, use C(gather_facts=false) in
    plays on the controller. Otherwise Ansible stores the whole environment, including the token, in
    the facts of the host, and in the fact cache if there is one.
  - Credentials in an address, such as V(https://user:password@host/), are rejected in every option,
    because Copr would show them publicly.
requirements:
  - requests
"""

    # Variables that set the same options for plugins. Plugins read the environment as modules do.
    PLUGINS = r"""
options:
  copr_url:
    vars: [{name: fedora_copr_url}]
  copr_login:
    vars: [{name: fedora_copr_login}]
  copr_token:
    vars: [{name: fedora_copr_token}]
  copr_username:
    vars: [{name: fedora_copr_username}]
  config_file:
    vars: [{name: fedora_copr_config_file}]
  config_content:
    vars: [{name: fedora_copr_config_content}]
  gssapi:
    vars: [{name: fedora_copr_gssapi}]
  validate_certs:
    vars: [{name: fedora_copr_validate_certs}]
  ca_path:
    vars: [{name: fedora_copr_ca_path}]
  request_timeout:
    vars: [{name: fedora_copr_request_timeout}]
  retries:
    vars: [{name: fedora_copr_retries}]
"""
