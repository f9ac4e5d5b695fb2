"""What writes the parts of docs/ that are made from the code."""
