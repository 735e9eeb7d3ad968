//! The shipped programs as processes.
