"""What a program does with a graph: the package offers it to users of Python."""
