#!/usr/bin/env python3
"""Open report pages in Chromium, wide and narrow, and look for labels that can't be read.

    check_report_layout.py PAGE.html...

No two texts of a figure may touch, none may be cut off or smaller than 10 CSS pixels, the page may
not scroll sideways and may load nothing. Prints one line per page and width; exits with 1 when
something is wrong, and with 69 where Chromium is not installed.
"""
import html
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

WIDTHS = [1280, 760, 400]

PROBE = """
<body style="margin:0">
<iframe id="page" style="border:0" width="%d" height="2000" src="%s"></iframe>
<pre id="result"></pre>
<script>
onload = () => {
  const view = document.getElementById("page").contentWindow;
  const found = [];
  let count = 0, smallest = Infinity;
  // What a reader unfolds or switches to counts, too.
  for (const element of view.document.querySelectorAll("details")) element.open = true;
  for (const element of view.document.querySelectorAll(".toggle figure"))
    element.style.display = "block";
  for (const svg of view.document.querySelectorAll("svg")) {
    if (view.getComputedStyle(svg).display === "none") continue;
    const frame = svg.getBoundingClientRect();
    const scale = frame.width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll("text")].map(element => ({
      box: element.getBoundingClientRect(), label: element.textContent,
      size: scale * parseFloat(view.getComputedStyle(element).fontSize),
    }));
    count += texts.length;
    texts.forEach(({box, label, size}, index) => {
      smallest = Math.min(smallest, size);
      if (size < 10) found.push(`"${label}" is ${size.toFixed(1)} pixels high`);
      if (box.left < frame.left - 1 || box.right > frame.right + 1
          || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        found.push(`"${label}" is cut off`);
      // Boxes have the height of a line; letters fill about the middle two thirds of it.
      const trim = box.height / 6;
      for (const other of texts.slice(0, index))
        if (box.left < other.box.right && other.box.left < box.right
            && box.top + trim < other.box.bottom - trim
            && other.box.top + trim < box.bottom - trim)
          found.push(`"${label}" lies on "${other.label}"`);
    });
  }
  const root = view.document.documentElement;
  if (root.scrollWidth > view.innerWidth) found.push(`the page is ${root.scrollWidth} wide`);
  for (const entry of view.performance.getEntriesByType("resource"))
    found.push(`it loads ${entry.name}`);
  document.getElementById("result").textContent =
    "RESULT" + JSON.stringify({width: view.innerWidth, count, smallest, found}) + "END";
};
</script>
"""


def probe(browser, page, width, folder):
    wrapper = pathlib.Path(folder) / "probe.html"
    wrapper.write_text(PROBE % (width, page.resolve().as_uri()))
    dom = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile",
         f"--window-size={max(width, 1000)},2000", "--dump-dom", wrapper.as_uri()],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=True, text=True).stdout
    text = dom.split('<pre id="result">RESULT', 1)[1].split("END", 1)[0]
    return json.loads(html.unescape(text))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        print("Chromium is not installed: nothing was checked", file=sys.stderr)
        sys.exit(69)
    problems = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[1:]:
            for width in WIDTHS:
                result = probe(browser, pathlib.Path(name), width, folder)
                smallest = result["smallest"]
                size = f"smallest {smallest:.1f} px" if smallest else "no figures"
                print(f"{name} at {result['width']}: {result['count']} labels, {size}, "
                      f"{len(result['found'])} problems")
                for problem in result["found"]:
                    print(f"   {problem}")
                problems += len(result["found"])
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
