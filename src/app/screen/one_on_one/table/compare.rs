//! What each of the two said: asked unseen, then revealed row by row.

use chrono::{Datelike as _, NaiveDate};

use super::super::super::doc::{Glyph, Line, Picked, Role, Row, Span};
use super::super::super::words::{safe, verdict};
use super::super::more;
use super::super::seal;
use super::View;
use crate::app::command::Command;
use crate::domain::answer::Value;
use crate::domain::locale::weekday_name;
use crate::domain::review::{Chosen, OnTable, Pair, Stand};

impl View<'_, '_> {
    /// The rows that the manager answers aloud.
    pub(super) fn asking(&mut self) {
        let inset = self.inset();
        let manager = safe(self.page.manager().unwrap_or_default());
        let rep = safe(self.page.rep());
        let mut spans = vec![Span::strong(format!("{manager} says it aloud, unseen"))];
        if self
            .page
            .has_sealed(self.page.manager().unwrap_or_default())
        {
            spans.push(Span::text(" · "));
            spans.push(self.key(Command::OneOnOneEnter));
            spans.push(Span::text(" reveals"));
        }
        self.lines.push(Line::para(inset, inset, spans));
        let sealed = self.sealed_on(self.page.rep());
        self.lines.push(Line::words(
            inset,
            format!("{rep} sealed {sealed}"),
            Role::Quiet,
        ));
        if self.airy {
            self.lines.push(Line::Blank);
        }
        let shape = if self.airy { (inset, 20) } else { (inset, 11) };
        let rows = seal::rows(self.model, shape, self.page.row, &self.page.said);
        // Those that matter, around the cursor.
        let most = if self.airy { 8 } else { 5 };
        let first = (self.page.row + 2)
            .saturating_sub(most)
            .min(rows.len().saturating_sub(most));
        self.cursor = self.lines.len() + self.page.row - first;
        let below = rows.len().saturating_sub(first + most);
        let rows = rows.into_iter().skip(first).take(most);
        self.lines.extend(rows);
        self.keys = Some(self.lines.len());
        if first + below > 0 {
            self.lines.push(more(self.words, inset, (first, below)));
        }
        self.lines.push(Line::Blank);
    }

    /// When somebody sealed, as a weekday where it is near.
    fn sealed_on(&self, who: &str) -> String {
        let table = self.page.on_table();
        let counts = table.map_or(&[][..], |table| &table.sealed.counts);
        let count = counts.iter().find(|count| count.person == who);
        count.map_or_else(String::new, |count| {
            format!(
                "{} of {}, {}",
                count.sealed,
                count.of,
                self.lately(count.day)
            )
        })
    }

    /// The day on which somebody sealed.
    fn sealed_day(&self, who: &str) -> String {
        let table = self.page.on_table();
        let counts = table.map_or(&[][..], |table| &table.sealed.counts);
        let count = counts.iter().find(|count| count.person == who);
        count.map_or_else(String::new, |count| {
            format!("sealed {}", self.lately(count.day))
        })
    }

    /// A day of the last week by its weekday.
    fn lately(&self, day: NaiveDate) -> String {
        match (self.words.today - day).num_days() {
            0 => "today".to_owned(),
            1..=6 => weekday_name(day.weekday()).to_owned(),
            _ => self.words.day(day),
        }
    }

    /// What both said, row by row, as far as it is revealed.
    pub(super) fn compared(&mut self, table: &OnTable) {
        let inset = self.inset();
        let (tag, one) = if self.airy { (9, 18) } else { (7, 12) };
        let manager = safe(self.page.manager().unwrap_or_default());
        let head = Row::new(inset)
            .fixed(tag, "")
            .fill("")
            .fixed(one, Span::new(safe(self.page.rep()), Role::Head))
            .fixed(one, Span::new(manager, Role::Head));
        self.lines.push(head.into());
        if self.airy && !table.sealed.counts.is_empty() {
            let rep = self.sealed_day(self.page.rep());
            let manager = self.sealed_day(self.page.manager().unwrap_or_default());
            let row = Row::new(inset)
                .fixed(tag, "")
                .fill("")
                .fixed(one, Span::quiet(rep))
                .fixed(one, Span::quiet(manager));
            self.lines.push(row.into());
        }
        if self.airy {
            self.lines.push(Line::Blank);
        }
        for (at, pair) in table.sealed.pairs.iter().enumerate() {
            if at == self.page.row {
                self.cursor = self.lines.len();
            }
            let row = self.pair(at, pair, (tag, one));
            self.lines.push(row.into());
            let turns = pair.differs && pair.effect.turns();
            if turns && (self.airy || at == self.page.row) {
                let says = format!("the verdict: {}", pair.effect.words());
                self.lines.push(
                    Row::new(inset + tag)
                        .fill(Span::new(says, Role::Open))
                        .into(),
                );
            }
        }
        self.keys = Some(self.lines.len());
        if table.sealed.hidden > 0 {
            let hidden = self
                .words
                .count(u64::from(table.sealed.hidden), "more", "more");
            let spans = vec![
                Span::text(format!("{hidden}  ")),
                self.key(Command::OneOnOneEnter),
                Span::text(" reveals the next"),
            ];
            self.lines.push(Line::para(inset + tag, inset + tag, spans));
        }
        self.lines.push(Line::Blank);
    }

    fn pair(&self, at: usize, pair: &Pair, (tag, one): (u16, u16)) -> Row {
        let here = at == self.page.row;
        let picked = match (here, self.model.overlays.is_empty()) {
            (true, true) => Picked::Here,
            (true, false) => Picked::There,
            (false, _) => Picked::No,
        };
        let word = if self.airy {
            ("differ", "agree", "settled")
        } else {
            ("differ", "same", "done")
        };
        let tags = match (pair.differs, pair.is_unsettled()) {
            (true, true) => Span::new(word.0, Role::Open),
            (true, false) => Span::new(word.2, Role::Good),
            (false, _) if pair.is_one_sided() => Span::new("stands", Role::Good),
            (false, _) => Span::quiet(word.1),
        };
        let takes = |said: &Stand, chosen| {
            pair.chosen == Some(chosen) || (pair.is_one_sided() && *said != Stand::Nothing)
        };
        Row::new(self.inset())
            .fixed(tag, tags)
            .fill(Span::text(seal::name(self.model, &pair.of)))
            .fixed_spans(one, stand(&pair.rep, takes(&pair.rep, Chosen::Rep)))
            .fixed_spans(
                one,
                stand(&pair.manager, takes(&pair.manager, Chosen::Manager)),
            )
            .picked(picked)
    }
}

/// What one of the two said; what the deal took stands out.
fn stand(stand: &Stand, is_taken: bool) -> Vec<Span> {
    let text = stand.words();
    let role = match stand {
        Stand::Verdict(said) => {
            let mut spans = verdict(*said);
            if is_taken {
                spans.push(Span::sign(Glyph::Yes, Role::Good));
            }
            return spans;
        }
        Stand::Answer {
            value: Value::No, ..
        } => Role::Fire,
        Stand::Answer { .. } => Role::Text,
        Stand::Nothing => Role::Open,
    };
    let mut spans = vec![Span::new(text, role)];
    if is_taken {
        spans.push(Span::text(" "));
        spans.push(Span::sign(Glyph::Yes, Role::Good));
    }
    spans
}
