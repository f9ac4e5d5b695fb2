"""The command line: verb first, answers on stdout, everything else on stderr."""
