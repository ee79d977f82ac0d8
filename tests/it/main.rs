//! All integration tests, in one binary: it links once.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot be set up has failed, and one that is skipped says so"
)]

mod after;
mod aliases;
mod calibration;
mod cli;
mod clock;
mod crm_in;
mod crm_out;
mod deals_only;
mod docs;
mod durability;
mod farewell;
mod fuzz;
mod hostile_files;
mod imports;
mod journeys;
mod layers;
mod model;
mod monday;
mod old_files;
mod one_on_one;
mod real_data;
mod report;
mod review;
mod sample;
mod screens;
mod seen;
mod supply;
mod support;
mod terminal;
mod terminals;
