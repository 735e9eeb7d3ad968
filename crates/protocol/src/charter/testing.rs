//! A small organization for tests: keys from numbers, a genesis, and what follows it.

use super::{
    BelowQuorum, Charter, CharterBody, CharterSignature, DEFAULT_FRESHNESS_HOURS, DEFAULT_GRACE_DAYS,
    DEFAULT_RESTRICT_THRESHOLD, Grant, Neighborhood, Relay, Scope, SignedCharter, genesis_network, judge, sign,
};
use crate::id::{CharterHash, CoordinatorId, NeighborhoodId, NetworkId};
use crate::secret::Secret32;
use crate::sign::{PublicKey, SecretKey};
use crate::time::{DAY, Timestamp};
use crate::wire::Extensions;

/// When the genesis was drawn up.
pub(crate) const ISSUED: Timestamp = Timestamp(1_750_000_000);
/// The neighborhood that [`genesis`] has.
pub(crate) const RIVERSIDE: NeighborhoodId = NeighborhoodId([0xa1; 16]);
/// Another, which tests add.
pub(crate) const OLD_MILL: NeighborhoodId = NeighborhoodId([0xa2; 16]);

/// An admin's key. Numbers from 0.
pub(crate) fn admin(number: u8) -> SecretKey {
    key(1, number)
}

/// A coordinator's device key.
pub(crate) fn device(number: u8) -> SecretKey {
    key(2, number)
}

/// A relay's identity key.
pub(crate) fn relay(number: u8) -> SecretKey {
    key(3, number)
}

fn key(role: u8, number: u8) -> SecretKey {
    let mut seed = [role; 32];
    seed[0] = number;
    SecretKey::from_seed(&Secret32::new(seed))
}

pub(crate) fn coordinator(number: u8) -> CoordinatorId {
    CoordinatorId([number; 16])
}

pub(crate) fn admins(numbers: impl IntoIterator<Item = u8>) -> Vec<PublicKey> {
    numbers.into_iter().map(|number| admin(number).public()).collect()
}

pub(crate) fn neighborhood(id: NeighborhoodId, quorum: u8) -> Neighborhood {
    Neighborhood {
        id,
        quorum,
        below_quorum: BelowQuorum::Show,
        retention_hours: 24,
        freshness_hours: DEFAULT_FRESHNESS_HOURS,
        names: [0x5a; 32],
        closed: false,
    }
}

/// Both rights for a year from [`ISSUED`].
pub(crate) fn scope(neighborhood: NeighborhoodId) -> Scope {
    Scope { neighborhood, dispatch: true, enroll: true, not_before: ISSUED, not_after: ISSUED.plus(365 * DAY) }
}

/// A coordinator with the device of the same number.
pub(crate) fn grant(number: u8, scopes: Vec<Scope>) -> Grant {
    Grant { coordinator: coordinator(number), devices: vec![device(number).public()], scopes }
}

/// Admins 0 to `admins` - 1, coordinators 1 and 2 in [`RIVERSIDE`] with quorum 2, one relay.
pub(crate) fn genesis(admins: u8, threshold: u8) -> CharterBody {
    CharterBody {
        network: NetworkId::ZERO,
        version: 1,
        previous: CharterHash::ZERO,
        issued: ISSUED,
        expires: ISSUED.plus(365 * DAY),
        grace_days: DEFAULT_GRACE_DAYS,
        admins: self::admins(0..admins),
        threshold,
        restrict_threshold: DEFAULT_RESTRICT_THRESHOLD,
        neighborhoods: vec![neighborhood(RIVERSIDE, 2)],
        grants: vec![grant(1, vec![scope(RIVERSIDE)]), grant(2, vec![scope(RIVERSIDE)])],
        revocations: Vec::new(),
        restrictions: Vec::new(),
        relays: vec![Relay { url: "wss://relay.example/v1".to_owned(), key: relay(0).public() }],
        extensions: Extensions::default(),
    }
}

/// The next version, a day later and otherwise the same.
pub(crate) fn successor(of: &Charter) -> CharterBody {
    let issued = of.body().issued.plus(DAY);
    CharterBody {
        network: of.network(),
        version: of.version() + 1,
        previous: of.hash(),
        issued,
        expires: issued.plus(365 * DAY),
        ..of.body().clone()
    }
}

/// A body with signatures by these admins, for the network that it names or founds.
pub(crate) fn signed(body: &CharterBody, by: impl IntoIterator<Item = u8>) -> SignedCharter {
    let mut signed = SignedCharter::unsigned(body);
    let network = if body.version == 1 { genesis_network(&signed.body) } else { body.network };
    resign(&mut signed, network, by);
    signed
}

/// Signs the bytes as they are, in place of whoever signed them before.
pub(crate) fn resign(signed: &mut SignedCharter, network: NetworkId, by: impl IntoIterator<Item = u8>) {
    signed.signatures.clear();
    for number in by {
        let key = admin(number);
        let signature = sign(&key, network, &signed.body);
        signed.insert(CharterSignature { signer: key.public(), signature });
    }
}

/// The genesis of so many admins, judged; signed by all of them.
pub(crate) fn founded(admins: u8, threshold: u8) -> Charter {
    judge(None, &signed(&genesis(admins, threshold), 0..admins)).unwrap()
}
