//! The pipeline as plain maps: what deeds do, what takes them back, and what stands in the way.
//!
//! It is written from the contract, not from the store, and knows no SQL. A table is a map of
//! rows, a change is a row before and after, an action is a list of changes. An action is taken
//! back whole, or not at all where something is no longer what it wrote, or a later action that
//! stands wrote it too. The number of a row is its own for ever.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use walkaway::domain::answer::{self, Answer, AnswerKey};
use walkaway::domain::bank::Bank;

/// The day on which everything happens.
pub const TODAY: &str = "2026-11-23";

/// A row, without what is empty.
pub type Row = BTreeMap<&'static str, Value>;

/// What is compared of each table: its name and its columns.
pub const TABLES: [(&str, &[&str]); 6] = [
    (
        "deal",
        &[
            "account",
            "title",
            "status",
            "decision",
            "closed",
            "next_step",
            "next_step_due",
        ],
    ),
    ("answer", &["deal", "question", "value", "grade", "current"]),
    ("note", &["deal", "text"]),
    ("decision", &["deal", "kind"]),
    ("tripwire", &["deal", "decision", "due", "state", "settled"]),
    (
        "hold",
        &["deal", "decision", "until", "starts", "ended", "ended_by"],
    ),
];

/// Something that a person does.
#[derive(Clone, Debug)]
pub enum Deed {
    Add(String),
    Title(i64, String),
    Answer(i64, String, AnswerKey),
    Note(i64, String),
    Fire(Vec<i64>),
    Hold(i64, String),
    Continue(i64, String),
    Reinstate(i64),
    Close(i64, &'static str),
    Undo,
    UndoAction(i64),
    Redo,
}

/// What came of a deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Done,
    Unchanged,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    Undo,
    Redo,
}

#[derive(Clone, Debug)]
struct Change {
    table: &'static str,
    id: i64,
    old: Option<Row>,
    new: Option<Row>,
}

impl Change {
    /// The fields that it wrote; all of them where the row came or went.
    fn wrote(&self, field: &str) -> bool {
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => old.get(field) != new.get(field),
            (None, _) | (_, None) => true,
        }
    }
}

#[derive(Clone, Debug)]
struct Action {
    who: String,
    session: String,
    kind: Kind,
    undoes: Option<i64>,
    undone_by: Option<i64>,
    changes: Vec<Change>,
}

/// What a deed takes back.
enum Target {
    /// It is none that takes back.
    NotAsked,
    /// There is nothing to take back.
    Nothing,
    /// The action of this number.
    Action(i64),
}

/// The pipeline and its journal.
#[derive(Clone, Debug, Default)]
pub struct Pipeline {
    tables: BTreeMap<&'static str, BTreeMap<i64, Row>>,
    actions: BTreeMap<i64, Action>,
}

/// What one action is doing.
struct Work<'p> {
    pipeline: &'p mut Pipeline,
    changes: Vec<Change>,
}

type Tried = Result<(), Came>;

impl Work<'_> {
    fn row(&self, table: &'static str, id: i64) -> Result<Row, Came> {
        let found = self
            .pipeline
            .tables
            .get(table)
            .and_then(|rows| rows.get(&id));
        found.cloned().ok_or(Came::Refused)
    }

    fn write(&mut self, table: &'static str, id: i64, new: Option<Row>) {
        let rows = self.pipeline.tables.entry(table).or_default();
        let old = rows.get(&id).cloned();
        if old == new {
            return;
        }
        match &new {
            Some(row) => rows.insert(id, row.clone()),
            None => rows.remove(&id),
        };
        self.changes.push(Change {
            table,
            id,
            old,
            new,
        });
    }

    fn insert(&mut self, table: &'static str, row: Row) -> i64 {
        let changes = self.pipeline.actions.values().flat_map(|a| &a.changes);
        let used = (changes.chain(&self.changes))
            .filter(|change| change.table == table)
            .map(|change| change.id);
        let id = used.max().map_or(1, |id| id + 1);
        self.write(table, id, Some(row));
        id
    }

    fn update(&mut self, table: &'static str, id: i64, fields: &[(&'static str, Value)]) -> Tried {
        let mut row = self.row(table, id)?;
        for (field, value) in fields {
            if value.is_null() {
                row.remove(field);
            } else {
                row.insert(field, value.clone());
            }
        }
        self.write(table, id, Some(row));
        Ok(())
    }

    fn find(&self, table: &'static str, is: impl Fn(&Row) -> bool) -> Option<i64> {
        let rows = self.pipeline.tables.get(table)?;
        rows.iter()
            .rev()
            .find(|(_, row)| is(row))
            .map(|(id, _)| *id)
    }

    fn decidable(&self, deal: i64) -> Tried {
        let row = self.row("deal", deal)?;
        let can = row["status"] == "open" && row["decision"] != "fired";
        if can { Ok(()) } else { Err(Came::Refused) }
    }

    fn settle(&mut self, deal: i64) -> Tried {
        let open = self.find("tripwire", |row| {
            row["deal"] == deal && row["state"] == "set"
        });
        match open {
            Some(id) => {
                let settled = [("state", json!("moot")), ("settled", json!(TODAY))];
                self.update("tripwire", id, &settled)
            }
            None => Ok(()),
        }
    }

    fn end_hold(&mut self, deal: i64, by: &str) -> Tried {
        let open = self.find("hold", |row| {
            row["deal"] == deal && !row.contains_key("ended")
        });
        match open {
            Some(id) => {
                let ended = [("ended", json!(TODAY)), ("ended_by", json!(by))];
                self.update("hold", id, &ended)
            }
            None => Ok(()),
        }
    }

    fn decide(&mut self, deal: i64, kind: &str) -> Result<i64, Came> {
        let row = Row::from([("deal", json!(deal)), ("kind", json!(kind))]);
        let id = self.insert("decision", row);
        let decision = if kind == "reinstated" {
            "undecided"
        } else {
            kind
        };
        self.update("deal", deal, &[("decision", json!(decision))])?;
        Ok(id)
    }

    fn answer(&mut self, bank: &Bank, deal: i64, question: &str, key: AnswerKey) -> Tried {
        self.row("deal", deal)?;
        let ix = bank.find(question).ok_or(Came::Refused)?;
        let is_must = bank.questions()[ix.at()].must.is_some();
        let today = TODAY.parse().unwrap();
        let is =
            |row: &Row| row["deal"] == deal && row["question"] == question && row["current"] == 1;
        let current = self.find("answer", is);
        let before = current.map(|id| {
            let row = &self.pipeline.tables["answer"][&id];
            let value = answer::Value::from_code(row["value"].as_str().unwrap()).unwrap();
            let grade = answer::Grade::from_code(row["grade"].as_str().unwrap()).unwrap();
            Answer::new(value, grade, today)
        });
        let after = (key.apply(before, is_must, today)).map_err(|_refused| Came::Refused)?;
        if before == after {
            return Ok(());
        }
        if let Some(id) = current {
            self.update("answer", id, &[("current", json!(0))])?;
        }
        if let Some(after) = after {
            let row = Row::from([
                ("deal", json!(deal)),
                ("question", json!(question)),
                ("value", json!(after.value.code())),
                ("grade", json!(after.grade.code())),
                ("current", json!(1)),
            ]);
            self.insert("answer", row);
        }
        Ok(())
    }

    fn plain(&mut self, bank: &Bank, deed: &Deed) -> Tried {
        match deed {
            Deed::Add(account) => {
                let row = Row::from([
                    ("account", json!(account)),
                    ("title", json!(account)),
                    ("status", json!("open")),
                    ("decision", json!("undecided")),
                ]);
                self.insert("deal", row);
            }
            Deed::Title(deal, title) => {
                self.update("deal", *deal, &[("title", json!(title))])?;
            }
            Deed::Answer(deal, question, key) => self.answer(bank, *deal, question, *key)?,
            Deed::Note(deal, text) => {
                self.row("deal", *deal)?;
                let row = Row::from([("deal", json!(deal)), ("text", json!(text))]);
                self.insert("note", row);
            }
            Deed::Fire(deals) => {
                let mut once = Vec::new();
                for deal in deals {
                    if once.contains(deal) {
                        continue;
                    }
                    once.push(*deal);
                    self.decidable(*deal)?;
                    self.settle(*deal)?;
                    self.end_hold(*deal, "fired")?;
                    self.decide(*deal, "fired")?;
                }
                if once.is_empty() {
                    return Err(Came::Refused);
                }
            }
            Deed::Hold(deal, until) => {
                self.decidable(*deal)?;
                self.settle(*deal)?;
                self.end_hold(*deal, "held again")?;
                let decision = self.decide(*deal, "hold")?;
                let row = Row::from([
                    ("deal", json!(deal)),
                    ("decision", json!(decision)),
                    ("until", json!(until)),
                    ("starts", json!(TODAY)),
                ]);
                self.insert("hold", row);
            }
            Deed::Continue(deal, by) => {
                self.decidable(*deal)?;
                self.settle(*deal)?;
                self.end_hold(*deal, "continued")?;
                let decision = self.decide(*deal, "continued")?;
                let row = Row::from([
                    ("deal", json!(deal)),
                    ("decision", json!(decision)),
                    ("due", json!(by)),
                    ("state", json!("set")),
                ]);
                self.insert("tripwire", row);
                let step = [("next_step", json!("call")), ("next_step_due", json!(by))];
                self.update("deal", *deal, &step)?;
            }
            Deed::Reinstate(deal) => {
                if self.row("deal", *deal)?["decision"] != "fired" {
                    return Err(Came::Refused);
                }
                self.decide(*deal, "reinstated")?;
            }
            Deed::Close(deal, status) => {
                let row = self.row("deal", *deal)?;
                if *status != "open" {
                    self.settle(*deal)?;
                }
                if row["status"] != *status {
                    let closed = if *status == "open" {
                        Value::Null
                    } else {
                        json!(TODAY)
                    };
                    let fields = [("status", json!(status)), ("closed", closed)];
                    self.update("deal", *deal, &fields)?;
                }
            }
            Deed::Undo | Deed::UndoAction(_) | Deed::Redo => unreachable!("no plain deeds"),
        }
        Ok(())
    }

    /// Takes one change of an action back, if what it wrote is still there and nobody wrote it
    /// since.
    fn take_back(&mut self, of: i64, change: &Change) -> Tried {
        if self.pipeline.is_overlaid(of, change) {
            return Err(Came::Refused);
        }
        let found = self.row(change.table, change.id).ok();
        let stands = match (&change.old, &change.new, &found) {
            (Some(old), Some(new), Some(found)) => {
                let fields = old.keys().chain(new.keys()).chain(found.keys());
                fields
                    .into_iter()
                    .all(|f| !change.wrote(f) || found.get(f) == new.get(f))
            }
            (None, new, found) => new == found,
            (Some(_), None, found) => found.is_none(),
            (Some(_), Some(_), None) => false,
        };
        if !stands {
            return Err(Came::Refused);
        }
        match (&change.old, &change.new) {
            (Some(old), Some(new)) => {
                let fields: Vec<_> = (old.keys().chain(new.keys()))
                    .filter(|f| change.wrote(f))
                    .map(|f| (*f, old.get(f).cloned().unwrap_or_default()))
                    .collect();
                self.update(change.table, change.id, &fields)?;
                self.fits(change)
            }
            (old, _) => {
                let parts = |rows: &BTreeMap<i64, Row>| {
                    rows.values()
                        .any(|row| row.get("deal") == Some(&json!(change.id)))
                };
                let is_deal = change.table == "deal" && old.is_none();
                if is_deal && self.pipeline.tables.values().any(parts) {
                    return Err(Came::Refused);
                }
                self.write(change.table, change.id, old.clone());
                self.fits(change)
            }
        }
    }

    /// Refuses a row whose deal or decision is gone, and a second answer in force.
    fn fits(&self, change: &Change) -> Tried {
        let Ok(row) = self.row(change.table, change.id) else {
            return Ok(());
        };
        for part in ["deal", "decision"] {
            if let Some(id) = row.get(part).and_then(Value::as_i64) {
                self.row(part, id)?;
            }
        }
        let same = |other: &&Row| {
            let fields = ["deal", "question", "current"];
            fields
                .iter()
                .all(|field| other.get(field) == row.get(field))
        };
        let in_force = change.table == "answer" && row["current"] == 1;
        let twice = in_force && self.pipeline.tables["answer"].values().filter(same).count() > 1;
        if twice { Err(Came::Refused) } else { Ok(()) }
    }
}

impl Pipeline {
    /// Whether what an action did is in force.
    fn stands(&self, action: i64) -> bool {
        let by = self.actions[&action].undone_by;
        !by.is_some_and(|by| self.stands(by))
    }

    /// Whether an action that stands wrote the same after this change of an action; what was done
    /// again stands where it was first done.
    fn is_overlaid(&self, of: i64, change: &Change) -> bool {
        let mut root = of;
        while let Some(before) = self.actions[&root].undoes {
            root = before;
        }
        let later = self.actions.range(root + 1..);
        later
            .filter(|(id, action)| action.kind == Kind::Plain && self.stands(**id))
            .flat_map(|(_, action)| &action.changes)
            .filter(|other| other.table == change.table && other.id == change.id)
            .any(|other| {
                let both = [&change.old, &change.new, &other.old, &other.new];
                let mut fields = both.into_iter().flatten().flat_map(Row::keys);
                fields.any(|field| change.wrote(field) && other.wrote(field))
            })
    }

    /// The rows of a table.
    pub fn table(&self, name: &str) -> BTreeMap<i64, Row> {
        self.tables.get(name).cloned().unwrap_or_default()
    }

    /// The number of the latest action.
    pub fn latest(&self) -> i64 {
        self.actions.last_key_value().map_or(0, |(id, _)| *id)
    }

    /// The deed's action that is taken back by it, if it is one that takes back.
    fn target(&self, who: &str, session: &str, deed: &Deed) -> Target {
        let mine = |action: &Action| action.who == who && action.session == session;
        let found = match deed {
            Deed::Undo => (self.actions.iter().rev())
                .find(|(_, a)| mine(a) && a.undone_by.is_none() && a.kind != Kind::Undo)
                .map(|(id, _)| *id),
            Deed::Redo => (self.actions.iter().rev())
                .find(|(_, a)| mine(a) && a.undone_by.is_none() && a.kind == Kind::Undo)
                .map(|(id, _)| *id)
                .filter(|id| {
                    let mut later = self.actions.range(id + 1..);
                    later.all(|(_, a)| a.who != who || a.kind != Kind::Plain)
                }),
            Deed::UndoAction(id) => {
                let stands = |action: &Action| action.undone_by.is_none();
                self.actions.get(id).is_some_and(stands).then_some(*id)
            }
            Deed::Add(_)
            | Deed::Title(..)
            | Deed::Answer(..)
            | Deed::Note(..)
            | Deed::Fire(_)
            | Deed::Hold(..)
            | Deed::Continue(..)
            | Deed::Reinstate(_)
            | Deed::Close(..) => return Target::NotAsked,
        };
        found.map_or(Target::Nothing, Target::Action)
    }

    /// Does it, as the action of this number.
    pub fn act(&mut self, bank: &Bank, who: &str, session: &str, deed: &Deed) -> Came {
        let number = self.latest() + 1;
        let mut after = self.clone();
        let target = self.target(who, session, deed);
        let mut work = Work {
            pipeline: &mut after,
            changes: Vec::new(),
        };
        let (kind, undoes, tried) = match target {
            Target::NotAsked => (Kind::Plain, None, work.plain(bank, deed)),
            Target::Nothing => return Came::Refused,
            Target::Action(id) => {
                let action = &self.actions[&id];
                let kind = if action.kind == Kind::Undo {
                    Kind::Redo
                } else {
                    Kind::Undo
                };
                let mut backwards = action.changes.iter().rev();
                let tried = backwards.try_for_each(|change| work.take_back(id, change));
                if let Some(undone) = work.pipeline.actions.get_mut(&id) {
                    undone.undone_by = Some(number);
                }
                (kind, Some(id), tried)
            }
        };
        let changes = work.changes;
        if let Err(came) = tried {
            return came;
        }
        if changes.is_empty() {
            return Came::Unchanged;
        }
        let action = Action {
            who: who.to_owned(),
            session: session.to_owned(),
            kind,
            undoes,
            undone_by: None,
            changes,
        };
        after.actions.insert(number, action);
        *self = after;
        Came::Done
    }
}
