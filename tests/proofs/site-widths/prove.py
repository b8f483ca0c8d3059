"""Opens every page of the site in a browser, as wide as a phone and as a screen, and measures what sticks out.

The browser measures by itself, on a page with a frame for each page of the site; nothing drives it.
"""

from __future__ import annotations

import functools
import html
import json
import re
import subprocess
import sys
import tempfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "site")]

from build import build  # noqa: E402
from tests.proofs.run import find_tool  # noqa: E402

WIDTHS = (390, 1280)
SECONDS = 600
PLANTED = "<!doctype html><title>planted</title><table><tr><td>" + "wide" * 1_000 + "</td></tr></table>"
"""A page with a table that is too wide: if it is not found, nothing is."""

MEASURE = """<!doctype html><title>measure</title><body><script>
const loaded = (frame) => new Promise((done) => { frame.onload = () => setTimeout(done, 50) });
(async () => {
  const found = [];
  for (const width of WIDTHS) for (const page of PAGES) {
    const frame = document.createElement('iframe');
    frame.style.cssText = `width: ${width}px; height: 900px; border: 0`;
    const ready = loaded(frame);
    frame.src = '/' + page;
    document.body.append(frame);
    await ready;
    const root = frame.contentDocument.documentElement;
    if (root.scrollWidth > width) found.push([page, width, 'the page', root.scrollWidth - width]);
    for (const table of frame.contentDocument.querySelectorAll('table')) {
      const place = table.closest('.md-typeset__scrollwrap') || table.parentElement;
      const out = table.scrollWidth - place.clientWidth;
      if (out > 1) found.push([page, width, table.innerText.trim().split('\\n')[0].slice(0, 60), out]);
    }
    frame.remove();
  }
  const answer = document.createElement('pre');
  answer.id = 'measured';
  answer.textContent = JSON.stringify(found);
  document.body.append(answer);
})();
</script></body>"""


class _Site(SimpleHTTPRequestHandler):
    page = b""

    def do_GET(self) -> None:
        if self.path != "/measure":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each page."""


def measure(browser: str, site: Path) -> list[tuple[str, int, str, int]]:
    """What sticks out: page, width, the first line of the table, pixels.

    Args:
        browser: its program.
        site: a built site.
    """
    pages = [file.relative_to(site).as_posix() for file in sorted(site.glob("*.html"))]
    text = MEASURE.replace("WIDTHS", json.dumps(WIDTHS)).replace("PAGES", json.dumps(pages))
    handler = type("_Measured", (_Site,), {"page": text.encode()})
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run(
            [
                *(browser, "--headless", "--no-sandbox", "--disable-gpu", f"--virtual-time-budget={SECONDS * 1000}"),
                *("--dump-dom", f"http://127.0.0.1:{server.server_port}/measure"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=SECONDS,
        )
        server.shutdown()
    answer = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    if answer is None:
        raise SystemExit("the browser gave no answer")
    return [tuple(each) for each in json.loads(html.unescape(answer[1]))]


def main() -> int:
    """Prove it; 1 if something sticks out, or if what is planted is not found."""
    browser = find_tool("browser")
    if browser is None:
        raise SystemExit("there is no browser: put chromium on PATH, or name one in MLPLATFORM_BROWSER")
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "docs"
        if faults := build(ROOT, out):
            print("\n".join(faults))
            return 1
        site = out / "site"
        (site / "planted.html").write_text(PLANTED, encoding="utf-8")
        found = measure(browser, site)
        pages = sum(1 for _ in site.glob("*.html")) - 1
    seen = {width for page, width, _, _ in found if page == "planted.html"}
    wrong = [
        f"{page} at {width} pixels: {what}: {by} too wide" for page, width, what, by in found if page != "planted.html"
    ]
    wrong += [f"the planted table is not found at {width} pixels" for width in WIDTHS if width not in seen]
    print("\n".join(wrong))
    print(f"{pages} pages at {len(WIDTHS)} widths")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
