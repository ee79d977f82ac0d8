//! What a person decided, what fell due since, and how the numbers came about.

use chrono::Duration;

use super::super::doc::{Line, Role, Row, Span};
use super::super::words::{Words, quoted, safe};
use super::{Set, View, labelled};
use crate::app::update::judged::answers;
use crate::domain::deal::{
    CHECKS, Decision, DecisionKind, DecisionRow, Detail, Direction, Disposition, HoldRow,
    REGRET_DAYS, Status, TouchRow, TouchStatus, WalkedBy,
};
use crate::domain::eval::{DealEval, Due, Tier};
use crate::domain::fit::{Contribution, contributions};
use crate::domain::ids::DealId;
use crate::domain::phase::Phase;
use crate::domain::review::CharterReply;
use crate::domain::shown::Free;

/// Says what fell due: in the rep's own words where they set a tripwire.
pub fn fell_due(words: &Words<'_>, deal: DealId, due: Due, detail: Option<&Detail>) -> String {
    match due {
        Due::Tripwire => detail.and_then(Detail::open_tripwire).map_or_else(
            || "its tripwire fell due".to_owned(),
            |tripwire| quoted(&words.said(Some(deal), &tripwire.sentence)),
        ),
        Due::Hold => detail.and_then(|detail| detail.holds.first()).map_or_else(
            || "the hold ended".to_owned(),
            |hold| {
                let what = words.free(Some(deal), &hold.what);
                format!("the hold ended {}: {what}", words.day(hold.until))
            },
        ),
        Due::Nurture => "the day has come to look at it again".to_owned(),
        Due::CameBack => "they made contact again".to_owned(),
        Due::Worse => "its verdict is worse than when you decided".to_owned(),
    }
}

impl View<'_, '_> {
    /// What fell due, with the rep's own sentence and the keys that settle it.
    pub(super) fn due(&self, set: Set, lines: &mut Vec<Line>) {
        let Some(due) = self.known.eval.and_then(|eval| eval.due) else {
            return;
        };
        let said = fell_due(self.words, self.known.id, due, self.detail);
        let label = vec![Span::new("! DUE", Role::Fire)];
        lines.push(labelled(set, label, vec![Span::text(said)]));
        let keys: &[(&str, &str)] = match due {
            Due::Tripwire => &[
                ("3", "it happened"),
                ("F", "as promised"),
                ("C", "keep going"),
            ],
            Due::Nurture | Due::CameBack => {
                &[("1", "reinstate"), ("2", "in four weeks"), ("3", "let go")]
            }
            Due::Hold | Due::Worse => &[],
        };
        if !keys.is_empty() {
            let mut spans = Vec::new();
            for (key, word) in keys {
                if !spans.is_empty() {
                    spans.push(Span::text("  "));
                }
                // The key stays on the line of its word.
                spans.push(Span::key(*key));
                spans.push(Span::text(format!("\u{a0}{}", word.replace(' ', "\u{a0}"))));
            }
            lines.push(Line::para(1 + set.label(), 1 + set.label(), spans));
        }
    }

    /// The decision in force, or how the deal was closed.
    pub(super) fn decision(&self, set: Set, lines: &mut Vec<Line>) {
        let Some(detail) = self.detail else { return };
        let deal = &detail.deal;
        let closed = match deal.status {
            Status::Open => None,
            Status::Won => Some("WON"),
            Status::Lost => Some("LOST"),
            Status::Removed => Some("REMOVED"),
        };
        if let Some(word) = closed {
            let on = deal
                .closed
                .map_or_else(String::new, |day| self.words.day(day));
            let why = deal.lost_reason.as_deref().map(safe).unwrap_or_default();
            let gap = if on.is_empty() || why.is_empty() {
                ""
            } else {
                " · "
            };
            let text = format!("{on}{gap}{why}");
            let label = vec![Span::new(word, Role::Head)];
            lines.push(labelled(set, label, vec![Span::text(text)]));
            self.closed(set, detail, lines);
            return;
        }
        // A hold that ended is told as what fell due.
        if self.known.eval.and_then(|eval| eval.due) == Some(Due::Hold) {
            return;
        }
        let word = match deal.decision {
            Decision::Undecided => return,
            Decision::Fired => "FIRED",
            Decision::Hold => "ON HOLD",
            Decision::Continued => "GOES ON",
        };
        let last = detail.decisions.first();
        let mut text = last.map_or_else(String::new, |last| self.taken(last));
        if deal.decision == Decision::Hold
            && let Some(hold) = detail.open_hold()
        {
            let what = self.words.free(Some(self.known.id), &hold.what);
            text = format!(
                "until they: {what}, {} at the latest",
                self.words.day(hold.until)
            );
            let label = vec![Span::new(word, Role::Head)];
            lines.push(labelled(set, label, vec![Span::text(text)]));
            self.held(set, hold, last, lines);
            return;
        }
        let label = vec![Span::new(word, Role::Head)];
        lines.push(labelled(set, label, vec![Span::text(text)]));
        if let Some(last) = last.filter(|last| last.kind == DecisionKind::Fired) {
            self.fired(set, last, lines);
        }
    }

    /// When and by whom a decision was taken.
    fn taken(&self, row: &DecisionRow) -> String {
        let on = self.words.day(row.day);
        let mut text = format!("{on} by {}", safe(&row.who));
        let place = row.disposition.map(|to| match to {
            Disposition::WalkedAway => match row.walked_by {
                Some(WalkedBy::Them) => "they walked away".to_owned(),
                Some(WalkedBy::Both) => "both walked away".to_owned(),
                Some(WalkedBy::Us) | None => "walked away".to_owned(),
            },
            Disposition::Regift => match &row.whom {
                Some(whom) if !self.words.mask.hides_names() => {
                    format!("re-gifted to {}", safe(whom))
                }
                Some(_) | None => "re-gifted".to_owned(),
            },
            Disposition::Nurture => {
                let until = row.until.map_or_else(
                    || "nurture".to_owned(),
                    |day| format!("nurture until {}", self.words.day(day)),
                );
                match &row.whom {
                    Some(whom) => format!("{until}, with {}", safe(whom)),
                    None => until,
                }
            }
        });
        if let Some(place) = place {
            text.push_str(" · ");
            text.push_str(&place);
        }
        text
    }

    /// What a firing gave back, and on what it rested.
    fn fired(&self, set: Set, row: &DecisionRow, lines: &mut Vec<Line>) {
        let indent = 1 + set.label();
        if !row.reasons.is_empty() {
            let reasons = Free::new(row.reasons.join("; "));
            let reasons = self.words.said(Some(self.known.id), &reasons);
            lines.push(Line::words(indent, reasons, Role::Text));
        }
        let mut facts = Vec::new();
        if let Some(minutes) = row.minutes_reclaimed {
            facts.push(format!(
                "{} h back, an estimate",
                self.words.hours(minutes as f64 / 60.0)
            ));
        }
        match row.core_unasked {
            Some(1) => facts.push("1 core question never asked".to_owned()),
            Some(count) if count > 1 => facts.push(format!("{count} core questions never asked")),
            Some(_) | None => {}
        }
        if !facts.is_empty() {
            lines.push(Line::words(indent, facts.join(" · "), Role::Text));
        }
        let id = Some(self.known.id);
        if let Some(word) = &row.authority {
            let word = self.words.said(id, &Free::new(word.as_str()));
            let text = format!("on the word of {word}");
            lines.push(Line::words(indent, text, Role::Text));
        }
        self.above_the_ceiling(indent, lines);
        if let Some(terms) = &row.comes_back_if {
            let text = vec![Span::text(self.words.free(id, terms))];
            lines.push(labelled(set, vec![Span::text("back if")], text));
        }
        let since = self.came_of(row);
        if !since.is_empty() {
            let since = vec![Span::text(since)];
            lines.push(labelled(set, vec![Span::text("since")], since));
        }
    }

    /// What the charter says of a firing above its ceiling.
    fn above_the_ceiling(&self, indent: u16, lines: &mut Vec<Line>) {
        let request = self.detail.and_then(|d| d.seen.table.request.as_ref());
        let Some(request) = request else { return };
        let manager = request.replied_by.as_deref().map(safe);
        let manager = manager.unwrap_or_else(|| "the manager".to_owned());
        let text = match request.reply {
            Some(CharterReply::Stands) => format!("above the ceiling: {manager} let it stand"),
            // Taken back, and so told as what was before.
            Some(CharterReply::Overruled) => return,
            None if request.is_open(self.words.today) => format!(
                "above the ceiling: it stands unless overruled by {}",
                self.words.day(request.due)
            ),
            None => "above the ceiling: it stands, nobody answered in time".to_owned(),
        };
        lines.push(Line::words(indent, text, Role::Text));
    }

    /// What came of a firing: what was told since, else what is known, and when it is asked.
    fn came_of(&self, row: &DecisionRow) -> String {
        let Some(detail) = self.detail else {
            return String::new();
        };
        let mut said: Vec<String> = detail
            .outcomes
            .iter()
            .filter(|outcome| outcome.day >= row.day)
            .map(|outcome| self.outcome(outcome))
            .collect();
        if said.is_empty() {
            let they = |touch: &&TouchRow| {
                touch.direction == Direction::In
                    && touch.status != TouchStatus::NoShow
                    && touch.day > row.day
            };
            let heard = detail.touches.iter().filter(they).map(|touch| touch.day);
            said.push(heard.max().map_or_else(
                || "nothing yet".to_owned(),
                |day| format!("they made contact {}", self.words.day(day)),
            ));
            let asked = CHECKS.map(|days| row.day + Duration::days(days));
            let next = asked.into_iter().find(|day| *day > self.words.today);
            said.extend(next.map(|day| format!("you are asked on {}", self.words.day(day))));
        }
        said.join(" · ")
    }

    /// Since when a deal waits, and why.
    fn held(&self, set: Set, hold: &HoldRow, last: Option<&DecisionRow>, lines: &mut Vec<Line>) {
        let mut text = format!("since {}", self.words.day(hold.starts));
        if let Some(last) = last.filter(|last| last.kind == DecisionKind::Hold) {
            text.push_str(" by ");
            text.push_str(&safe(&last.who));
        }
        let indent = 1 + set.label();
        lines.push(Line::words(indent, text, Role::Text));
        if let Some(why) = &hold.why {
            let why = self.words.free(Some(self.known.id), why);
            lines.push(Line::words(indent, why, Role::Text));
        }
        let note = "nothing from us until then; what they do brings it back on top";
        lines.push(Line::words(indent, note, Role::Quiet));
    }

    /// What is left to say of a deal that is over: of a win, whether one would sell it again.
    fn closed(&self, set: Set, detail: &Detail, lines: &mut Vec<Line>) {
        let deal = &detail.deal;
        let text = match (deal.status, detail.seen.sell_again, deal.closed) {
            (Status::Won, Some((true, day)), _) => {
                format!("You would sell it again, said {}.", self.words.day(day))
            }
            (Status::Won, Some((false, day)), _) => {
                format!("You would not sell it again, said {}.", self.words.day(day))
            }
            (Status::Won, None, Some(day)) => {
                let due = day + Duration::days(REGRET_DAYS);
                if due > self.words.today {
                    let due = self.words.day(due);
                    format!("Would you sell it again? It is asked on {due}.")
                } else {
                    "Nobody said yet whether you would sell it again.".to_owned()
                }
            }
            (Status::Removed, _, _) => "A mistake or a duplicate: it counts nowhere.".to_owned(),
            (Status::Open | Status::Won | Status::Lost, _, _) => {
                "It is closed: nothing is left to decide.".to_owned()
            }
        };
        lines.push(Line::words(1 + set.label(), text, Role::Quiet));
    }

    /// Why it stands where it does in the queue.
    fn stands_here(&self, eval: &DealEval, lines: &mut Vec<Line>) {
        let because = match (eval.tier, eval.due) {
            (_, Some(Due::Tripwire)) => "your tripwire passed, and what is due comes first",
            (_, Some(Due::Hold)) => "the hold ended, and what is due comes first",
            (_, Some(Due::Nurture)) => "the day to ask again came, and what is due comes first",
            (_, Some(Due::CameBack)) => "they made contact again, and what is due comes first",
            (_, Some(Due::Worse)) => {
                "the verdict is worse than at your decision, and what is due comes first"
            }
            (Tier::Due, None) => "it is due, and what is due comes first",
            (Tier::Fire, None) => "firing it frees hours at once; the most hours stand first",
            (Tier::GetToNo, None) => {
                "a no or a step would settle it; after the fires, the most hours first"
            }
            (Tier::ContinueNoStep, None) => {
                "it earned its hours and lacks a next step; after the questions"
            }
            (Tier::Rest, None) => "it goes on and has its next step; nothing is to decide",
            (Tier::Settled, None) => "it is decided and not due, so it is not in the queue",
        };
        let mut text = format!("Stands here because {because}.");
        if eval.tier != Tier::Settled && eval.hours.per_week > 0.0 {
            let hours = &eval.hours;
            let weeks = hours.at_stake / hours.per_week;
            let assumed = if hours.assumed { ", assumed" } else { "" };
            text = format!(
                "{text} At stake {} h: {} a week{assumed}, times {} weeks.",
                self.words.hours(hours.at_stake),
                self.words.hours(hours.per_week),
                self.words.locale.decimal(weeks, 1)
            );
        }
        lines.push(Line::Blank);
        lines.push(Line::words(1, text, Role::Text));
    }

    /// The arithmetic of the verdict, by question.
    pub(super) fn arithmetic(&self, eval: &DealEval, lines: &mut Vec<Line>) {
        let (Some(detail), Some(bank)) = (self.detail, self.bank()) else {
            return;
        };
        let answers = answers(bank, detail);
        let late = detail.deal.phase.is_some_and(Phase::is_late);
        let nats = |value: f64| {
            let text = self.words.locale.decimal(value.abs(), 2);
            let sign = if text == "0" {
                ""
            } else if value < 0.0 {
                "-"
            } else {
                "+"
            };
            format!("{sign}{text}")
        };
        self.stands_here(eval, lines);
        lines.push(Line::Blank);
        lines.push(
            Row::new(1)
                .fill(Span::new("Why", Role::Head))
                .right(10, "points")
                .right(10, "unknown")
                .into(),
        );
        let counts = |part: &&Contribution| part.points != 0.0 || part.late_cost != 0.0;
        let parts = contributions(bank, &answers, late, self.words.today);
        for part in parts.iter().filter(counts) {
            let cost = if part.late_cost > 0.0 {
                nats(-part.late_cost)
            } else {
                String::new()
            };
            let points = if part.points == 0.0 {
                String::new()
            } else {
                nats(part.points)
            };
            let stale = if part.is_stale { ", old: half" } else { "" };
            let name = format!("{}{stale}", safe(&bank[part.question].short));
            lines.push(
                Row::new(3)
                    .fill(name)
                    .right(10, points)
                    .right(10, cost)
                    .into(),
            );
        }
        let bound = &self.model.thresholds;
        let sums = [
            (
                "evidence",
                eval.evidence,
                format!("FIRE at {}", nats(bound.fire_evidence)),
            ),
            (
                "earned",
                eval.earned,
                format!("CONTINUE from {}", nats(bound.continue_earned)),
            ),
        ];
        for (word, value, line) in sums {
            let row = Row::new(1)
                .fixed(11, Span::strong(word))
                .fixed(8, Span::strong(nats(value)));
            lines.push(row.fill(Span::text(line)).into());
        }
        let known = format!("{:.0}", eval.coverage);
        let line = format!("of 100; CONTINUE from {:.0}", bound.continue_coverage);
        let row = Row::new(1)
            .fixed(11, Span::strong("known"))
            .fixed(8, Span::strong(known));
        lines.push(row.fill(Span::text(line)).into());
    }
}
