"""Saved questions: their catalogue, parameters, binding, and the formats of answers."""
