//! What comes next: the step on record, what to say to them, and the hours at stake.

use super::super::doc::{Line, Role, Row, Span};
use super::super::words::{quoted, safe};
use super::{Set, Standing, View, at_most, labelled};
use crate::domain::deal::AskState;

impl View<'_, '_> {
    /// The next step on record.
    pub(super) fn next_step(&self, set: Set, lines: &mut Vec<Line>) {
        let Some(next) = self.known.next.filter(|next| !next.is_empty()) else {
            return;
        };
        let mut text = vec![Span::text(self.words.free(Some(self.known.id), next))];
        if let Some(day) = self.known.next_due {
            let late = (self.words.today - day).num_days();
            text.push(Span::text(format!(" · {}", self.words.near_day(day))));
            if late > 0 {
                text.push(Span::new(format!(", {late} d late"), Role::Fire));
            }
        }
        if set == Set::Airy {
            lines.push(Line::Blank);
        }
        let label = vec![Span::text("next step")];
        let line = labelled(set, label, text);
        lines.push(if set == Set::Close {
            at_most(2, line)
        } else {
            line
        });
    }

    /// What to say to them next, or what was put to them already.
    pub(super) fn ask(&self, lines: &mut Vec<Line>) {
        let (Some(eval), Some(bank)) = (self.known.eval, self.bank()) else {
            return;
        };
        let open = self
            .detail
            .and_then(|detail| detail.asks.iter().find(|ask| ask.state == AskState::Open));
        let (head, said) = if let Some(ask) = open {
            let whom = ask
                .contact
                .as_ref()
                .map(|name| self.words.contact(self.known.id, name));
            let by = ask.due.map_or_else(String::new, |due| {
                let late = (self.words.today - due).num_days();
                let day = self.words.near_day(due);
                if late > 0 {
                    format!(", {late} d without a reply")
                } else {
                    format!(", by {day}")
                }
            });
            let head = vec![
                Span::new("Asked", Role::Head),
                Span::new(
                    whom.map_or_else(String::new, |name| format!(" {name}")),
                    Role::Head,
                ),
                Span::text(by),
            ];
            (head, self.words.asked(Some(bank), self.known.id, &ask.text))
        } else {
            let Some(question) = eval.ask.and_then(|ix| bank.questions().get(ix.at())) else {
                return;
            };
            let whom = self.detail.and_then(|detail| detail.deal.contact.as_ref());
            let whom = whom.filter(|name| !name.is_empty()).map_or_else(
                || "them".to_owned(),
                |name| self.words.contact(self.known.id, name),
            );
            let head = vec![Span::new(format!("Ask {whom}"), Role::Head)];
            (head, safe(question.words_to_say(&eval.signals)))
        };
        let keys = if open.is_some() {
            vec![
                Span::key("e"),
                Span::text(" words  "),
                Span::key("c"),
                Span::text(" copy"),
            ]
        } else {
            vec![
                Span::key("a"),
                Span::text(" ask it  "),
                Span::key("c"),
                Span::text(" copy"),
            ]
        };
        lines.push(Line::Blank);
        lines.push(Row::new(1).fill_spans(head).fit_spans(keys).into());
        lines.push(Line::words(1, quoted(&said), Role::Text));
        if let Some(Line::Para(para)) = lines.last_mut() {
            para.hang = 2;
        }
    }

    /// What it has cost, costs, and would give back.
    pub(super) fn hours(&self, set: Set, lines: &mut Vec<Line>) {
        let Some(eval) = self.known.eval else { return };
        let hours = &eval.hours;
        let is_judged = self.known.standing == Standing::Judged;
        let number = |hours: f64| self.words.hours(hours);
        lines.push(Line::Blank);
        let unit = if set == Set::Close { " h" } else { "" };
        let mut parts = Vec::new();
        let week = format!("{} a week", number(hours.per_week));
        if hours.assumed && !is_judged {
            parts.push("none on record".to_owned());
        } else if hours.assumed {
            // What an assumption frees is no figure to steer by.
            parts.push(match set {
                Set::Airy => format!("none on record, {week} assumed"),
                Set::Close => format!("no hours on record, {week} assumed"),
            });
        } else {
            parts.push(format!("{}{unit} spent", number(hours.spent)));
            if eval.verdict.is_some() && is_judged {
                let back = self.words.locale.number(hours.at_stake.round() as i64);
                parts.push(week);
                parts.push(format!("{back}{unit} back"));
            }
        }
        let text = parts.join(" · ");
        match set {
            Set::Airy => {
                let label = vec![Span::new("Hours", Role::Head)];
                lines.push(labelled(set, label, vec![Span::text(text)]));
            }
            Set::Close if !is_judged && hours.assumed => {
                lines.push(Line::words(1, "no hours on record", Role::Text));
            }
            Set::Close => lines.push(Line::words(1, text, Role::Text)),
        }
        if set == Set::Airy && !hours.assumed && is_judged {
            self.beside(set, lines);
        }
    }

    /// A larger deal that took fewer hours.
    fn beside(&self, set: Set, lines: &mut Vec<Line>) {
        let Some(other) = self.detail.and_then(|detail| detail.beside.as_ref()) else {
            return;
        };
        let name = self.words.name(other.deal, &other.name);
        let amount = self.words.short_money(other.amount);
        let took = self.words.hours(other.spent);
        let text = format!("{name} ({amount}) took {took}");
        lines.push(Line::words(1 + set.label(), text, Role::Text));
    }
}
