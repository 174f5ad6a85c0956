# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.fedora.copr.plugins.doc_fragments.sources import FIELDS, KINDS


class ModuleDocFragment:
    """The format of definitions, which say what a project and all that belongs to it is to be."""

    # Annotated, since ansible-test takes plain assignments here for literal texts.
    DOCUMENTATION: str = f"""
options:
  projects:
    description:
      - The definitions, one for each project. The options of each are those of
        M(fedora.copr.copr_project), which tells more of them.
      - What a definition leaves out is left alone. Null is the server's default.
    type: list
    elements: dict
    required: true
    suboptions:
      project:
        description: Name of the project, as V(owner/name), V(@group/name) or V(name).
        type: str
        required: true
      chroots:
        description: Chroots to enable, by name or pattern. Needed to create a project.
        type: list
        elements: str
      exclude_chroots:
        description: Chroots to leave out of them, by name or pattern.
        type: list
        elements: str
      ended_chroots:
        description:
          - Whether chroots that the server has ended are left out with a warning, V(warn), or make
            the project fail, V(fail).
        type: str
        choices: [warn, fail]
        default: warn
      description:
        description: Text for the people who look at the project.
        type: str
      instructions:
        description: How to install from the project.
        type: str
      homepage:
        description: Address of a page about the project. Copr can replace it but not clear it.
        type: str
      contact:
        description: E-mail address or URL. Copr can replace it but not clear it.
        type: str
      additional_repos:
        description: Repositories to use while building.
        type: list
        elements: str
      runtime_dependencies:
        description: Repositories that are needed to install from this one.
        type: list
        elements: str
      packit_forge_projects_allowed:
        description: Forge projects that may build here through Packit.
        type: list
        elements: str
      repo_priority:
        description: Priority of the repository for DNF. Copr can replace it but not clear it.
        type: int
      delete_after_days:
        description: Delete the whole project so many days from now.
        type: int
      bootstrap:
        description: How Mock sets up its bootstrap chroot.
        type: str
        choices: ["default", "on", "off", "image"]
      isolation:
        description: How Mock isolates a build.
        type: str
        choices: ["default", "nspawn", "simple"]
      enable_net:
        description: Whether builds may use the network.
        type: bool
      devel_mode:
        description: Whether the repository is created only on demand, not after each build.
        type: bool
      unlisted_on_hp:
        description: Whether the project is left out of Copr's home page.
        type: bool
      auto_prune:
        description: Whether Copr removes old builds of a package by itself.
        type: bool
      module_hotfixes:
        description: Whether packages are preferred to those of modules with the same name.
        type: bool
      appstream:
        description: Whether AppStream metadata is generated.
        type: bool
      follow_fedora_branching:
        description: Whether chroots of new Fedora releases are enabled when they branch.
        type: bool
      multilib:
        description:
          - Whether 32-bit packages are offered to 64-bit hosts. Copr never shows this. It is sent
            when the project is created and along with any other change of its attributes.
        type: bool
      fedora_review:
        description: Whether fedora-review runs after each build. Sent as C(multilib) is.
        type: bool
      persistent:
        description: Whether project and builds are protected from deletion. Only for new projects.
        type: bool
      storage:
        description: Where results are stored. Only for new projects.
        type: str
        choices: [backend, pulp]
      extra_options:
        description: Fields of the API that there is no option for, by their API names.
        type: dict
      chroot_settings:
        description:
          - Settings of chroots that the definition enables. M(fedora.copr.copr_chroot) tells more
            of them. Chroots that are not named keep what they have.
        type: list
        elements: dict
        suboptions:
          chroot:
            description: Name of a chroot, or a shell pattern, which means all that it fits.
            type: str
            required: true
          additional_packages:
            description: Packages that are installed before each build.
            type: list
            elements: str
          additional_repos:
            description: Repositories that builds may use.
            type: list
            elements: str
          additional_modules:
            description: Modules that are enabled or disabled before each build.
            type: list
            elements: str
          with_opts:
            description: Names of features that are built, as with C(rpmbuild --with).
            type: list
            elements: str
          without_opts:
            description: Names of features that are left out, as with C(rpmbuild --without).
            type: list
            elements: str
          comps:
            description: Path of a comps file on the host that runs the task.
            type: path
          bootstrap:
            description:
              - How Mock sets up its bootstrap chroot. Copr never shows this. It is sent along with
                any other change of the chroot.
            type: str
            choices: ["unchanged", "default", "on", "off", "image", "custom_image"]
          bootstrap_image:
            description: Container image for V(custom_image). Sent as C(bootstrap) is.
            type: str
          isolation:
            description: How Mock isolates builds.
            type: str
            choices: ["unchanged", "default", "nspawn", "simple"]
      packages:
        description:
          - Packages of the project, each with at most one kind of source.
            M(fedora.copr.copr_package) tells more of them.
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
          - Users with their roles in the project. M(fedora.copr.copr_permission) tells more.
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
          - Remove what is there and not named. V(chroots) disables other chroots, V(packages)
            deletes other packages B(with all their builds), and V(permissions) takes the roles of
            other users away.
          - Each of them must be in the definition, if only as an empty list.
        type: list
        elements: str
        choices: [chroots, packages, permissions]
        default: []
"""
