"""A work-stealing pool that tells its own figures: JSON lines on stdout, and Prometheus text at http://127.0.0.1:PORT/metrics.

    numa-pinboard run --metrics - -- python3 pool.py 4 10
    python3 pool.py 4 600 9400 & numa-pinboard watch --pid $! --metrics http://127.0.0.1:9400/metrics

Only the names matter; the pool is as small as one can be. Counters are totals since the start, by worker.
"""

import collections
import http.server
import json
import random
import signal
import sys
import threading
import time

SLOW_SECONDS = 0.001
NAMES = (
    "total_polls_count",
    "total_steal_operations",
    "total_steal_count",
    "total_slow_poll_count",
    "total_busy_duration_seconds",
)


class Worker(threading.Thread):
    def __init__(self, number, workers):
        super().__init__(name=f"worker-{number}", daemon=True)
        self.number = number
        self.workers = workers
        self.jobs = collections.deque()
        self.counts = dict.fromkeys(NAMES, 0)

    def steal(self):
        """Half of what another has, the oldest first."""
        victim = random.choice(self.workers)
        if victim is self:
            return
        # An attempt counts, whether it got anything or not.
        self.counts["total_steal_operations"] += 1
        for _ in range((len(victim.jobs) + 1) // 2):
            try:
                self.jobs.append(victim.jobs.popleft())
            except IndexError:
                return
            self.counts["total_steal_count"] += 1

    def run(self):
        while True:
            try:
                job = self.jobs.pop()
            except IndexError:
                self.steal()
                if not self.jobs:
                    time.sleep(0.002)
                continue
            start = time.perf_counter()
            job()
            seconds = time.perf_counter() - start
            self.counts["total_polls_count"] += 1
            self.counts["total_slow_poll_count"] += seconds > SLOW_SECONDS
            self.counts["total_busy_duration_seconds"] += seconds


def work():
    sum(range(random.choice((500, 2_000, 40_000))))


def metrics_text(workers):
    lines = []
    for name in NAMES:
        lines.append(f"# TYPE {name} counter")
        lines += [f'{name}{{worker="{one.number}"}} {one.counts[name]}' for one in workers]
    return "\n".join(lines) + "\n"


def serve(port, workers):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = metrics_text(workers).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main():
    count, seconds = int(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    workers = []
    workers += [Worker(number, workers) for number in range(count)]
    if len(sys.argv) > 3:
        serve(int(sys.argv[3]), workers)
    for one in workers:
        one.start()
    end = time.monotonic() + seconds
    told = 0.0
    while time.monotonic() < end:
        # All jobs come to the first worker; the others have to steal.
        if len(workers[0].jobs) < 200:
            workers[0].jobs.extend([work] * 100)
        time.sleep(0.005)
        if time.monotonic() - told >= 0.5:
            told = time.monotonic()
            report = {"time": time.time(), "workers": [{"worker": one.number, **one.counts} for one in workers]}
            print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
