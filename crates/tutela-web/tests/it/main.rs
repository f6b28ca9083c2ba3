//! The report and the console as a reader gets them.

#[cfg(test)]
mod console;
#[cfg(test)]
mod first_page;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod report;
mod routes;
#[cfg(test)]
mod structure;
