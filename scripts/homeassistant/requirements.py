"""Print the pip requirements of the Home Assistant integrations named on standard input, and of what they depend on.

Core installs these at run time with `uv`, which does not read pip's configuration (mirrors, certificates);
installed beforehand, `hass --skip-pip` needs neither.

    requirements.py <folder of the homeassistant package> < integrations.txt
"""

import json
import pathlib
import sys


def main(package: pathlib.Path, wanted: list[str]) -> None:
    """Walk the manifests breadth first and print each requirement once."""
    seen: set[str] = set()
    requirements: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        manifest = json.loads((package / "components" / name / "manifest.json").read_text())
        requirements.update(manifest.get("requirements", []))
        wanted.extend(manifest.get("dependencies", []))
    print("\n".join(sorted(requirements)))


if __name__ == "__main__":
    lines = (line.split("#")[0].strip() for line in sys.stdin)
    main(pathlib.Path(sys.argv[1]), [line for line in lines if line])
