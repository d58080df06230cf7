"""The check of citizen ids: the bare numpy kernel over fixed-width bytes against the same question to a column of texts in polars'
streaming engine, on as many threads.

`python -m bench.gate.kernel ROWS THREADS` prints one line of JSON; the number of polars' threads is set before it is imported.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

CHUNK = 100_000


def measured(count: int, threads: int, runs: int = 5) -> dict[str, float]:
    """Seconds of wall time, the least of `runs`, the two by turns: bare (18 bytes a number, lying ready) and through polars."""
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import numpy as np
    import polars as pl

    from bench.gate.rows import citizen_ids
    from bench.gate.suite import AS_OF
    from expectations.rules.identifiers import _valid_citizen_ids, valid_citizen_id

    ids = citizen_ids(count)
    ready = np.frombuffer("".join(ids).encode(), dtype=np.uint8).reshape(-1, 18)
    chunks = [ready[start : start + CHUNK] for start in range(0, count, CHUNK)]
    frame = ids.to_frame("citizen_id").lazy()
    valid = pl.col("citizen_id").map_batches(lambda texts: valid_citizen_id(texts, as_of=AS_OF), return_dtype=pl.Boolean, is_elementwise=True)
    found: dict[str, float] = {"bare": float("inf"), "polars": float("inf")}
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(runs):
            clock = time.perf_counter()
            bare = sum(pool.map(lambda rows: int(_valid_citizen_ids(np.ascontiguousarray(rows.T), AS_OF).sum()), chunks))
            found["bare"] = min(found["bare"], time.perf_counter() - clock)
            clock = time.perf_counter()
            through = frame.select(valid.sum()).collect(engine="streaming").item()
            found["polars"] = min(found["polars"], time.perf_counter() - clock)
            assert bare == through
    return {**found, "ratio": found["polars"] / found["bare"], "rows": count, "threads": threads}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), int(sys.argv[2]))))
