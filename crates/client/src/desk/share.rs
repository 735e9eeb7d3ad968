//! How much of it is kept, and whose goes first.

use std::collections::BTreeMap;

use bincode::{Decode, Encode};

/// So much of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Share {
    /// How many.
    pub(super) count: usize,
    /// How long they are together.
    pub(super) bytes: usize,
}

impl Share {
    const fn exceeds(self, limit: Self) -> bool {
        self.count > limit.count || self.bytes > limit.bytes
    }

    const fn with(self, kept: &Kept) -> Self {
        Self { count: self.count + 1, bytes: self.bytes + kept.bytes as usize }
    }
}

/// `DeskIndex`: what is known of something that is kept without opening it. A list of them is in order of arrival.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Kept {
    /// Whose it is.
    pub(super) owner: [u8; 16],
    /// Its id.
    pub(super) id: [u8; 16],
    /// Its length.
    bytes: u32,
}

impl Kept {
    pub(super) fn new(owner: [u8; 16], id: [u8; 16], bytes: usize) -> Self {
        Self { owner, id, bytes: u32::try_from(bytes).unwrap_or(u32::MAX) }
    }
}

/// Takes out what is too much: the oldest of whoever has more than `of_one` says of them, then, while all together are more
/// than `of_all`, the oldest of whoever has the most. Returns what is gone.
pub(super) fn make_room(kept: &mut Vec<Kept>, of_one: impl Fn(&[u8; 16]) -> Share, of_all: Share) -> Vec<Kept> {
    let mut gone = Vec::new();
    loop {
        let mut shares: BTreeMap<[u8; 16], Share> = BTreeMap::new();
        let mut all = Share::default();
        for one in kept.iter() {
            let share = shares.entry(one.owner).or_default();
            (*share, all) = (share.with(one), all.with(one));
        }
        let most =
            shares.iter().max_by_key(|(_, share)| if all.bytes > of_all.bytes { share.bytes } else { share.count });
        let greedy = shares.iter().find(|(owner, share)| share.exceeds(of_one(owner)));
        let whose = greedy.or(if all.exceeds(of_all) { most } else { None }).map(|(owner, _)| *owner);
        let Some(at) = whose.and_then(|whose| kept.iter().position(|one| one.owner == whose)) else { return gone };
        gone.push(kept.remove(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Share = Share { count: 3, bytes: 100 };
    const ALL: Share = Share { count: 6, bytes: 180 };

    /// Keeps one after the other, as they come, and tells who is left.
    fn left(all: &[(u8, u8, usize)]) -> Vec<(u8, u8)> {
        let mut kept = Vec::new();
        for (owner, id, bytes) in all {
            kept.push(Kept::new([*owner; 16], [*id; 16], *bytes));
            make_room(&mut kept, |owner| if *owner == [9; 16] { ALL } else { ONE }, ALL);
        }
        kept.iter().map(|one| (one.owner[0], one.id[0])).collect()
    }

    #[test]
    fn whoever_floods_pushes_out_their_own() {
        let mut all = vec![(1, 0, 10), (2, 1, 10)];
        all.extend((2..100).map(|id| (3, id, 10)));
        assert_eq!(left(&all), [(1, 0), (2, 1), (3, 97), (3, 98), (3, 99)]);
    }

    #[test]
    fn somebody_may_have_a_larger_share() {
        assert_eq!(
            left(&(0..7).map(|id| (9, id, 10)).collect::<Vec<_>>()),
            (1..7).map(|id| (9, id)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn long_ones_count_by_their_length() {
        assert_eq!(left(&[(1, 0, 10), (2, 1, 60), (2, 2, 60)]), [(1, 0), (2, 2)]);
        assert_eq!(left(&[(2, 1, 101)]), [], "what is longer than a share is not kept");
    }

    #[test]
    fn where_all_are_too_many_whoever_has_the_most_loses_the_oldest() {
        let all = [(1, 0, 10), (2, 1, 10), (2, 2, 10), (3, 3, 10), (2, 4, 10), (4, 5, 10), (5, 6, 10)];
        assert_eq!(left(&all), [(1, 0), (2, 2), (3, 3), (2, 4), (4, 5), (5, 6)]);
        let long = [(1, 0, 90), (2, 1, 20), (2, 2, 20), (3, 3, 60)];
        assert_eq!(left(&long), [(2, 1), (2, 2), (3, 3)], "bytes are taken from whoever has the most of them");
    }

    #[test]
    fn what_goes_is_told() {
        let mut kept: Vec<Kept> = (0..5).map(|id| Kept::new([1; 16], [id; 16], 1)).collect();
        let gone: Vec<[u8; 16]> = make_room(&mut kept, |_| ONE, ALL).iter().map(|gone| gone.id).collect();
        assert_eq!(gone, [[0; 16], [1; 16]]);
    }
}
