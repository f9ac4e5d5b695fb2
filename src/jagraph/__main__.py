"""The command ``jagraph``, and ``python -m jagraph``."""

import atexit
import gc
import sys


def main() -> None:
    """Run the command line; exit as it says."""
    try:
        import jagraph.core  # noqa: F401, it refuses systems on which nothing would work
    except ImportError as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(3)
    from jagraph.cli.main import run
    from jagraph.cli.standard_streams import open_streams

    open_streams()
    atexit.register(gc.freeze)  # what ends with the process is not searched for cycles first
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
