"""The page in a browser: it loads offline without a word on the console; controls say what Python does."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from calibrant import TemperatureScaling, reliability, sweep
from calibrant.report.model import Interval, MethodRow, PredictionsReport
from tests.report.page.conftest import Open, drawn, reading, settled
from tests.report.page.test_render import comparison, reports
from tests.report.reports import HOSTILE, rows, run_facts, small_report


def at_every_height(browser: webdriver.Chrome) -> None:
    """Scroll through the page, so that all figures are drawn."""
    height = browser.execute_script("return document.documentElement.scrollHeight")
    for y in range(0, height, 600):
        browser.execute_script("scrollTo(0, arguments[0])", y)
        settled(browser)


@pytest.mark.parametrize("name", list(reports()))
def test_it_loads_offline_without_error_or_request(opened: Open, name: str) -> None:
    browser = opened(reports()[name])
    at_every_height(browser)
    assert browser.get_log("browser") == []
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in asked if not url.startswith("data:")] == [browser.current_url]
    shown = [each for each in browser.find_elements(By.CSS_SELECTOR, ".drawing") if each.is_displayed()]
    assert shown or name == "study"
    for element in shown:
        assert element.find_elements(By.CSS_SELECTOR, "svg.main-svg"), element.get_attribute("data-kind")


def test_the_slider_reads_what_python_computes(opened: Open) -> None:
    report = small_report()
    assert report.slider is not None
    browser = opened(report)
    test = rows(120, 3, seed=2)
    handle = browser.find_element(By.CSS_SELECTOR, "[data-control=temperature] input")
    steps = (0, 1, 25, -60, 80)
    at = int(handle.get_property("value"))
    for step in steps:
        handle.send_keys((Keys.ARROW_RIGHT if step > 0 else Keys.ARROW_LEFT) * abs(step))
        settled(browser)
        at = min(max(at + step, 0), len(report.slider.temperatures) - 1)
        assert int(handle.get_property("value")) == at
        temperature = report.slider.temperatures[at]
        wanted = sweep(test, [temperature])
        for name, column in (("ECE", "ece"), ("MCE", "mce"), ("log-loss", "nll"), ("Brier score", "brier")):
            assert reading(browser, "temperature", name) == f"{getattr(wanted, column)[0]:.4f}"
        table = reliability(TemperatureScaling(temperature).transform(test))
        used = table.n > 0
        points = drawn(browser, "tempered")[2]
        assert points["x"] == pytest.approx(table.confidence[used], abs=1e-9)
        assert points["y"] == pytest.approx(table.accuracy[used], abs=1e-9)


def test_the_marks_set_the_slider(opened: Open) -> None:
    report = small_report()
    assert report.slider is not None
    browser = opened(report)
    buttons = browser.find_elements(By.CSS_SELECTOR, ".marks button")
    assert len(buttons) == len(report.slider.marks) > 3
    for button, mark in zip(buttons, report.slider.marks, strict=True):
        button.click()
        settled(browser)
        assert reading(browser, "temperature", "ECE") == f"{report.slider.ece[mark.index]:.4f}"
        assert button.get_attribute("aria-pressed") == "true"


def test_the_diagrams_are_the_bins_of_the_model(opened: Open) -> None:
    report = small_report()
    browser = opened(report)
    settled(browser)
    full = [each for each in report.panels[0].before.bins if each.accuracy is not None]
    traces = drawn(browser, "reliability")
    assert traces[2]["x"] == pytest.approx([each.confidence for each in full])
    assert traces[2]["y"] == pytest.approx([each.accuracy for each in full])
    assert traces[3]["y"] == pytest.approx([each.n / report.n for each in full])
    assert f"{full[-1].n} rows" in traces[2]["hover"][-1]


def test_thresholds_cost_what_python_computes(opened: Open) -> None:
    report = small_report(2)
    browser = opened(report)
    found, positive = report.deferral, report.positive
    assert found.after_coverage is not None
    assert found.after_errors is not None
    assert positive is not None
    assert positive.after_false_positive is not None
    assert positive.after_false_negative is not None
    handle = browser.find_element(By.CSS_SELECTOR, "[data-control=deferral] input")
    handle.send_keys(Keys.ARROW_LEFT * 20)
    settled(browser)
    at = int(handle.get_property("value"))
    assert at == 70
    marked = drawn(browser, "coverage")[-1]
    assert marked["x"][1] == pytest.approx(found.after_coverage[at])
    assert marked["y"][1] == pytest.approx(found.after_errors[at] / found.after_coverage[at])
    cost = found.after_errors[at] + (1 - found.threshold[at]) * (1 - found.after_coverage[at])
    assert reading(browser, "deferral", "expected cost, after") == f"{cost:.4f}"
    assert reading(browser, "deferral", "decided, after") == f"{100 * found.after_coverage[at]:.1f} %"
    handle = browser.find_element(By.CSS_SELECTOR, "[data-control=positive] input")
    handle.send_keys(Keys.ARROW_LEFT * 10)
    settled(browser)
    at = int(handle.get_property("value"))
    t = positive.threshold[at]
    cost = t * positive.after_false_positive[at] + (1 - t) * positive.after_false_negative[at]
    assert reading(browser, "positive", "expected cost, after") == f"{cost:.4f}"


def test_tables_sort_by_button_and_key(opened: Open) -> None:
    browser = opened(small_report())
    table = browser.find_element(By.CSS_SELECTOR, "#classes table")
    head = table.find_elements(By.CSS_SELECTOR, "thead th")[-1]
    button = head.find_element(By.TAG_NAME, "button")

    def column() -> list[float]:
        return [float(cell.text) for cell in table.find_elements(By.CSS_SELECTOR, "tbody td:last-child")]

    button.click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert column() == sorted(column())
    button.send_keys(Keys.ENTER)
    assert head.get_attribute("aria-sort") == "descending"
    assert column() == sorted(column(), reverse=True)


def test_a_large_difference_does_not_hide_the_small_ones(opened: Open) -> None:
    report = small_report()
    assert report.methods is not None
    off = MethodRow(
        method="identity",
        nll=9.0,
        brier=1.0,
        ece=0.5,
        classwise_ece=0.5,
        accuracy=0.5,
        difference=8.0,
        interval=Interval(low=7.5, high=8.5, level=0.95),
        parameters=0,
    )
    kept = tuple(row for row in report.methods.rows if row.method != "identity")
    methods = report.methods.model_copy(update={"rows": (*kept, off)})
    browser = opened(report.model_copy(update={"methods": methods}))
    at_every_height(browser)
    assert max(drawn(browser, "methods")[0]["x"]) < 1
    drawing = browser.find_element(By.CSS_SELECTOR, "[data-kind=methods]")
    assert "8.0000 (7.5000 to 8.5000)" in drawing.text


def test_each_net_of_a_comparison_has_its_own_diagrams(opened: Open) -> None:
    report = comparison()
    browser = opened(report)
    at_every_height(browser)
    script = (
        "return [...document.querySelectorAll('[data-kind=reliability][data-side=before]')]"
        ".filter((e) => e.data).map((e) => [...e.data[2].y])"
    )
    for shown, member in zip(browser.execute_script(script), report.members, strict=True):
        bins = member.panels[0].before.bins
        assert shown == pytest.approx([each.accuracy for each in bins if each.accuracy is not None])


def test_conventions_open_by_mouse(opened: Open) -> None:
    browser = opened(small_report())
    about = browser.find_element(By.CSS_SELECTOR, "#metrics button.about")
    shown = browser.find_element(By.ID, about.get_attribute("popovertarget"))
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", about)
    ActionChains(browser).move_to_element(about).perform()
    assert shown.is_displayed()
    about.click()
    assert shown.is_displayed()
    ActionChains(browser).move_to_element(browser.find_element(By.TAG_NAME, "h1")).perform()
    assert not shown.is_displayed()


def test_conventions_open_by_key(opened: Open) -> None:
    report = small_report()
    browser = opened(report)
    about = browser.find_element(By.CSS_SELECTOR, "#metrics button.about")
    shown = browser.find_element(By.ID, about.get_attribute("popovertarget"))
    assert not shown.is_displayed()
    about.send_keys(Keys.ENTER)
    assert shown.is_displayed()
    assert shown.text == report.metrics[0].convention


def test_the_theme_turns_and_figures_follow(opened: Open) -> None:
    browser = opened(small_report())
    settled(browser)
    hue = "return document.querySelector('[data-kind=reliability]').data[2].marker.color"
    light = browser.execute_script(hue)
    browser.find_element(By.ID, "theme").send_keys(Keys.ENTER)
    settled(browser)
    assert browser.execute_script(hue) != light
    assert browser.execute_script("return document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(opened: Open, theme: str) -> None:
    browser = opened(small_report())
    script = (
        "document.documentElement.dataset.theme = arguments[0];"
        "const style = getComputedStyle(document.documentElement);"
        "return Object.fromEntries(['ink', 'soft', 'accent', 'before', 'after', 'page', 'panel']"
        ".map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))"
    )
    colours = browser.execute_script(script, theme)
    for text in ("ink", "soft", "accent", "before", "after"):
        for ground in ("page", "panel"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def test_everything_is_reached_by_the_keyboard(opened: Open) -> None:
    browser = opened(small_report(2))
    script = (
        "return [...document.querySelectorAll('a, button, input, summary, [tabindex]')]"
        ".filter((e) => e.checkVisibility()).map((e) => [e.tabIndex, e.outerHTML.slice(0, 60)])"
    )
    reached = browser.execute_script(script)
    assert len(reached) > 30
    assert [html for index, html in reached if index < 0] == []
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Skip to the content"


def test_the_tab_key_goes_through_all_of_it_in_order(opened: Open) -> None:
    browser = opened(small_report(2))
    script = (
        "return [...document.querySelectorAll('a, button, input, summary, [tabindex]')]"
        ".filter((e) => e.checkVisibility()).length"
    )
    count = browser.execute_script(script)
    browser.execute_script(
        "window.reached = []; addEventListener('focusin', (event) => {"
        " const all = [...document.querySelectorAll('a, button, input, summary, [tabindex]')];"
        " reached.push(all.indexOf(event.target)); })"
    )
    ActionChains(browser).send_keys(Keys.TAB * count).perform()
    reached = browser.execute_script("const found = window.reached; delete window.reached; return found")
    assert reached == sorted(set(reached))
    assert len(reached) == count


def test_a_phone_needs_no_scrolling_aside(opened: Open) -> None:
    browser = opened(small_report(2))
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        browser.refresh()
        at_every_height(browser)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_on_paper_there_are_no_controls_and_all_tables(opened: Open) -> None:
    browser = opened(small_report(2))
    closed = "return document.querySelectorAll('details:not([open])').length"
    assert browser.execute_script(closed) > 0
    assert browser.execute_script(f"dispatchEvent(new Event('beforeprint')); {closed}") == 0
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        shown = "return [...document.querySelectorAll(arguments[0])].some((e) => e.checkVisibility())"
        assert not browser.execute_script(shown, ".control, #theme, .copy")
        assert browser.execute_cdp_cmd("Page.printToPDF", {})["data"]
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_on_paper_figures_fit_and_conventions_are_said(opened: Open) -> None:
    browser = opened(small_report(2))
    size = {"width": 680, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    beyond = (
        "dispatchEvent(new Event('beforeprint'));"
        "const drawn = [...document.querySelectorAll('figure .main-svg')].filter((e) => e.checkVisibility());"
        "const right = (e) => e.getBoundingClientRect().right;"
        "return [drawn.length, drawn.filter((e) => right(e) > right(e.closest('figure')) + 2).length]"
    )
    try:
        count, out = browser.execute_script(beyond)
        assert count > 8
        assert out == 0
        conventions = browser.find_elements(By.CSS_SELECTOR, "div.about")
        assert conventions
        assert all(each.is_displayed() for each in conventions)
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_hostile_names_stay_text(opened: Open) -> None:
    report = small_report(3, (HOSTILE, "<b>bold</b>", "\u202eabc"), HOSTILE)
    browser = opened(report.model_copy(update={"run": run_facts(HOSTILE)}))
    at_every_height(browser)
    assert browser.get_log("browser") == []
    assert browser.find_elements(By.CSS_SELECTOR, "img[onerror], b") == []
    text = browser.find_element(By.TAG_NAME, "body").text
    assert "<b>bold</b>" in text
    assert "\\u202eabc" in text
    assert "\u202e" not in text
    labels = browser.find_element(By.CSS_SELECTOR, "#classes [data-kind=classes]").text
    assert "<b>bold</b>" in labels
    assert "\\u202eabc" in labels


def test_a_net_among_several_is_drawn_when_it_is_opened(opened: Open) -> None:
    browser = opened(comparison())
    summary = browser.find_elements(By.CSS_SELECTOR, "details.member > summary")[1]
    browser.execute_script("arguments[0].scrollIntoView()", summary)
    summary.click()
    at_every_height(browser)
    member = comparison().members[1]
    assert isinstance(member, PredictionsReport)
    assert member.slider is not None
    script = (
        "return document.querySelector(`[data-control='temperature'][data-member='1']`)"
        ".querySelector('.value').textContent"
    )
    assert float(browser.execute_script(script)) in np.round(member.slider.temperatures, 3)
    assert browser.get_log("browser") == []


def _contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    weights: list[Any] = [0.2126, 0.7152, 0.0722]
    return float(np.dot(weights, linear))
