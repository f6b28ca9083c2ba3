//! The report as a reader gets it.

#[cfg(test)]
mod first_page;
#[cfg(test)]
mod report;
#[cfg(test)]
mod structure;
