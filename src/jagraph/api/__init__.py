"""What a program does with a graph: ``jagraph`` itself offers it to users of Python."""
