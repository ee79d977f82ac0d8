//! What speaks against a deal, and what speaks for it: green has as much room as red.

use super::super::doc::{Glyph, Line, Role, Row, Span};
use super::super::text::{height_of, width};
use super::super::words::{quoted, safe};
use super::{Set, View, at_most};
use crate::app::model::DetailRow;
use crate::domain::answer::{Grade, Value};
use crate::domain::signal::{Level, Signal, SignalId};

/// A row of the pane on its way: what it is of, and its lines.
type Laid = (Option<DetailRow>, Vec<Line>);

impl View<'_, '_> {
    /// The signals, as many as leave `kept` lines of the pane for what follows.
    pub(super) fn signals(&self, set: Set, kept: usize, lines: &mut Vec<Line>) {
        let Some(eval) = self.known.eval else { return };
        let open = |level: Level| {
            eval.signals
                .iter()
                .filter(move |s| s.level == level && !s.settled)
        };
        let against: Vec<&Signal> = open(Level::Red).chain(open(Level::Amber)).collect();
        let column = against
            .iter()
            .map(|signal| width(signal.id.kind().title))
            .max();
        let column = column.unwrap_or(0).clamp(set.label(), 22) + 1;
        let mut bad: Vec<Laid> = against
            .iter()
            .map(|signal| self.against(signal, column))
            .collect();
        let mut good = self.speaks_for();
        let settled: Vec<&str> = eval
            .signals
            .iter()
            .filter(|s| s.settled)
            .map(|s| s.id.kind().title)
            .collect();

        let heads = usize::from(set == Set::Airy) * (1 + usize::from(!good.is_empty()));
        let used = height_of(lines, self.inner()) + 1 + heads + kept;
        let room = usize::from(self.room.height).saturating_sub(used).max(2);
        // While the cursor is in this pane nothing is folded away: it scrolls.
        if set == Set::Close && !self.has_keys() {
            good.truncate(if bad.len() > 2 { 1 } else { 2 });
            let most = room.saturating_sub(good.len()).max(2);
            let more = bad.len().saturating_sub(most);
            if more > 0 {
                bad.truncate(most - 1);
                let text = format!("and {} more against", more + 1);
                bad.push((None, vec![Line::words(3, text, Role::Text)]));
            }
        }
        if bad.is_empty() && good.is_empty() && settled.is_empty() {
            return;
        }
        lines.push(Line::Blank);
        if set == Set::Airy && !bad.is_empty() {
            lines.push(Line::head(1, "Against"));
        }
        self.lay_all(bad, lines);
        if set == Set::Airy && !good.is_empty() {
            lines.push(Line::head(1, "For"));
        }
        self.lay_all(good, lines);
        if (set == Set::Airy || self.has_keys()) && !settled.is_empty() {
            lines.push(Line::words(
                1,
                format!("settled: {}", settled.join(", ")),
                Role::Quiet,
            ));
        }
    }

    fn lay_all(&self, rows: Vec<Laid>, lines: &mut Vec<Line>) {
        for (row, mut of) in rows {
            match row {
                Some(row) => self.lay(row, of, lines),
                None => lines.append(&mut of),
            }
        }
    }

    fn against(&self, signal: &Signal, column: u16) -> Laid {
        let glyph = match signal.level {
            Level::Red => Glyph::Red,
            Level::Amber | Level::Good => Glyph::Amber,
        };
        let title = signal.id.kind().title;
        let figures = self.figures(signal);
        let sign = vec![Span::sign(glyph, Role::Fire), Span::text(" ")];
        let start = Row::new(1).fixed_spans(2, sign);
        // What is too wide for one line goes below, so that no figure is cut.
        let fits = 4 + column + width(&figures) <= self.inner();
        let mut of: Vec<Line> = if figures.is_empty() {
            vec![start.fill(title).into()]
        } else if fits {
            vec![start.fixed(column, title).fill(Span::text(figures)).into()]
        } else {
            let below = Line::words(3, figures, Role::Text);
            vec![start.fill(title).into(), below]
        };
        self.opened(signal, &mut of);
        (Some(DetailRow::Signal(signal.id)), of)
    }

    /// What a signal counted; per cent tell what an amount is, and are masked with it.
    fn figures(&self, signal: &Signal) -> String {
        let tells = signal.figures.has("margin") || signal.figures.has("discount");
        if tells && self.words.mask.hides_amounts() {
            return self.words.mask.figure().to_owned();
        }
        signal.words_with(self.words.today, |n| self.words.locale.number(n))
    }

    /// Good signals, and what they did or said, the best known first.
    fn speaks_for(&self) -> Vec<Laid> {
        let start = || Row::new(1).fixed_spans(2, vec![Span::sign(Glyph::For, Role::Good)]);
        let line = |text: String| {
            let spans = vec![
                Span::sign(Glyph::For, Role::Good),
                Span::text(format!(" {text}")),
            ];
            (None, vec![at_most(2, Line::para(1, 3, spans))])
        };
        let mut lines: Vec<Laid> = Vec::new();
        if let Some(eval) = self.known.eval {
            let good = eval
                .signals
                .iter()
                .filter(|s| s.level == Level::Good && !s.settled);
            lines.extend(good.map(|signal| {
                let title = signal.id.kind().title;
                let figures = self.figures(signal);
                // That it speaks for it is what the sign says; what does is the point.
                let text = if figures.is_empty() {
                    title.to_owned()
                } else if signal.id == SignalId::SpeaksFor {
                    figures.clone()
                } else {
                    format!("{title}, {figures}")
                };
                let mut of = if 4 + width(&text) <= self.inner() {
                    vec![start().fill(Span::text(text)).into()]
                } else {
                    let below = Line::words(3, figures, Role::Text);
                    vec![start().fill(title).into(), below]
                };
                self.opened(signal, &mut of);
                (Some(DetailRow::Signal(signal.id)), of)
            }));
        }
        let (Some(detail), Some(bank)) = (self.detail, self.bank()) else {
            return lines;
        };
        let mut yes: Vec<_> = detail
            .answers
            .iter()
            .filter(|row| row.value == Value::Yes && row.grade >= Grade::Said)
            .filter_map(|row| bank.find(&row.question).map(|ix| (row, &bank[ix])))
            .filter(|(row, question)| {
                (self.words.today - row.day).num_days() <= i64::from(question.shelf_days)
            })
            .collect();
        yes.sort_by_key(|(row, question)| {
            let shown = row.grade >= Grade::Shown;
            (
                row.evidence.is_none(),
                !shown,
                std::cmp::Reverse(question.weight),
            )
        });
        lines.extend(yes.into_iter().take(3).map(|(row, question)| {
            let said = row
                .evidence
                .as_ref()
                .filter(|said| !said.is_empty())
                .map(|said| format!(": {}", quoted(&self.words.free(Some(self.known.id), said))));
            let grade = match row.grade {
                Grade::Hunch | Grade::Said => ", said",
                Grade::Shown => ", shown",
                Grade::Record => ", on record",
            };
            let rest = said.unwrap_or_else(|| grade.to_owned());
            line(format!("{}{rest}", safe(&question.short)))
        }));
        lines
    }
}
