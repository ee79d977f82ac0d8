//! The cockpit on a real terminal: the loop that joins the pure machine, the drawing, the worker
//! threads and the outside world.
//!
//! This is the only home of the terminal library, and one of two places that read the clock.

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub mod ahead;
#[cfg(unix)]
pub mod alarm;
pub mod answers;
pub mod clipboard;
pub mod cockpit;
pub mod crash;
pub mod decode;
pub mod editor;
pub mod input;
pub mod outbox;
pub mod output;
pub mod pen;
pub mod runtime;
#[cfg(unix)]
pub mod signals;
#[cfg(not(unix))]
#[path = "no_signals.rs"]
pub mod signals;
pub mod terminal;
pub mod wait;
pub mod watch;
pub mod worker;

/// Tells the time; handed in, so that a test can set it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;
