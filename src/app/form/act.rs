//! From a filled-in form to what is to be done.

use chrono::NaiveDate;

use super::field::number;
use super::{Field, FieldKey, Form, FormKind, Holds, Input, Tell};
use crate::domain::act::{Act, ContinueSheet, DealField, FieldValue, FireSheet, HoldSheet, Typed};
use crate::domain::answer::{AnswerKey, Grade};
use crate::domain::deal::Status;
use crate::domain::ids::DealId;
use crate::domain::money::Money;
use crate::domain::phase::Phase;

impl Form {
    /// Returns what is to be done. The fields must have been [checked](Form::check) before;
    /// `None` where the form lacks what it needs, or nothing was changed.
    pub fn act(&self) -> Option<Act> {
        let deal = || self.deals.first().copied();
        Some(match self.kind {
            FormKind::Fire => Act::Fire {
                deals: self.deals.clone(),
                sheet: self.fire_sheet(),
            },
            FormKind::Hold => Act::Hold {
                deals: self.deals.clone(),
                sheet: HoldSheet {
                    what: self.words_of(FieldKey::What),
                    until: self.day_of(FieldKey::Until)?,
                    why: self.words_of(FieldKey::Why),
                },
            },
            FormKind::Continue => Act::Continue {
                deals: self.deals.clone(),
                sheet: ContinueSheet {
                    next: self.words_of(FieldKey::Next),
                    due: self.day_of(FieldKey::Due)?,
                    tripwire: self.sentence(),
                    by: self.day_of(FieldKey::By)?,
                    hours: self
                        .words_of(FieldKey::Hours)
                        .and_then(|text| number(&text)),
                    senior: self.words_of(FieldKey::Senior),
                },
            },
            FormKind::TripwireHappened => Act::TripwireHappened {
                deal: deal()?,
                words: self.words_of(FieldKey::Words)?,
            },
            FormKind::TripwireAnyway => Act::TripwireAnyway {
                deal: deal()?,
                words: self.words_of(FieldKey::Words)?,
                due: self.day_of(FieldKey::By)?,
            },
            FormKind::TripwireSet => Act::TripwireSet {
                deal: deal()?,
                sentence: self.sentence(),
                due: self.day_of(FieldKey::By),
            },
            FormKind::Reinstate => Act::Reinstate {
                deal: deal()?,
                terms: self.words_of(FieldKey::Words)?,
            },
            FormKind::Outcome | FormKind::Regret => self.after_act(deal()?)?,
            FormKind::Close => {
                let all = [Status::Won, Status::Lost, Status::Removed, Status::Open];
                Act::Close {
                    deals: self.deals.clone(),
                    status: *all.get(self.picked(FieldKey::Status))?,
                    reason: self.words_of(FieldKey::Words),
                }
            }
            FormKind::Add => Act::Add {
                fields: self.deal_values(),
            },
            FormKind::Edit => self.edit(deal()?)?,
            FormKind::Note => Act::Note {
                deal: deal()?,
                text: self.words_of(FieldKey::Words)?,
            },
            FormKind::Evidence => Act::Answer {
                deal: deal()?,
                question: self.question.clone()?,
                key: match self.picked(FieldKey::Answer) {
                    0 => AnswerKey::Yes(Grade::Shown),
                    1 => AnswerKey::Partly,
                    _ => AnswerKey::No(Grade::Said),
                },
                evidence: self.words_of(FieldKey::Words),
            },
            FormKind::Tell(tell) => self.tell_act(tell, deal()?)?,
            FormKind::Charter | FormKind::Message | FormKind::Export | FormKind::Minutes(_) => {
                return None;
            }
            FormKind::Ask => Act::Ask {
                deal: deal()?,
                question: self.question.clone(),
                whom: self.words_of(FieldKey::Whom),
                due: self.day_of(FieldKey::Due),
            },
        })
    }

    /// Returns the text that `copy` and `edit` are about: its field, and what it holds.
    pub fn main_text(&self) -> Option<(Option<usize>, String)> {
        let of = |key: FieldKey| {
            let at = self.fields.iter().position(|field| field.key == key)?;
            Some((Some(at), self.fields[at].text()))
        };
        match self.kind {
            FormKind::Fire | FormKind::Message => of(FieldKey::Mail)
                .filter(|(_, mail)| !mail.trim().is_empty())
                .or_else(|| of(FieldKey::Phone)),
            FormKind::Hold => of(FieldKey::What),
            FormKind::Continue => of(FieldKey::Tripwire),
            FormKind::Ask | FormKind::Tell(Tell::AskSignal(_)) => {
                let line = self.lines.iter().find(|line| line.label == "say")?;
                Some((None, line.text.clone()))
            }
            FormKind::Tell(_)
            | FormKind::TripwireHappened
            | FormKind::TripwireAnyway
            | FormKind::TripwireSet
            | FormKind::Reinstate
            | FormKind::Outcome
            | FormKind::Regret
            | FormKind::Close
            | FormKind::Add
            | FormKind::Edit
            | FormKind::Note
            | FormKind::Evidence
            | FormKind::Charter
            | FormKind::Export
            | FormKind::Minutes(_) => None,
        }
    }

    fn fire_sheet(&self) -> FireSheet {
        let own = self.words_of(FieldKey::Why);
        let ticks = self.field(FieldKey::Reasons);
        // As they were filled in they are each deal's own, which the store writes down itself.
        let reasons = if own.is_none() && ticks.is_none_or(Field::is_untouched) && any_ticked(ticks)
        {
            None
        } else {
            let mut reasons = ticked(ticks);
            reasons.extend(own);
            Some(reasons)
        };
        FireSheet {
            reasons,
            to: self.disposition(),
            whom: self.words_of(FieldKey::Whom),
            until: self.day_of(FieldKey::Until),
            walked_by: self.walked_by(),
            back_if: self.words_of(FieldKey::BackIf),
            phone: self.note_text(FieldKey::Phone),
            subject: self.note_text(FieldKey::Subject),
            mail: self.note_text(FieldKey::Mail),
            note: self.message_kind(),
            language: self.note_language(),
            word: self.words_of(FieldKey::Word),
        }
    }

    fn edit(&self, deal: DealId) -> Option<Act> {
        let fields: Vec<FieldValue> = self
            .fields
            .iter()
            .filter(|field| !field.is_untouched())
            .filter_map(field_value)
            .collect();
        (!fields.is_empty()).then_some(Act::Edit { deal, fields })
    }

    fn deal_values(&self) -> Vec<FieldValue> {
        let values = self.fields.iter().filter_map(field_value);
        values.filter(|field| field.value.is_some()).collect()
    }

    /// What was typed; `None` for nothing, and for fields that do not apply now.
    pub(super) fn words_of(&self, key: FieldKey) -> Option<String> {
        self.field(key).filter(|field| !field.hidden)?.words()
    }

    pub(super) fn day_of(&self, key: FieldKey) -> Option<NaiveDate> {
        self.field(key).filter(|field| !field.hidden)?.read
    }
}

fn any_ticked(field: Option<&Field>) -> bool {
    match field.map(|field| &field.input) {
        Some(Input::Ticks { rows, .. }) => {
            // Red signals beside the verdict's reasons are offered and not ticked.
            rows.iter().any(|(_, on)| *on)
        }
        Some(Input::Text(_) | Input::Choice { .. }) | None => true,
    }
}

fn ticked(field: Option<&Field>) -> Vec<String> {
    match field.map(|field| &field.input) {
        Some(Input::Ticks { rows, .. }) => rows
            .iter()
            .filter(|(_, on)| *on)
            .map(|(text, _)| text.clone())
            .collect(),
        Some(Input::Text(_) | Input::Choice { .. }) | None => Vec::new(),
    }
}

/// Reads a field of the deal's own; a blank one erases.
fn field_value(field: &Field) -> Option<FieldValue> {
    let FieldKey::Deal(name) = field.key else {
        return None;
    };
    let value = field.words().and_then(|text| typed(field, name, text));
    Some(FieldValue { field: name, value })
}

fn typed(field: &Field, name: DealField, text: String) -> Option<Typed> {
    match field.holds {
        Holds::Words | Holds::Hours => Some(Typed::Text(text)),
        Holds::Day | Holds::DayAhead | Holds::DayBehind => field.read.map(Typed::Day),
        Holds::Money => Money::parse(&text, None).ok().map(Typed::Money),
        Holds::Percent => number(text.trim_end_matches('%')).map(Typed::Percent),
        Holds::Phase => {
            debug_assert_eq!(name, DealField::Phase, "only a phase holds a phase");
            Phase::from_code(&text.to_lowercase()).map(Typed::Phase)
        }
    }
}
