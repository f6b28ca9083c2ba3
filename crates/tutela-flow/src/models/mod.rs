//! Three ways to rank accounts, each of which says why.
//!
//! `evidence` scores payees, then payers by the payees they pay, and both once more; `seeded` walks from
//! accounts that are known; `review` asks a person about the next few and learns from the answers.
//! What comes out ranks accounts for a person to look at. It says nothing of guilt.

pub mod evidence;
pub mod features;
pub mod graph;
pub mod review;
pub mod seeded;
pub mod shapes;
pub(crate) mod transfers;
pub mod words;
