//! Watchfire's protocol: bytes, keys and rules. No socket, no file, no clock and no randomness of its own: times and
//! random number generators are arguments. `docs/protocol.md` specifies it without reference to this code.
//!
//! | what | where |
//! | --- | --- |
//! | the one strict encoder, signed bodies | [`wire`] |
//! | ids, keys, secrets, times | [`id`], [`sign`], [`secret`], [`time`] |
//! | every label, and derivation by them | [`labels`], [`kdf`] |
//! | the one seal, and symmetric records | [`seal`], [`record`] |
//! | who may do what | [`charter`], [`history`], [`fork`] |
//! | an epoch: its public face, its keys, one member's copy of them | [`announcement`], [`epoch`], [`slot`], [`run`] |
//! | a member's keys from epoch to epoch | [`branch`], [`renewal`] |
//! | time within an epoch | [`ratchet`] |
//! | coordinators' list of members, names | [`roster`], [`names`], [`object`] |
//! | what one coordinator alone may not do to it | [`brake`], [`suspension`] |
//! | joining | [`invite`], [`phrase`] |
//! | an admin key on paper | [`paper`] |
//! | what becomes of a report | [`desk`] |
//! | what people say | [`vocabulary`], [`alert`], [`inbox`], [`direct`] |
//! | what becomes of an alert | [`verdict`], [`follow_up`], [`thread`] |
//! | what a relay keeps back | [`withholding`] |
//! | which characters hide in a text | [`text`] |
//! | what client and relay say | [`frame`] |
//!
//! Two sides of an epoch's chain: who holds it at an hour derives every later hour, and none before.
//!
//! ```
//! use watchfire_protocol::id::{Epoch, NeighborhoodId, NetworkId};
//! use watchfire_protocol::kdf::Place;
//! use watchfire_protocol::ratchet::{Chain, ChainOf};
//! use watchfire_protocol::secret::Secret32;
//! use watchfire_protocol::time::Hour;
//!
//! let place = Place { network: NetworkId([1; 32]), neighborhood: NeighborhoodId([2; 16]) };
//! let opener = Chain::new(place.at(Epoch(1)), ChainOf::Members, Hour(0), Secret32::new([3; 32]));
//! let newcomer = opener.at(Hour(7))?;
//! assert!(opener.at(Hour(9))?.alerts_key() == newcomer.at(Hour(9))?.alerts_key());
//! assert!(newcomer.at(Hour(6)).is_err());
//! # Ok::<(), watchfire_protocol::ratchet::HourError>(())
//! ```

pub mod alert;
pub mod announcement;
pub mod brake;
pub mod branch;
pub mod cards;
pub mod charter;
pub mod desk;
pub mod direct;
pub mod enough;
pub mod epoch;
pub mod follow_up;
pub mod fork;
pub mod frame;
pub mod history;
pub mod id;
pub mod inbox;
pub mod invite;
pub mod kdf;
pub mod labels;
pub mod names;
pub mod object;
pub mod paper;
pub mod phrase;
pub mod ratchet;
pub mod record;
pub mod renewal;
pub mod roster;
pub mod run;
pub mod seal;
pub mod secret;
pub mod sign;
pub mod slot;
pub mod suspension;
pub mod text;
pub mod thread;
pub mod time;
pub mod verdict;
pub mod vocabulary;
pub mod wire;
pub mod withholding;
