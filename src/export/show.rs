//! A deal as `show --json` prints it: as in a list, with all that hangs on it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::deals::{DealJson, Record, account_name};
use crate::domain::bank::Bank;
use crate::domain::deal::Detail;
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::store::{Entry, OwnConcession};

/// A deal with all that hangs on it.
#[derive(Clone, Debug, Serialize)]
pub struct ShowJson {
    #[serde(flatten)]
    deal: DealJson,
    answers: Vec<Json>,
    notes: Vec<Json>,
    contacts: Vec<Json>,
    touches: Vec<Json>,
    commitments: Vec<Json>,
    concessions: Vec<Json>,
    decisions: Vec<Json>,
    holds: Vec<Json>,
    outcomes: Vec<Json>,
    tripwires: Vec<Json>,
    asks: Vec<Json>,
    moves: Vec<Json>,
    journal: Vec<Json>,
}

/// What hides the texts of one deal.
struct Words<'m> {
    mask: &'m Mask,
    deal: DealId,
}

impl Words<'_> {
    fn free(&self, text: &Free) -> String {
        self.mask.free(text, Some(self.deal)).into_owned()
    }

    fn maybe(&self, text: Option<&Free>) -> Option<String> {
        text.map(|text| self.free(text))
    }

    fn plain(&self, text: &str) -> String {
        self.free(&Free::new(text))
    }

    /// The value of a stage or a date is open, that of an amount is an amount.
    fn moved(&self, field: &str, value: Option<&String>) -> Option<String> {
        let value = value?;
        let is_hidden = field == "amount" && self.mask.hides_amounts();
        Some(if is_hidden {
            self.mask.figure().to_owned()
        } else {
            value.clone()
        })
    }

    fn contact(&self, name: &Name, place: usize) -> String {
        let id = self.deal.0.wrapping_mul(1_000) + place as i64 + 1;
        self.mask
            .name(
                name,
                Label::Contact {
                    id,
                    deal: Some(self.deal),
                },
            )
            .into_owned()
    }
}

/// An action of the journal as JSON.
pub fn entry(entry: &Entry, mask: &Mask, deal: Option<DealId>) -> Json {
    json!({
        "id": entry.id.0,
        "at": entry.at,
        "who": entry.who,
        "place": entry.place,
        "kind": entry.kind,
        "what": mask.free(&Free::new(entry.what.clone()), deal),
        "state": entry.state,
        "undoes": entry.undoes.map(|a| a.0),
        "undone_by": entry.undone_by.map(|a| a.0),
    })
}

impl ShowJson {
    /// Puts together what is printed of a deal as of a day.
    pub fn new(
        record: &Record,
        detail: &Detail,
        concessions: &[OwnConcession],
        journal: &[Entry],
        bank: &Bank,
        mask: &Mask,
        today: NaiveDate,
    ) -> Self {
        let words = Words {
            mask,
            deal: record.row.id,
        };
        let deal = record.row.id;
        Self {
            deal: DealJson::new(record, bank, mask, today),
            answers: answers(detail, bank, &words),
            notes: detail
                .notes
                .iter()
                .map(|n| json!({"at": n.at, "who": n.who, "text": words.free(&n.text)}))
                .collect(),
            contacts: contacts(detail, &words),
            touches: detail
                .touches
                .iter()
                .map(|t| {
                    json!({
                        "at": t.at, "direction": t.direction.code(), "channel": t.channel,
                        "minutes": t.minutes, "text": words.maybe(t.text.as_ref()),
                    })
                })
                .collect(),
            commitments: detail
                .commitments
                .iter()
                .map(|c| {
                    json!({
                        "id": c.id, "side": c.side.code(), "what": words.free(&c.what),
                        "due": c.due, "state": c.state,
                    })
                })
                .collect(),
            concessions: concessions
                .iter()
                .map(|c| {
                    json!({
                        "id": c.id, "kind": c.kind, "what": words.free(&c.what),
                        "amount": super::deals::MoneyJson::new(c.amount, mask), "at": c.at,
                    })
                })
                .collect(),
            decisions: decisions(detail, &words),
            holds: detail
                .holds
                .iter()
                .map(|h| {
                    json!({
                        "id": h.id, "what": words.free(&h.what), "until": h.until,
                        "why": words.maybe(h.why.as_ref()), "starts": h.starts, "ended": h.ended,
                    })
                })
                .collect(),
            outcomes: detail
                .outcomes
                .iter()
                .map(|o| {
                    json!({"kind": o.kind, "day": o.day, "words": words.maybe(o.words.as_ref())})
                })
                .collect(),
            tripwires: detail
                .tripwires
                .iter()
                .map(|t| {
                    json!({
                        "id": t.id, "sentence": words.free(&t.sentence), "due": t.due,
                        "state": t.state.code(), "words": words.maybe(t.words.as_ref()),
                        "moved": t.moved, "settled": t.settled,
                    })
                })
                .collect(),
            asks: asks(detail, bank, &words),
            moves: detail
                .moves
                .iter()
                .map(|m| {
                    json!({
                        "day": m.day, "field": m.field,
                        "old": words.moved(&m.field, m.old.as_ref()),
                        "new": words.moved(&m.field, m.new.as_ref()),
                        "source": m.source,
                    })
                })
                .collect(),
            journal: journal.iter().map(|e| entry(e, mask, Some(deal))).collect(),
        }
    }
}

fn answers(detail: &Detail, bank: &Bank, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.answers.iter();
    rows.map(|a| {
        let text = bank.find(&a.question).map(|ix| bank[ix].short.clone());
        json!({
            "question": a.question, "text": text, "answer": a.value.code(),
            "grade": a.grade.code(), "day": a.day,
            "evidence": words.maybe(a.evidence.as_ref()), "who": a.who,
        })
    })
    .collect()
}

fn contacts(detail: &Detail, words: &Words<'_>) -> Vec<Json> {
    let known = detail.contacts.iter().enumerate().map(|(at, c)| {
        json!({
            "name": words.contact(&c.name, at), "title": c.title, "role": c.role, "met": c.met,
        })
    });
    // The person whom the record names, unless there is a row of their own.
    let named = detail
        .deal
        .contact
        .iter()
        .filter(|_| detail.contacts.is_empty())
        .map(|name| {
            json!({
                "name": words.contact(name, 0), "title": null, "role": null, "met": null,
            })
        });
    known.chain(named).collect()
}

fn decisions(detail: &Detail, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.decisions.iter();
    rows.map(|d| {
        let reasons: Vec<String> = d.reasons.iter().map(|r| words.plain(r)).collect();
        json!({
            "id": d.id, "kind": d.kind.code(), "day": d.day, "who": d.who,
            "authority": d.authority, "reasons": reasons, "verdict": d.verdict,
            "core_unasked": d.core_unasked,
            "disposition": d.disposition.map(crate::domain::deal::Disposition::code),
            "whom": d.whom.as_ref().map(|w| words.plain(w)), "until": d.until,
            "hours_reclaimed": d.minutes_reclaimed.map(|m| super::json::rounded(m as f64 / 60.0, 2)),
            "formula": d.formula, "terms": words.maybe(d.terms.as_ref()),
            "why": words.maybe(d.why.as_ref()),
        })
    })
    .collect()
}

fn asks(detail: &Detail, bank: &Bank, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.asks.iter().enumerate();
    rows.map(|(at, a)| {
        let text = bank.find(&a.question).map(|ix| bank[ix].short.clone());
        json!({
            "id": a.id, "question": a.question, "text": text, "say": words.free(&a.text),
            "contact": a.contact.as_ref().map(|name| words.contact(name, at + 100)),
            "due": a.due, "state": a.state.code(), "reply": words.maybe(a.reply.as_ref()),
        })
    })
    .collect()
}

/// The account of a deal, for people.
pub fn account(detail: &Detail, mask: &Mask) -> Option<String> {
    detail
        .deal
        .account
        .as_ref()
        .map(|account| account_name(account, detail.deal.id, mask))
}
