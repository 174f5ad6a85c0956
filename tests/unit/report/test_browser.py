# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the filter report in a browser: read, filtered, used by keyboard, heard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.filter.report import report

from unit.report.browser import Look
from unit.report.sample import PROJECT, build, monitor, page_arguments, team
from unit.report.test_page import NASTY, page_with

Looks = Callable[..., Look]

WIDE, NARROW = {"width": 1360, "height": 900}, {"width": 360, "height": 740}
PACKAGES = sorted(package["name"] for package in team()["packages"])
LONG = "a-package-with-a-name-as-long-as-no-screen-of-a-phone-is-wide-0123456789"


def team_page() -> str:
    builds, options = page_arguments(team())
    return report(builds, **options)


def pages() -> dict[str, str]:
    one = [build(7)]
    long = [build(8, LONG, version=LONG, state="failed")]
    return {
        "team": team_page(),
        "one": report(one, project=PROJECT, packages=monitor(one)),
        "empty": report([], project=PROJECT, packages=[]),
        "long": report(long),
        "broad": report([build(9, chroots=dict.fromkeys(map(str, range(40)), "succeeded"))]),
        "nasty": page_with(NASTY),
    }


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["team", "one", "empty", "long", "broad", "nasty"])
def test_a_page_fits_loads_nothing_and_has_no_errors(
    look: Looks, name: str, scheme: str, viewport: Any
) -> None:
    seen = look(pages()[name], viewport=viewport, color_scheme=scheme)
    assert seen.too_wide <= 0
    for details in seen.page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert seen.too_wide <= 0
    assert seen.complaints == []
    assert seen.requests == [seen.address]
    ground = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


def test_on_a_narrow_screen_no_table_has_to_be_moved_to_be_read(look: Looks) -> None:
    seen = look(team_page(), viewport=NARROW)
    tables = seen.page.locator(".wide").all()
    assert len(tables) == 2
    for table in tables:
        assert table.evaluate("element => element.scrollWidth - element.clientWidth") == 0
    chroot = "getComputedStyle(document.querySelector('.matrix td'), '::before').content"
    assert "epel-9-x86_64" in seen.page.evaluate(chroot)


def test_without_scripts_everything_is_there(look: Looks) -> None:
    seen = look(team_page(), java_script_enabled=False)
    assert seen.shown(".matrix tr") == PACKAGES
    assert len(seen.shown(".failure")) == 4
    assert len(seen.shown(".timeline tr")) == 15
    assert not seen.page.locator("form").is_visible()
    assert seen.page.get_by_role("row").count() == 1 + 12 + 1 + 2 + 15
    assert seen.complaints == []


def test_packages_can_be_searched(look: Looks) -> None:
    seen = look(team_page())
    status = seen.page.get_by_role("status")
    assert status.text_content() == "12 of 12 packages shown"
    seen.page.get_by_role("searchbox", name="Package").fill(" PERL")
    assert seen.shown(".matrix tr") == ["perl-Greet"]
    assert seen.shown(".failure") == ["perl-Greet"]
    assert seen.shown(".timeline tr") == ["perl-Greet"]
    assert seen.page.locator(".period:visible").count() == 1
    assert status.text_content() == "1 of 12 packages shown"
    seen.page.get_by_role("searchbox", name="Package").fill("nothing has this name")
    assert seen.shown("") == []
    seen.page.get_by_role("button", name="Clear").click()
    seen.page.wait_for_function("document.querySelector('.matrix tbody tr').hidden === false")
    assert seen.shown(".matrix tr") == PACKAGES
    assert seen.complaints == []


def test_chroots_and_states_can_be_chosen(look: Looks) -> None:
    seen = look(team_page())
    seen.page.get_by_role("combobox", name="State").select_option("failed")
    assert seen.shown(".matrix tr") == ["greetd-tools", "hello", "perl-Greet"]
    seen.page.get_by_role("combobox", name="Chroot").select_option("epel-10-x86_64")
    assert seen.shown(".matrix tr") == ["hello", "perl-Greet"]
    assert seen.shown(".failure") == ["perl-Greet", "hello"]
    visible = seen.page.locator(".matrix thead th:visible").all_text_contents()
    assert visible == ["Package", "epel-10-x86_64"]
    assert seen.page.locator(".matrix td:visible").count() == 2
    assert seen.complaints == []


def test_the_keyboard_reaches_everything(look: Looks) -> None:
    seen = look(team_page(), viewport=WIDE)
    press = seen.page.keyboard.press
    press("Tab")
    assert seen.focused() == "A Skip to the packages"
    assert seen.page.locator(".skip").bounding_box()["x"] >= 0
    press("Enter")
    assert seen.focused() == "MAIN content"
    press("Tab")
    assert seen.focused() == "INPUT by-package"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert seen.page.evaluate(outline) == "solid"
    reached = set()
    wanted = seen.page.locator("main :is(a, input, select, button, summary, [tabindex='0'])")
    visible = sum(one.is_visible() for one in wanted.all())
    for _each in range(visible):
        reached.add(
            seen.page.evaluate(
                "[...document.querySelectorAll('main *')].indexOf(document.activeElement)"
            )
        )
        assert seen.page.evaluate(outline) == "solid"
        press("Tab")
    assert len(reached) == visible > 150
    assert -1 not in reached


def test_a_summary_opens_by_key(look: Looks) -> None:
    seen = look(team_page())
    excerpt = seen.page.locator(".failure pre").first
    assert not excerpt.is_visible()
    seen.page.locator(".failure summary").first.focus()
    seen.page.keyboard.press("Enter")
    assert excerpt.is_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_screen_reader_hears_tables_states_and_names(look: Looks, viewport: Any) -> None:
    seen = look(team_page(), viewport=viewport)
    heard = seen.page.locator("body").aria_snapshot()
    assert seen.page.locator("html").get_attribute("lang") == "en"
    for each in (
        '- link "Skip to the packages"',
        "- banner:",
        '- heading "@team/hello" [level=1]',
        '- list "Newest builds by state"',
        '- navigation "Parts of this page"',
        "- main:",
        '- search "Filter this page"',
        '- searchbox "Package"',
        '- combobox "Chroot"',
        "- status: 12 of 12 packages shown",
        '- table "The newest build of each package in each chroot"',
        '- columnheader "epel-9-x86_64"',
        '- rowheader "libgreet"',
        '- link "log of hello in epel-9-x86_64"',
        '- link "2.12-1 of hello, build 4712"',
        '- heading "Failures" [level=2]',
        '- rowheader "2026-11-25 09:46 to 10:27, 40 min 40 s"',
        "- contentinfo:",
    ):
        assert each in heard, each
    (cell,) = re.findall(r'- cell "(.*log of hello in epel-9-x86_64.*)":', heard)
    assert cell.startswith("failed ")
    assert not re.search(r'- (link|button|searchbox|combobox|table)(:|$| "")', heard, re.MULTILINE)


def test_a_link_of_a_set_leads_to_the_build(look: Looks) -> None:
    seen = look(team_page(), viewport=WIDE)
    seen.page.locator("#build-4712").get_by_role("link", name="lib", exact=True).click()
    assert seen.page.url.endswith("#build-4711")
    assert seen.page.locator("#build-4711").is_visible()


def test_the_chart_has_a_bar_for_each_chroot_that_ran(look: Looks) -> None:
    seen = look(team_page(), viewport=WIDE)
    bars = seen.page.locator("#build-4711 rect").all()
    assert len(bars) == 1 + 5
    boxes = [each.bounding_box() for each in bars]
    assert all(box["width"] > 1 and box["height"] > 1 for box in boxes)
    assert [box["y"] for box in boxes[1:]] == sorted({box["y"] for box in boxes[1:]})
    filled = [each.evaluate("element => getComputedStyle(element).fill") for each in bars]
    assert len(set(filled)) == 2
