//! All integration tests, in one binary: it links once.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed, and one that is skipped says so"
)]

mod aliases;
mod calibration;
mod cli;
mod crm_in;
mod crm_out;
mod docs;
mod hostile_files;
mod imports;
mod journeys;
mod layers;
mod monday;
mod real_data;
mod sample;
mod screens;
mod seen;
mod support;
mod terminal;
