"""Clicks through a cohort's page in a real browser, and prints as JSON what it then shows.

Give it the page's address. Exit code 77: this machine has no browser to drive.
"""

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if browser and driver:
        return browser, driver
    print("there is no chromium with chromedriver here", file=sys.stderr)
    sys.exit(77)


class Session:
    """A window, by the WebDriver protocol."""

    def __init__(self, base, browser):
        self.base = base
        options = {
            "binary": browser,
            "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        }
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        told = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base = f"{base}/session/{told['sessionId']}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.read().decode()}")

    def element(self, selector):
        found = self.call("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[ELEMENT]}"

    def click(self, selector):
        self.call("POST", self.element(selector) + "/click", {})

    def type(self, selector, text):
        self.call("POST", self.element(selector) + "/value", {"text": text})

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def log(self, kind):
        return self.call("POST", "/se/log", {"type": kind})


SHOWN = "return [...document.querySelectorAll('%s tbody tr:not([hidden])')].map((row) => row.cells[0].textContent)"


def look(session, address):
    session.call("POST", "/url", {"url": address})
    told = {"before": session.run(SHOWN % "#table")}
    total = "#table thead th:nth-child(3)"
    session.click(total + " button")
    told["down"] = session.run(SHOWN % "#table")
    told["strips"] = session.run(SHOWN % "#map")
    told["sorted"] = session.run(f"return document.querySelector('{total}').getAttribute('aria-sort')")
    session.click(total + " button")
    told["up"] = session.run(SHOWN % "#table")
    session.type("#find", "student-002")
    told["found"] = session.run(SHOWN % "#table")
    told["status"] = session.run("return document.getElementById('shown').textContent")
    told["overflow"] = session.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told["errors"] = [entry["message"] for entry in session.log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    events = [json.loads(entry["message"])["message"] for entry in session.log("performance")]
    sent = [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
    told["requests"] = [url for url in sent if url != address]
    return told


def main():
    browser, driver = missing()
    server = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        port = next(found[1] for line in server.stdout if (found := re.search(r"successfully on port (\d+)", line)))
        session = Session(f"http://127.0.0.1:{port}", browser)
        try:
            print(json.dumps(look(session, sys.argv[1])))
        finally:
            session.call("DELETE", "")
    finally:
        server.terminate()
        server.wait()


main()
