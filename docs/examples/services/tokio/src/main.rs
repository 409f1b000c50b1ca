//! A tokio service that prints what its scheduler did, a JSON line every half second, for `numa-pinboard run --metrics -`.
//!
//!     RUSTFLAGS="--cfg tokio_unstable" cargo build --release
//!     numa-pinboard run --metrics - -- target/release/tokio-service 4 10
//!
//! Counters of polls and steals are behind `tokio_unstable` in every tokio up to 1.48; the busy time of workers is stable since 1.45.
//! From tokio 1.26 on `worker_steal_operations` can be printed in the same way (as "total_steal_operations"). Services that use the
//! crate tokio-metrics print the fields of its `RuntimeMetrics` and `TaskMetrics` under their own names, with `elapsed`.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const SLOW: Duration = Duration::from_millis(1);

static POLLS: AtomicU64 = AtomicU64::new(0);
static SLOW_POLLS: AtomicU64 = AtomicU64::new(0);

/// A task whose polls are timed.
struct Watched<F>(Pin<Box<F>>);

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let start = Instant::now();
        let result = self.0.as_mut().poll(context);
        POLLS.fetch_add(1, Relaxed);
        if start.elapsed() > SLOW {
            SLOW_POLLS.fetch_add(1, Relaxed);
        }
        result
    }
}

fn work(rounds: u64) -> u64 {
    (0..rounds).fold(1, |sum, one| std::hint::black_box(sum.wrapping_mul(31).wrapping_add(one)))
}

/// Starts others and waits for them: those that other workers find first are stolen.
async fn request(number: u64) {
    let parts: Vec<_> = (0..16)
        .map(|part| {
            tokio::spawn(Watched(Box::pin(async move {
                work(if (number + part) % 10 == 0 { 2_000_000 } else { 20_000 });
            })))
        })
        .collect();
    for part in parts {
        let _ = part.await;
    }
}

fn report(metrics: &tokio::runtime::RuntimeMetrics) {
    let workers: Vec<String> = (0..metrics.num_workers())
        .map(|worker| {
            format!(
                r#"{{"worker": {worker}, "total_polls_count": {}, "total_steal_count": {}, "total_busy_duration_seconds": {}}}"#,
                metrics.worker_poll_count(worker),
                metrics.worker_steal_count(worker),
                metrics.worker_total_busy_duration(worker).as_secs_f64(),
            )
        })
        .collect();
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    println!(
        r#"{{"time": {time}, "total_poll_count": {}, "total_slow_poll_count": {}, "workers": [{}]}}"#,
        POLLS.load(Relaxed),
        SLOW_POLLS.load(Relaxed),
        workers.join(", "),
    );
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(|one| one.parse::<u64>().expect("WORKERS SECONDS"));
    let workers = arguments.next().expect("WORKERS SECONDS") as usize;
    let seconds = arguments.next().expect("WORKERS SECONDS");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let metrics = tokio::runtime::Handle::current().metrics();
        let end = Instant::now() + Duration::from_secs(seconds);
        tokio::spawn(async move {
            for number in 0.. {
                Watched(Box::pin(request(number))).await;
            }
        });
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(500)).await;
            report(&metrics);
        }
    });
    runtime.shutdown_background();
}
