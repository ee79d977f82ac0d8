//! What must be agreed before a trial begins, and who on their side answers for it.

use super::super::doc::{Glyph, Line, Role, Row, Span};
use super::View;
use crate::domain::deal::{Detail, GateFlag};
use crate::domain::hours::Channel;
use crate::domain::signal::SignalId;

impl View<'_, '_> {
    /// The four with their owners, once somebody spoke of a trial or worked on one.
    pub(super) fn trial(&self, detail: &Detail, lines: &mut Vec<Line>) {
        let works = |channel: &str| Channel::from_code(channel) == Some(Channel::Trial);
        let began = detail.touches.iter().filter(|row| works(&row.channel));
        let began = began.map(|row| row.day).min();
        let gate = detail.seen.gate.as_ref();
        if gate.is_none() && began.is_none() {
            return;
        }
        let open = gate.map_or(GateFlag::ALL.len(), |gate| gate.open().len());
        let starts = gate.and_then(|gate| gate.starts);
        let today = self.words.today;
        let mut head = vec![Span::new("Trial", Role::Head)];
        let when = match (starts, began) {
            (_, Some(day)) => format!(" began {}", self.words.day(day)),
            (Some(day), None) if day > today => {
                format!(" starts {}", self.words.locale.weekday_date(day, today))
            }
            (Some(day), None) if day == today => " starts today".to_owned(),
            (Some(day), None) => format!(" was to start {}", self.words.day(day)),
            (None, None) => " has no first day yet".to_owned(),
        };
        head.push(Span::text(when));
        let state = if open == 0 {
            "agreed".to_owned()
        } else {
            format!("{open} of 4 open")
        };
        lines.push(Line::Blank);
        lines.push(Row::new(1).fill_spans(head).fit(Span::text(state)).into());
        for flag in GateFlag::ALL {
            let owner = gate.and_then(|gate| gate.owner(*flag));
            let (glyph, role) = match owner {
                Some(_) => (Glyph::Yes, Role::Good),
                None => (Glyph::Open, Role::Open),
            };
            let who = owner.map_or_else(
                || "open".to_owned(),
                |owner| self.words.contact(self.known.id, owner),
            );
            let row = Row::new(1)
                .fixed_spans(2, vec![Span::sign(glyph, role)])
                .fixed(15, flag.code())
                .fill(Span::text(who));
            lines.push(row.into());
        }
        // The signal against it says the same, and louder.
        let is_told = self.known.eval.is_some_and(|eval| {
            let mut signals = eval.signals.iter();
            signals.any(|signal| signal.id == SignalId::TrialUngated && !signal.settled)
        });
        let is_breached = starts.is_some_and(|day| day <= today) && open > 0;
        if is_breached && !is_told {
            let words = "! its first day has come: agree on what is open, or stop";
            lines.push(Line::words(1, words, Role::Fire));
        }
    }
}
