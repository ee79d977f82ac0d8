//! The threads that do what the cockpit asks of the pipeline: one reads, one writes, and one
//! more for each import, preview or export.
//!
//! Each has a connection of its own, so that a decision never waits for a list and a list never
//! for an import. A newer index stops the older one that is still being built. When nothing is
//! asked for, no thread wakes: the writer looks after the search index and the write-ahead log
//! only while there is something to look after.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use chrono::{DateTime, NaiveDate, Utc};

mod reader;
mod writer;

use super::ahead::Ahead;
use crate::app::effect::{Left, Reach};
use crate::app::msg::{Doing, Reply};
use crate::domain::act::Act;
use crate::domain::deal::{Detail, ListRow};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::view::ListQuery;
use crate::store::{Counted, Entrance, Interrupt, Place, Stamp, Store, StoreError};
pub use reader::Reader;
use writer::Writer;

/// Sends a reply to the cockpit and wakes it.
pub type Send = Arc<dyn Fn(Reply) + std::marker::Send + Sync>;

/// The time of an effect: the instant, and the day it is for the person.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The day.
    pub today: NaiveDate,
}

/// Who is at the keyboard, in which opening of the cockpit: stamps every write.
#[derive(Clone, Debug)]
pub struct Who {
    name: Arc<Mutex<String>>,
    session: String,
}

impl Who {
    /// A person in a new opening of the cockpit.
    pub fn new(name: String, session: String) -> Self {
        Self {
            name: Arc::new(Mutex::new(name)),
            session,
        }
    }

    /// The person's name.
    pub fn name(&self) -> String {
        self.name
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Says that somebody else sits here now.
    pub fn change(&self, name: String) {
        *self.name.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// The stamp of a write.
    pub fn stamp(&self, moment: Moment) -> Stamp {
        Stamp {
            at: moment.at,
            today: moment.today,
            who: self.name(),
            place: Place::Cockpit,
            session: self.session.clone(),
        }
    }
}

/// Something to read.
#[derive(Debug)]
pub enum Read {
    /// The figures of the file.
    Facts,
    /// The order of a list.
    Index {
        /// The request's number.
        generation: u64,
        /// The list.
        query: Box<ListQuery>,
    },
    /// Rows of a list.
    Window {
        /// The request's number.
        request: u64,
        /// The deals.
        ids: Vec<u32>,
    },
    /// One deal.
    Detail(DealId),
    /// A page of the journal.
    Journal {
        /// Of this deal only.
        deal: Option<DealId>,
        /// Before this action only.
        before: Option<ActionId>,
    },
    /// What an action changed.
    Changes(ActionId),
    /// A page of the sweep, from 0.
    Sweep(usize),
    /// The map of the pipeline.
    Map,
    /// What is over.
    After,
    /// Hours and money.
    Hours,
    /// The deals behind a bar.
    Behind(Vec<DealId>),
    /// The 1:1 that runs, or the agenda of one with somebody.
    Meeting(Option<String>),
    /// What each pair of people has behind them.
    Reviews,
    /// The minutes of a 1:1 by its number.
    Minutes(i64),
    /// What is known of a deal on its table.
    Table(DealId),
    /// What is dead on paper.
    Paper,
    /// The piles that the sweep made.
    SweepPiles,
    /// The week.
    Week,
    /// What the next key may ask for: it is read ahead, and nothing is answered.
    Near {
        /// Deals.
        deals: Vec<DealId>,
        /// Deals whose rows are enough.
        rows: Vec<DealId>,
    },
}

/// Something to write.
#[derive(Debug)]
pub enum Write {
    /// Carry out an act.
    Act(Box<Act>),
    /// Take back the latest action.
    Undo(Reach),
    /// Take back one action.
    UndoAction(ActionId),
    /// Take back all actions after one.
    UndoTo(ActionId),
    /// Redo.
    Redo,
    /// Keep a value of the program's own.
    Remember(&'static str, String),
    /// Note that a message left the program.
    LogMessage(Left),
    /// Look after what others left: a new day, rows to index, an import to take back.
    Tend,
}

/// Writes the calendar after a change, where one is configured.
pub type Follow =
    Arc<dyn Fn(&Store, Moment) -> Result<(), (String, String)> + std::marker::Send + Sync>;

/// The worker of one open pipeline. Dropping it ends its threads after what they are doing.
pub struct Worker {
    reads: Option<Sender<(Moment, Read)>>,
    writes: Option<Sender<Order>>,
    /// What the threads are to do, until they begin.
    idle: Option<Idle>,
    threads: Vec<JoinHandle<()>>,
    newest: Arc<AtomicU64>,
    building: Arc<AtomicBool>,
    interrupt: Interrupt,
    entrance: Entrance,
    ahead: Arc<Ahead>,
    /// Whether the writer is asked already what others wrote.
    is_asked: Arc<AtomicBool>,
}

/// What the writing thread is asked for.
enum Order {
    /// Something to write.
    Write(Moment, Write),
    /// To look whether somebody else wrote.
    Look,
    /// To keep what was counted of the whole file for a day.
    Keep(NaiveDate, Result<Counted, StoreError>),
    /// To end, after what was asked for before.
    End,
}

/// Threads that have not begun.
struct Idle {
    reader: Reader,
    to_read: Receiver<(Moment, Read)>,
    writer: Writer,
    to_write: Receiver<Order>,
}

impl Worker {
    /// Prepares the threads over an open pipeline; they start with [`Worker::begin`].
    ///
    /// # Errors
    ///
    /// Those of opening a further connection.
    pub fn new(
        store: Store,
        who: &Who,
        send: &Send,
        follow: Option<Follow>,
    ) -> Result<Self, StoreError> {
        let entrance = store.entrance();
        let read = entrance.open()?;
        let interrupt = read.interrupt();
        let newest = Arc::new(AtomicU64::new(0));
        let building = Arc::new(AtomicBool::new(false));
        let ahead: Arc<Ahead> = Arc::default();
        let (reads, to_read) = mpsc::channel();
        let (writes, to_write) = mpsc::channel();
        let reader = Reader::new(
            read,
            who.clone(),
            Arc::clone(send),
            Arc::clone(&newest),
            Arc::clone(&building),
            Arc::clone(&ahead),
        );
        let is_asked: Arc<AtomicBool> = Arc::default();
        let writer = Writer::new(
            store,
            who.clone(),
            Arc::clone(send),
            follow,
            writes.clone(),
            Arc::clone(&is_asked),
        )?;
        Ok(Self {
            reads: Some(reads),
            writes: Some(writes),
            idle: Some(Idle {
                reader,
                to_read,
                writer,
                to_write,
            }),
            threads: Vec::new(),
            newest,
            building,
            interrupt,
            entrance,
            ahead,
            is_asked,
        })
    }

    /// The reader, as long as its thread has not begun: what the first frame shows is read by it
    /// at once.
    pub fn reader(&mut self) -> Option<&mut Reader> {
        self.idle.as_mut().map(|idle| &mut idle.reader)
    }

    /// Starts the threads, with what was asked for meanwhile.
    pub fn begin(&mut self) {
        if let Some(idle) = self.idle.take() {
            let Idle {
                reader,
                to_read,
                writer,
                to_write,
            } = idle;
            let read = named("reader", move || reader.run(&to_read));
            let write = named("writer", move || writer.run(&to_write));
            self.threads = vec![read, write];
        }
    }

    /// Asks for something to be read.
    pub fn read(&self, moment: Moment, job: Read) {
        if let Read::Index { generation, .. } = job {
            self.newest.store(generation, Ordering::SeqCst);
            if self.building.load(Ordering::SeqCst) {
                self.interrupt.stop();
            }
        }
        if let Some(reads) = &self.reads {
            // The thread is gone only when it panicked, and then the cockpit ends as well.
            let _ = reads.send((moment, job));
        }
    }

    /// Takes a deal that was read ahead, where it was.
    pub fn take_ahead(&self, moment: Moment, deal: DealId) -> Option<Box<Detail>> {
        self.ahead.take(deal, moment.today)
    }

    /// Returns rows that were read ahead, where all of them were.
    pub fn rows_ahead(&self, moment: Moment, deals: &[DealId]) -> Option<Vec<ListRow>> {
        self.ahead.rows(deals, moment.today)
    }

    /// Asks whether somebody else wrote since this was last asked; answered by `Overtaken`, or not
    /// at all. Asked many times at once, it looks once.
    pub fn look(&self) {
        if let Some(writes) = &self.writes
            && !self.is_asked.swap(true, Ordering::SeqCst)
        {
            let _ = writes.send(Order::Look);
        }
    }

    /// Forgets what was read ahead, since somebody wrote.
    pub fn forget_ahead(&self) {
        self.ahead.forget();
    }

    /// Asks for something to be written.
    pub fn write(&self, moment: Moment, job: Write) {
        self.forget_ahead();
        if let Some(writes) = &self.writes {
            let _ = writes.send(Order::Write(moment, job));
        }
    }

    /// What opens a further connection, on the thread that is to have it.
    pub fn entrance(&self) -> Entrance {
        self.entrance.clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // What was asked to be written is written, also where no frame was ever drawn.
        self.begin();
        self.reads = None;
        if let Some(writes) = self.writes.take() {
            let _ = writes.send(Order::End);
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Starts a thread whose name a crash report can tell.
pub fn named(name: &str, work: impl FnOnce() + std::marker::Send + 'static) -> JoinHandle<()> {
    thread::Builder::new()
        .name(name.into())
        .spawn(work)
        .expect("a system that cannot start four threads cannot run the cockpit")
}

/// The words of a failure, for the cockpit.
pub fn failed(doing: Doing, error: &StoreError) -> Reply {
    Reply::Failed {
        doing,
        what: error.to_string(),
        why: String::new(),
        hint: error.hint(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::act::{DealField, FieldValue, HoldSheet, Typed};
    use crate::domain::verdict::Thresholds;
    use crate::store::{Access, Judge};

    const AT: &str = "2026-11-23T09:00:00Z";

    fn moment() -> Moment {
        let at: DateTime<Utc> = AT.parse().unwrap();
        Moment {
            at,
            today: at.date_naive(),
        }
    }

    fn open(path: &std::path::Path) -> Store {
        let judge = Judge::new(Vec::new(), Thresholds::default());
        Store::open(path, Access::Create, moment().at, judge).unwrap()
    }

    fn worker(path: &std::path::Path) -> Worker {
        let (who, send): (Who, Send) = (Who::new("Ana".into(), "one".into()), Arc::new(|_| {}));
        Worker::new(open(path), &who, &send, None).unwrap()
    }

    #[test]
    fn only_what_others_wrote_overtakes_what_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let (tell, told) = mpsc::channel();
        let send: Send = Arc::new(move |reply| tell.send(reply).expect("the test listens"));
        let who = Who::new("Ana".into(), "one".into());
        let mut worker = Worker::new(open(&path), &who, &send, None).unwrap();
        // A write by its own hand, and one by another's.
        worker.write(moment(), Write::Remember("place", "here".into()));
        worker.look();
        worker.look();
        worker.begin();
        worker.write(moment(), Write::Undo(Reach::Any));
        let first = told.recv().unwrap();
        assert!(matches!(first, Reply::Failed { .. }), "{first:?}");

        open(&path).remember("place", "elsewhere").unwrap();
        worker.look();
        worker.write(moment(), Write::Undo(Reach::Any));
        let second = told.recv().unwrap();
        assert!(matches!(second, Reply::Overtaken), "{second:?}");
        drop(worker);
        let rest: Vec<Reply> = told.try_iter().collect();
        assert!(matches!(rest[..], [Reply::Failed { .. }]), "{rest:?}");
    }

    #[test]
    fn a_decision_does_not_wait_for_a_new_day() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let (tell, told) = mpsc::channel();
        let send: Send = Arc::new(move |reply| tell.send(reply).expect("the test listens"));
        let who = Who::new("Ana".into(), "one".into());
        let mut store = open(&path);
        let add = || Act::Add {
            fields: vec![FieldValue {
                field: DealField::Title,
                value: Some(Typed::Text("Plant".into())),
            }],
        };
        let tomorrow = Moment {
            today: moment().today.succ_opt().unwrap(),
            ..moment()
        };
        let hold = Act::Hold {
            deals: vec![DealId(1)],
            sheet: HoldSheet {
                what: Some("they answer".into()),
                until: tomorrow.today,
                why: None,
            },
        };
        for act in [add(), hold] {
            store.act(&who.stamp(moment()), &act).unwrap();
        }
        drop(store);

        let mut worker = Worker::new(open(&path), &who, &send, None).unwrap();
        worker.write(tomorrow, Write::Tend);
        worker.write(tomorrow, Write::Act(Box::new(add())));
        worker.begin();
        let replies = [told.recv().unwrap(), told.recv().unwrap()];
        assert!(
            matches!(replies, [Reply::Applied { .. }, Reply::Overtaken]),
            "{replies:?}"
        );
    }

    #[test]
    fn what_is_read_at_one_moment_knows_nothing_of_a_write_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let other = open(&path);
        other.remember("place", "before").unwrap();
        let mut worker = worker(&path);
        let reader = worker.reader().expect("its thread has not begun");
        let place = |reader: &Reader| reader.store().memory("place").unwrap().unwrap();

        reader.at_one_moment(|reader| {
            assert_eq!(place(reader), "before");
            other.remember("place", "after").unwrap();
            // What is read in one moment within another belongs to that.
            assert_eq!(reader.at_one_moment(|reader| place(reader)), "before");
            assert_eq!(place(reader), "before");
        });
        assert_eq!(place(reader), "after");
    }

    #[test]
    fn a_deal_is_read_ahead_until_anything_is_written_or_a_day_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.db");
        let stamp = Who::new("Ana".into(), "one".into()).stamp(moment());
        let mut store = open(&path);
        for title in ["First", "Second"] {
            let fields = vec![FieldValue {
                field: DealField::Title,
                value: Some(Typed::Text(title.into())),
            }];
            store.act(&stamp, &Act::Add { fields }).unwrap();
        }
        let mut worker = worker(&path);
        let near = |worker: &mut Worker, deals: &[i64]| {
            let deals: Vec<DealId> = deals.iter().copied().map(DealId).collect();
            let rows = deals.clone();
            let reader = worker.reader().expect("its thread has not begun");
            let near = Read::Near { deals, rows };
            assert!(reader.answer(moment(), near).is_none());
        };
        let rows = |worker: &Worker, deals: &[i64]| {
            let deals: Vec<DealId> = deals.iter().copied().map(DealId).collect();
            let rows = worker.rows_ahead(moment(), &deals)?;
            Some(rows.iter().map(|row| row.id.0).collect::<Vec<_>>())
        };
        let take = |worker: &Worker, deal| worker.take_ahead(moment(), DealId(deal));

        near(&mut worker, &[1, 2, 7]);
        let first = take(&worker, 1).map(|detail| detail.deal.id);
        assert_eq!(first, Some(DealId(1)));
        assert!(take(&worker, 1).is_none() && take(&worker, 7).is_none());
        // Rows stay, and are answered all or none.
        assert_eq!(rows(&worker, &[2, 1]), Some(vec![2, 1]));
        assert_eq!(rows(&worker, &[1]), Some(vec![1]));
        assert_eq!(rows(&worker, &[1, 7]), None);

        // What is near no more is dropped, and what was written makes all of it old.
        near(&mut worker, &[1]);
        assert!(take(&worker, 2).is_none() && rows(&worker, &[2]).is_none());
        assert!(rows(&worker, &[1]).is_some());
        worker.write(moment(), Write::Undo(Reach::Mine));
        assert!(take(&worker, 1).is_none() && rows(&worker, &[1]).is_none());

        near(&mut worker, &[1]);
        let tomorrow = Moment {
            today: moment().today.succ_opt().unwrap(),
            ..moment()
        };
        assert!(worker.take_ahead(tomorrow, DealId(1)).is_none());
    }
}
