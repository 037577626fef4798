#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""links.py DIRECTORY...: each link and picture of the pages in the directories leads to a file that is there: href and src of
HTML, url() of CSS, links and pictures of Markdown. In HTML a path with a slash in front begins at the directory. Links to
other sites are not followed. Prints what is broken; status 1 if something is, or if there are no links at all."""
import os
import re
import sys
import urllib.parse

LINKS = {".html": r'\b(?:href|src)\s*=\s*["\']([^"\']*)', ".css": r'\burl\(["\']?([^"\')]*)', ".md": r"\]\(([^)\s]*)\)",
         ".svg": r'\bhref\s*=\s*["\']([^"\']*)'}
MEANT = {"no-such-page"}  # the sample site's page for 404


def broken(top, path):
    """The broken targets of the page, and the number of its targets."""
    with open(path, encoding="utf-8") as file:
        targets = re.findall(LINKS[os.path.splitext(path)[1]], file.read())
    missing = []
    for target in targets:
        parts = urllib.parse.urlsplit(target)
        if parts.scheme or parts.netloc or not parts.path or target in MEANT:
            continue
        name = urllib.parse.unquote(parts.path)
        base = top if name.startswith("/") else os.path.dirname(path)
        if not os.path.exists(os.path.join(base, name.lstrip("/"))):
            missing.append(target)
    return missing, len(targets)


def main():
    count = failed = 0
    for top in sys.argv[1:]:
        for directory, _, names in os.walk(top):
            for name in names:
                if os.path.splitext(name)[1] in LINKS:
                    missing, number = broken(top, os.path.join(directory, name))
                    count += number
                    for target in missing:
                        print(f"{os.path.join(directory, name)}: '{target}' is not there")
                        failed = 1
    print(f"{count} links")
    return failed or count == 0


if __name__ == "__main__":
    sys.exit(main())
