"""What every room may use: errors, files, positions, namespaces; nothing of the domain."""
