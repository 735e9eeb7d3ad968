//! The suite of behavior.
