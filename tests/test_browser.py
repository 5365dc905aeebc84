"""The reference in a real browser: what axe-core, a validator and a keyboard make of it.

Needs Chromium with its driver, and selenium; AIKG_AXE names axe-core's script, and AIKG_VNU the jar
of the Nu Html Checker. `.ci/run` installs all of them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aikg.docs import KEPT

selenium = pytest.importorskip("selenium", reason="selenium is missing (extra test-all)")
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / KEPT
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE, CHECKER = os.environ.get("AIKG_AXE"), os.environ.get("AIKG_VNU")
WIDTHS = (360, 768, 1280)

in_browser = pytest.mark.skipif(not (BROWSER and DRIVER), reason="no Chromium with its driver")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


def visit(browser: Any, fragment: str = "", width: int = 1280, scheme: str = "light") -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"}]})
    browser.get("about:blank")
    browser.get(f"{PAGE.as_uri()}#{fragment}")


def press(browser: Any, *keys: str) -> None:
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def found(browser: Any) -> list[str]:
    """The labels that the search shows, the chosen one marked."""
    shown: list[str] = browser.execute_script("""
        return Array.from(document.querySelectorAll("search ul:not([hidden]) [role=option]"),
            (one) => one.firstChild.textContent
                + (one.getAttribute("aria-selected") === "true" ? " *" : ""));""")
    return shown


@in_browser
@pytest.mark.skipif(not AXE, reason="AIKG_AXE does not name axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, width: int, scheme: str) -> None:
    visit(browser, "StrategicInvestor", width, scheme)
    browser.execute_script("document.querySelectorAll('details').forEach((one) => one.open = true)")
    press(browser, "/", "inv")
    browser.execute_script(Path(str(AXE)).read_text("utf-8"))
    report = browser.execute_async_script("""
        const done = arguments[0];
        axe.run(document, {resultTypes: ["violations"]}).then(done);""")
    assert len(report["passes"]) > 20, "axe did not run"
    assert [(one["id"], one["nodes"][0]["html"]) for one in report["violations"]] == []


@in_browser
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(browser: Any, width: int) -> None:
    visit(browser, width=width)
    browser.execute_script("document.querySelectorAll('details').forEach((one) => one.open = true)")
    sizes = "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    content, window = browser.execute_script(sizes)
    assert width - 20 <= window <= width, "but for a scroll bar"
    assert content == window


@in_browser
def test_search_by_keyboard(browser: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    visit(browser)
    press(browser, "/", "bankrolls")
    assert found(browser) == ["funds *"], "another word for it"
    press(browser, Keys.ESCAPE, Keys.ESCAPE, "strategic inv")
    first, second, *_ = found(browser)
    assert first == "strategic investor *"
    press(browser, Keys.ARROW_DOWN)
    assert found(browser)[:2] == ["strategic investor", second + " *"]
    press(browser, Keys.ARROW_UP, Keys.ENTER)
    assert browser.current_url.endswith("#StrategicInvestor")
    assert browser.switch_to.active_element.get_attribute("id") == "StrategicInvestor"
    assert found(browser) == []
    press(browser, "/", "no such word at all")
    assert found(browser) == []
    assert browser.execute_script(
        "return document.querySelector('[role=status]').textContent") == "nothing found"
    assert browser.get_log("browser") == [], "the policy lets all of ours run"


@in_browser
def test_search_by_mouse_and_by_definition(browser: Any) -> None:
    visit(browser)
    press(browser, "/", "strategic by its source")
    assert found(browser) == ["strategic investor *"]
    browser.execute_script("document.querySelector('[role=option]').click()")
    assert browser.current_url.endswith("#StrategicInvestor")


@in_browser
def test_without_script_the_page_is_whole_and_the_search_hidden(browser: Any) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        visit(browser, "funds")
        assert not browser.find_element("css selector", "search").is_displayed()
        assert browser.find_element("id", "funds").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.skipif(not (CHECKER and shutil.which("java")), reason="AIKG_VNU names no checker")
def test_the_checker_finds_no_error() -> None:
    done = subprocess.run(
        ["java", "-jar", str(CHECKER), "--errors-only", "--format", "text", str(PAGE)],
        capture_output=True, encoding="utf-8", timeout=120)
    assert (done.returncode, "No errors found" in done.stderr) == (0, True), done.stderr


def test_a_strict_parser_finds_no_error() -> None:
    html5lib = pytest.importorskip("html5lib", reason="html5lib is missing (extra test-all)")
    with PAGE.open("rb") as file:
        html5lib.HTMLParser(strict=True).parse(file)
