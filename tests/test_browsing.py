"""The pages in a real browser, with JavaScript off: evidence is followed, axe-core finds nothing.

Needs Chromium with its driver, selenium and the extra `serve`; AIKG_AXE names axe-core's script.
`.ci/run` installs all of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from aikg.graph import Graph
from tests.serving import LACKING, REASON, Server, serving

if LACKING:
    pytest.skip(REASON, allow_module_level=True)
selenium = pytest.importorskip("selenium", reason="selenium is missing (extra test-all)")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
AXE = os.environ.get("AIKG_AXE")
WIDTHS = (390, 768, 1280)
PAGES = (
    "/", "/about", "/query", "/search", "/search?q=open", "/sparql", "/thing/openai",
    "/ask?q=" + quote("who supplies OpenAI's compute"), "/ask?q=does+Google+need+outside+capital",
    "/ask?q=what+is+the+airspeed+of+a+swallow", "/query/shared-investors", "/query/what-if",
    "/query/passage", "/claim/bitpush-024", "/source/bitpush-openai-financing/I.p3.s1",
    "/source/bitpush-openai-financing", "/ontology/ComputeSupplier", "/ontology/suppliesComputeTo",
    "/ontology/Hedged", "/ontology", "/thing/nobody",
    "/sparql?query=" + quote("SELECT ?s WHERE { ?s a aikg:Company }"))

pytestmark = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="no Chromium with its driver")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def started(scripts: bool) -> Any:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    if not scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.set_script_timeout(120)
    return driver


@pytest.fixture(scope="module")
def plain() -> Iterator[Any]:
    """A browser with JavaScript off."""
    driver = started(False)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser in which a test can run scripts of its own."""
    driver = started(True)
    yield driver
    driver.quit()


def visit(browser: Any, server: Server, path: str, width: int = 1280, dark: bool = False) -> None:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
    browser.get(f"http://127.0.0.1:{server.port}{path}")


def heading(browser: Any) -> str:
    text: str = browser.find_element("css selector", "h1").text
    return text


def test_a_question_leads_to_the_passage_and_back(plain: Any, server: Server) -> None:
    visit(plain, server, "/")
    field = plain.find_element("css selector", "form.ask input")
    field.send_keys("who supplies OpenAI's compute")
    field.submit()
    assert heading(plain) == "who supplies OpenAI's compute"
    first = plain.find_element("css selector", "table.answer tbody")
    assert first.text.startswith("Microsoft")
    first.find_element("css selector", "a.passage").click()
    assert heading(plain) == "I.p3.s1"
    assert "Microsoft's early investment laid the base of OpenAI's computing." in plain.page_source
    plain.find_element("partial link text", "Microsoft's early investment").click()
    assert heading(plain) == "Microsoft's early investment laid the base of OpenAI's computing."
    plain.back()
    plain.back()
    assert heading(plain) == "who supplies OpenAI's compute"


def test_a_slot_is_filled_and_the_address_is_the_state(plain: Any, server: Server) -> None:
    visit(plain, server, "/query/compute-suppliers")
    field = plain.find_element("name", "customer")
    field.send_keys("OpenAI")
    field.submit()
    assert "customer=OpenAI" in plain.current_url
    assert plain.find_element("name", "customer").get_attribute("value") == "OpenAI"
    assert "4 rows" in plain.find_element("css selector", "caption").text


def test_a_refusal_leads_to_a_question_that_is_answered(plain: Any, server: Server) -> None:
    visit(plain, server, "/ask?q=who+eats+compute")
    assert "Not answered" in plain.page_source
    plain.find_element("css selector", ".silence a").click()
    assert plain.find_elements("css selector", "table.answer tbody") or plain.find_elements(
        "css selector", "form.slots")


def test_a_picture_leads_to_the_thing_and_a_name_is_found(plain: Any, server: Server) -> None:
    visit(plain, server, "/thing/xai")
    plain.find_element("css selector", "svg.picture a[href='/thing/openai']").click()
    assert heading(plain) == "OpenAI"
    field = plain.find_element("id", "find")
    field.send_keys("compute supplier")
    field.submit()
    plain.find_element("link text", "compute supplier").click()
    assert heading(plain) == "compute supplier"


def test_the_pages_in_files_need_no_server(plain: Any, graph: Graph, tmp_path: Path) -> None:
    from aikg.web.folder import folder

    for name, content in folder(graph).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    plain.get((tmp_path / "index.html").as_uri())
    plain.find_element("link text", "Who backs two rivals?").click()
    plain.find_element("css selector", "table.answer a.passage").click()
    assert plain.find_element("css selector", "p.kind").text.startswith("passage of")
    plain.find_element("partial link text", "strategic investments in Anthropic").click()
    plain.find_element("link text", "Anthropic").click()
    assert heading(plain) == "Anthropic"
    assert plain.find_element("css selector", "body").value_of_css_property("margin") == "0px"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_window(browser: Any, server: Server, width: int) -> None:
    for path in PAGES:
        visit(browser, server, path, width)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width, path


def test_no_page_breaks_its_content_security_policy(browser: Any, server: Server) -> None:
    browser.get_log("browser")
    for path in PAGES:
        visit(browser, server, path)
        said = [one["message"] for one in browser.get_log("browser")]
        assert [one for one in said if "status of 4" not in one] == [], path


@pytest.mark.skipif(not AXE, reason="AIKG_AXE does not name axe-core")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, server: Server, width: int, dark: bool) -> None:
    script = Path(str(AXE)).read_text("utf-8")
    for path in PAGES:
        visit(browser, server, path, width, dark)
        browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        browser.execute_script(script)
        report = browser.execute_async_script("""
            const done = arguments[0];
            axe.run(document, {resultTypes: ["violations"]}).then(done);""")
        assert len(report["passes"]) > 10, "axe did not run"
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in report["violations"]] == []
