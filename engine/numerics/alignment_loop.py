"""The loop of alignments over arrays, in the few words that a compiler knows."""

from __future__ import annotations

from typing import Any

NEVER = 1 << 60
"""The cost of a state that cannot be reached; all others stay far below it."""


def walk(  # noqa: C901 - one loop: the compiler could not see into the parts of it
    labels: Any,
    starts: Any,
    log_weights: Any,
    label_bounds: Any,
    edge_sources: Any,
    edge_targets: Any,
    state_bounds: Any,
    move_targets: Any,
    move_weights: Any,
    finals: Any,
    rows: Any,
    queue: Any,
    is_waiting: Any,
    least: Any,
) -> None:
    """Into ``least`` the least cost of each sequence; ``rows`` holds the first row at its start.

    Sequence ``v`` is ``labels[starts[v]:starts[v + 1]]``. They come sorted: the rows of what a sequence shares with
    the one before still stand in ``rows``.
    """
    states = rows.shape[1]
    for v in range(starts.size - 1):
        begin, end = starts[v], starts[v + 1]
        shared = 0
        if v:
            before = starts[v - 1]
            while shared < min(begin - before, end - begin) and labels[before + shared] == labels[begin + shared]:
                shared += 1
        for i in range(shared, end - begin):
            label = labels[begin + i]
            row, after = rows[i], rows[i + 1]
            for state in range(states):
                after[state] = min(row[state] + log_weights[label], NEVER)
            # The queue is a ring: a state waits in it once at most.
            head, waiting = 0, 0
            for edge in range(label_bounds[label], label_bounds[label + 1]):
                target = edge_targets[edge]
                if row[edge_sources[edge]] < after[target]:
                    after[target] = row[edge_sources[edge]]
                    if not is_waiting[target]:
                        is_waiting[target] = True
                        queue[(head + waiting) % states] = target
                        waiting += 1
            while waiting:
                state = queue[head]
                head = (head + 1) % states
                waiting -= 1
                is_waiting[state] = False
                for move in range(state_bounds[state], state_bounds[state + 1]):
                    target = move_targets[move]
                    cost = after[state] + move_weights[move]
                    if cost < after[target]:
                        after[target] = cost
                        if not is_waiting[target]:
                            is_waiting[target] = True
                            queue[(head + waiting) % states] = target
                            waiting += 1
        best = NEVER
        for final in finals:
            best = min(best, rows[end - begin, final])
        least[v] = best
