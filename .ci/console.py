#!/usr/bin/env python3
"""Looks at every page of the console in a real browser: in both languages, light and dark, wide and narrow.

Usage: console.py TUTELA-PROGRAM [FOLDER-FOR-PICTURES]

Refuses a page that lacks its words, that the browser complains of (its policy, its script), or that is
wider than the window. Speaks to the browser over a pipe, so nothing but Python and Chromium is needed.
"""
import base64, json, os, re, subprocess, sys, tempfile, time, urllib.request

PASSWORD = "an invented long password"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CHART_PDQ = "3b4afa855b86fda47cb434c3234ba35eaa3c5c343ca351c335cbe85c4474e474"
# What each page must say, in English and in Italian.
PAGES = {
    "overview": ("/console/", ["Overview", "New matches a day"], ["Quadro generale", "Nuove corrispondenze al giorno"]),
    "matches": ("/console/matches?state=any", ["Queue", "of 256 bits"], ["Coda", "su 256"]),
    "match": (None, ["Why did this match?", "You decide as"], ["Perché corrisponde?", "Si decide come"]),
    "alerts": ("/console/alerts", ["Alerts", "Network 1"], ["Allarmi", "Rete 1"]),
    "alert": ("ALERT", ["Why is it here?", "Transfers that carry it", "You act as"], ["Perché è qui?", "Trasferimenti su cui si fonda", "Si agisce come"]),
    "alert-network": ("/console/alerts/networks/1", ["Alerts of this network"], ["Allarmi di questa rete"]),
    "banks": ("/console/banks", ["Make a signal bank", "EXAMPLE_HOUSE"], ["Crea una raccolta", "EXAMPLE_HOUSE"]),
    "bank": ("/console/banks/EXAMPLE_HOUSE", ["Add a signal"], ["Aggiungi un’impronta"]),
    "content": ("/console/banks/EXAMPLE_HOUSE/contents/1", ["Whether it takes part"], ["Se partecipa"]),
    "exchanges": ("/console/exchanges", ["Exchanges"], ["Scambi"]),
    "look-up": ("/console/look-up", ["A look-up made here is an inquiry"], ["Una ricerca fatta qui è una consultazione"]),
    "index": ("/console/index", ["Kinds of signal"], ["Tipi di impronta"]),
    "nowhere": ("/console/nowhere", ["There is nothing at this address"], ["A questo indirizzo non c’è nulla"]),
}


class Browser:
    """Chromium with one page, and everything it complained of."""

    def __init__(self, folder):
        here, there = os.pipe(), os.pipe()
        def wire():
            os.dup2(here[0], 3), os.dup2(there[1], 4)
        command = ["chromium", *FLAGS, f"--user-data-dir={folder}", "--remote-debugging-pipe"]
        # Numbers 3 and 4 are what the browser reads and writes; nothing else may stand there first.
        fds = [os.dup(fd) if fd < 5 else fd for fd in (here[0], there[1])]
        here, there = (fds[0], here[1]), (there[0], fds[1])
        self.process = subprocess.Popen(command, preexec_fn=wire, close_fds=False, stderr=subprocess.DEVNULL)
        self.to, self.back = os.fdopen(here[1], "wb", 0), os.fdopen(there[0], "rb")
        self.number, self.session, self.complaints, self.events, self.held = 0, None, [], [], b""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.ask(f"{domain}.enable")

    def read(self):
        while b"\0" not in self.held:
            more = self.back.read1(1 << 20)
            if not more:
                raise SystemExit("the browser has ended")
            self.held += more
        text, self.held = self.held.split(b"\0", 1)
        message = json.loads(text)
        method, said = message.get("method"), message.get("params", {})
        if method == "Log.entryAdded" and said["entry"]["level"] == "error" and "status of" not in said["entry"]["text"]:
            self.complaints.append(said["entry"]["text"])
        # That a page was left before anybody clicked on it is how this script works, and no fault of the page.
        if method in ("Runtime.exceptionThrown", "Audits.issueAdded") and "MarkedSkippable" not in json.dumps(said):
            self.complaints.append(json.dumps(said)[:400])
        if method:
            self.events.append(method)
        return message

    def ask(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.to.write(json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def loaded(self, act):
        self.events.clear()
        act()
        while "Page.loadEventFired" not in self.events:
            self.read()

    def go(self, address):
        self.loaded(lambda: self.ask("Page.navigate", url=address))

    def run(self, script):
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise SystemExit(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def submit(self, form, fields):
        fill = "".join(f"f.elements[{json.dumps(k)}].value = {json.dumps(v)};" for k, v in fields.items())
        self.loaded(lambda: self.run(f"(() => {{ const f = document.querySelector({json.dumps(form)}); {fill} f.requestSubmit(); }})()"))

    def press(self, key):
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    def picture(self, path):
        size = self.run("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], 6000), "scale": 1}
        shot = self.ask("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))


def serve(tutela, folder):
    run = lambda *args, **more: subprocess.run([tutela, *args, "--dir", folder], check=True, capture_output=True, text=True, **more)
    if not os.path.exists(folder):
        run("init", "--operator", "A. Example")
        run("operator", "passwd", "A. Example", input=PASSWORD + "\n")
        with tempfile.TemporaryDirectory() as world:
            run("payments", "generate", "--out", world, "--transfers", "3000", "--seed", "7")
            run("payments", "import", f"{world}/transfers.csv", "--top", "20")
    server = subprocess.Popen([tutela, "serve", "--listen", "127.0.0.1:0", "--dir", folder], stdout=subprocess.PIPE, text=True)
    return server, server.stdout.readline().split()[-1]


def fill(browser, base):
    """Signs in and makes what the pages show, as a person would."""
    browser.go(f"{base}/console/matches")
    assert "/console/sign-in?next=" in browser.run("location.href"), browser.run("location.href")
    browser.submit("main form", {"name": "A. Example", "password": PASSWORD})
    assert browser.run("location.pathname") == "/console/matches", browser.run("document.body.innerText")
    browser.go(f"{base}/console/banks")
    if "EXAMPLE_HOUSE" in browser.run("document.body.innerText"):
        return
    browser.submit("main form.stack", {"name": "EXAMPLE_HOUSE", "note": "What our own reviewers confirmed"})
    browser.submit("form[action$='/contents']", {"kind": "pdq", "value": CHART_PDQ, "note": "A test chart", "labels": "chart, example"})
    assert "/contents/1?done=added" in browser.run("location.href"), browser.run("document.body.innerText")


def found(browser, base):
    """Lets something match and gives the path of its page; None where this version records none."""
    near, attempts = CHART_PDQ[:62] + "8b", 100
    try:
        urllib.request.urlopen(f"{base}/m/raw_lookup?signal={near}&signal_type=pdq", timeout=30).read()
    except OSError:
        attempts = 1
    for _ in range(attempts):
        browser.go(f"{base}/console/matches?state=any")
        path = browser.run("document.querySelector('.queue [data-row]')?.getAttribute('href')")
        if path:
            return path
        time.sleep(0.1)
    if attempts > 1:
        raise SystemExit("a match is not in the queue after ten seconds")
    print("no look-up over HTTP: the page of a match is not looked at")
    return None


def keyboard(browser, base):
    """The queue without a mouse: down, to a decision, and the keys themselves."""
    focused = lambda: browser.run("document.activeElement?.id || document.activeElement?.className || document.activeElement?.tagName")
    browser.go(f"{base}/console/matches?state=any")
    browser.ask("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert focused() == "skip", f"the first thing to reach is the way to the content, not {focused()}"
    browser.press("j")
    assert browser.run("document.activeElement.hasAttribute('data-row')"), "j goes to the first line"
    browser.loaded(lambda: browser.press("c"))
    assert focused() == "confirm", f"c goes to the button, not {focused()}"
    browser.press("d")
    assert focused() == "reason", f"d goes to the reason, not {focused()}"
    browser.press("d")
    assert browser.run("document.getElementById('reason').value") == "d", "letters typed into a field are letters"
    browser.run("document.activeElement.blur()")
    browser.press("?")
    assert browser.run("document.getElementById('keys').open"), "? shows the keys"


def look_up(browser, base, words):
    """What a look-up of a signal answers, in a browser."""
    browser.go(f"{base}/console/look-up")
    browser.submit("form[action$='/look-up']", {"kind": "pdq", "value": CHART_PDQ[:62] + "75"})
    text = browser.run("document.body.innerText.replace(/\\s+/g, ' ')")
    for word in words:
        assert word in text, f"the answer lacks: {word}\n{text}"


def main():
    tutela, pictures = os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.environ.get("TUTELA_CONSOLE_WORKSPACE") or f"{scratch}/ws"
        server, base = serve(tutela, folder)
        browser = Browser(f"{scratch}/profile")
        try:
            fill(browser, base)
            match, seen = found(browser, base), 0
            wide, narrow = (1280, 900), (390, 800)
            for lang, (size, scheme) in [(l, v) for l in ("en", "it") for v in ((wide, "light"), (wide, "dark"), (narrow, "light"))]:
                browser.ask("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1, mobile=False)
                browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
                browser.go(f"{base}/console/language/{lang}?back=/console/")
                for name, (path, *words) in PAGES.items():
                    if path is None or (name == "matches" and match is None):
                        if match is None:
                            continue
                        path = path or match
                    if path == "ALERT":
                        browser.go(f"{base}/console/alerts?side=payee")
                        path = browser.run("document.querySelector('.queue [data-row]').getAttribute('href')")
                    browser.go(base + path)
                    text = browser.run("document.body.innerText.replace(/\\s+/g, ' ')")
                    for word in words[0 if lang == "en" else 1]:
                        assert word in text, f"{name} ({lang}) lacks: {word}\n{text}"
                    width = browser.run("document.documentElement.scrollWidth")
                    assert width <= size[0], f"{name} ({lang}) is {width} pixels wide in a window of {size[0]}"
                    assert not browser.complaints, f"{name} ({lang}): {browser.complaints}"
                    seen += 1
                    if pictures:
                        os.makedirs(pictures, exist_ok=True)
                        browser.picture(f"{pictures}/{name}-{lang}-{scheme}-{size[0]}.png")
                look_up(browser, base, ["EXAMPLE_HOUSE › 1", "of 256"] if lang == "en" else ["EXAMPLE_HOUSE › 1", "su 256"])
                assert not browser.complaints, f"look-up ({lang}): {browser.complaints}"
                if pictures:
                    browser.picture(f"{pictures}/answer-{lang}-{scheme}-{size[0]}.png")
            if match is not None:
                keyboard(browser, base)
            if pictures and match is not None:
                browser.go(base + match)
                with open(f"{pictures}/match.pdf", "wb") as file:
                    file.write(base64.b64decode(browser.ask("Page.printToPDF")["data"]))
            print(f"{seen} views of {len(PAGES)} pages, nothing amiss")
        finally:
            browser.process.kill()
            server.terminate()
            browser.process.wait(), server.wait()


main()
