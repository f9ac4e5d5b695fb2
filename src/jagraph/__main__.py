"""The command ``jagraph``, and ``python -m jagraph``."""

import os
import sys


def main() -> None:
    """Answer what was asked before at once, else run the command line; exit as it says."""
    from jagraph.cli.again import answer

    try:
        known = None if sys.stdout.isatty() else answer(sys.argv[1:])
        if known is None:
            from jagraph.cli.main import run

            sys.exit(run(sys.argv[1:]))
        sys.stdout.write(known)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader went away; a second failure while Python flushes would be noise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


if __name__ == "__main__":
    main()
