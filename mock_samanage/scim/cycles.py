"""Groups of things that refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Graph = Mapping[str, Iterable[str]]


def components(graph: Graph) -> list[list[str]]:
    """The nodes in groups that reach each other, each group after those it leads to (Kosaraju's algorithm).

    `graph` maps every node to the nodes it leads to.
    """
    backward: dict[str, list[str]] = {node: [] for node in graph}
    for node, targets in graph.items():
        for target in targets:
            backward[target].append(node)
    seen: set[str] = set()
    found = [_finished(backward, [node], seen) for node in reversed(_finished(graph, graph, set()))]
    return [group for group in reversed(found) if group]


def _finished(graph: Graph, starts: Iterable[str], seen: set[str]) -> list[str]:
    """What the starts reach, nothing twice, each node after those it leads to; without recursion, chains are long."""
    order: list[str] = []
    for start in starts:
        path = [] if start in seen else [(start, iter(graph[start]))]
        seen.add(start)
        while path:
            node, targets = path[-1]
            target = next((each for each in targets if each not in seen), None)
            if target is None:
                path.pop()
                order.append(node)
            else:
                seen.add(target)
                path.append((target, iter(graph[target])))
    return order
