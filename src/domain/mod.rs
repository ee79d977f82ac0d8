//! The model of deals and how they are judged: values and rules, no I/O, no clock.

pub mod act;
pub mod answer;
pub mod bank;
pub mod calibration;
pub mod capacity;
pub mod clean;
pub mod deal;
pub mod defaults;
pub mod eval;
pub mod fit;
pub mod hours;
pub mod ids;
pub mod judgement;
pub mod line;
pub mod locale;
pub mod map;
pub mod money;
pub mod phase;
pub mod query;
pub mod shown;
pub mod signal;
pub mod signs;
pub mod told;
pub mod verdict;
pub mod view;
pub mod when;
