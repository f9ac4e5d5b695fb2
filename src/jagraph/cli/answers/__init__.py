"""What verbs do once their words are read; nothing here loads click."""
