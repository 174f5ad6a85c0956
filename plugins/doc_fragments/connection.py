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
      - If not given, the environment variable E(COPR_URL) is used, then the config file, then
        Fedora's public instance, V(https://copr.fedorainfracloud.org).
    type: str
  copr_login:
    description:
      - The login that belongs to O(copr_token). It is not your user name; both are shown on the
        page C(/api/) of your Copr server.
      - If not given, the environment variable E(COPR_LOGIN) is used, then the config file.
      - Requests that need no login are sent without one.
    type: str
  copr_token:
    description:
      - The API token. It is sent only over TLS or to a loopback address, and to no other server.
      - If not given, the environment variable E(COPR_TOKEN) is used, then the config file.
    type: str
  copr_username:
    description:
      - Owner of projects that are named without one.
      - If not given, the environment variable E(COPR_USERNAME) is used, then the config file;
        otherwise the server is asked which user the token belongs to.
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
        will within two weeks, triggers a warning.
      - A misspelt key in the section is an error.
    type: path
  config_content:
    description:
      - The text of a file as O(config_file) names one, for instance from a password manager or a
        secret of CI. It takes the place of the file.
      - If not given, the environment variable E(COPR_CONFIG) is used if it holds the text of a file
        and not a path.
    type: str
  gssapi:
    description:
      - Log in with a Kerberos ticket instead of a token. Needs the Python library
        C(requests-gssapi). The session is kept where C(copr-cli) keeps it, and is shared with it.
      - If not given, the environment variable E(COPR_GSSAPI) is used, then the config file, as long
        as no token is found.
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
        request. It then has three times as long to complete the answer.
      - To connect may take 15 seconds for each address of the server, or O(request_timeout) if that
        is less.
      - Files may take longer. An upload fails when 256 KiB can't be sent within
        O(request_timeout), a download when 256 KiB do not arrive within three times
        O(request_timeout).
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
notes:
  - An empty environment variable is one that is not set.
  - With E(COPR_TOKEN) or E(COPR_CONFIG) in the environment of Ansible, use C(gather_facts=false) in
    plays on the controller. Otherwise Ansible keeps the whole environment, with the token, among
    the facts of the host, and in the cache of facts if there is one.
  - Credentials in an address, such as V(https://user:password@host/), are refused in every option,
    because Copr would show them to everybody.
requirements:
  - requests
  - requests-toolbelt
"""

    # Variables that set the same options of plugins. They read the environment as modules do.
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
