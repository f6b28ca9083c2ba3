//! Networks of payers and payees around an account: who belongs together, who went from whom to whom, and which alerts
//! are of one network. A network is a way to look at payments, never a statement on those who made them.

mod chains;
mod community;
mod drawn;
mod identities;
mod numbers;

pub use chains::{MOVED_WITHIN_S, Moved, chains};
pub use community::{Community, HUB, MOST, community};
pub use drawn::{Drawn, LeftOut, Member, Room, Tie, TieKind, draw};
pub use identities::{Identities, Why};
pub use numbers::number;

#[cfg(test)]
mod tests;
