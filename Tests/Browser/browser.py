"""A headless Chromium with a video in its page, and waits that say what they waited for."""

import contextlib
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WAIT_SECONDS = 30
POLL_SECONDS = 0.05


class Failed(Exception):
    pass


@contextlib.contextmanager
def chromium(log):
    """A browser that is gone afterwards, whatever happens."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--mute-audio", "--autoplay-policy=no-user-gesture-required",
        "--window-size=1280,800", "--disable-background-networking",
        # For servers of tests, which sign their certificates themselves.
        "--ignore-certificate-errors",
    ]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", log_path=log),
                              options=options)
    try:
        driver.set_script_timeout(WAIT_SECONDS)
        yield driver
    finally:
        driver.quit()


class Video:
    """The first video element of the page that is open."""

    def __init__(self, driver):
        self.driver = driver

    def get(self, expression):
        """The value of a JavaScript expression over `video`."""
        return self.driver.execute_script(
            f"const video = document.querySelector('video'); return {expression}")

    def do(self, statement):
        self.driver.execute_script(
            f"const video = document.querySelector('video'); {statement}")

    def wait(self, expression, why=None):
        """Until `expression` is true; fails with the state of the video."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.get(expression):
            self.check_well()
            if time.monotonic() > deadline:
                raise Failed(f"waited in vain for {why or expression}: {self.state()}")
            time.sleep(POLL_SECONDS)

    def check_well(self):
        error = self.get("video.error && (video.error.code + ' ' + video.error.message)")
        if error:
            raise Failed(f"the video has an error: {error}: {self.state()}")

    def state(self):
        state = self.get(
            "[video.currentTime, video.duration, video.readyState, video.networkState,"
            " video.paused, video.ended, video.seeking, video.videoHeight, video.currentSrc,"
            " [...Array(video.buffered.length).keys()].map("
            "   i => [video.buffered.start(i), video.buffered.end(i)])]")
        logged = [entry["message"] for entry in self.driver.get_log("browser")]
        return f"{state}; console: {logged[-5:]}"

    def protocols(self):
        """The protocols by which the page and its parts came, as ALPN names them."""
        return set(self.get("[...performance.getEntriesByType('navigation'),"
                            " ...performance.getEntriesByType('resource')]"
                            ".map(entry => entry.nextHopProtocol).filter(name => name)"))

    # What a viewer does

    def play(self):
        self.do("video.muted = true; video.play()")
        self.wait("video.currentTime > 0.5 && !video.paused", "the time to advance")

    def seek(self, seconds):
        """Seeks, and watches until the time has moved on from there."""
        self.do(f"video.currentTime = {seconds}")
        self.wait(f"!video.seeking && video.currentTime > {seconds} + 0.3"
                  f" && video.currentTime < {seconds} + 5", f"play from {seconds} s")
        self.check_picture()

    def play_to_the_end(self):
        self.wait("video.ended", "the end")
        gap = self.get("video.duration - video.currentTime")
        if abs(gap) > 0.1:
            raise Failed(f"ended {gap} s before its duration")

    def check_picture(self):
        """Fails where the picture is one colour: nothing was decoded."""
        spread = self.get(
            "(() => { const canvas = document.createElement('canvas');"
            " canvas.width = 64; canvas.height = 36;"
            " const context = canvas.getContext('2d');"
            " context.drawImage(video, 0, 0, 64, 36);"
            " const reds = context.getImageData(0, 0, 64, 36).data.filter((_, i) => i % 4 == 0);"
            " return Math.max(...reds) - Math.min(...reds) })()")
        if spread < 32:
            raise Failed(f"the picture is flat ({spread}): {self.state()}")
