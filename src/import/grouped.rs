//! Reports of which rows are grouped: a group's value stands in its first row only, and sums and
//! counts stand below it.
//!
//! Salesforce marks the columns by which a report is grouped with an arrow behind their names. The
//! rows below get the value of their group; a row of sums is left with a word that says so.

use super::error::ImportError;
use super::layout;
use super::table::{Cells, PREVIEW, Place, Table};

/// What stands behind the name of a column by which rows are grouped.
const ARROWS: [char; 2] = ['↑', '↓'];

/// Words before a figure of a whole group that is no sum.
const FIGURES: &[&str] = &[
    "average",
    "avg",
    "count",
    "max",
    "min",
    "median",
    "record count",
    "anzahl",
    "durchschnitt",
    "nombre",
    "moyenne",
    "recuento",
    "promedio",
    "conteggio",
    "contagem",
    "média",
    "aantal",
    "gemiddelde",
    "liczba",
    "antal",
    "antall",
    "lukumäärä",
    "件数",
    "平均",
    "计数",
    "개수",
];

/// Most cells of a row of figures without a label: the word, and a figure or two.
const FEW: usize = 3;

/// A table whose groups are written out.
pub(crate) struct Grouped {
    inner: Box<dyn Table>,
    /// Rows among which the header is sought still.
    ahead: usize,
    /// The columns by which rows are grouped, with the value of the group that goes on.
    groups: Vec<(usize, Vec<u8>)>,
}

impl Grouped {
    pub(crate) fn new(inner: Box<dyn Table>) -> Self {
        Self {
            inner,
            ahead: PREVIEW,
            groups: Vec::new(),
        }
    }

    fn fill(&mut self, cells: &mut Cells) {
        let cell = |at: usize| cells.get(at).unwrap_or_default().trim_ascii();
        let mut filled = (0..cells.len()).filter(|at| !cell(*at).is_empty());
        let Some(first) = filled.next() else { return };
        let few = filled.nth(FEW - 1).is_none();
        let word = |at| str::from_utf8(cell(at)).unwrap_or_default();
        let alone = few.then_some(first);
        let mut labels = self.groups.iter().map(|(at, _)| *at).chain(alone);
        let label = labels.find(|at| layout::is_total(word(*at))).map(word);
        let is_figure = |at| FIGURES.contains(&word(at).to_lowercase().as_str());
        let label = label.or(alone.filter(|at| is_figure(*at)).map(|_| "Total"));
        if let Some(label) = label.map(ToOwned::to_owned) {
            let width = cells.len();
            cells.clear();
            cells.push_field(label.as_bytes());
            (1..width).for_each(|_| cells.push_field(b""));
            return;
        }
        let mut is_new = false;
        for (at, value) in &mut self.groups {
            let own = cell(*at);
            if !own.is_empty() {
                own.clone_into(value);
                is_new = true;
            } else if is_new {
                value.clear();
            }
        }
        let whole: Cells = cells
            .iter()
            .enumerate()
            .map(|(at, own)| {
                let group = self.groups.iter().find(|(group, _)| *group == at);
                group.map_or(own, |(_, value)| value)
            })
            .collect();
        *cells = whole;
    }

    /// Finds the columns by which rows are grouped, where this row is the header of such a report.
    fn look(&mut self, cells: &Cells) {
        let is_group = |cell: &[u8]| {
            let name = str::from_utf8(cell).unwrap_or_default().trim();
            name.len() <= 400 && name.chars().count() > 1 && name.ends_with(ARROWS)
        };
        // A deal may be called so: its row has an amount or a day.
        let is_header = !cells.iter().flatten().any(u8::is_ascii_digit);
        let groups = cells.iter().enumerate().filter(|(_, cell)| is_group(cell));
        if is_header {
            self.groups = groups.map(|(at, _)| (at, Vec::new())).collect();
        }
    }
}

impl Table for Grouped {
    fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError> {
        let place = self.inner.read(cells)?;
        if place.is_none() {
            return Ok(None);
        }
        if !self.groups.is_empty() {
            self.fill(cells);
        } else if self.ahead > 0 {
            self.ahead -= 1;
            self.look(cells);
        }
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// Rows with `,` between their cells.
    struct Lines(VecDeque<&'static str>);

    impl Table for Lines {
        fn read(&mut self, cells: &mut Cells) -> Result<Option<Place>, ImportError> {
            let Some(line) = self.0.pop_front() else {
                return Ok(None);
            };
            cells.clear();
            line.split(',')
                .for_each(|cell| cells.push_field(cell.as_bytes()));
            Ok(Some(Place {
                line: 1,
                is_open: false,
            }))
        }
    }

    fn read(lines: &[&'static str]) -> Vec<String> {
        let mut table = Grouped::new(Box::new(Lines(lines.iter().copied().collect())));
        let mut cells = Cells::new();
        let mut rows = Vec::new();
        while table.read(&mut cells).unwrap().is_some() {
            let row: Vec<_> = cells.iter().map(String::from_utf8_lossy).collect();
            rows.push(row.join(","));
        }
        rows
    }

    #[test]
    fn a_row_has_the_value_of_its_group() {
        let rows = read(&[
            "My report,,,",
            "Stage  ↑,Owner ↓,Name,Amount",
            "New,Ana,Plant,480",
            ",,Roof,12",
            ",Bo,Yard,9",
            "Won,,Mill,5",
        ]);

        assert_eq!(
            rows[2..],
            [
                "New,Ana,Plant,480",
                "New,Ana,Roof,12",
                "New,Bo,Yard,9",
                "Won,,Mill,5"
            ]
        );
    }

    #[test]
    fn the_figures_of_a_group_are_told_from_its_rows() {
        let rows = read(&[
            "Stage ↑,,Name,Amount",
            "New,,Total,480",
            ",,Count,9",
            "Subtotal,Sum,,480",
            ",Count,1,",
            ",Sum,480,",
            "Gesamt,Summe,,480",
        ]);

        assert_eq!(
            rows[1..],
            [
                "New,,Total,480",
                "Total,,,",
                "Subtotal,,,",
                "Total,,,",
                "Sum,,,",
                "Gesamt,,,"
            ]
        );
    }

    #[test]
    fn a_table_without_groups_stays_as_it_is() {
        let lines = ["Name,Amount", "Plant,", "Up ↑,480", ",12"];

        assert_eq!(read(&lines), lines);
    }
}
