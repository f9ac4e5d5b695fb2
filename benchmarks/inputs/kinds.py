"""The kinds of inputs, and how many of a hundred are of each."""

from __future__ import annotations

from benchmarks.inputs import commands, dumps, messages, policies, queries, records, requests
from benchmarks.inputs.judging import Kind

KINDS = (
    Kind("records", 34, records.make, records.opened),
    Kind("policies", 14, policies.make, policies.opened),
    Kind("queries", 13, queries.make, queries.opened),
    Kind("dumps", 20, dumps.make, dumps.opened),
    Kind("messages", 8, messages.make, messages.opened),
    Kind("requests", 8, requests.make, requests.opened),
    Kind("commands", 3, commands.make, commands.opened),
)
