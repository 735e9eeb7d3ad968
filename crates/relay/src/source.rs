//! How many connections come from one source. Counts live while the connections do, and are never logged.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

pub(crate) struct Sources {
    most: usize,
    counts: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection's place in its source's count.
pub(crate) struct Counted {
    sources: Arc<Sources>,
    source: Option<IpAddr>,
}

impl Sources {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, counts: Mutex::default() }
    }

    /// A place for one more, if its source has any. Loopback is not counted: a proxy or Tor stands for many there.
    pub(crate) fn take(self: &Arc<Self>, from: IpAddr) -> Option<Counted> {
        let from = from.to_canonical();
        if from.is_loopback() {
            return Some(Counted { sources: Arc::clone(self), source: None });
        }
        let source = network(from);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(source).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted { sources: Arc::clone(self), source: Some(source) })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let Some(source) = self.source else { return };
        let mut counts = self.sources.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(mut count) = counts.entry(source) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// An IPv4 address, or the /64 of an IPv6 one: that is what one customer gets.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_so_many_places_and_gets_them_back() {
        let sources = Arc::new(Sources::new(2));
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let first = sources.take(from("2001:db8::1")).unwrap();
        let _second = sources.take(from("2001:db8::2")).unwrap();
        assert!(sources.take(from("2001:db8::ffff")).is_none());
        assert!(sources.take(from("2001:db8:0:1::1")).is_some());
        drop(first);
        assert!(sources.take(from("2001:db8::3")).is_some());
        assert!([(); 9].map(|()| sources.take(from("127.0.0.1"))).iter().all(Option::is_some));
        assert!([(); 9].map(|()| sources.take(from("::ffff:127.0.0.1"))).iter().all(Option::is_some));
    }
}
