//! Three ways to rank accounts, each of which says why, and how weights are estimated.
//!
//! `evidence` scores payees, then payers by the payees they pay, and both once more; `seeded` walks from
//! accounts that are known; `review` asks a person about the next few and learns from the answers.
//! What comes out ranks accounts for a person to look at. It says nothing of guilt.

pub mod backtest;
pub mod boosting;
pub mod document;
pub mod evidence;
pub mod features;
pub mod graph;
pub mod holds;
pub mod review;
pub mod seeded;
pub mod shapes;
pub mod training;
pub(crate) mod transfers;
pub mod words;
