//! The model of deals and how they are judged: values and rules, no I/O, no clock.

pub mod clean;
pub mod ids;
pub mod locale;
pub mod money;
pub mod query;
pub mod shown;
pub mod when;
