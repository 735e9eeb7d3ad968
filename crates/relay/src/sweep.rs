//! Forgetting on time: in the store, in the WAL, in memory.

use std::time::Duration;

use crate::core::Core;
use crate::limit::class;
use crate::store::{Store, Swept};

/// How often a scrub is tried while readers are in the way, and how long it waits in between. Readers are short.
const SCRUBS: u32 = 40;
const BETWEEN: Duration = Duration::from_millis(50);

/// Deletes what has expired, in chunks between which writers come to their turn, and leaves no byte of it.
pub(crate) async fn sweep<S: Store>(core: &Core<S>) -> Swept {
    let now = core.clock.now();
    core.hub.sweep(now);
    let staged_before = now.minus(core.limits.staging_seconds);
    let mut all = Swept::default();
    loop {
        match core.store.sweep(now, staged_before, core.limits.sweep_rows).await {
            Ok(swept) if swept.total() == 0 => break,
            Ok(Swept { records, objects, invites }) => {
                all.records += records;
                all.objects += objects;
                all.invites += invites;
            }
            Err(error) => {
                tracing::error!(%error, "what has expired could not be deleted");
                return all;
            }
        }
        tokio::task::yield_now().await;
    }
    if all.total() > 0 {
        core.metrics.swept(&all);
        let (records, objects, invites) = (class(all.records), class(all.objects), class(all.invites));
        tracing::info!(records, objects, invites, "forgot what has expired, about so much");
    }
    // Also when nothing was deleted now: the last time readers may have been in the way.
    for _ in 0..SCRUBS {
        match core.store.scrub().await {
            Ok(true) => return all,
            Ok(false) => tokio::time::sleep(BETWEEN).await,
            Err(error) => {
                tracing::error!(%error, "deleted bytes could not be scrubbed");
                return all;
            }
        }
    }
    tracing::warn!("deleted bytes are still in the write-ahead log; tried again with the next sweep");
    all
}
