//! Tests of the whole: the house's floors, and the command as its users meet it.

mod contracts;
#[cfg(unix)]
mod decoder;
mod house;
mod scans;
mod support;
