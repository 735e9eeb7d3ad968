//! Nothing: the examples beside this folder use the crates as a stranger would.
