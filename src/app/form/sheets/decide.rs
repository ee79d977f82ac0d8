//! The sheets that decide: fire, hold, continue.

use super::super::field::{choice, day, text, tick_field};
use super::super::{ActionKind, FieldKey, Form, FormLine, Holds, Letter};
use super::{Seed, action, hours};
use crate::domain::bank::Bank;
use crate::domain::deal::{DecisionKind, Detail, Disposition, WalkedBy};
use crate::domain::defaults;
use crate::domain::eval::DealEval;
use crate::domain::message::{About, MessageKind};
use crate::domain::verdict::Reason;

/// Who walked away, in the order of [`WalkedBy::ALL`].
const WALKED: [&str; 3] = ["we did", "they did", "both"];

/// The messages with which a prospect is let go.
const FAREWELLS: [MessageKind; 5] = [
    MessageKind::WalkAway,
    MessageKind::Regift,
    MessageKind::Nurture,
    MessageKind::CloseFile,
    MessageKind::Permission,
];

/// The messages that decide nothing.
const MESSAGES: [MessageKind; 6] = [
    MessageKind::Opener,
    MessageKind::Permission,
    MessageKind::CloseFile,
    MessageKind::WalkAway,
    MessageKind::Regift,
    MessageKind::Nurture,
];

impl Form {
    /// What is to be known of an earlier firing of the same prospect.
    fn fired_before(&mut self, seed: &Seed<'_>) {
        let Some(detail) = seed.detail else { return };
        let fired = detail.decisions.iter().rev();
        let mut fired = fired.filter(|row| row.kind == DecisionKind::Fired);
        let Some(first) = fired.next() else { return };
        let mut text = seed.locale.date(first.day, seed.today);
        if let Some(why) = first.reasons.first()
            && !seed.mask.hides_names_of(Some(detail.deal.id))
        {
            text = format!("{text}: {why}");
        }
        let more = fired.count();
        if more > 0 {
            text = format!("{text}; and {more} more");
        }
        self.line("fired before", &text);
    }

    pub(super) fn fire(&mut self, seed: &Seed<'_>) {
        self.fired_before(seed);
        if let Some((detail, eval)) = seed.single() {
            let rows = fire_reasons(seed, eval);
            if !rows.is_empty() {
                self.fields
                    .push(tick_field(FieldKey::Reasons, "because", rows));
            }
            let close = detail.deal.expected_close;
            let formula = defaults::hours_formula(eval, close, seed.thresholds, seed.today);
            self.line(
                "hours back",
                &format!(
                    "{}, an estimate: {formula}",
                    hours(seed, eval.hours.at_stake)
                ),
            );
        } else if seed.evals.len() == seed.deals.len() {
            let back: f64 = seed.evals.iter().map(|eval| eval.hours.at_stake).sum();
            self.line("hours back", &format!("{}, an estimate", hours(seed, back)));
        }
        let own = match seed.deals.len() {
            1 => "in your own words",
            _ => "each deal's own reasons",
        };
        self.fields
            .push(text(FieldKey::Why, "also because", "").hint(own).private());
        let to = ["walked away", "re-gift", "nurture"];
        self.fields
            .push(choice(FieldKey::To, "where they go", &to, 0));
        self.fields
            .push(text(FieldKey::Whom, "to whom", "").hint("a competitor or partner"));
        let until = seed.day(defaults::NURTURE_DAYS);
        self.fields.push(day(
            FieldKey::Until,
            "nurture until",
            &seed.written(until),
            Holds::DayAhead,
        ));
        self.fields.push(
            text(FieldKey::BackIf, "back if", "")
                .hint("what would bring them back")
                .private(),
        );
        self.fields
            .push(choice(FieldKey::Walked, "who walked away", &WALKED, 0));
        self.letter(seed, &FAREWELLS, MessageKind::WalkAway);
        self.fields
            .push(text(FieldKey::Word, "on whose word", "").hint("my own"));
        let (mut unasked, mut core) = (0, 0);
        for eval in seed
            .evals
            .iter()
            .filter(|e| !e.reasons.contains(&Reason::DeadOnPaper))
        {
            unasked += eval.core_total.saturating_sub(eval.core_asked);
            core += eval.core_total;
        }
        if let Some((detail, eval)) = seed.single() {
            self.evidence_lines(seed, detail, eval);
        }
        if unasked > 0 {
            let mut said = format!("{unasked} of {core} core questions");
            let open = seed
                .single()
                .map(|(detail, _)| never_asked(seed.bank, detail));
            // What the record answers is no question that was asked; then only the number is told.
            if let Some(open) = open.filter(|open| open.len() == usize::from(unasked)) {
                said = format!("{said}: {}", open.join(", "));
            }
            self.lines.push(FormLine {
                label: "never asked".to_owned(),
                text: said,
                warn: true,
            });
        }
        self.actions
            .push(action(ActionKind::Edit, "edit", Some('e')));
        if seed.deals.len() == 1 {
            self.actions
                .push(action(ActionKind::Copy, "copy", Some('c')));
            self.outbound();
        } else {
            // Each deal's own is written as it is fired.
            self.actions.extend([
                action(ActionKind::Copy, "and copy", Some('c')),
                action(ActionKind::Draft, "and drafts", Some('d')),
                action(ActionKind::File, "and files", Some('w')),
            ]);
        }
    }

    /// What stands behind the noes for which it is fired, in the words that were kept.
    fn evidence_lines(&mut self, seed: &Seed<'_>, detail: &Detail, eval: &DealEval) {
        for reason in &eval.reasons {
            let questions = match reason {
                Reason::KnockOut(ix) => std::slice::from_ref(ix),
                Reason::HardNoes(all) => all.as_slice(),
                Reason::DeadOnPaper
                | Reason::TripwirePassed
                | Reason::HardQuestionUnanswered
                | Reason::Evidence(_)
                | Reason::ImportFirst
                | Reason::Earn(_)
                | Reason::AskNoes(_)
                | Reason::Points(_)
                | Reason::Coverage(_)
                | Reason::Red(_)
                | Reason::BadMoney => &[],
            };
            for ix in questions {
                let question = &seed.bank[*ix];
                let mut answers = detail.answers.iter();
                let Some(answer) = answers.find(|answer| answer.question == question.id) else {
                    continue;
                };
                let words = answer.evidence.as_ref().and_then(|words| seed.free(words));
                let words =
                    words.map_or_else(String::new, |words| format!(" \u{201c}{words}\u{201d}"));
                let day = seed.locale.date(answer.day, seed.today);
                let text = format!("{}:{words} {}, {day}", question.short, answer.grade.code());
                self.line("evidence", &text);
            }
        }
    }

    /// The ways out of a mail beside the clipboard.
    fn outbound(&mut self) {
        self.actions
            .push(action(ActionKind::Draft, "mail draft", Some('d')));
        self.actions
            .push(action(ActionKind::File, "file", Some('w')));
    }

    /// A message that decides nothing.
    pub(super) fn message(&mut self, seed: &Seed<'_>) {
        let is_known = seed
            .detail
            .map(About::of)
            .is_some_and(|about| about.is_known);
        let first = if is_known {
            MessageKind::Permission
        } else {
            MessageKind::Opener
        };
        self.letter(seed, &MESSAGES, first);
        if let Some(email) = self.follows.letter.as_ref().and_then(Letter::email) {
            let email = email.to_owned();
            self.line("goes to", &email);
        }
        self.actions
            .push(action(ActionKind::Edit, "edit", Some('e')));
        self.outbound();
    }

    /// Where a fired prospect goes, as it is picked.
    pub(in crate::app::form) fn disposition(&self) -> Disposition {
        let all = [
            Disposition::WalkedAway,
            Disposition::Regift,
            Disposition::Nurture,
        ];
        let picked = self.picked(FieldKey::To);
        all.get(picked).copied().unwrap_or(Disposition::Nurture)
    }

    /// Who walked away, as it is picked.
    pub(in crate::app::form) fn walked_by(&self) -> WalkedBy {
        let all = WalkedBy::ALL.iter().copied();
        let picked = all.clone().nth(self.picked(FieldKey::Walked));
        picked.unwrap_or(WalkedBy::Us)
    }

    /// Each disposition has fields of its own.
    pub(super) fn follow_fire(&mut self) {
        let to = self.disposition();
        for field in &mut self.fields {
            if field.key == FieldKey::Whom {
                field.hidden = to == Disposition::WalkedAway;
                field.required = to == Disposition::Regift;
                let (label, hint) = if field.required {
                    ("to whom", "a competitor or partner")
                } else {
                    ("who asks again", "I do")
                };
                label.clone_into(&mut field.label);
                hint.clone_into(&mut field.placeholder);
            }
            if field.key == FieldKey::Until {
                field.hidden = to != Disposition::Nurture;
                field.required = to == Disposition::Nurture;
            }
        }
    }

    pub(super) fn hold(&mut self, seed: &Seed<'_>) {
        let what = seed
            .single()
            .map(|(_, eval)| defaults::hold_until(seed.bank, eval));
        self.fields.push(
            text(FieldKey::What, "until", what.as_deref().unwrap_or_default())
                .hint("each deal's own ask"),
        );
        let until = seed.day(defaults::HOLD_DAYS);
        self.fields.push(
            day(
                FieldKey::Until,
                "at the latest",
                &seed.written(until),
                Holds::DayAhead,
            )
            .required(),
        );
        self.fields.push(text(FieldKey::Why, "why", "").private());
        self.actions
            .push(action(ActionKind::Copy, "copy", Some('c')));
    }

    pub(super) fn go_on(&mut self, seed: &Seed<'_>) {
        let single = seed.single();
        let mut due = seed.day(defaults::STEP_DAYS);
        let mut next = single.map(|(_, eval)| defaults::next_step(seed.bank, eval));
        if let Some((detail, _)) = single
            && let Some(day) = detail.deal.next_step_due.filter(|day| *day >= seed.today)
            && let Some(step) = detail
                .deal
                .next_step
                .as_ref()
                .and_then(|step| seed.free(step))
        {
            // A step that is agreed already is the next step.
            (next, due) = (Some(step), day);
        }
        self.fields.push(
            text(
                FieldKey::Next,
                "next step",
                next.as_deref().unwrap_or_default(),
            )
            .hint("each deal's own ask")
            .private(),
        );
        self.fields
            .push(day(FieldKey::Due, "on", &seed.written(due), Holds::Day).required());
        let slots = single.map(|(_, eval)| defaults::tripwire(seed.bank, eval));
        let by = seed.day(defaults::TRIPWIRE_DAYS);
        self.slots(seed, slots, by, None);
        let weekly = single.filter(|(_, eval)| !eval.hours.assumed);
        let weekly = weekly.map(|(_, eval)| hours(seed, eval.hours.per_week));
        self.fields.push(
            text(
                FieldKey::Hours,
                "hours a week",
                weekly.as_deref().unwrap_or_default(),
            )
            .holding(Holds::Hours)
            .hint("as before"),
        );
        self.fields
            .push(text(FieldKey::Senior, "which senior", "").hint("nobody yet"));
        self.actions
            .push(action(ActionKind::Calendar, "and .ics", Some('w')));
    }
}

/// The core questions without an answer, in one or two words each.
fn never_asked<'b>(bank: &'b Bank, detail: &Detail) -> Vec<&'b str> {
    let is_answered = |id: &str| detail.answers.iter().any(|answer| answer.question == id);
    bank.questions()
        .iter()
        .filter(|question| question.core && !is_answered(&question.id))
        .map(|question| question.short.as_str())
        .collect()
}

/// The reasons to offer, and whether each is ticked.
fn fire_reasons(seed: &Seed<'_>, eval: &DealEval) -> Vec<(String, bool)> {
    defaults::fire_reasons(seed.bank, eval, |signal| {
        // Per cent tell what an amount is.
        let tells = signal.figures.has("margin") || signal.figures.has("discount");
        if tells && seed.mask.hides_amounts() {
            return String::new();
        }
        signal.words_with(seed.today, |n| seed.locale.number(n))
    })
}
