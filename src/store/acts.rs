//! Carrying out an [`Act`]: the rules of a deal's states, written as one action.

mod decide;
mod edit;

use rusqlite::OptionalExtension;
use serde_json::{Value as Json, json};

use super::error::{Doing, StoreError};
use super::journal::{Journal, Stamp};
use super::{Store, eval};
use crate::domain::act::Act;
use crate::domain::answer::{Answer, AnswerKey, Grade, Value};
use crate::domain::bank::Bank;
use crate::domain::clean;
use crate::domain::deal::{Done, Status};
use crate::domain::ids::DealId;
use crate::domain::locale::DayOrder;
use crate::domain::query::{Filter, Order};

/// The longest line that is kept of what a person types, in characters.
const LINE: usize = 500;
/// The longest text of several lines, in characters.
const BLOCK: usize = 20_000;
/// Days until an ask falls due when no date was given.
const ASK_DAYS: i64 = 7;

/// What the writing of one act works with.
struct Work<'w, 'c> {
    journal: Journal<'c>,
    store: &'w Store,
    stamp: &'w Stamp,
    hours_back: Option<f64>,
}

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
    let tx = store.immediate()?;
    let journal = Journal::begin(&tx, stamp, kind(act), kind(act))?;
    let mut work = Work {
        journal,
        store,
        stamp,
        hours_back: None,
    };
    let (what, deals) = work.write(act)?;
    let hours_back = work.hours_back;
    if work.journal.changes() == 0 {
        let what = format!("{what}: as it was");
        return Ok(Done {
            action: None,
            what,
            deals,
            hours_back,
            left: Vec::new(),
        });
    }
    let (action, touched) = work.journal.finish(&what)?;
    eval::renew(&tx, store.judge(), &touched, stamp.today)?;
    if let Act::UseBank { .. } = act {
        eval::rebuild(&tx, store.judge(), stamp.today)?;
    }
    tx.commit().doing("saving")?;
    Ok(Done {
        action: Some(action),
        what,
        deals,
        hours_back,
        left: Vec::new(),
    })
}

/// The journal's word for an act.
fn kind(act: &Act) -> &'static str {
    match act {
        Act::Add { .. } => "add",
        Act::Edit { .. } => "edit",
        Act::Answer { .. } => "answer",
        Act::Ask { .. } => "ask",
        Act::Note { .. } => "note",
        Act::Fire { .. } => "fire",
        Act::Hold { .. } => "hold",
        Act::Continue { .. } => "continue",
        Act::TripwireHappened { .. } | Act::TripwireAnyway { .. } | Act::TripwireSet { .. } => {
            "tripwire"
        }
        Act::Reinstate { .. } => "reinstate",
        Act::NurtureLater { .. } | Act::LetGo { .. } => "nurture",
        Act::Close { .. } => "close",
        Act::UseBank { .. } => "bank",
        Act::SaveView { .. } | Act::DeleteView { .. } => "view",
        Act::OwnerIs { .. } => "owner",
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
    fn write(&mut self, act: &Act) -> Result<(String, Vec<DealId>), StoreError> {
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
            Act::Note { deal, text } => {
                let before = self.before(*deal)?;
                let text = json_block(Some(text));
                if text.is_null() {
                    return Err(StoreError::refused(
                        "the note is empty",
                        "write a few words",
                    ));
                }
                self.journal.insert(
                    "note",
                    None,
                    &[
                        ("deal", json!(deal.0)),
                        ("at", json!(self.stamp.at_text())),
                        ("who", json!(self.stamp.who)),
                        ("text", text),
                    ],
                )?;
                super::search::mark(self.journal.conn(), *deal)?;
                Ok((format!("Noted on {}", before.name), vec![*deal]))
            }
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
            Act::Close {
                deals,
                status,
                reason,
            } => self.close(deals, *status, reason.as_deref()),
            Act::UseBank { bank } => self.use_bank(bank),
            Act::SaveView {
                name,
                filter,
                order,
            } => self.save_view(name, filter, order),
            Act::DeleteView { name } => self.delete_view(name),
            Act::OwnerIs { owner } => self.owner_is(owner),
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

    fn bank(&self) -> &Bank {
        self.store.judge().bank()
    }

    fn current_answer(
        &self,
        deal: DealId,
        question: &str,
    ) -> Result<Option<(i64, Answer)>, StoreError> {
        self.journal
            .conn()
            .prepare_cached(
                "SELECT id, value, grade, day FROM answer
                 WHERE deal = ?1 AND bank = ?2 AND question = ?3 AND current = 1",
            )
            .and_then(|mut s| {
                s.query_row((deal.0, self.bank().id(), question), |r| {
                    let value: String = r.get(1)?;
                    let grade: String = r.get(2)?;
                    Ok((
                        r.get(0)?,
                        Answer::new(
                            Value::from_code(&value).unwrap_or(Value::Unknown),
                            Grade::from_code(&grade).unwrap_or(Grade::Said),
                            r.get(3)?,
                        ),
                    ))
                })
                .optional()
            })
            .doing("reading the answer")
    }

    fn answer(
        &mut self,
        deal: DealId,
        question: &str,
        key: AnswerKey,
        evidence: Option<&str>,
    ) -> Result<(String, Vec<DealId>), StoreError> {
        let before = self.before(deal)?;
        let bank = self.bank();
        let Some(ix) = bank.find(question) else {
            return Err(StoreError::refused(
                format!(
                    "the question bank `{}` has no question `{question}`",
                    bank.id()
                ),
                "`walkaway questions list` shows them",
            ));
        };
        let question = &bank.questions()[ix.at()];
        let (id, short) = (question.id.clone(), question.short.clone());
        let bank_id = bank.id().to_owned();
        let current = self.current_answer(deal, &id)?;
        let next = key
            .apply(
                current.map(|(_, a)| a),
                question.must.is_some(),
                self.stamp.today,
            )
            .map_err(|e| StoreError::refused(e.to_string(), ""))?;
        let evidence = json_block(evidence);
        let what = match next {
            None => format!("{}: {short} back to not asked", before.name),
            Some(a) => format!("{}: {short} {}", before.name, words(a)),
        };
        let unchanged = match (&current, &next) {
            (None, None) => true,
            (Some((_, old)), Some(new)) => old == new && evidence.is_null(),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if unchanged {
            return Ok((what, vec![deal]));
        }
        if let Some((row, _)) = current {
            self.journal
                .update("answer", row, &[("current", json!(0))])?;
        }
        if let Some(mut next) = next {
            let told = matches!(next.grade, Grade::Hunch | Grade::Said);
            if !evidence.is_null() && told && matches!(next.value, Value::Yes | Value::No) {
                next.grade = Grade::Shown;
            }
            self.journal.insert(
                "answer",
                None,
                &[
                    ("deal", json!(deal.0)),
                    ("bank", json!(bank_id)),
                    ("question", json!(id)),
                    ("value", json!(next.value.code())),
                    ("grade", json!(next.grade.code())),
                    ("day", json!(next.as_of)),
                    ("evidence", evidence),
                    ("who", json!(self.stamp.who)),
                    ("at", json!(self.stamp.at_text())),
                    ("current", json!(1)),
                ],
            )?;
        }
        Ok((what, vec![deal]))
    }

    fn ask(
        &mut self,
        deal: DealId,
        question: Option<&str>,
        whom: Option<&str>,
        due: Option<chrono::NaiveDate>,
    ) -> Result<(String, Vec<DealId>), StoreError> {
        let before = self.before(deal)?;
        let evaluated = eval::of(
            self.journal.conn(),
            self.store.judge(),
            deal,
            self.stamp.today,
        )?;
        let bank = self.bank();
        let ix = match question {
            Some(id) => bank.find(id),
            None => evaluated.as_ref().and_then(|e| e.ask),
        };
        let Some(ix) = ix else {
            return Err(StoreError::refused(
                format!("there is nothing left to ask about {}", before.name),
                "name a question: `walkaway questions list` shows them",
            ));
        };
        let question = &bank.questions()[ix.at()];
        let signal = evaluated
            .as_ref()
            .and_then(|e| {
                e.signals
                    .iter()
                    .find(|s| s.red_topic() == Some(question.topic))
            })
            .map(|s| s.id.code());
        let (id, short) = (question.id.clone(), question.short.clone());
        let text = question.words_to_say(signal.is_some()).to_owned();
        let bank_id = bank.id().to_owned();
        let due = due.unwrap_or(self.stamp.today + chrono::Duration::days(ASK_DAYS));
        self.journal.insert(
            "ask",
            None,
            &[
                ("deal", json!(deal.0)),
                ("bank", json!(bank_id)),
                ("question", json!(id)),
                ("signal", json!(signal)),
                ("text", json!(text)),
                ("contact", json_line(whom)),
                ("due", json!(due)),
                ("at", json!(self.stamp.at_text())),
                ("who", json!(self.stamp.who)),
            ],
        )?;
        Ok((
            format!("{}: will ask {short} by {due}", before.name),
            vec![deal],
        ))
    }

    fn use_bank(&mut self, bank: &str) -> Result<(String, Vec<DealId>), StoreError> {
        let Some(known) = self.store.judge().banks().find(|b| b.id() == bank) else {
            let ids: Vec<_> = self.store.judge().banks().map(Bank::id).collect();
            return Err(StoreError::refused(
                format!("there is no question bank `{bank}`"),
                format!("there are: {}", ids.join(", ")),
            ));
        };
        let what = format!("Questions from now on: {}", known.name());
        let row: i64 = self
            .journal
            .conn()
            .query_row("SELECT id FROM meta WHERE key = 'bank'", [], |r| r.get(0))
            .doing("reading the bank in force")?;
        self.journal
            .update("setting", row, &[("value", json!(bank))])?;
        Ok((what, Vec::new()))
    }

    fn save_view(
        &mut self,
        name: &str,
        filter: &str,
        order: &str,
    ) -> Result<(String, Vec<DealId>), StoreError> {
        let name = required(name, "the view's name")?;
        if name.len() > 40 || crate::domain::view::View::by_name(&name).is_some() {
            return Err(StoreError::refused(
                format!("`{name}` cannot be the name of a view of yours"),
                "take a name of at most 40 letters that no built-in view has",
            ));
        }
        Filter::parse(filter, DayOrder::DayFirst)
            .map_err(|e| StoreError::refused(e.what.clone(), e.hint.unwrap_or_default()))?;
        let order = Order::parse(order).ok_or_else(|| {
            StoreError::refused(
                format!("there is no order `{order}`"),
                Order::ALL.map(Order::name).join(", "),
            )
        })?;
        let existing = self.view_row(&name)?;
        let fields = [
            ("name", json!(name)),
            ("filter", json!(filter)),
            ("ordering", json!(order.name())),
        ];
        match existing {
            Some(id) => self.journal.update("saved_view", id, &fields).map(|_| ())?,
            None => self
                .journal
                .insert("saved_view", None, &fields)
                .map(|_| ())?,
        }
        Ok((format!("Saved the view {name}"), Vec::new()))
    }

    fn view_row(&self, name: &str) -> Result<Option<i64>, StoreError> {
        self.journal
            .conn()
            .query_row("SELECT id FROM saved_view WHERE name = ?1", [name], |r| {
                r.get(0)
            })
            .optional()
            .doing("reading the views")
    }

    fn delete_view(&mut self, name: &str) -> Result<(String, Vec<DealId>), StoreError> {
        let Some(id) = self.view_row(name)? else {
            return Err(StoreError::refused(
                format!("there is no view `{name}` of yours"),
                "`walkaway view list` shows them",
            ));
        };
        self.journal.delete("saved_view", id)?;
        Ok((format!("Removed the view {name}"), Vec::new()))
    }

    fn owner_is(&mut self, owner: &str) -> Result<(String, Vec<DealId>), StoreError> {
        let owner = required(owner, "the owner's name")?;
        let row: Option<i64> = self
            .journal
            .conn()
            .query_row(
                "SELECT id FROM person WHERE name = ?1",
                [&self.stamp.who],
                |r| r.get(0),
            )
            .optional()
            .doing("reading the people")?;
        match row {
            Some(id) => {
                self.journal
                    .update("person", id, &[("owner", json!(owner))])?;
            }
            None => {
                self.journal.insert(
                    "person",
                    None,
                    &[
                        ("name", json!(self.stamp.who)),
                        ("role", json!("rep")),
                        ("senior", json!(0)),
                        ("owner", json!(owner)),
                    ],
                )?;
            }
        }
        Ok((
            format!("{} is {owner} in the record", self.stamp.who),
            Vec::new(),
        ))
    }
}

/// An answer in a word or two, as the journal and the toast say it.
fn words(answer: Answer) -> String {
    let grade = match answer.grade {
        Grade::Hunch => "a hunch",
        Grade::Said if answer.value == Value::No => "asked",
        Grade::Said => "said",
        Grade::Shown => "shown",
        Grade::Record => "on record",
    };
    match answer.value {
        Value::Unknown => "unknown, asked".into(),
        Value::No => format!("no, {grade}"),
        Value::Partly => "partly".into(),
        Value::Yes => format!("yes, {grade}"),
        Value::NotApplicable => "does not apply".into(),
    }
}
