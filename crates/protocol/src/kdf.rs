//! Key derivation: HKDF-Expand-SHA256 (RFC 5869) with a label and the whole context. `docs/protocol.md`, "Derivation".

use hkdf::Hkdf;
use sha2::Sha256;

use crate::id::{Epoch, NeighborhoodId, NetworkId};
use crate::labels::{Derive, prefixed};
use crate::secret::Secret;

/// Where a key belongs: `network || neighborhood`. The context of `KDF0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The network.
    pub network: NetworkId,
    /// The neighborhood.
    pub neighborhood: NeighborhoodId,
}

impl Place {
    /// `network[32] || neighborhood[16]`.
    #[must_use]
    pub fn bytes(&self) -> [u8; 48] {
        let mut out = [0; 48];
        let (network, neighborhood) = out.split_at_mut(32);
        network.copy_from_slice(&self.network.0);
        neighborhood.copy_from_slice(&self.neighborhood.0);
        out
    }

    /// The context of one epoch here.
    #[must_use]
    pub const fn at(self, epoch: Epoch) -> Context {
        Context { place: self, epoch }
    }

    /// `KDF0`: derives a key that outlives epochs.
    #[must_use]
    pub fn derive<const L: usize>(&self, key: &Secret<32>, label: Derive, extra: &[u8]) -> Secret<L> {
        expand(key, label, &self.bytes(), extra)
    }
}

/// Where and when a key belongs: `ctx = network || neighborhood || u64be(epoch)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// Network and neighborhood.
    pub place: Place,
    /// The epoch.
    pub epoch: Epoch,
}

impl Context {
    /// `network[32] || neighborhood[16] || u64be(epoch)`.
    #[must_use]
    pub fn bytes(&self) -> [u8; 56] {
        let mut out = [0; 56];
        let (place, epoch) = out.split_at_mut(48);
        place.copy_from_slice(&self.place.bytes());
        epoch.copy_from_slice(&self.epoch.0.to_be_bytes());
        out
    }

    /// `KDF(key, label, extra, L)`.
    #[must_use]
    pub fn derive<const L: usize>(&self, key: &Secret<32>, label: Derive, extra: &[u8]) -> Secret<L> {
        expand(key, label, &self.bytes(), extra)
    }
}

fn expand<const L: usize>(key: &Secret<32>, label: Derive, context: &[u8], extra: &[u8]) -> Secret<L> {
    const { assert!(L >= 16 && L <= 64, "HKDF-Expand gives at most 8,160 bytes; this protocol uses 16 or 32") };
    let mut out = Secret::new([0; L]);
    let label = prefixed(label.as_str());
    #[expect(clippy::expect_used, reason = "lengths are constants")]
    Hkdf::<Sha256>::from_prk(key.expose())
        .expect("32 bytes are a whole pseudo-random key")
        .expand_multi_info(&[&label, context, extra], out.expose_mut())
        .expect("the length is checked when this is compiled");
    out
}
