//! Tests of the tail.
