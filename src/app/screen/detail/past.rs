//! What was decided before: firings with what came of them, tripwires that were not kept, holds.

use super::super::doc::{Line, Span};
use super::super::words::safe;
use super::{Standing, View};
use crate::domain::deal::{
    DecisionKind, DecisionRow, Detail, OutcomeKind, OutcomeRow, TripwireState,
};

impl View<'_, '_> {
    /// What was decided before, where there is any of it.
    pub(super) fn past(&self, detail: &Detail, lines: &mut Vec<Line>) {
        let mut said = Vec::new();
        self.firings(detail, &mut said);
        self.outcomes(detail, &mut said);
        let anyway = detail.tripwires.iter();
        let anyway = anyway.filter(|wire| wire.state == TripwireState::Anyway);
        let anyway = anyway.count() as u64;
        let moved = detail.open_tripwire().map_or(0, |wire| wire.moved);
        let mut kept = Vec::new();
        if anyway > 0 {
            let times = self.words.count(anyway, "time", "times");
            kept.push(format!("kept going anyway {times}"));
        }
        if moved > 0 {
            let times = self.words.count(moved.unsigned_abs(), "time", "times");
            kept.push(format!("its day moved {times}"));
        }
        if !kept.is_empty() {
            said.push(("tripwire".to_owned(), kept.join(" · ")));
        }
        // The one that lasts is told above.
        let held = detail.holds.iter().filter(|hold| hold.ended.is_some());
        let held = held.count() as u64;
        if held > 0 {
            let times = self.words.count(held, "time", "times");
            said.push(("held".to_owned(), times));
        }
        if said.is_empty() {
            return;
        }
        lines.push(Line::Blank);
        lines.push(Line::head(1, "Before"));
        for (label, text) in said {
            let spans = vec![Span::text(format!("{label:<12}")), Span::text(text)];
            lines.push(Line::para(3, 15, spans));
        }
    }

    /// Earlier firings: the one in force is told above.
    fn firings(&self, detail: &Detail, said: &mut Vec<(String, String)>) {
        let in_force = self.known.standing == Standing::Fired;
        let fired = |row: &&DecisionRow| row.kind == DecisionKind::Fired;
        let earlier = detail.decisions.iter().filter(fired);
        for row in earlier.skip(usize::from(in_force)) {
            let hidden = self.words.mask.hides_names_of(Some(self.known.id));
            let why = if hidden {
                self.words.mask.figure().to_owned()
            } else {
                safe(&row.reasons.join("; "))
            };
            let text = format!("{} by {}: {why}", self.words.day(row.day), safe(&row.who));
            said.push(("fired".to_owned(), text));
            let back = detail.decisions.iter().rev();
            let mut back =
                back.filter(|other| other.kind == DecisionKind::Reinstated && other.id > row.id);
            if let Some(back) = back.next() {
                let terms = back.terms.as_ref();
                let terms = terms.map_or_else(String::new, |terms| {
                    self.words.free(Some(self.known.id), terms)
                });
                let text = format!("{}: {terms}", self.words.day(back.day));
                said.push(("taken back".to_owned(), text));
            }
        }
    }

    fn outcomes(&self, detail: &Detail, said: &mut Vec<(String, String)>) {
        // Those of the firing in force stand with it.
        let fired = detail.decisions.first().map(|last| last.day);
        let told = fired.filter(|_| self.known.standing == Standing::Fired);
        let before = |row: &&OutcomeRow| told.is_none_or(|day| row.day < day);
        for row in detail.outcomes.iter().filter(before) {
            said.push(("since then".to_owned(), self.outcome(row)));
        }
    }

    /// What came of a firing, as it was told.
    pub(super) fn outcome(&self, row: &OutcomeRow) -> String {
        let kind = OutcomeKind::from_code(&row.kind);
        let kind = kind.map_or("", OutcomeKind::words);
        let words = row.words.as_ref();
        let words = words.map_or_else(String::new, |words| {
            format!(": {}", self.words.free(Some(self.known.id), words))
        });
        format!("{} {kind}{words}", self.words.day(row.day))
    }
}
