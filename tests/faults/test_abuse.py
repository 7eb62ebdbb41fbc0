"""One client in five is hostile: the others get right answers, in time, and memory stays bounded.

Short by default; `ENTENTE_LONG=1` makes it fifty clients for two minutes with the server's own
limits, and holds the times of honest clients to three times what they are without abuse.
"""

import os
import sys
from pathlib import Path
from typing import Final

from tests.faults.abuse import Load, run_server

LONG: Final = bool(os.environ.get("ENTENTE_LONG"))
SECONDS: Final = 120.0 if LONG else 6.0
CLIENTS: Final = 50 if LONG else 10
QUERY_SECONDS: Final = 30.0 if LONG else 2.0
MEMORY_MIB: Final = 256
READERS: Final = 4
MEBIBYTE: Final = 1024 * 1024


def test_honest_clients_are_answered_beside_hostile_ones(tmp_path: Path) -> None:
    hostile = CLIENTS // 5
    chosen = {
        "readers": READERS,
        "query_seconds": QUERY_SECONDS,
        "query_memory": MEMORY_MIB,
        "cache_bytes": 0,
        "log_level": "error",
    }
    with run_server(tmp_path, **chosen) as server:
        calm = Load(server.port, honest=CLIENTS - hostile, hostile=0, think=0.25)
        calm.run(SECONDS / 4, patience=QUERY_SECONDS + 10)
        quiet_bytes = server.most_bytes
        load = Load(server.port, honest=CLIENTS - hostile, hostile=hostile, think=0.25)
        load.run(SECONDS, patience=QUERY_SECONDS + 10)
    before, after = calm.honest.percentile(0.95), load.honest.percentile(0.95)
    sys.stdout.write(
        f"honest: {len(load.honest.seconds)} queries, {dict(load.honest.statuses)}, "
        f"p50 {load.honest.percentile(0.5):.3f} s, p95 {after:.3f} s, "
        f"without abuse {before:.3f} s (ratio {after / before:.1f}), "
        f"slowest {max(load.honest.seconds):.2f} s; "
        f"hostile: {len(load.hostile.seconds)} queries, {dict(load.hostile.statuses)}; "
        f"memory {server.most_bytes / MEBIBYTE:.0f} MiB at most, "
        f"{quiet_bytes / MEBIBYTE:.0f} MiB without abuse\n"
    )
    assert load.honest.wrong == []
    assert load.hostile.wrong == []
    assert set(calm.honest.statuses) == {"200"}
    assert load.honest.statuses["none"] == load.honest.statuses["cut"] == 0
    assert server.most_bytes < quiet_bytes + 2 * READERS * (MEMORY_MIB + 64) * MEBIBYTE
    if LONG:
        assert set(load.honest.statuses) == {"200"}
        assert after <= 3 * before
