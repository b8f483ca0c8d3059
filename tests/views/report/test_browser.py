"""The report in a real browser: opened as a file, searched, unfolded, by mouse and by keyboard, without a request."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no `chromium` and `chromedriver` on PATH: apt-get install chromium chromium-driver",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # a request that is made in spite of all is found in the log and leads nowhere
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--window-size=1280,900",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """A browser with an empty profile."""
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(DRIVER)))
        yield driver
        driver.quit()


@pytest.fixture(scope="module")
def loaded(browser: webdriver.Chrome, page: str, tmp_path_factory: pytest.TempPathFactory) -> webdriver.Chrome:
    """The page, opened as a file."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(page, encoding="utf-8")
    # what the browser's own first tab has asked for is not the page's
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get(file.as_uri())
    return browser


@pytest.fixture
def opened(loaded: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """The page as it was opened; afterwards, nothing was complained of and nothing was asked of the network."""
    browser = loaded
    _scheme(browser, "light")
    browser.execute_script(
        "document.getElementById('s0-tab').click(); document.querySelector('#s0 [data-f=clear]').click();"
        " document.activeElement.blur(); scrollTo(0, 0);"
    )
    yield browser
    assert browser.get_log("browser") == []
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]


def _scheme(browser: webdriver.Chrome, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def _rows(browser: webdriver.Chrome) -> list[str]:
    script = "return [...document.querySelectorAll('.panel:not([hidden]) .row')].map(e => e.firstChild.textContent)"
    return browser.execute_script(script)


def _status(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.CSS_SELECTOR, ".panel:not([hidden]) .count").text


@pytest.mark.thorough
def test_it_opens_searches_and_unfolds(opened: webdriver.Chrome) -> None:
    assert _status(opened) == "2,000 resources"
    assert len(_rows(opened)) < 600, "rows that nobody sees yet are not drawn"
    field = opened.find_element(By.CSS_SELECTOR, "#s0 input[type=search]")
    field.send_keys("thing-0123")
    assert _rows(opened) == ["acme-thing-0123"]
    assert _status(opened) == "1 of 2,000 resources"
    row = opened.find_element(By.CSS_SELECTOR, "#s0 .row")
    row.click()
    assert row.get_attribute("aria-expanded") == "true"
    detail = opened.find_element(By.ID, row.get_attribute("aria-controls") or "")
    assert "thing-123" in detail.text
    assert '"Effect": "Allow"' in detail.text, "a document in an input is laid out"
    assert "acme-thing-0103" in detail.text
    row.click()
    assert row.get_attribute("aria-expanded") == "false"
    assert not opened.find_elements(By.CSS_SELECTOR, "#s0 .detail")


@pytest.mark.thorough
def test_hostile_names_run_nothing(opened: webdriver.Chrome) -> None:
    opened.find_element(By.CSS_SELECTOR, "#s0 input[type=search]").send_keys("onerror")
    row = opened.find_element(By.CSS_SELECTOR, "#s0 .row")
    row.click()
    assert "</script><script>alert(1)</script>" in row.text
    assert "[secret]" in opened.find_element(By.CSS_SELECTOR, "#s0 .detail").text
    assert opened.execute_script("return document.images.length") == 0
    assert opened.execute_script("return document.scripts.length") == 3


@pytest.mark.thorough
def test_filters_work_together(opened: webdriver.Chrome) -> None:
    opened.execute_script(
        "const set = (f, v) => { const e = document.querySelector(`#s0 [data-f=${f}]`); e.value = v;"
        " e.dispatchEvent(new Event('change')); }; set('type', 's3.Bucket'); set('capability', 'Training');"
    )
    inside = opened.execute_script(
        "return [...document.querySelectorAll('#s0 .list tbody tr')].every(r => r.cells[1].textContent === 's3.Bucket'"
        " && r.cells[2].textContent === 'Training')"
    )
    assert inside
    assert 0 < int(_status(opened).split()[0]) < 2_000
    both = _status(opened)
    opened.find_element(By.CSS_SELECTOR, "#s0 [data-f=data]").click()
    assert _status(opened) == both, "buckets hold data"
    opened.find_element(By.CSS_SELECTOR, "#s0 [data-f=clear]").click()
    assert _status(opened) == "2,000 resources"


@pytest.mark.thorough
def test_everything_can_be_reached_by_keyboard(opened: webdriver.Chrome) -> None:
    def press(*keys: str) -> None:
        for key in keys:
            opened.switch_to.active_element.send_keys(key)

    press("/")
    assert opened.switch_to.active_element.get_attribute("type") == "search"
    press("thing-004", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert opened.switch_to.active_element.text.startswith("acme-thing-004")
    press(Keys.ENTER)
    assert len(opened.find_elements(By.CSS_SELECTOR, "#s0 .detail")) == 1
    press(Keys.ARROW_UP, Keys.ARROW_UP)
    assert opened.switch_to.active_element.get_attribute("type") == "search"
    press(Keys.ESCAPE)
    assert _status(opened) == "2,000 resources"
    opened.find_element(By.ID, "s0-tab").send_keys(Keys.ARROW_RIGHT)
    assert opened.switch_to.active_element.get_attribute("id") == "s1-tab"
    assert opened.find_element(By.ID, "s1").is_displayed()
    assert not opened.find_element(By.ID, "s0").is_displayed()
    assert _status(opened) == "1 resource"


@pytest.mark.thorough
def test_a_tile_of_the_diagram_leads_to_its_resources(opened: webdriver.Chrome) -> None:
    opened.find_element(By.CSS_SELECTOR, "#s0 .graph a[data-node=part-2]").click()
    assert opened.execute_script("return location.hash") == "#s0-resources"
    assert "of 2,000" in _status(opened)


@pytest.mark.thorough
def test_dark_is_dark_by_system_and_by_switch(opened: webdriver.Chrome) -> None:
    def ground() -> str:
        return opened.execute_script("return getComputedStyle(document.body).backgroundColor")

    light = ground()
    _scheme(opened, "dark")
    dark = ground()
    assert light != dark
    button = opened.find_element(By.ID, "theme")
    button.click()
    assert (button.text, ground()) == ("Theme: light", light)
    button.click()
    _scheme(opened, "light")
    assert (button.text, ground()) == ("Theme: dark", dark)
    button.click()
    assert ground() == light


@pytest.mark.thorough
def test_it_fits_a_narrow_screen(opened: webdriver.Chrome) -> None:
    narrow = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    try:
        assert opened.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert not opened.find_element(By.CSS_SELECTOR, "#s0 .graph").is_displayed()
        assert opened.execute_script(
            "return document.querySelector('#s0 .words li').checkVisibility({contentVisibilityAuto: true})"
        ), "the list takes its place"
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.thorough
def test_it_prints_light_and_whole(opened: webdriver.Chrome) -> None:
    _scheme(opened, "dark")
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    a4 = {"width": 680, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", a4)
    try:
        ink = opened.execute_script("return getComputedStyle(document.body).color")
        assert ink == "rgb(24, 24, 27)"
        assert opened.execute_script("return document.documentElement.scrollWidth <= innerWidth")
        assert opened.find_element(By.ID, "s0-cost").is_displayed()
        assert opened.find_element(By.ID, "s1-cost").is_displayed(), "all stacks are printed"
        assert not opened.find_element(By.CSS_SELECTOR, ".jump").is_displayed()
    finally:
        opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.thorough
def test_two_thousand_resources_are_fluid(opened: webdriver.Chrome) -> None:
    field = "const f = document.querySelector('#s0 input[type=search]');"
    took = opened.execute_script(
        f"{field} const start = performance.now(); for (const text of ['t', 'th', 'thi', 'thing-1', '']) {{"
        " f.value = text; f.dispatchEvent(new Event('input')); document.body.offsetHeight; }"
        " return (performance.now() - start) / 5;"
    )
    assert took < 500, f"{took:.0f} ms a key"
    opened.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(_rows(opened)) == 2_000, "print has all"
    opened.execute_script("dispatchEvent(new Event('afterprint'))")
