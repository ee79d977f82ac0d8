//! Figures and their gates, as a table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Measured values of one thing, by program.
#[derive(Debug, Default)]
pub struct Figures {
    values: BTreeMap<(&'static str, &'static str), Vec<f64>>,
}

impl Figures {
    /// Adds a value of a thing, measured on a program.
    pub fn add(&mut self, what: &'static str, program: &'static str, value: f64) {
        self.values.entry((what, program)).or_default().push(value);
    }

    /// Adds a value that may not have come.
    pub fn add_some(&mut self, what: &'static str, program: &'static str, value: Option<f64>) {
        self.add(what, program, value.unwrap_or(f64::INFINITY));
    }

    /// Returns a quantile, nearest rank: always a value that was measured.
    pub fn quantile(&self, what: &'static str, program: &'static str, part: f64) -> Option<f64> {
        let mut values = self.values.get(&(what, program))?.clone();
        values.sort_by(f64::total_cmp);
        let rank = (part * values.len() as f64).ceil() as usize;
        values.get(rank.saturating_sub(1)).copied()
    }
}

/// What a figure of the product may be.
#[derive(Clone, Copy, Debug)]
pub enum Gate {
    /// The median may be so many times that of the floor.
    Times(f64),
    /// The 99th part of a hundred may be so much more than that of the bare program.
    Above(f64),
    /// The median may be the floor's plus so much.
    Plus(f64),
    /// No value may be above this.
    AtMost(f64),
    /// Nothing is asked; the figure is for orientation.
    Free,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What is measured; names the figures.
    pub what: &'static str,
    /// The unit of the values.
    pub unit: &'static str,
    /// What is asked.
    pub gate: Gate,
}

/// The names of the programs.
pub const PRODUCT: &str = "walkaway";
/// The least with the same rows.
pub const FLOOR: &str = "floor";
/// The least that draws.
pub const BARE: &str = "bare";

/// Writes the table in Markdown; false when a gate is not kept.
pub fn table(lines: &[Line], figures: &Figures) -> (String, bool) {
    let mut out = String::new();
    let mut kept = true;
    out.push_str("| what | walkaway p50 | p99 | floor p50 | p99 | bare p99 | ratio | gate | |\n");
    out.push_str("| --- | --: | --: | --: | --: | --: | --: | --- | --- |\n");
    for line in lines {
        let get = |program, part| figures.quantile(line.what, program, part);
        let (own, own_high) = (get(PRODUCT, 0.5), get(PRODUCT, 0.99));
        let (floor, bare) = (get(FLOOR, 0.5), get(BARE, 0.99));
        let both = own.zip(floor);
        let ratio = both
            .filter(|(_, floor)| *floor > 0.0)
            .map(|(own, floor)| own / floor);
        let (asked, ok) = match line.gate {
            Gate::Times(times) => (format!("<= {times}x"), ratio.map(|ratio| ratio <= times)),
            Gate::Above(above) => (
                format!("p99 <= bare + {above}"),
                own_high.zip(bare).map(|(own, bare)| own <= bare + above),
            ),
            Gate::Plus(plus) => (
                format!("<= floor + {plus}"),
                both.map(|(own, floor)| own <= floor + plus),
            ),
            Gate::AtMost(most) => (
                format!("<= {most}"),
                get(PRODUCT, 1.0).map(|max| max <= most),
            ),
            Gate::Free => (String::new(), None),
        };
        kept &= ok != Some(false);
        let number = |value: Option<f64>| value.map_or_else(String::new, short);
        let _ = writeln!(
            out,
            "| {} ({}) | {} | {} | {} | {} | {} | {} | {asked} | {} |",
            line.what,
            line.unit,
            number(own),
            number(own_high),
            number(floor),
            number(get(FLOOR, 0.99)),
            number(bare),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
            ok.map_or("", |ok| if ok { "kept" } else { "MISSED" }),
        );
    }
    (out, kept)
}

fn short(value: f64) -> String {
    if value.is_infinite() {
        "never".to_owned()
    } else if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}
