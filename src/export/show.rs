//! A deal as `show --json` prints it: as in a list, with all that hangs on it.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::deals::{DealJson, Record, account_name};
use crate::domain::bank::Bank;
use crate::domain::deal::{AccessAnswer, ContactRole, Detail, GateFlag};
use crate::domain::ids::DealId;
use crate::domain::shown::{Free, Label, Mask, Name};
use crate::store::Entry;

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
    gate: Option<Json>,
    access: Vec<Json>,
    signs: Vec<Json>,
    fresh_eyes: Option<Json>,
    unwanted: bool,
    support: Option<Json>,
    handoffs: Vec<Json>,
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

    /// Somebody of theirs: a name of a contact, which may be no contact's.
    fn someone(&self, name: &Name) -> String {
        self.free(&Free::new(name.expose_for_storage()))
    }

    fn all(&self, names: &[Name]) -> Vec<String> {
        names.iter().map(|name| self.someone(name)).collect()
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
                        "id": t.id, "at": t.at, "direction": t.direction.code(),
                        "channel": t.channel, "minutes": t.minutes, "status": t.status.code(),
                        "words": t.words, "curt": t.curt,
                        "document": words.maybe(t.document.as_ref()), "asks_info": t.asks_info,
                        "after_hours": t.after_hours.code(), "contacts": words.all(&t.contacts),
                        "people": t.people, "text": words.maybe(t.text.as_ref()),
                        "typed": t.typed,
                    })
                })
                .collect(),
            commitments: detail
                .commitments
                .iter()
                .map(|c| {
                    json!({
                        "id": c.id, "side": c.side.code(), "what": words.free(&c.what),
                        "due": c.due, "state": c.state.code(), "settled": c.settled,
                        "paired": c.paired,
                    })
                })
                .collect(),
            concessions: concessions(detail, &words),
            gate: detail.seen.gate.as_ref().map(|gate| {
                let owner = |flag| gate.owner(flag).map(|name| words.someone(name));
                json!({
                    "objectives": owner(GateFlag::Objectives),
                    "requirements": owner(GateFlag::Requirements),
                    "process": owner(GateFlag::Process),
                    "equipment": owner(GateFlag::Equipment),
                    "starts": gate.starts, "agreed": gate.agreed,
                })
            }),
            access: access(detail, &words),
            signs: detail
                .seen
                .signs
                .iter()
                .map(|s| json!({"sign": s.sign.code(), "at": s.at, "who": s.who}))
                .collect(),
            fresh_eyes: detail
                .seen
                .fresh_eyes
                .map(|f| json!({"answer": f.answer.code(), "day": f.day})),
            unwanted: detail.seen.is_unwanted,
            support: detail.support.map(|load| {
                json!({
                    "since": load.since, "touches": load.touches, "requests": load.requests,
                    "hours": super::json::rounded(load.hours(), 2),
                })
            }),
            handoffs: detail
                .seen
                .handoffs
                .iter()
                .map(|h| {
                    json!({
                        "from": h.from, "to": h.to, "overseer": h.overseer,
                        "next_check": h.next_check, "day": h.day,
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
            "id": c.id, "name": words.contact(&c.name, at), "title": c.title,
            "role": c.role.map(ContactRole::code), "level": c.level, "met": c.met,
            "email": words.maybe(c.email.as_ref()),
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
                "id": null, "name": words.contact(name, 0), "title": null, "role": null,
                "level": null, "met": null, "email": null,
            })
        });
    known.chain(named).collect()
}

fn concessions(detail: &Detail, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.seen.concessions.iter();
    rows.map(|c| {
        json!({
            "id": c.id, "kind": c.kind.code(), "what": words.free(&c.what),
            "amount": super::deals::MoneyJson::new(c.amount, words.mask), "percent": c.percent,
            "traded_for": words.maybe(c.traded_for.as_ref()),
            "hard_to_keep": c.hard_to_keep, "kept": c.kept, "at": c.at,
        })
    })
    .collect()
}

fn access(detail: &Detail, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.seen.access.iter();
    rows.map(|a| {
        json!({
            "id": a.id, "whom": words.someone(&a.whom), "day": a.day,
            "answer": a.answer.map(AccessAnswer::code), "answered": a.answered, "swap": a.swap,
        })
    })
    .collect()
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
            "walked_by": d.walked_by.map(crate::domain::deal::WalkedBy::code),
            "back_if": words.maybe(d.comes_back_if.as_ref()),
            "subject": words.maybe(d.note.subject.as_ref()),
            "mail": words.maybe(d.note.mail.as_ref()),
            "phone": words.maybe(d.note.phone.as_ref()),
        })
    })
    .collect()
}

fn asks(detail: &Detail, bank: &Bank, words: &Words<'_>) -> Vec<Json> {
    let rows = detail.asks.iter().enumerate();
    rows.map(|(at, a)| {
        let text = bank.find(&a.question).map(|ix| bank[ix].short.clone());
        json!({
            "id": a.id, "question": a.question, "text": text, "say": words.mask.asked(&a.text, Some(bank), Some(words.deal)),
            "contact": a.contact.as_ref().map(|name| words.contact(name, at + 100)),
            "due": a.due, "state": a.state.code(), "put": a.put, "signal": a.signal,
            "reply": words.maybe(a.reply.as_ref()), "replied": a.replied,
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
