//! How many connections come from one source. Counts live while the connections do, under a hash whose key is drawn
//! anew at each start, and are never logged.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::limit::Limits;

pub(crate) struct Sources {
    most: usize,
    /// Of an address of this machine; 0 for any number.
    most_here: usize,
    key: RandomState,
    counts: Mutex<HashMap<u64, usize>>,
}

/// One connection's place in its source's count.
pub(crate) struct Counted {
    sources: Arc<Sources>,
    source: Option<u64>,
}

impl Sources {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.connections_per_source,
            most_here: limits.connections_per_loopback,
            key: RandomState::new(),
            counts: Mutex::default(),
        }
    }

    /// A place for one more, if its source has any.
    pub(crate) fn take(self: &Arc<Self>, from: IpAddr) -> Option<Counted> {
        let from = from.to_canonical();
        let most = match (from.is_loopback(), self.most_here) {
            (true, 0) => return Some(Counted { sources: Arc::clone(self), source: None }),
            (true, most_here) => most_here,
            (false, _) => self.most,
        };
        let source = self.key.hash_one(network(from));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(source).or_default();
        if *count >= most {
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
        let sources = Arc::new(Sources::new(&Limits { connections_per_source: 2, ..Limits::default() }));
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
    #[test]
    fn addresses_of_this_machine_are_counted_one_by_one_where_the_operator_says_so() {
        let limits = Limits { connections_per_source: 9, connections_per_loopback: 1, ..Limits::default() };
        let sources = Arc::new(Sources::new(&limits));
        let from = |text: &str| text.parse::<IpAddr>().unwrap();
        let _first = sources.take(from("127.0.0.1")).unwrap();
        assert!(sources.take(from("::ffff:127.0.0.1")).is_none());
        assert!(sources.take(from("127.0.0.2")).is_some());
        assert!([(); 9].map(|()| sources.take(from("192.0.2.1"))).iter().all(Option::is_some));
    }
}
