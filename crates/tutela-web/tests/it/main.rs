//! The report as a reader gets it.

#[cfg(test)]
mod report;
