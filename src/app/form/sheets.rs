//! The sheets as they open: which fields, filled in with what.

mod after;
mod charter;
mod deal;
mod decide;
mod export;
mod minutes;
mod tell;
mod tripwire;

use std::sync::Arc;

use chrono::{Days, NaiveDate};

pub use export::ExportAs;
pub use minutes::{MinutesAs, MinutesOf};
pub use tell::{ROLES, Tell};

use super::field::number;
use super::{
    ActionKind, FieldKey, Follows, Form, FormAction, FormFocus, FormKind, FormLine, Input, Reading,
};
use crate::domain::bank::{Bank, QuestionIx};
use crate::domain::deal::Detail;
use crate::domain::eval::DealEval;
use crate::domain::ids::DealId;
use crate::domain::locale::Locale;
use crate::domain::message::Messages;
use crate::domain::review::Charter;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::domain::verdict::Thresholds;

/// What the sheets are filled in from.
#[derive(Clone, Copy, Debug)]
pub struct Seed<'s> {
    /// Today.
    pub today: NaiveDate,
    /// How days, amounts and numbers are written.
    pub locale: &'s Locale,
    /// What is hidden; hidden text is not filled in.
    pub mask: &'s Mask,
    /// The questions in force.
    pub bank: &'s Bank,
    /// Where the model draws its lines.
    pub thresholds: &'s Thresholds,
    /// The deals it is about.
    pub deals: &'s [DealId],
    /// What is known of the deal, where it is one that is loaded.
    pub detail: Option<&'s Detail>,
    /// What the model says of the deals, as far as they are loaded.
    pub evals: &'s [&'s DealEval],
    /// The question it is about.
    pub question: Option<QuestionIx>,
    /// What is written to prospects.
    pub messages: &'s Arc<Messages>,
    /// Who signs it.
    pub who: &'s str,
    /// The charter as it stands, signed or not.
    pub charter: Option<&'s Charter>,
}

impl Seed<'_> {
    fn day(&self, days: u64) -> NaiveDate {
        self.today
            .checked_add_days(Days::new(days))
            .unwrap_or(NaiveDate::MAX)
    }

    /// A day as it is filled in: as the locale writes it, with its year.
    fn written(&self, day: NaiveDate) -> String {
        self.locale.whole_date(day)
    }

    /// The deal and its judgement, where it is one.
    fn single(&self) -> Option<(&Detail, &DealEval)> {
        let detail = self.detail.filter(|_| self.deals.len() == 1)?;
        Some((detail, detail.eval.as_ref()?))
    }

    fn id(&self) -> Option<DealId> {
        self.detail.map(|detail| detail.deal.id)
    }

    /// Free text as it may be shown; `None` when a mask hides any of it.
    fn free(&self, text: &Free) -> Option<String> {
        let shown = self.mask.free(text, self.id());
        (!self.mask.hides_amounts()).then(|| shown.into_owned())
    }

    fn name(&self, name: &Name) -> Option<String> {
        let id = self.id()?;
        let hidden = self.mask.hides_names_of(Some(id));
        (!hidden).then(|| self.mask.name(name, Label::Deal(id)).into_owned())
    }
}

impl Form {
    /// Opens a form. It waits for its deal where that is one which is not loaded yet.
    pub fn open(kind: FormKind, seed: &Seed<'_>) -> Self {
        let is_told = matches!(kind, FormKind::Outcome | FormKind::Regret);
        let needs_deal = seed.deals.len() == 1 && !is_told;
        let mut form = Self {
            kind,
            deals: seed.deals.to_vec(),
            name: seed.detail.map(|detail| detail.deal.name().clone()),
            question: seed.question.map(|ix| seed.bank[ix].id.clone()),
            fields: Vec::new(),
            lines: Vec::new(),
            actions: vec![action(ActionKind::Confirm, kind.verb(), None)],
            focus: FormFocus::Action(0),
            waiting: needs_deal && seed.detail.is_none(),
            drawn: false,
            sending: false,
            contacts: Vec::new(),
            left: Vec::new(),
            wanted: None,
            notes: None,
            calendar: false,
            failed: None,
            follows: Follows::default(),
        };
        if form.waiting {
            return form;
        }
        match kind {
            FormKind::Fire => form.fire(seed),
            FormKind::Hold => form.hold(seed),
            FormKind::Continue => form.go_on(seed),
            FormKind::TripwireHappened => form.happened(seed),
            FormKind::TripwireAnyway => form.anyway(seed),
            FormKind::TripwireSet => form.tripwire(seed),
            FormKind::Reinstate => form.words("on what terms", "they called and want to start"),
            FormKind::Outcome => form.outcome(),
            FormKind::Regret => form.regret(),
            FormKind::Note => form.words("note", ""),
            FormKind::Close => form.close(),
            FormKind::Add => form.deal_fields(seed, None),
            FormKind::Edit => form.deal_fields(seed, seed.detail.map(|detail| &detail.deal)),
            FormKind::Evidence => form.evidence(seed),
            FormKind::Ask => form.ask(seed),
            // It is filled in from what the pipeline knows of its CRMs, not of a deal.
            FormKind::Tell(tell) => form.tell(tell, seed),
            FormKind::Message => form.message(seed),
            FormKind::Charter => form.charter(seed),
            FormKind::Export | FormKind::Minutes(_) => {}
        }
        for field in &mut form.fields {
            if field.words().is_some() {
                field.check(Reading {
                    today: seed.today,
                    order: seed.locale.order(),
                });
            }
        }
        form.follow();
        let starts_in_text = match kind {
            FormKind::TripwireHappened
            | FormKind::TripwireAnyway
            | FormKind::Reinstate
            | FormKind::Outcome
            | FormKind::Regret
            | FormKind::Note
            | FormKind::Add
            | FormKind::Edit => true,
            FormKind::Tell(tell) => tell.starts_in_text(),
            FormKind::Evidence => {
                let at = form
                    .fields
                    .iter()
                    .position(|f| f.key == FieldKey::Words)
                    .unwrap_or(0);
                form.focus = FormFocus::Field(at);
                false
            }
            FormKind::Fire
            | FormKind::Hold
            | FormKind::Continue
            | FormKind::TripwireSet
            | FormKind::Close
            | FormKind::Ask
            | FormKind::Message
            | FormKind::Charter
            | FormKind::Export
            | FormKind::Minutes(_) => false,
        };
        if starts_in_text {
            form.focus = FormFocus::Field(0);
        }
        form
    }

    /// Fills in what follows from other fields, where a person has not changed it.
    pub(super) fn follow(&mut self) {
        if self.kind == FormKind::Fire {
            self.follow_fire();
        }
        self.follow_letter();
        if self.kind == FormKind::Export {
            self.follow_crm();
        }
        self.follow_tripwire();
    }

    /// Returns which word of a choice is picked; 0 where there is no such field.
    pub(super) fn picked(&self, key: FieldKey) -> usize {
        match self.field(key).map(|field| &field.input) {
            Some(Input::Choice { picked, .. }) => *picked,
            Some(Input::Text(_) | Input::Ticks { .. }) | None => 0,
        }
    }

    fn line(&mut self, label: &str, text: &str) {
        self.lines.push(FormLine {
            label: label.to_owned(),
            text: text.to_owned(),
            warn: false,
        });
    }
}

impl FormKind {
    /// Returns the word of the action that does what the form is for.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Fire => "Fire",
            Self::Hold => "Hold",
            Self::Continue => "Continue",
            Self::TripwireHappened => "It happened",
            Self::TripwireAnyway => "Keep going",
            Self::TripwireSet => "Set",
            Self::Reinstate => "Reinstate",
            Self::Close => "Close",
            Self::Add => "Add",
            Self::Edit | Self::Note | Self::Evidence | Self::Outcome | Self::Regret => "Save",
            Self::Ask => "Ask",
            Self::Tell(tell) => tell.verb(),
            Self::Message => "Copy",
            Self::Export | Self::Minutes(MinutesOf::Earlier) => "Write",
            Self::Minutes(MinutesOf::Running) => "End and write",
            Self::Charter => "Sign",
        }
    }
}

/// Hours as the form writes them, so that they read back.
fn hours(seed: &Seed<'_>, hours: f64) -> String {
    let text = seed.locale.hours(hours);
    if number(&text).is_some() {
        text
    } else {
        format!("{hours:.1}")
    }
}

fn action(kind: ActionKind, label: &'static str, letter: Option<char>) -> FormAction {
    FormAction {
        kind,
        label,
        letter,
    }
}
