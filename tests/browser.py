"""Pages in a real browser: headless Chromium, offline."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
MEASURE = """
<script>
const sizes = [...document.querySelectorAll("figure svg")].map(drawn => {
  const box = drawn.getBoundingClientRect();
  return [box.width, box.height, drawn.querySelectorAll("path, use, text").length].map(Math.round);
});
document.documentElement.dataset.measured = sizes.map(size => size.join("x")).join(" ");
</script>
"""


def figures(page: Path, folder: Path) -> list[tuple[int, int, int]]:
    """Width and height in pixels, and marks, of each figure as the browser draws it.

    A copy of the page with a script that measures is opened in `folder`; whatever the browser
    says on its console fails. Skips where there is no Chromium, save in CI, which installs it.
    """
    if CHROMIUM is None:
        assert "CI" not in os.environ, "CI has to install Debian's package chromium: see .ci/run"
        pytest.skip("there is no Chromium here: apt-get install chromium")
    copy = folder / "measured.html"
    copy.write_text(page.read_text("utf-8") + MEASURE, encoding="utf-8")
    run = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}",
            "--dump-dom", copy.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    said = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
    assert not said, said
    measured = re.search(r'data-measured="([^"]*)"', run.stdout)
    assert measured, run.stdout[:500]
    return [
        (int(width), int(height), int(marks))
        for width, height, marks in (size.split("x") for size in measured[1].split())
    ]
