"""The report in a real browser: it opens, is worked by keys, loads nothing, says nothing on the console, and stays inert."""

import json
import shutil
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from dedup.read import read_articles
from tests.reporting import hostile, page_of, pile

CORPUS = Path(__file__).parent / "corpus" / "articles.jsonl"
N_STORIES = 240
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--window-size=1280,1000",
    "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
)  # fmt: skip
OURS = ("file:", "data:", "about:", "chrome")


def program(*names):
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"the browser tests need {names[0]}; in Debian: apt-get install chromium chromium-driver"
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = program("chromium", "chromium-browser", "google-chrome")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(program("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def report(folder):
    path = folder / "report.html"
    path.write_text(page_of([*pile(N_STORIES), *read_articles([CORPUS])]), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def hostile_report(folder):
    path = folder / "hostile.html"
    path.write_text(page_of([*hostile(), *pile(6)]), encoding="utf-8")
    return path.as_uri()


def opened(browser, address):
    """Open a page afresh, the logs of earlier ones read away."""
    browser.get("about:blank")
    browser.get_log("browser"), browser.get_log("performance")
    browser.get(address)
    until(browser, f"location.href.split('#')[0] === '{address}' && document.readyState === 'complete'")


def pressed(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def listed(browser):
    """Return how many stories are in view, folded or not, those behind a closed fold left out."""
    return browser.execute_script(
        "return document.querySelectorAll('.stories > li:not([hidden]):not(details:not([open]) li)').length"
    )


def until(browser, script):
    WebDriverWait(browser, 60).until(lambda driver: driver.execute_script(f"return {script}"), script)


def requests(browser):
    """Return the addresses the page asked for."""
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


def focused(browser):
    return browser.execute_script("return document.activeElement.textContent || document.activeElement.id")


def test_it_opens_says_nothing_on_the_console_and_asks_for_nothing(browser, report):
    opened(browser, report)
    browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")

    assert listed(browser) > 200
    assert browser.get_log("browser") == []
    assert [address for address in requests(browser) if not address.startswith(OURS)] == []


def test_the_policy_stops_what_the_page_would_ask_for(browser, report):
    opened(browser, report)
    browser.execute_script("fetch('https://a.example/').catch(() => { window.stopped = true })")

    until(browser, "window.stopped === true")


def test_search_is_worked_by_keys(browser, report):
    opened(browser, report)
    everything = listed(browser)
    pressed(browser, "/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    pressed(browser, "ferry varn")
    until(browser, "document.querySelector('#found').value !== ''")
    found = listed(browser)
    pressed(browser, Keys.ENTER)
    assert "varn" in focused(browser).lower()
    pressed(browser, Keys.ENTER)
    until(browser, "document.activeElement.parentElement.open === true")
    pressed(browser, Keys.ESCAPE)
    until(browser, "document.activeElement.parentElement.open === false")
    pressed(browser, "/", Keys.ESCAPE)
    until(browser, "document.querySelector('#found').value === ''")

    assert 0 < found < everything
    assert browser.get_log("browser") == []


def test_arrows_move_from_story_to_story_and_back_to_the_search(browser, report):
    opened(browser, report)
    pressed(browser, "/", Keys.ARROW_DOWN)
    first = focused(browser)
    pressed(browser, Keys.ARROW_DOWN)
    second = focused(browser)
    pressed(browser, Keys.ARROW_UP)

    assert first != second
    assert focused(browser) == first
    pressed(browser, Keys.ARROW_UP)
    assert browser.switch_to.active_element.get_attribute("id") == "q"


def test_the_element_with_the_keyboard_is_seen(browser, report):
    opened(browser, report)
    pressed(browser, "/", Keys.ARROW_DOWN)

    assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") == "solid"


def chosen(browser, script):
    browser.execute_script(f"{script}; document.querySelector('#filter').dispatchEvent(new Event('input'))")
    until(browser, "document.querySelector('#found').value !== ''")
    return listed(browser)


def test_filters_narrow_the_list_and_clear_restores_it(browser, report):
    opened(browser, report)
    q = "document.querySelector"
    scripts = {
        "newsrooms": f"{q}('#rank').value = 4",
        "outlet": f"{q}('#outlet').selectedIndex = 1",
        "from": f"{q}('#from').value = '2031-06-01'",
        "doubt": f"{q}('#doubt').checked = true",
    }
    narrowed = {}
    for name, script in scripts.items():
        narrowed[name] = chosen(browser, script)
        browser.find_element(By.CSS_SELECTOR, "#filter button").click()
        until(browser, "document.querySelector('#found').value === ''")
    rooms = [int(item.get_attribute("data-n")) for item in browser.find_elements(By.CSS_SELECTOR, ".stories > li")]

    assert narrowed["newsrooms"] == sum(n >= 4 for n in rooms)
    assert all(0 <= n < len(rooms) for n in narrowed.values())
    assert narrowed["outlet"] > 0 < narrowed["from"]
    assert narrowed["doubt"] > 0


def test_a_pair_opens_side_by_side_with_its_passages_marked_and_linked(browser, report):
    opened(browser, report)
    number, passage = browser.execute_script(
        "const mark = document.querySelector('.shared'); return [mark.closest('.inside').id, mark.id]"
    )
    browser.execute_script(f"location.hash = '{number}'")
    until(browser, f"document.getElementById('{number}').parentElement.open === true")
    look = browser.execute_script(
        f"const mark = document.getElementById('{passage}'), there = document.getElementById(mark.hash.slice(1));"
        "const words = text => text.toLowerCase().match(/[\\p{L}\\d]+/gu).join(' ');"
        "return {same: words(mark.textContent) === words(there.textContent),"
        " marked: getComputedStyle(mark).backgroundColor, plain: getComputedStyle(mark.parentElement).backgroundColor,"
        " beside: mark.closest('article').getBoundingClientRect().right <= there.closest('article').getBoundingClientRect().left,"
        " drawn: mark.closest('.inside').querySelectorAll('.waterfall svg rect').length}"
    )

    assert look["same"]
    assert look["marked"] != look["plain"]
    assert look["beside"]
    assert look["drawn"] > 3


def test_without_scripts_every_story_can_be_read(browser, report):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened(browser, report)
        assert not browser.find_element(By.ID, "filter").is_displayed()
        story = browser.find_element(By.CSS_SELECTOR, ".stories > li summary")
        assert story.is_displayed()
        story.click()
        assert browser.find_element(By.CSS_SELECTOR, ".versions li").is_displayed()
        browser.find_element(By.CSS_SELECTOR, "#more > summary").click()
        assert browser.find_element(By.CSS_SELECTOR, "#more .stories > li").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("width", [380, 1280])
def test_the_page_is_no_wider_than_its_window(browser, report, width):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        opened(browser, report)
        browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
        assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(browser, report, scheme):
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    opened(browser, report)
    browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
    contrasts = browser.execute_script(
        """
        const light = ([r, g, b]) => [r, g, b].map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4)
          .reduce((sum, x, i) => sum + x * [.2126, .7152, .0722][i], 0);
        const colour = text => text.match(/[\\d.]+/g).map(Number);
        const ground = element => {
          for (; element; element = element.parentElement) {
            const found = colour(getComputedStyle(element).backgroundColor);
            if (found.length < 4 || found[3] > 0) return found;
          }
          return [255, 255, 255];
        };
        const seen = {};
        for (const name of ['p', '.facts', '.title', '.rank', '.flag', '.note', 'blockquote', '.shared', 'del', 'a', 'small',
                            '.fact-name', '.fact-number', '.fact-date', '.label', 'th', 'td', 'dt', '.who', '#filter label']) {
          const element = document.querySelector(name);
          if (!element) continue;
          const [a, b] = [light(colour(getComputedStyle(element).color)), light(ground(element))].sort((x, y) => y - x);
          seen[name] = (a + .05) / (b + .05);
        }
        return seen;
        """
    )

    assert len(contrasts) > 15
    assert {name: round(ratio, 2) for name, ratio in contrasts.items() if ratio < 4.5} == {}


def test_hostile_articles_do_nothing(browser, hostile_report):
    opened(browser, hostile_report)
    browser.execute_script("for (const part of document.querySelectorAll('details')) part.open = true")
    state = browser.execute_script(
        "return {scripts: document.scripts.length, styles: document.styleSheets.length, images: document.images.length,"
        " links: [...document.links].map(link => link.protocol).filter(name => !/^(https?|file):$/.test(name)),"
        " turned: /[\\u202a-\\u202e\\u2066\\u2067]/.test(document.body.textContent),"
        " hacked: typeof window.hacked, seen: document.body.innerText.includes('<script>hacked()')}"
    )

    assert state == {
        "scripts": 1, "styles": 1, "images": 0, "links": [], "turned": False, "hacked": "undefined", "seen": True,
    }  # fmt: skip
    assert browser.get_log("browser") == []
    assert [address for address in requests(browser) if not address.startswith(OURS)] == []
    pressed(browser, "/", "script hacked")
    until(browser, "document.querySelector('#found').value !== ''")
    assert listed(browser) >= 1
