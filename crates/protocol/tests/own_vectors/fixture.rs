//! The values that the vectors are made of: every key is the key of a seed that repeats one byte.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils};
use watchfire_protocol::id::{Epoch, NeighborhoodId, NetworkId, sha256};
use watchfire_protocol::kdf::{Context, Place};
use watchfire_protocol::seal::KemSecretKey;
use watchfire_protocol::secret::Secret;
use watchfire_protocol::sign::SecretKey;
use watchfire_protocol::time::Timestamp;

/// A place that is none: constructions are pinned for any place.
pub(crate) const PLACE: Place = Place { network: NetworkId([0x11; 32]), neighborhood: NeighborhoodId([0x22; 16]) };
/// Epoch 7 there.
pub(crate) const CONTEXT: Context = Context { place: PLACE, epoch: Epoch(7) };
/// A time in 2026.
pub(crate) const NOW: Timestamp = Timestamp(1_795_000_000);

pub(crate) const fn secret<const N: usize>(byte: u8) -> [u8; N] {
    [byte; N]
}

pub(crate) fn key(byte: u8) -> SecretKey {
    SecretKey::from_seed(&Secret::new([byte; 32]))
}

pub(crate) fn kem(byte: u8) -> KemSecretKey {
    KemSecretKey::from_seed(Secret::new([byte; 32]))
}

/// Gives out SHA-256(seed || u32be(0)), SHA-256(seed || u32be(1)), …, and keeps what was drawn.
pub(crate) struct Drawn {
    seed: u8,
    blocks: u32,
    ready: Vec<u8>,
    pub(crate) all: Vec<u8>,
}

impl Drawn {
    pub(crate) const fn new(seed: u8) -> Self {
        Self { seed, blocks: 0, ready: Vec::new(), all: Vec::new() }
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        while self.ready.len() < out.len() {
            self.ready.extend(sha256(&[&[self.seed; 32], &self.blocks.to_be_bytes()]));
            self.blocks += 1;
        }
        let rest = self.ready.split_off(out.len());
        out.copy_from_slice(&self.ready);
        self.all.extend(&self.ready);
        self.ready = rest;
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
