//! walkaway: a deal-review cockpit for the terminal.
//!
//! A sales rep walks each deal of a local SQLite pipeline through discovery questions and
//! fires the prospect or continues with intent.
//!
//! How data flows, from the outside to the screen and back:
//!
//! ```text
//!  CRM files -> import -> store (SQLite) -> worker -> app::Model -> app::Screen -> ui -> terminal
//!                           ^                            |
//!                           +-- effects <-- update <-- messages (keys, replies)
//!  commands -> cli ---------+
//! ```
//!
//! The layers, each of which may use only those to its left:
//! [`domain`] (the model of deals; no I/O), [`store`] (the only home of SQL), [`import`] and
//! [`export`]; [`sample`] (made-up exports, with what is true of them); [`app`] (the cockpit as
//! a pure machine over the domain) and [`ui`] (which draws what the app derived); [`tui`] joins
//! app, ui and store on a terminal, [`cli`] offers the same as commands.

pub mod app;
pub mod cli;
pub mod domain;
pub mod export;
pub mod import;
pub mod sample;
pub mod store;
pub mod tui;
pub mod ui;
