//! The cockpit as a pure machine: what happened goes in, what to show and what to do comes out.
//!
//! [`update::update`] takes the [`model::Model`] and one stamped message ([`msg::Stamped`]) and
//! returns the [`effect::Effect`]s that somebody else carries out; their answers come back as
//! [`msg::Reply`]. Nothing here reads a file, a clock, the environment or a terminal.
//!
//! Words: a *page* fills the screen ([`model::Page`]), an *overlay* lies on top of it and owns
//! the keys ([`model::Overlay`]), a *pane* is a third of the cockpit ([`model::Pane`]), a *sheet*
//! is a form that ends in a row of actions ([`form::Form`]), the *cursor* is one row, *marks* are
//! many, the *window* is the loaded part of a list, and a *toast* is the line that says what
//! happened.

pub mod after;
pub mod chord;
pub mod command;
pub mod effect;
pub mod form;
pub mod hours;
pub mod insights;
pub mod journal;
pub mod keymap;
pub mod layout;
pub mod list;
pub mod map;
pub mod model;
pub mod msg;
pub mod one_on_one;
pub mod palette;
pub mod paper;
pub mod place;
pub mod preview;
pub mod reviews;
pub mod screen;
pub mod settings;
pub mod signs;
pub mod sweep;
pub mod toast;
pub mod update;
pub mod walk;
pub mod week;

#[cfg(test)]
pub mod desk;
