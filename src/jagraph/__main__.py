"""The command ``jagraph``, and ``python -m jagraph``."""

import sys


def main() -> None:
    """Answer what was asked before at once, else run the command line; exit as it says."""
    try:
        import jagraph.core  # noqa: F401, it refuses systems on which nothing would work
    except ImportError as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(3)
    from jagraph.cli.again import answer
    from jagraph.cli.standard_streams import open_streams

    open_streams()
    words = sys.argv[1:]
    try:
        known = None if sys.stdout.isatty() else answer(words)
        if known is not None:
            sys.stdout.write(known)
            sys.stdout.flush()
            sys.exit(0)
    except Exception as reason:
        from jagraph.cli.main import ended

        sys.exit(ended(reason, words))
    from jagraph.cli.main import run

    sys.exit(run(words))


if __name__ == "__main__":
    main()
