//! Watchfire.
