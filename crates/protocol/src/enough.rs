//! Of whom there is enough: what an update says that it asks for no more. `docs/protocol.md`, "Enough".
//!
//! An update may drop what an earlier one asked for because somebody else takes care of it, or by mistake. That enough
//! people come is only so where its author says it.

use crate::alert::AlertBody;
use crate::vocabulary::{Need, limit};
use crate::wire::{self, Extension};

/// The extension field of an alert body that says it.
pub const TAG: u16 = 4;
/// At most so many bytes: as many needs as an alert may have, of the longest codes and languages.
const LIMIT: usize = 4 << 10;

/// The extension field by which an update says that there is enough of these.
#[must_use]
pub fn to_extension(needs: &[Need]) -> Extension {
    Extension { tag: TAG, bytes: wire::encode(&needs.to_vec()) }
}

/// Whether two needs are for the same people.
#[must_use]
pub fn same(one: &Need, other: &Need) -> bool {
    one.role == other.role && one.language == other.language
}

/// Of whom an update says that there is enough. What is malformed, out of bounds, asked for in the same update or not in
/// an update says nothing.
#[must_use]
pub fn said_by(body: &AlertBody) -> Vec<Need> {
    let field = body.extensions.0.iter().find(|field| field.tag == TAG);
    let field = field.filter(|_| body.content.msg_type == "update");
    let needs: Option<Vec<Need>> = field.and_then(|field| wire::decode_exact(&field.bytes, LIMIT).ok());
    let mut needs = needs.filter(|needs| needs.len() <= limit::NEEDS).unwrap_or_default();
    needs.retain(|need| !body.content.needs.iter().any(|asked| same(asked, need)));
    needs
}
