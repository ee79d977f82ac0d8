//! Where a command's answer goes: words with or without colours, or JSON.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use super::args::When;
use super::surroundings::Surroundings;
use crate::domain::clean::TermSafe;
use crate::export::json;

/// Emphasis of a piece of text; nothing is told by colour alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// A heading.
    Head,
    /// Less important.
    Quiet,
    /// FIRE, overdue, refused.
    Alarm,
    /// Unknown, to be asked.
    Open,
    /// Good.
    Good,
}

impl Tone {
    /// The style; orange and blue hold for everyone, which red and green do not.
    fn style(self) -> Style {
        let fg = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Head => Style::new().bold(),
            Self::Quiet => Style::new().dimmed(),
            Self::Alarm => fg(AnsiColor::Yellow).bold(),
            Self::Open => fg(AnsiColor::Blue).bold(),
            Self::Good => fg(AnsiColor::Cyan),
        }
    }

    /// Text in this tone, with the sequences that a terminal understands.
    pub fn paint(self, text: &str) -> String {
        let style = self.style();
        format!("{style}{text}{style:#}")
    }
}

/// The output of one command.
pub struct Out {
    to: Box<dyn Write>,
    /// Whether the answer is JSON.
    pub json: bool,
    /// Columns that fit; `None` when nothing needs to be cut.
    pub width: Option<usize>,
    /// What ends text that was cut.
    pub end: &'static str,
}

impl std::fmt::Debug for Out {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Out")
            .field("json", &self.json)
            .finish_non_exhaustive()
    }
}

/// Whether to colour what goes to a stream.
pub fn colour(when: When, around: &Surroundings, is_terminal: bool) -> ColorChoice {
    let yes = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => is_terminal && !around.no_color && around.term != "dumb",
    };
    if yes {
        ColorChoice::Always
    } else {
        ColorChoice::Never
    }
}

impl Out {
    /// Standard output.
    pub fn stdout(when: When, json: bool, around: &Surroundings) -> Self {
        let choice = colour(when, around, around.out_is_terminal);
        let stream = AutoStream::new(io::stdout().lock(), choice);
        Self {
            to: Box::new(io::BufWriter::with_capacity(64 * 1024, stream)),
            json,
            width: around.width,
            end: if around.utf8 { "…" } else { "~" },
        }
    }

    /// Writes a line whose text is safe already, or ours.
    pub fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        self.to.write_all(text.as_ref().as_bytes())?;
        self.to.write_all(b"\n")
    }

    /// Writes a line of text from outside.
    pub fn safe(&mut self, text: &str) -> io::Result<()> {
        let text = TermSafe::new(text);
        self.line(text.as_str())
    }

    /// Writes one JSON value, laid out for reading.
    pub fn value(&mut self, value: &impl Serialize) -> Result<(), serde_json::Error> {
        let text = serde_json::to_string_pretty(value)?;
        self.line(json::escaped(&text))
            .map_err(serde_json::Error::io)
    }

    /// Starts an array whose elements are written one by one.
    pub fn array(&mut self) -> Array<'_> {
        Array {
            out: self,
            count: 0,
        }
    }

    /// Hands on what is still held back.
    pub fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A JSON array that is written element by element, each on a line of its own.
pub struct Array<'o> {
    out: &'o mut Out,
    count: u64,
}

impl Array<'_> {
    /// Writes one element.
    pub fn push(&mut self, value: &impl Serialize) -> Result<(), serde_json::Error> {
        let text = serde_json::to_string(value)?;
        let lead = if self.count == 0 { "[" } else { ",\n " };
        self.count += 1;
        self.out
            .write_all(lead.as_bytes())
            .and_then(|()| self.out.write_all(json::escaped(&text).as_bytes()))
            .map_err(serde_json::Error::io)
    }

    /// Ends the array.
    pub fn end(self) -> io::Result<()> {
        self.out.line(if self.count == 0 { "[]" } else { "]" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_ends_where_its_text_ends() {
        assert_eq!(Tone::Plain.paint("x"), "x");
        assert!(Tone::Alarm.paint("x").ends_with("\u{1b}[0m"));
    }
}
