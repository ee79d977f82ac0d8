//! The forms about one deal: its fields, its end, a note, an answer, an ask.

use chrono::NaiveDate;

use super::super::field::{block, choice, day, text};
use super::super::{ActionKind, FieldKey, Form, Holds};
use super::{Seed, action};
use crate::domain::act::{DealField, FIELDS, FieldKind};
use crate::domain::answer::Value;
use crate::domain::deal::Deal;
use crate::domain::defaults;
use crate::domain::shown::{Free, Name};

impl Form {
    pub(super) fn words(&mut self, label: &str, hint: &str) {
        self.fields.push(
            block(FieldKey::Words, label, "")
                .required()
                .hint(hint)
                .private(),
        );
    }

    pub(super) fn close(&mut self) {
        let options = ["won", "lost", "removed", "open"];
        self.fields
            .push(choice(FieldKey::Status, "it is", &options, 0));
        self.fields.push(text(FieldKey::Words, "why", "").private());
    }

    pub(super) fn evidence(&mut self, seed: &Seed<'_>) {
        let Some(ix) = seed.question else { return };
        let question = &seed.bank[ix];
        self.line("question", &question.text);
        if !question.counts_as_evidence.is_empty() {
            self.line("counts", &question.counts_as_evidence);
        }
        let answers = seed
            .detail
            .map(|detail| detail.answers.as_slice())
            .unwrap_or_default();
        let now = answers.iter().find(|row| row.question == question.id);
        let picked = match now.map(|row| row.value) {
            Some(Value::No) => 2,
            Some(Value::Partly) => 1,
            Some(Value::Yes | Value::Unknown | Value::NotApplicable) | None => 0,
        };
        self.fields.push(choice(
            FieldKey::Answer,
            "so it is",
            &["yes", "partly", "no"],
            picked,
        ));
        let kept = now
            .and_then(|row| row.evidence.as_ref())
            .and_then(|words| seed.free(words));
        self.fields.push(
            block(
                FieldKey::Words,
                "their words",
                kept.as_deref().unwrap_or_default(),
            )
            .required()
            .private(),
        );
    }

    pub(super) fn ask(&mut self, seed: &Seed<'_>) {
        if let Some(ix) = seed.question {
            let question = &seed.bank[ix];
            let signals = seed.single().map_or(&[][..], |(_, eval)| &eval.signals);
            self.line("say", question.words_to_say(signals));
        }
        self.whom(seed);
        let due = seed.day(defaults::STEP_DAYS);
        self.fields
            .push(day(FieldKey::Due, "by", &seed.written(due), Holds::Day).required());
        self.actions
            .push(action(ActionKind::Copy, "copy", Some('c')));
    }

    /// Names are completed from the deal's contacts; returns the one that the record names.
    pub(super) fn complete_from(&mut self, seed: &Seed<'_>) -> Option<String> {
        let contact = seed.detail.and_then(|detail| detail.deal.contact.as_ref());
        let contact = contact.and_then(|name| seed.name(name));
        let known = seed.detail.iter().flat_map(|detail| &detail.contacts);
        self.contacts = known.filter_map(|row| seed.name(&row.name)).collect();
        self.contacts.extend(contact.clone());
        self.contacts.sort_unstable();
        self.contacts.dedup();
        contact
    }

    /// Whom to ask: whoever the record names.
    pub(super) fn whom(&mut self, seed: &Seed<'_>) {
        let contact = self.complete_from(seed);
        self.fields.push(
            text(
                FieldKey::Whom,
                "whom",
                contact.as_deref().unwrap_or_default(),
            )
            .hint("nobody named")
            .private(),
        );
    }

    pub(super) fn deal_fields(&mut self, seed: &Seed<'_>, deal: Option<&Deal>) {
        for info in FIELDS {
            let holds = match info.kind {
                FieldKind::Line | FieldKind::Name | FieldKind::Block => Holds::Words,
                FieldKind::Day if info.field == DealField::Created => Holds::DayBehind,
                FieldKind::Day => Holds::Day,
                FieldKind::Money => Holds::Money,
                FieldKind::Phase => Holds::Phase,
                FieldKind::Percent => Holds::Percent,
            };
            let filled = deal.map_or(Some(String::new()), |deal| value(seed, deal, info.field));
            let key = FieldKey::Deal(info.field);
            let mut field = match info.kind {
                FieldKind::Block => block(key, info.label, filled.as_deref().unwrap_or_default()),
                FieldKind::Line
                | FieldKind::Name
                | FieldKind::Day
                | FieldKind::Money
                | FieldKind::Phase
                | FieldKind::Percent => {
                    text(key, info.label, filled.as_deref().unwrap_or_default())
                }
            };
            field.holds = holds;
            field.private = true;
            if filled.is_none() {
                field.placeholder = format!("{} stays as it is", seed.mask.figure());
            }
            self.fields.push(field);
        }
    }
}

/// A deal's field as text for the form; `None` where a mask hides it.
fn value(seed: &Seed<'_>, deal: &Deal, field: DealField) -> Option<String> {
    let name = |name: Option<&Name>| name.map_or(Some(String::new()), |name| seed.name(name));
    let free = |text: Option<&Free>| text.map_or(Some(String::new()), |text| seed.free(text));
    let plain = |text: Option<&String>| Some(text.cloned().unwrap_or_default());
    let day = |day: Option<NaiveDate>| Some(day.map(|day| seed.written(day)).unwrap_or_default());
    match field {
        DealField::Title => name(Some(&deal.title)),
        DealField::Account => name(deal.account.as_ref()),
        DealField::Contact => name(deal.contact.as_ref()),
        DealField::Owner => plain(deal.owner.as_ref()),
        DealField::Stage => plain(deal.stage.as_ref()),
        DealField::Phase => Some(deal.phase.map(|p| p.code().to_owned()).unwrap_or_default()),
        DealField::Amount => match deal.amount {
            None => Some(String::new()),
            Some(_) if seed.mask.hides_amounts() => None,
            Some(money) => Some(seed.mask.money(money, seed.locale).into_owned()),
        },
        DealField::ExpectedClose => day(deal.expected_close),
        DealField::Created => day(deal.created),
        DealField::NextStep => free(deal.next_step.as_ref()),
        DealField::NextStepDue => day(deal.next_step_due),
        DealField::Product => plain(deal.product.as_ref()),
        DealField::Description => free(deal.description.as_ref()),
        DealField::Margin | DealField::Discount => Some(String::new()),
    }
}
