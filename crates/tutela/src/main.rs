//! The `tutela` command.
fn main() {}
