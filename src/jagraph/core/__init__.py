"""What every room may use: errors, files, positions, namespaces; nothing of the domain."""

import sys

if sys.platform == "win32":
    raise ImportError(
        "error[unsupported-system]: jagraph needs a POSIX system: it locks folders, limits its "
        "workers and follows links as Windows does not\n"
        "  help: run it on Linux, or in the Windows Subsystem for Linux"
    )
