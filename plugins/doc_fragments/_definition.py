# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.fedora.copr.plugins.doc_fragments._sources import FIELDS, KINDS


class ModuleDocFragment:
    """The format of definitions, which describe a project with everything that belongs to it."""

    # Annotated, since ansible-test takes plain assignments here for literal texts.
    DOCUMENTATION: str = f"""
options:
  projects:
    description:
      - The definitions, one for each project. M(fedora.copr.copr_project) describes the options of
        a project in more detail.
      - Omitted options are left unchanged. Null resets an option to the server's default.
    type: list
    elements: dict
    required: true
    suboptions:
      project:
        description: Name of the project, as V(owner/name), V(@group/name) or V(name).
        type: str
        required: true
      chroots:
        description: Chroots to enable, as names or patterns. Required to create a project.
        type: list
        elements: str
      exclude_chroots:
        description: Chroots to leave out of these, as names or patterns.
        type: list
        elements: str
      ended_chroots:
        description:
          - What to do if the server no longer offers one of the chroots. V(warn) leaves it out with
            a warning. V(fail) makes the project fail.
        type: str
        choices: [warn, fail]
        default: warn
      description:
        description: Description shown on the project page.
        type: str
      instructions:
        description: Installation instructions shown on the project page.
        type: str
      homepage:
        description: Address of the project's homepage. It can be changed later but not removed.
        type: str
      contact:
        description: E-mail address or URL. It can be changed later but not removed.
        type: str
      additional_repos:
        description: Additional repositories that builds use.
        type: list
        elements: str
      runtime_dependencies:
        description: Repositories that are needed to install packages from this one.
        type: list
        elements: str
      packit_forge_projects_allowed:
        description: Forge projects that may build in this project through Packit.
        type: list
        elements: str
      repo_priority:
        description: Priority of the repository for DNF. It can be changed later but not removed.
        type: int
      delete_after_days:
        description: Delete the whole project this many days from now.
        type: int
      bootstrap:
        description: How Mock sets up its bootstrap chroot.
        type: str
        choices: ["default", "on", "off", "image"]
      isolation:
        description: How Mock isolates builds.
        type: str
        choices: ["default", "nspawn", "simple"]
      enable_net:
        description: Whether builds may use the network.
        type: bool
      devel_mode:
        description: Whether the repository is created only on demand, not after each build.
        type: bool
      unlisted_on_hp:
        description: Whether to hide the project from Copr's home page.
        type: bool
      auto_prune:
        description: Whether Copr deletes old builds of a package automatically.
        type: bool
      module_hotfixes:
        description: Whether packages take precedence over packages of modules with the same name.
        type: bool
      appstream:
        description: Whether AppStream metadata is generated.
        type: bool
      follow_fedora_branching:
        description: Whether chroots of new Fedora releases are enabled when they branch.
        type: bool
      multilib:
        description:
          - Whether 32-bit packages are offered to 64-bit hosts. Copr never reports this setting. It
            is sent when the project is created, and together with other changes to its settings.
        type: bool
      fedora_review:
        description:
          - Whether fedora-review runs after each build. See C(multilib) for when it is sent.
        type: bool
      persistent:
        description:
          - Whether the project and its builds are protected from deletion. Only for new projects.
        type: bool
      storage:
        description: Where results are stored. Only for new projects.
        type: str
        choices: [backend, pulp]
      extra_options:
        description: API fields that have no option here, by their API names.
        type: dict
      chroot_settings:
        description:
          - Settings of chroots that the definition enables. M(fedora.copr.copr_chroot) describes
            them in more detail. Chroots that are not named keep their settings.
        type: list
        elements: dict
        suboptions:
          chroot:
            description: Name of a chroot, or a shell pattern, which selects all matching chroots.
            type: str
            required: true
          additional_packages:
            description: Packages to install before each build.
            type: list
            elements: str
          additional_repos:
            description: Additional repositories that builds use.
            type: list
            elements: str
          additional_modules:
            description: Modules to enable or disable before each build.
            type: list
            elements: str
          with_opts:
            description: Build conditions to enable, as with C(rpmbuild --with).
            type: list
            elements: str
          without_opts:
            description: Build conditions to disable, as with C(rpmbuild --without).
            type: list
            elements: str
          comps:
            description: Path of a comps file on the host that runs the task.
            type: path
          bootstrap:
            description:
              - How Mock sets up its bootstrap chroot. Copr never reports this setting. It is sent
                together with other changes to the chroot.
            type: str
            choices: ["unchanged", "default", "on", "off", "image", "custom_image"]
          bootstrap_image:
            description: Container image for V(custom_image). See C(bootstrap) for when it is sent.
            type: str
          isolation:
            description: How Mock isolates builds.
            type: str
            choices: ["unchanged", "default", "nspawn", "simple"]
      packages:
        description:
          - Packages of the project, each with at most one kind of source.
            M(fedora.copr.copr_package) describes them in more detail.
        type: list
        elements: dict
        suboptions:
          package:
            description: Name of the package.
            type: str
            required: true
{indent(KINDS + FIELDS, "        ")}
      permissions:
        description:
          - Users and their roles in the project. M(fedora.copr.copr_permission) describes them in
            more detail.
        type: list
        elements: dict
        suboptions:
          user:
            description: Name of the user.
            type: str
            required: true
          admin:
            description: Whether the user may change the project, its packages and permissions.
            type: str
            choices: [nothing, request, approved]
          builder:
            description: Whether the user may submit and cancel builds.
            type: str
            choices: [nothing, request, approved]
      purge:
        description:
          - Remove existing items that the definition does not name. V(chroots) disables other
            chroots, V(packages) deletes other packages B(with all their builds), and V(permissions)
            revokes the roles of other users.
          - The definition must contain each of the lists to purge, even if it is empty.
        type: list
        elements: str
        choices: [chroots, packages, permissions]
        default: []
"""
