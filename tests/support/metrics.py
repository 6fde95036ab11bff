"""What a server says at /metrics, read by Prometheus' own parser."""

from __future__ import annotations

import time
from collections.abc import Callable

from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import Server


class Numbers(dict[tuple[str, tuple[tuple[str, str], ...]], float]):
    """Samples by name and labels."""

    def of(self, name: str, **labels: str) -> float:
        """The sum of the samples of a name that have these labels."""
        wanted = set(labels.items())
        return sum(value for (found, has), value in self.items() if found == name and wanted <= set(has))

    def named(self, name: str) -> list[dict[str, str]]:
        """The labels of the samples of a name."""
        return [dict(labels) for found, labels in self if found == name]


def numbers(server: Server) -> Numbers:
    """What it says now."""
    answer = server.get("/metrics")
    assert answer.status_code == 200
    found = Numbers()
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, f"{key} is told twice"
            found[key] = sample.value
    return found


def until(server: Server, true: Callable[[Numbers], bool], seconds: float = 15) -> Numbers:
    """Ask until it is so."""
    give_up = time.monotonic() + seconds
    while not true(found := numbers(server)):
        told = "\n".join(f"{name} {dict(labels)} {value}" for (name, labels), value in found.items() if value)
        assert time.monotonic() < give_up, told
        time.sleep(0.05)
    return found
