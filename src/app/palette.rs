//! Doing by name: what was typed, and the commands that it finds.

use crate::app::command::{Command, Reason};
use crate::app::form::text::TextInput;

/// A row that the palette offers.
#[derive(Clone, Debug)]
pub struct PaletteRow {
    /// The command.
    pub command: Command,
    /// Its argument, where the row names one (a view, an order, a bank).
    pub argument: Option<String>,
    /// What the row says: the title, or the argument's words.
    pub title: String,
    /// The name that is typed for it.
    pub name: String,
    /// The summary.
    pub summary: String,
    /// The keys that do the same; empty for none.
    pub keys: String,
    /// Why it cannot be done now; `None` when it can.
    pub reason: Option<Reason>,
}

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    /// What was typed.
    pub input: TextInput,
    /// What it finds, the best first.
    pub rows: Vec<PaletteRow>,
    /// The row under the cursor.
    pub cursor: usize,
    /// The first row on screen.
    pub top: usize,
}
