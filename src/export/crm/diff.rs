//! What a deal's CRM does not know of it: cells for the file, and words for what goes by hand.

use std::collections::BTreeMap;

use super::rules::{Close, Field, Rules};
use crate::domain::clean::needs_guard;
use crate::domain::money::{Currency, Money};
use crate::domain::told::{Choices, Told};
use crate::store::Standing;

/// What is written when nobody said why.
const NO_REASON: &str = "walked away";

/// The names of the stages that a CRM is known to have.
pub trait Stages {
    /// The failure of looking them up.
    type Error;

    /// The stage that means won or lost, where deals of the pipeline tell it.
    fn closed(
        &mut self,
        status: &str,
        pipeline: Option<&str>,
    ) -> Result<Option<String>, Self::Error>;

    /// Whether a stage came from the CRM.
    fn is_known(&mut self, stage: &str) -> Result<bool, Self::Error>;
}

/// A cell of the update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The header of its column.
    pub header: String,
    /// What is written.
    pub value: String,
    /// What the CRM has, as far as it is known; empty for nothing.
    pub before: String,
}

/// What is to be told of a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What goes into the file, in the order of its columns.
    pub cells: Vec<Cell>,
    /// What a person does in the CRM, a sentence each.
    pub hand: Vec<String>,
    /// What was left out, and why.
    pub left: Vec<String>,
    /// The values that are told so.
    pub told: BTreeMap<String, Option<String>>,
    /// Whether the decision has nowhere to go.
    pub mute: bool,
}

impl Change {
    /// Whether nothing of it reaches the CRM, by file or by hand.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.hand.is_empty()
    }
}

struct Differ<'d> {
    rules: &'d Rules,
    choices: &'d Choices,
    deal: &'d Standing,
    out: Change,
}

/// Compares a deal with what its CRM knows.
///
/// `close_fired`: a fired deal is closed there as lost as well. Once that was told, it stays so
/// for as long as the deal is fired.
pub fn diff<S: Stages>(
    rules: &Rules,
    choices: &Choices,
    close_fired: bool,
    deal: &Standing,
    stages: &mut S,
) -> Result<Change, S::Error> {
    let mut differ = Differ {
        rules,
        choices,
        deal,
        out: Change::default(),
    };
    differ.fields(close_fired, stages)?;
    differ.decision();
    Ok(differ.out)
}

impl Differ<'_> {
    /// What stands in a field.
    fn now(&self, word: &str) -> Option<String> {
        self.deal.fields.get(word).cloned().flatten()
    }

    /// What the CRM has in a field: what it was told, unless it moved on since; else what the last
    /// import said; else what stands here, which came from it.
    fn known(&self, word: &str) -> Option<String> {
        if let Some(told) = self.deal.said.values.get(word)
            && !self.deal.moved.contains(word)
        {
            return told.clone();
        }
        match self.deal.imported.get(word) {
            Some(said) => said.clone(),
            None => self.now(word),
        }
    }

    /// Notes that a value is told.
    fn tell(&mut self, word: &str, value: Option<String>) {
        self.out.told.insert(word.to_owned(), value);
    }

    /// Puts a text into the file, unless a spreadsheet would run it.
    fn text(&mut self, header: &str, what: &str, value: &str, before: &str) -> bool {
        if needs_guard(value) {
            self.out.left.push(format!(
                "{what}: it begins as a formula does, so it is not in the file"
            ));
            self.out.hand.push(format!("{what}: {value}"));
            return false;
        }
        self.cell(header, value.to_owned(), before.to_owned());
        true
    }

    fn cell(&mut self, header: &str, value: String, before: String) {
        if value.is_empty() || self.out.cells.iter().any(|cell| cell.header == header) {
            return;
        }
        self.out.cells.push(Cell {
            header: header.to_owned(),
            value,
            before,
        });
    }

    fn fields<S: Stages>(&mut self, close_fired: bool, stages: &mut S) -> Result<(), S::Error> {
        let stood = self.now("status").unwrap_or_default();
        let was_told_lost = self.deal.said.values.get("status") == Some(&Some("lost".to_owned()));
        let is_fired = self.deal.decision == "fired";
        let status = if is_fired && stood == "open" && (close_fired || was_told_lost) {
            "lost".to_owned()
        } else {
            stood
        };
        let had = self.known("status").unwrap_or_default();
        let moves = status != had;
        self.title_and_others(&status);
        if moves {
            self.status(&status, &had, stages)?;
        }
        self.stage(&status, stages)?;
        self.lost_reason(&status, moves);
        self.next_step();
        Ok(())
    }

    /// The fields that are taken as they are.
    fn title_and_others(&mut self, status: &str) {
        for (word, field) in [
            ("title", Some(Field::Title)),
            ("account", None),
            ("contact", None),
            ("owner", None),
            ("amount", Some(Field::Amount)),
            ("currency", Some(Field::Currency)),
            ("expected_close", Some(Field::ExpectedClose)),
            ("product", None),
            ("description", Some(Field::Description)),
        ] {
            let (now, known) = (self.now(word), self.known(word));
            if now == known {
                continue;
            }
            // Once a deal is closed, its close date is when that was; the CRM knows it.
            if word == "expected_close" && status != "open" {
                continue;
            }
            if word == "currency" && now.is_none() {
                continue;
            }
            self.tell(word, now.clone());
            let header = field.and_then(|field| self.rules.column(field));
            let what = field.map_or(word, Field::words);
            let Some(header) = header.filter(|_| self.rules.key().is_some()) else {
                let shown = now.map(|now| self.shown(word, &now));
                self.out.hand.push(match shown {
                    Some(now) => format!("{what}: {now}"),
                    None => format!("{what}: empty it"),
                });
                continue;
            };
            let Some(now) = now else {
                self.out.hand.push(format!("{what}: empty it"));
                continue;
            };
            let header = header.to_owned();
            let before = known.unwrap_or_default();
            match word {
                "amount" => {
                    let currency = self.known("currency");
                    let value = money(&now, self.now("currency").as_deref());
                    let before = money(&before, currency.as_deref());
                    self.cell(&header, value, before);
                }
                "expected_close" => {
                    let (value, before) = (self.rules.day(&now), self.rules.day(&before));
                    self.cell(&header, value, before);
                }
                _ => {
                    self.text(&header, what, &now, &before);
                }
            }
        }
    }

    /// A field for a person to read.
    fn shown(&self, word: &str, value: &str) -> String {
        if word == "amount" {
            let currency = self.now("currency");
            let code = currency.as_deref().unwrap_or_default();
            return format!("{} {code}", money(value, currency.as_deref()))
                .trim_end()
                .to_owned();
        }
        value.to_owned()
    }

    fn status<S: Stages>(
        &mut self,
        status: &str,
        had: &str,
        stages: &mut S,
    ) -> Result<(), S::Error> {
        self.tell("status", Some(status.to_owned()));
        let by_hand = |out: &mut Change, rules: &Rules| {
            out.hand.push(rules.by_hand(status).to_owned());
        };
        let is_closing = matches!(status, "won" | "lost");
        match self.rules.close() {
            Close::Status if self.rules.key().is_some() => {
                let header = self.rules.column(Field::Status).map(str::to_owned);
                let word = self.rules.word(status).map(str::to_owned);
                let before = self.rules.word(had).unwrap_or_default().to_owned();
                match (header, word) {
                    (Some(header), Some(word)) => self.cell(&header, word, before),
                    _ => by_hand(&mut self.out, self.rules),
                }
            }
            Close::Stage if is_closing && self.rules.key().is_some() => {
                let pipeline = self.now("pipeline");
                let seen = stages.closed(status, pipeline.as_deref())?;
                let word = seen.or_else(|| self.rules.word(status).map(str::to_owned));
                let header = self.rules.column(Field::Stage).map(str::to_owned);
                match (header, word) {
                    (Some(header), Some(word)) => {
                        let before = self.known("stage").unwrap_or_default();
                        if self.text(&header, "stage", &word, &before) {
                            self.tell("stage", Some(word));
                        }
                    }
                    _ => by_hand(&mut self.out, self.rules),
                }
            }
            // The stage in which it was brings it back.
            Close::Stage if status == "open" && self.comes_back(stages)? => {}
            Close::Stage | Close::Status | Close::Hand => by_hand(&mut self.out, self.rules),
        }
        Ok(())
    }

    /// Whether a deal that was closed by its stage has another one to go back to, which the CRM
    /// knows.
    fn comes_back<S: Stages>(&mut self, stages: &mut S) -> Result<bool, S::Error> {
        let (now, known) = (self.now("stage"), self.known("stage"));
        match now {
            Some(now) if Some(&now) != known.as_ref() => stages.is_known(&now),
            Some(_) | None => Ok(false),
        }
    }

    /// The stage, where it differs and does not say that the deal is closed.
    fn stage<S: Stages>(&mut self, status: &str, stages: &mut S) -> Result<(), S::Error> {
        let (now, known) = (self.now("stage"), self.known("stage"));
        let is_closed_by_it = self.rules.close() == Close::Stage && status != "open";
        if now == known || is_closed_by_it {
            return Ok(());
        }
        let Some(now) = now else { return Ok(()) };
        self.tell("stage", Some(now.clone()));
        let header = self.rules.column(Field::Stage).map(str::to_owned);
        match header.filter(|_| self.rules.key().is_some()) {
            Some(header) if stages.is_known(&now)? => {
                self.text(&header, "stage", &now, &known.unwrap_or_default());
            }
            Some(_) => {
                self.out.left.push(format!(
                    "stage: no deal came from {} in `{now}`, so it is not in the file",
                    self.rules.label
                ));
                self.out.hand.push(format!("stage: {now}"));
            }
            None => self.out.hand.push(format!("stage: {now}")),
        }
        Ok(())
    }

    fn lost_reason(&mut self, status: &str, moves: bool) {
        if status != "lost" {
            return;
        }
        let own = self.now("lost_reason");
        let reasons = (!self.deal.reasons.is_empty()).then(|| self.deal.reasons.join("; "));
        let is_ours = moves || self.deal.said.values.contains_key("lost_reason");
        let now = match own {
            Some(own) => Some(own),
            None if is_ours => reasons.or_else(|| Some(NO_REASON.to_owned())),
            None => None,
        };
        let known = self.known("lost_reason");
        let must = moves && self.rules.needs_reason();
        let (Some(now), true) = (now.clone(), now != known || must) else {
            return;
        };
        self.tell("lost_reason", Some(now.clone()));
        let header = self.rules.column(Field::LostReason).map(str::to_owned);
        match header.filter(|_| self.rules.key().is_some()) {
            Some(header) => {
                self.text(&header, "lost reason", &now, &known.unwrap_or_default());
            }
            None if self.named(Told::Reasons).is_some() => {}
            None => self.out.hand.push(format!("reason: {now}")),
        }
    }

    /// The header of the column that was named for something; the next step may have one of the
    /// CRM's own.
    fn named(&self, told: Told) -> Option<String> {
        let own = match told {
            Told::NextStep => self.rules.column(Field::NextStep),
            Told::Decision | Told::Fired | Told::Hold | Told::Tripwire | Told::Reasons => None,
        };
        let named = self.choices.columns.get(&told).map(String::as_str);
        named
            .or(own)
            .filter(|_| self.rules.key().is_some())
            .map(str::to_owned)
    }

    fn next_step(&mut self) {
        let (now, known) = (self.now("next_step"), self.known("next_step"));
        if now == known {
            return;
        }
        match (self.named(Told::NextStep), now.clone()) {
            (Some(header), Some(text)) => {
                self.text(&header, "next step", &text, &known.unwrap_or_default());
            }
            (None, Some(text)) if self.rules.key().is_none() => {
                self.out.hand.push(format!("next step: {text}"));
            }
            (Some(_), None) => self.out.hand.push("next step: empty it".to_owned()),
            // No column was named for it: it waits until one is.
            (None, _) => return,
        }
        self.tell("next_step", now);
    }

    /// The decision, in the columns that were named.
    fn decision(&mut self) {
        let deal = self.deal;
        let is_fired = deal.decision == "fired";
        let reasons = (is_fired && !deal.reasons.is_empty()).then(|| deal.reasons.join("; "));
        let values = [
            (Told::Decision, Some(deal.decision.clone()), "undecided"),
            (
                Told::Fired,
                Some(if is_fired { "yes" } else { "no" }.to_owned()),
                "no",
            ),
            (Told::Hold, deal.hold.clone(), ""),
            (Told::Tripwire, deal.tripwire.clone(), ""),
            (Told::Reasons, reasons, ""),
        ];
        let mut hand = Vec::new();
        for (told, now, nothing) in values {
            let known = match deal.said.values.get(told.code()) {
                Some(said) => said.clone(),
                None if nothing.is_empty() => None,
                None => Some(nothing.to_owned()),
            };
            if now == known {
                continue;
            }
            if self.rules.key().is_none() {
                // A reason stands with what it is the reason of.
                if let (false, Some(now)) = (told == Told::Fired, &now) {
                    hand.push(format!("{}: {now}", told.words()));
                }
                self.tell(told.code(), now);
                continue;
            }
            let Some(header) = self.named(told) else {
                continue;
            };
            self.tell(told.code(), now.clone());
            let written = |value: &str| match told {
                Told::Fired => self.rules.flag(value == "yes").to_owned(),
                Told::Hold | Told::Tripwire => self.rules.day(value),
                Told::Decision | Told::Reasons | Told::NextStep => value.to_owned(),
            };
            let before = match deal.said.values.get(told.code()) {
                Some(Some(said)) => written(said),
                Some(None) | None => String::new(),
            };
            match now.as_deref().map(written) {
                Some(value) if told == Told::Reasons => {
                    self.text(&header, "reasons", &value, &before);
                }
                Some(value) => self.cell(&header, value, before),
                None => self.out.hand.push(format!("empty `{header}`")),
            }
        }
        self.out.hand.extend(hand);
        let is_untold = deal.seen != deal.said.seen;
        self.out.mute = is_untold && self.out.is_empty();
    }
}

/// An amount in units of its currency, without more decimals than it needs.
fn money(minor: &str, currency: Option<&str>) -> String {
    let Ok(minor) = minor.parse() else {
        return String::new();
    };
    let money = Money::new(minor, currency.and_then(Currency::parse));
    money.to_decimal().normalize().to_string()
}

#[cfg(test)]
mod tests;
