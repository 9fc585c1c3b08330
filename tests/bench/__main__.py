"""`python -m tests.bench [NAME …]`: every measure, or those named; ratios against a named reference in the same run."""

import importlib
import pkgutil
import sys

from tests import bench


def main() -> int:
    """Run the modules of this folder, each as its own program would."""
    names = sys.argv[1:] or [m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_")]
    for name in names:
        sys.argv = [f"python -m tests.bench.{name}"]
        print(f"== {name}")
        importlib.import_module(f"tests.bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
