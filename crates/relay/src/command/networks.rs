//! `networks allow|list|remove`.

use std::path::Path;

use watchfire_protocol::id::NetworkId;
use watchfire_relay::admission::{self, Quota};

use super::{Problem, open};

pub(super) fn allow(dir: &Path, network: NetworkId, quota: Quota) -> Result<(), Problem> {
    admission::allow(&open(dir)?.networks_path(), network, quota)?;
    println!("Serves network {network} with up to {quota}. A running relay knows already.");
    Ok(())
}

pub(super) fn list(dir: &Path) -> Result<(), Problem> {
    let list = admission::read_list(&open(dir)?.networks_path())?;
    for allowed in &list {
        println!("{}  {}", allowed.network, allowed.quota);
    }
    if list.is_empty() {
        eprintln!("No network is served yet.");
    }
    Ok(())
}

pub(super) fn remove(dir: &Path, network: NetworkId) -> Result<(), Problem> {
    if !admission::remove(&open(dir)?.networks_path(), network)? {
        return Err(Problem::new(6, "this network is not served")
            .hint(format!("which are: watchfire-relay networks list --dir {}", dir.display())));
    }
    println!("Serves network {network} no longer. A running relay knows already; what it holds expires on time.");
    Ok(())
}
