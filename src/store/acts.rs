//! Carrying out an [`Act`]: the rules of a deal's states, written as one action.

mod after;
mod answers;
mod asks;
mod charter;
mod decide;
mod desk;
mod edit;
mod exchange;
mod hours;
mod learn;
mod people;
mod promises;
mod review;
mod seals;
mod signs;
mod touches;

pub(super) use exchange::{take_seals, write_seals};
pub(super) use hours::{is_selling_key, monday, selling_key};

use rusqlite::OptionalExtension;
use serde_json::Value as Json;

use super::error::{Doing, StoreError};
use super::journal::{Journal, Stamp};
use super::{Store, eval};
use crate::domain::act::Act;
use crate::domain::bank::Bank;
use crate::domain::clean;
use crate::domain::deal::{Done, Status};
use crate::domain::ids::DealId;

/// The longest line that is kept of what a person types, in characters.
const LINE: usize = 500;
/// The longest text of several lines, in characters.
const BLOCK: usize = 20_000;

/// What the writing of one act works with.
struct Work<'w, 'c> {
    journal: Journal<'c>,
    store: &'w Store,
    stamp: &'w Stamp,
    hours_back: Option<f64>,
    left: Vec<String>,
}

/// What an act did, in words, and the deals that it concerns.
type Wrote = Result<(String, Vec<DealId>), StoreError>;

/// A line as it is kept; `None` when nothing is left of it.
fn line(text: &str) -> Option<String> {
    let line = clean::clean_line(text, LINE);
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// An optional line as the journal writes it.
fn json_line(text: Option<&str>) -> Json {
    text.and_then(line).map_or(Json::Null, Json::from)
}

/// An optional text of several lines as the journal writes it.
fn json_block(text: Option<&str>) -> Json {
    text.map(|t| clean::clean_block(t, BLOCK).trim().to_owned())
        .filter(|t| !t.is_empty())
        .map_or(Json::Null, Json::from)
}

fn required(text: &str, what: &str) -> Result<String, StoreError> {
    line(text).ok_or_else(|| StoreError::refused(format!("{what} is empty"), "write a few words"))
}

/// Writes one act, evaluates the deals it touched, and says what was done.
///
/// Nothing is written where nothing would change; the action is then `None`.
pub(super) fn run(store: &Store, stamp: &Stamp, act: &Act) -> Result<Done, StoreError> {
    let is_bank = matches!(act, Act::UseBank { .. } | Act::Learn { .. });
    write(store, stamp, kind(act), is_bank, |work| work.write(act))
}

/// Carries out one piece of writing as one action of that kind.
fn write(
    store: &Store,
    stamp: &Stamp,
    kind: &str,
    rebuild: bool,
    write: impl FnOnce(&mut Work<'_, '_>) -> Wrote,
) -> Result<Done, StoreError> {
    let tx = store.immediate()?;
    let journal = Journal::begin(&tx, stamp, kind, kind)?;
    let mut work = Work {
        journal,
        store,
        stamp,
        hours_back: None,
        left: Vec::new(),
    };
    let (what, deals) = write(&mut work)?;
    let hours_back = work.hours_back;
    let left = std::mem::take(&mut work.left);
    if work.journal.changes() == 0 {
        let what = format!("{what}: as it was");
        return Ok(Done {
            action: None,
            what,
            deals,
            hours_back,
            left,
        });
    }
    let (action, touched) = work.journal.finish(&what)?;
    eval::renew(&tx, store.judge(), &touched, stamp.today)?;
    eval::renew_people(&tx, store.judge(), action, stamp.today)?;
    if rebuild {
        let mut judge = store.judge().clone();
        judge.take_up(&tx)?;
        eval::rebuild(&tx, &judge, stamp.today)?;
    }
    tx.commit().doing("saving")?;
    Ok(Done {
        action: Some(action),
        what,
        deals,
        hours_back,
        left,
    })
}

/// The journal's word for an act.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::Add { .. } => "add",
        Act::Edit { .. } => "edit",
        Act::Answer { .. } => "answer",
        Act::Note { .. } => "note",
        Act::Fire { .. } => "fire",
        Act::Hold { .. } => "hold",
        Act::Continue { .. } => "continue",
        Act::TripwireHappened { .. } | Act::TripwireAnyway { .. } | Act::TripwireSet { .. } => {
            "tripwire"
        }
        Act::Reinstate { .. } => "reinstate",
        Act::NurtureLater { .. } | Act::LetGo { .. } => "nurture",
        Act::Outcome { .. } | Act::NoChange { .. } => "outcome",
        Act::Regret { .. } => "regret",
        Act::Close { .. } => "close",
        Act::UseBank { .. } => "bank",
        Act::Learn { .. } => "learn",
        Act::SaveView { .. } | Act::DeleteView { .. } => "view",
        Act::OwnerIs { .. } => "owner",
        Act::TouchAdd { .. } | Act::TouchEdit { .. } | Act::TouchRemove { .. } => "touch",
        Act::CommitmentAdd { .. }
        | Act::CommitmentEdit { .. }
        | Act::CommitmentSettle { .. }
        | Act::CommitmentPair { .. } => "commitment",
        Act::GateSet { .. } | Act::GateStarts { .. } | Act::GateSheet { .. } => "gate",
        Act::ConcessionAdd { .. } | Act::BaitSettle { .. } => "concession",
        Act::Unwanted { .. } => "unwanted",
        Act::AccessAsk { .. } | Act::AccessAnswer { .. } => "access",
        Act::ContactAdd { .. } | Act::ContactEdit { .. } | Act::ContactRemove { .. } => "contact",
        Act::Ask { .. }
        | Act::AskSignal { .. }
        | Act::AskPut { .. }
        | Act::AskReply { .. }
        | Act::AskNoReply { .. }
        | Act::AskNotAsked { .. }
        | Act::AskDrop { .. }
        | Act::AskMove { .. } => "ask",
        Act::Sweep { .. } => "sweep",
        Act::Sign { .. } => "sign",
        Act::FreshEyes { .. } => "fresh",
        Act::Handoff { .. } => "handoff",
        Act::PersonSet { .. } => "person",
        Act::SellingHours { .. } | Act::HoursPlan { .. } => "hours",
        Act::RaiseHand { .. } | Act::LowerHand { .. } => "raise",
        Act::ReviewStart { .. }
        | Act::ReviewItem { .. }
        | Act::ReviewAdd { .. }
        | Act::ReviewMove { .. }
        | Act::ReviewTime { .. } => "review",
        Act::ReviewTurn { .. } => "review_turn",
        Act::ReviewEnd => "review_end",
        Act::MayFire { .. } => "may_fire",
        Act::Seal { .. } | Act::SealStanding { .. } => "seal",
        Act::Reveal { .. } | Act::Choose { .. } => "reveal",
        Act::CharterSign { .. } | Act::CharterAnswer { .. } => "charter",
    }
}

/// What the rules need to know of a deal before they change it.
struct Before {
    name: String,
    status: Status,
    decision: String,
    batch: Option<i64>,
}

impl Work<'_, '_> {
    fn write(&mut self, act: &Act) -> Wrote {
        match act {
            Act::Add { fields } => self.add(fields),
            Act::Edit { deal, fields } => self.edit(*deal, fields),
            Act::Answer {
                deal,
                question,
                key,
                evidence,
            } => self.answer(*deal, question, *key, evidence.as_deref()),
            Act::Ask {
                deal,
                question,
                whom,
                due,
            } => self.ask(*deal, question.as_deref(), whom.as_deref(), *due),
            Act::AskSignal {
                deal,
                signal,
                whom,
                due,
            } => self.ask_signal(*deal, *signal, whom.as_deref(), *due),
            Act::Note { deal, text } => self.note(*deal, text),
            Act::Fire { deals, sheet } => self.fire(deals, sheet),
            Act::Hold { deals, sheet } => self.hold(deals, sheet),
            Act::Continue { deals, sheet } => self.go_on(deals, sheet),
            Act::TripwireHappened { deal, words } => self.happened(*deal, words),
            Act::TripwireAnyway { deal, words, due } => self.anyway(*deal, words, *due),
            Act::TripwireSet {
                deal,
                sentence,
                due,
            } => self.set_tripwire(*deal, sentence.as_deref(), *due),
            Act::Reinstate { deal, terms } => self.reinstate(*deal, terms),
            Act::NurtureLater { deal, until } => self.nurture(*deal, Some(*until)),
            Act::LetGo { deal } => self.nurture(*deal, None),
            Act::Outcome { deal, kind, words } => self.outcome(*deal, *kind, words.as_deref()),
            Act::NoChange { deals } => self.no_change(deals),
            Act::Regret { deal, again, words } => self.regret(*deal, *again, words.as_deref()),
            Act::Close {
                deals,
                status,
                reason,
            } => self.close(deals, *status, reason.as_deref()),
            Act::UseBank { bank } => self.use_bank(bank),
            Act::Learn { bank, learnt } => self.learn(bank, learnt.as_deref()),
            Act::SaveView {
                name,
                filter,
                order,
            } => self.save_view(name, filter, order),
            Act::DeleteView { name } => self.delete_view(name),
            Act::OwnerIs { owner } => self.owner_is(owner),
            Act::TouchAdd { deal, touch } => self.touch(*deal, touch),
            Act::TouchEdit { touch, to } => self.edit_touch(*touch, to),
            Act::TouchRemove { touch } => self.remove_touch(*touch),
            Act::CommitmentAdd { deal, commitment } => self.promise(*deal, commitment),
            Act::CommitmentEdit { commitment, to } => self.edit_promise(*commitment, to),
            Act::CommitmentSettle {
                commitment,
                settlement,
            } => self.settle(*commitment, *settlement),
            Act::CommitmentPair { commitment, with } => self.pair(*commitment, *with),
            Act::GateSet { deal, flag, owner } => self.gate(*deal, *flag, owner.as_deref()),
            Act::GateStarts { deal, starts } => self.gate_starts(*deal, *starts),
            Act::GateSheet {
                deal,
                owners,
                starts,
            } => self.gate_sheet(*deal, owners, *starts),
            Act::ConcessionAdd { deal, concession } => self.concede(*deal, concession),
            Act::BaitSettle { concession, kept } => self.settle_bait(*concession, *kept),
            Act::Unwanted {
                deal,
                unwanted,
                words,
            } => self.unwanted(*deal, *unwanted, words.as_deref()),
            Act::AccessAsk { deal, whom, swap } => self.ask_access(*deal, whom, *swap),
            Act::AccessAnswer { deal, whom, answer } => self.answer_access(*deal, whom, *answer),
            Act::ContactAdd { deal, contact } => self.contact(*deal, contact),
            Act::ContactEdit { contact, to } => self.edit_contact(*contact, to),
            Act::ContactRemove { contact } => self.remove_contact(*contact),
            Act::AskPut { ask } => self.ask_put(*ask),
            Act::AskReply { ask, key, reply } => self.ask_reply(*ask, *key, reply.as_deref()),
            Act::AskNoReply { ask } => self.ask_no_reply(*ask),
            Act::AskNotAsked { ask } => self.ask_not_asked(*ask),
            Act::AskDrop { ask } => self.ask_drop(*ask),
            Act::AskMove { ask, due } => self.ask_move(*ask, *due),
            Act::Sweep { words } => self.sweep(words),
            Act::Sign { deal, sign, ticked } => self.sign(*deal, *sign, *ticked),
            Act::FreshEyes { deal, answer } => self.fresh_eyes(*deal, *answer),
            Act::Handoff { deal, sheet } => self.hand_off(*deal, sheet),
            Act::PersonSet { name, sheet } => self.person(name, sheet),
            Act::SellingHours { minutes } => self.selling_hours(*minutes),
            Act::HoursPlan {
                deal,
                week,
                minutes,
            } => self.plan_hours(*deal, *week, *minutes),
            Act::RaiseHand { deal, note } => self.raise_hand(*deal, note.as_deref()),
            Act::LowerHand { deal } => self.lower_hand(*deal),
            Act::ReviewStart {
                with,
                minutes,
                each,
            } => self.start_review(with.as_deref(), *minutes, *each),
            Act::ReviewTurn { deal } => self.turn_to(*deal),
            Act::ReviewItem { deal, state } => self.item(*deal, *state),
            Act::ReviewAdd { deal } => self.add_item(*deal),
            Act::ReviewMove { deal, place } => self.move_item(*deal, *place),
            Act::ReviewTime { minutes, each } => self.review_time(*minutes, *each),
            Act::ReviewEnd => self.end_review(),
            Act::MayFire {
                deal,
                sentence,
                who,
            } => self.may_fire(*deal, sentence.as_deref(), who.as_deref()),
            Act::Seal {
                deal,
                person,
                answers,
            } => self.seal(*deal, person.as_deref(), answers.answers()),
            Act::SealStanding { deals } => self.seal_standing(deals),
            Act::Reveal { deal, all } => self.reveal(*deal, *all),
            Act::Choose {
                deal,
                question,
                chosen,
            } => self.choose(*deal, question.as_deref(), *chosen),
            Act::CharterSign { terms } => self.sign_charter(terms.as_ref()),
            Act::CharterAnswer {
                deal,
                reply,
                reason,
            } => self.answer_request(*deal, *reply, reason.as_deref()),
        }
    }

    /// Reads what the rules need; refused where there is no such deal.
    fn before(&self, deal: DealId) -> Result<Before, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT coalesce(account, title), status, decision, batch
                 FROM deal WHERE id = ?1",
            )
            .and_then(|mut s| {
                s.query_row([deal.0], |r| {
                    let status: String = r.get(1)?;
                    Ok(Before {
                        name: r.get(0)?,
                        status: Status::from_code(&status).unwrap_or(Status::Open),
                        decision: r.get(2)?,
                        batch: r.get(3)?,
                    })
                })
            })
            .optional()
            .doing("reading the deal")?
            .ok_or_else(|| {
                StoreError::refused(
                    format!("there is no deal {deal}"),
                    "`walkaway list` shows the deals with their numbers",
                )
            })
    }

    /// Reads what the rules need of a deal that must be open.
    fn open(&self, deal: DealId) -> Result<Before, StoreError> {
        let before = self.before(deal)?;
        if before.status == Status::Open {
            return Ok(before);
        }
        Err(StoreError::refused(
            format!("{} is {}", before.name, before.status.code()),
            "only open deals take this; `close DEAL open` opens it again",
        ))
    }

    /// Reads one row by its number; refused in words where there is none.
    fn row<T>(
        &self,
        what: &str,
        sql: &str,
        id: i64,
        read: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.journal
            .conn()
            .prepare_cached(sql)
            .and_then(|mut s| s.query_row([id], read).optional())
            .doing("reading what is to change")?
            .ok_or_else(|| {
                StoreError::refused(
                    format!("there is no {what} {id}"),
                    "`walkaway show DEAL` lists them with their numbers",
                )
            })
    }

    fn bank(&self) -> &Bank {
        self.store.judge().bank()
    }
}
