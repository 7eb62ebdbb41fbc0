"""The search box as people use it: suggestions by keyboard, and a plain form without scripts."""

from collections.abc import Iterator

import pytest

from tests.browser.devtools import Tab, driven
from tests.browser.test_browser import CHROMIUM, OPTIONS, needs_chromium
from tests.web.site import Site

BOX = "document.querySelector('.masthead input[type=search]')"
LIST = "document.querySelector('.masthead [role=listbox]')"


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    assert CHROMIUM is not None
    with driven(CHROMIUM, OPTIONS, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def begin(tab: Tab, site: Site, text: str) -> None:
    """Open a page, type into its box and wait for what is suggested."""
    tab.open(f"{site.url}/agreements")
    tab.ask(f"{BOX}.focus()")
    tab.write(text)
    tab.wait(f"{LIST}.children.length > 0 && !{LIST}.hidden")


@needs_chromium
def test_a_suggestion_is_chosen_by_keyboard(tab: Tab, site: Site) -> None:
    begin(tab, site, "drone fac")
    assert tab.ask(f"{BOX}.getAttribute('aria-expanded')") == "true"
    assert tab.ask(f"{LIST}.querySelector('mark').textContent") == "Drone"
    tab.press("ArrowDown")
    chosen = tab.ask(f"{BOX}.getAttribute('aria-activedescendant')")
    option = f"document.getElementById('{chosen}')"
    assert tab.ask(f"{option}.getAttribute('aria-selected')") == "true"
    tab.press("Enter")
    tab.wait("location.pathname === '/page/facility/brasov-drone-factory'")


@needs_chromium
def test_escape_closes_and_what_was_typed_stays(tab: Tab, site: Site) -> None:
    begin(tab, site, "dro")
    tab.press("Escape")
    assert tab.ask(f"{LIST}.hidden") is True
    assert tab.ask(f"{BOX}.getAttribute('aria-expanded')") == "false"
    assert tab.ask(f"{BOX}.value") == "dro"


@needs_chromium
def test_enter_without_a_choice_sends_the_form(tab: Tab, site: Site) -> None:
    begin(tab, site, "brasov")
    tab.press("Enter")
    tab.wait("location.pathname === '/search' && document.readyState === 'complete'")
    assert tab.ask("document.querySelectorAll('.results mark').length > 0") is True
