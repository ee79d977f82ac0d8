//! A signal that is open: the rows that raised it, its hard question, and what settles it.

use super::super::doc::{Line, Role, Row, Span};
use super::super::words::{quoted, safe};
use super::{View, at_most};
use crate::domain::deal::{AccessAnswer, CommitmentState, Detail, GateFlag};
use crate::domain::signal::{self, Signal};

/// Rows that are listed at most.
const MOST: usize = 12;

impl View<'_, '_> {
    /// Adds what is shown below a signal while it is open.
    pub(super) fn opened(&self, signal: &Signal, lines: &mut Vec<Line>) {
        let (Some(detail), true) = (self.detail, self.model.detail.opened == Some(signal.id))
        else {
            return;
        };
        let raised = detail.raised.iter().find(|(id, _)| *id == signal.id);
        let rows = raised.map_or(&[][..], |(_, rows)| rows);
        let told: Vec<Line> = rows
            .iter()
            .filter_map(|row| self.raised(detail, *row))
            .collect();
        let more = told.len().saturating_sub(MOST);
        if rows.is_empty() {
            let day = |day| self.words.day(day);
            let words = match signal.figures.days() {
                Some((from, Some(to))) if to < self.words.today => {
                    format!("counted from {} to {}", day(from), day(to))
                }
                Some((from, _)) => format!("counted from {}", day(from)),
                None => "the fields of the record, no single row".to_owned(),
            };
            lines.push(Line::words(3, words, Role::Text));
        } else if told.is_empty() {
            // Older rows than those that are loaded.
            lines.push(Line::words(3, "rows of long ago", Role::Text));
        }
        lines.extend(told.into_iter().skip(more));
        if more > 0 {
            lines.push(Line::words(3, format!("and {more} before"), Role::Text));
        }
        let kind = signal.id.kind();
        if !kind.ask.is_empty() {
            let mut spans = vec![Span::text(quoted(signal.id.to_say()))];
            if signal.id.to_them().is_none() {
                spans.push(Span::text(" to ourselves"));
            }
            lines.push(Line::para(3, 4, spans));
        }
        if !kind.settles.is_empty() {
            let words = format!("settled by {}", kind.settles);
            lines.push(Line::words(3, words, Role::Quiet));
        }
    }

    /// One row that raised a signal, in one line.
    fn raised(&self, detail: &Detail, row: signal::Row) -> Option<Line> {
        let id = Some(self.known.id);
        let said = |day: String, who: &str, text: String| -> Line {
            Row::new(3)
                .fixed(8, Span::text(day))
                .fixed(6, Span::text(who.to_owned()))
                .fill(Span::text(text))
                .into()
        };
        let day = |day: chrono::NaiveDate| self.words.day(day);
        match row {
            signal::Row::Touch(touch) => {
                let touch = detail.touches.iter().find(|row| row.id == touch)?;
                let event = self.touch(touch);
                Some(said(day(event.day), event.who, event.text))
            }
            signal::Row::Promise(promise) => {
                let row = detail.commitments.iter().find(|row| row.id == promise)?;
                let state = match (row.state, row.due) {
                    (CommitmentState::Open, Some(due)) if due < self.words.today => "late",
                    (state, _) => state.code(),
                };
                let what = self.words.free(id, &row.what);
                let due = row.due.map_or_else(String::new, day);
                Some(said(due, row.side.code(), format!("{what}: {state}")))
            }
            signal::Row::Move(moved) => {
                let row = detail.moves.iter().find(|row| row.id == moved)?;
                let event = self.moved(row)?;
                Some(said(day(event.day), event.who, event.text))
            }
            signal::Row::Access(access) => {
                let row = detail.seen.access.iter().find(|row| row.id == access)?;
                let whom = self.words.contact(self.known.id, &row.whom);
                let answer = match row.answer {
                    None => "no answer yet",
                    Some(AccessAnswer::Given) => "given",
                    Some(AccessAnswer::Refused) => "refused",
                };
                Some(said(day(row.day), "access", format!("{whom}: {answer}")))
            }
            signal::Row::Contact(contact) => {
                let row = detail.contacts.iter().find(|row| row.id == contact)?;
                let name = self.words.contact(self.known.id, &row.name);
                let role = row.role.map(super::people::role_word);
                let role = role.map_or_else(String::new, |role| format!(", {role}"));
                let text = format!("{name}{role}: {}", self.met(row));
                Some(Line::words(3, text, Role::Text))
            }
            signal::Row::Concession(concession) => {
                let rows = &detail.seen.concessions;
                let row = rows.iter().find(|row| row.id == concession)?;
                let what = self.words.free(id, &row.what);
                let text = format!("{}: {what}", row.kind.code().replace('_', " "));
                Some(Line::words(3, text, Role::Text))
            }
            signal::Row::Gate(_) => {
                let open = detail.seen.gate.as_ref().map_or_else(
                    || GateFlag::ALL.to_vec(),
                    crate::domain::deal::GateRow::open,
                );
                let open: Vec<&str> = open.into_iter().map(GateFlag::code).collect();
                let text = format!("open: {}", open.join(", "));
                Some(Line::words(3, text, Role::Text))
            }
            signal::Row::Tick(_) => Some(Line::words(3, "ticked on the card of signs", Role::Text)),
            signal::Row::Answer(ix) => {
                let bank = self.bank()?;
                let question = bank.questions().get(ix.at())?;
                let row = detail
                    .answers
                    .iter()
                    .find(|row| row.question == question.id);
                let value = row.map_or("not asked", |row| row.value.code());
                let words = row.and_then(|row| row.evidence.as_ref());
                let words = words
                    .filter(|words| !words.is_empty())
                    .map(|words| format!(", {}", quoted(&self.words.free(id, words))));
                let text = format!(
                    "{}: {}{}",
                    safe(&question.short),
                    value.replace('_', " "),
                    words.unwrap_or_default()
                );
                Some(at_most(2, Line::words(3, text, Role::Text)))
            }
        }
    }
}
