//! Objects other than slots: parts of the roster and of the names. `docs/protocol.md`, "Objects".
//!
//! ```text
//! body = suite u8 | nonce 24 | ciphertext                                      2,048 bytes
//! AAD  = "watchfire v1 object" 00 || ctx || tag        plaintext = length u16be | content | zeros
//! ```

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::id::Tag;
use crate::kdf::Context;
use crate::labels::Domain;
use crate::record::{open_symmetric, seal_symmetric};
use crate::run::{OBJECT_LEN, Object};
use crate::seal::{AEAD_TAG_LEN, SUITE, Unopenable};
use crate::secret::Secret32;
use crate::slot::{pad, unpad};

const PADDED_LEN: usize = OBJECT_LEN - 1 - 24 - AEAD_TAG_LEN;
/// The most content that fits into an object, in bytes.
pub const CONTENT_LEN: usize = PADDED_LEN - 2;

fn aad(context: &Context, tag: &Tag) -> Vec<u8> {
    let mut out = Domain::Object.prefix();
    out.extend_from_slice(&context.bytes());
    out.extend_from_slice(&tag.0);
    out
}

/// Seals content of at most [`CONTENT_LEN`] bytes.
///
/// # Errors
/// Longer content.
pub fn seal(
    context: &Context,
    tag: Tag,
    key: &Secret32,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Object, Unopenable> {
    let sealed = seal_symmetric(key, &aad(context, &tag), &pad(content, PADDED_LEN)?, rng);
    let body: Vec<u8> = std::iter::once(SUITE).chain(sealed).collect();
    let body: Box<[u8]> = body.into_boxed_slice();
    Ok(Object { tag, body: body.try_into().map_err(|_| Unopenable)? })
}

/// Opens an object.
///
/// # Errors
/// [`Unopenable`], whatever the reason.
pub fn open(context: &Context, key: &Secret32, object: &Object) -> Result<Zeroizing<Vec<u8>>, Unopenable> {
    let (suite, sealed) = object.body.split_first().ok_or(Unopenable)?;
    if *suite != SUITE {
        return Err(Unopenable);
    }
    let padded = open_symmetric(key, &aad(context, &object.tag), sealed)?;
    Ok(Zeroizing::new(unpad(&padded)?.to_vec()))
}
