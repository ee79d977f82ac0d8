//! The threads that do what the cockpit asks of the pipeline: one reads, one writes, and one
//! more for each import, preview or export.
//!
//! Each has a connection of its own, so that a decision never waits for a list and a list never
//! for an import. A newer index stops the older one that is still being built. When nothing is
//! asked for, no thread wakes: the writer looks after the search index and the write-ahead log
//! only while there is something to look after.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};

use super::ahead::Ahead;
use super::answers;
use crate::app::effect::{Left, Reach};
use crate::app::list::WHOLE;
use crate::app::msg::{AppliedKind, Doing, Reply};
use crate::app::sweep;
use crate::domain::act::Act;
use crate::domain::deal::{Detail, Done, ListRow, SweepPage};
use crate::domain::ids::{ActionId, DealId};
use crate::domain::view::ListQuery;
use crate::store::{Counted, Entrance, Interrupt, Place, Renewal, Stamp, Store, StoreError, TURN};

/// Deals that go into the search index in one step, so that a decision waits for it a few
/// milliseconds at most.
const SEARCH_STEP: usize = 500;

/// Rows judged or indexed after which the log is written back although nobody rests.
const CATCH_UP: usize = 5_000;

/// How long nothing must be written before the log is written back.
const QUIET: Duration = Duration::from_secs(1);

/// Actions on a page of the journal.
const PAGE: usize = 200;

/// How many firings the record shows.
const RECORD: usize = 200;

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
        /// The number of the list's index.
        generation: u64,
        /// The deals.
        ids: Vec<u32>,
        /// The place of the first one.
        start: usize,
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
        let reader = Reader {
            store: read,
            who: who.clone(),
            send: Arc::clone(send),
            newest: Arc::clone(&newest),
            building: Arc::clone(&building),
            swept: Vec::new(),
            ahead: Arc::clone(&ahead),
        };
        let is_asked: Arc<AtomicBool> = Arc::default();
        let writer = Writer {
            others: store.data_version()?,
            is_asked: Arc::clone(&is_asked),
            orders: writes.clone(),
            counting: None,
            store,
            who: who.clone(),
            send: Arc::clone(send),
            follow,
            changed: None,
            tended: None,
            unsaved: 0,
            renewing: None,
            is_held: false,
            is_told: false,
        };
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

/// Answers what is to be read, on its own thread or before the first frame.
pub struct Reader {
    store: Store,
    who: Who,
    send: Send,
    newest: Arc<AtomicU64>,
    building: Arc<AtomicBool>,
    /// The deals of the sweep that is being gone through, in its order.
    swept: Vec<u32>,
    /// What is read before it is asked for.
    ahead: Arc<Ahead>,
}

impl Reader {
    fn run(mut self, jobs: &Receiver<(Moment, Read)>) {
        let mut next = jobs.recv().ok();
        while let Some((moment, job)) = next {
            let waiting = jobs.try_recv().ok();
            // What may be asked for gives way to what is.
            let gives_way = waiting.is_some() && matches!(job, Read::Near { .. });
            if !gives_way && let Some(reply) = self.answer(moment, job) {
                (self.send)(reply);
            }
            next = waiting.or_else(|| jobs.recv().ok());
        }
    }

    /// Reads deals and rows ahead, until something is written.
    fn read_ahead(&mut self, moment: Moment, deals: &[DealId], rows: &[DealId]) {
        let (missing, era) = self.ahead.narrow(deals, moment.today);
        for deal in missing {
            // What cannot be read is told when it is asked for.
            let read = self.detail(moment, deal);
            if let Ok(Some(detail)) = read
                && !self.ahead.put(deal, Box::new(detail), era)
            {
                return;
            }
        }
        let (missing, era) = self.ahead.narrow_rows(rows);
        if let Ok(rows) = self.store.rows(&missing) {
            self.ahead.put_rows(rows, era);
        }
    }

    /// A deal as it is at one moment.
    fn detail(&mut self, moment: Moment, deal: DealId) -> Result<Option<Detail>, StoreError> {
        self.at_one_moment(|reader| answers::detail(&reader.store, deal, moment.today))
    }

    /// A page of the sweep: its order is read once, with the first page.
    fn sweep(&mut self, page: usize) -> Result<SweepPage, StoreError> {
        if page == 0 || self.swept.is_empty() {
            self.swept = self.store.sweep_order()?;
        }
        let of_page = self.swept.chunks(sweep::PAGE).nth(page).unwrap_or_default();
        Ok(SweepPage {
            deals: self.store.sweep_deals(of_page)?,
            total: self.swept.len(),
        })
    }

    /// Answers several questions as the pipeline is at one moment.
    pub fn at_one_moment<T>(&mut self, answer: impl FnOnce(&mut Self) -> T) -> T {
        // Where that cannot be had, each answer is that of its own moment.
        let is_held = self.store.hold().unwrap_or(false);
        let answered = answer(self);
        if is_held {
            // What was only read leaves nothing behind.
            let _ = self.store.let_go();
        }
        answered
    }

    /// The pipeline, to read.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Answers a job of the first frame. Of a list its first deals are enough, as long as the one
    /// that the cursor is to be on is among them; that the rest is to come is said.
    pub fn answer_first(
        &mut self,
        moment: Moment,
        job: Read,
        cursor: Option<u32>,
    ) -> Option<Reply> {
        if let Read::Index { generation, query } = &job {
            let name = self.who.name();
            let most = WHOLE + 1;
            let begun = self.store.index_begin(query, moment.today, &name, most);
            if let Ok(index) = begun
                && cursor.is_none_or(|deal| index.ids.contains(&deal))
            {
                return Some(Reply::Index {
                    generation: *generation,
                    partial: index.ids.len() >= most,
                    ids: index.ids,
                    groups: index.groups,
                });
            }
        }
        self.answer(moment, job)
    }

    /// Answers one job; `None` where there is nothing to say, or a newer one made it pointless.
    pub fn answer(&mut self, moment: Moment, job: Read) -> Option<Reply> {
        if let Err(e) = self.store.refresh_bank() {
            return Some(failed(Doing::Facts, &e));
        }
        Some(match job {
            Read::Facts => match self.store.overview(&self.who.stamp(moment)) {
                Ok(overview) => Reply::Facts(Box::new(answers::facts(overview, &self.store))),
                Err(e) => failed(Doing::Facts, &e),
            },
            Read::Index { generation, query } => {
                let is_old = || self.newest.load(Ordering::SeqCst) > generation;
                if is_old() {
                    return None;
                }
                if let Ok(Some(ids)) = self.store.first_hits(&query) {
                    let groups = Vec::new();
                    (self.send)(Reply::Index {
                        generation,
                        ids,
                        groups,
                        partial: true,
                    });
                }
                self.building.store(true, Ordering::SeqCst);
                let built = self.store.index(&query, moment.today, &self.who.name());
                self.building.store(false, Ordering::SeqCst);
                if is_old() {
                    return None;
                }
                match built {
                    Ok(index) => Reply::Index {
                        generation,
                        ids: index.ids,
                        groups: index.groups,
                        partial: false,
                    },
                    Err(e) => failed(Doing::Index(generation), &e),
                }
            }
            Read::Window {
                generation,
                ids,
                start,
            } => {
                let ids: Vec<DealId> = ids.into_iter().map(DealId::from).collect();
                match self.store.rows(&ids) {
                    Ok(rows) => Reply::Window {
                        generation,
                        start,
                        rows,
                    },
                    Err(e) => failed(Doing::Window(generation), &e),
                }
            }
            Read::Detail(deal) => match self.detail(moment, deal) {
                Ok(detail) => Reply::Detail {
                    deal,
                    detail: detail.map(Box::new),
                },
                Err(e) => failed(Doing::Detail(deal), &e),
            },
            Read::Journal { deal, before } => {
                match answers::journal(&self.store, deal, before, PAGE) {
                    Ok((rows, whole)) => Reply::JournalPage {
                        deal,
                        before,
                        rows,
                        whole,
                    },
                    Err(e) => failed(Doing::Journal, &e),
                }
            }
            Read::Sweep(page) => match self.sweep(page) {
                Ok(data) => Reply::SweepPage { page, data },
                Err(e) => failed(Doing::Sweep, &e),
            },
            Read::Map => match self.store.map() {
                Ok(map) => Reply::Map(map),
                Err(e) => failed(Doing::Map, &e),
            },
            Read::After => match self.store.after(moment.today, RECORD) {
                Ok(data) => Reply::After(Box::new(data)),
                Err(e) => failed(Doing::After, &e),
            },
            Read::Hours => match self.store.hours_view(&self.who.stamp(moment)) {
                Ok(data) => Reply::Hours(Box::new(data)),
                Err(e) => failed(Doing::Hours, &e),
            },
            Read::Behind(deals) => match self.store.rows(&deals) {
                Ok(rows) => Reply::Behind(rows),
                Err(e) => failed(Doing::Insights, &e),
            },
            Read::Meeting(with) => {
                let stamp = self.who.stamp(moment);
                match answers::meeting(&self.store, &stamp, with.as_deref()) {
                    Ok(meeting) => Reply::Meeting(Box::new(meeting)),
                    Err(e) => failed(Doing::Meeting, &e),
                }
            }
            Read::Reviews => match self.store.reviews() {
                Ok(pairs) => Reply::Reviews(pairs),
                Err(e) => failed(Doing::Reviews, &e),
            },
            Read::Minutes(review) => match self.store.minutes(review, &self.who.stamp(moment)) {
                Ok(minutes) => Reply::MinutesOf(minutes.map(Box::new)),
                Err(e) => failed(Doing::Reviews, &e),
            },
            Read::Table(deal) => match self.store.on_table(&self.who.stamp(moment), deal) {
                Ok(table) => Reply::Table(Box::new(table)),
                Err(e) => failed(Doing::Meeting, &e),
            },
            Read::Paper => match answers::paper(&self.store, moment.today) {
                Ok((rows, total)) => Reply::Paper(rows, total),
                Err(e) => failed(Doing::Paper, &e),
            },
            Read::SweepPiles => match self.store.sweep_piles() {
                Ok(piles) => Reply::SweepPiles(piles),
                Err(e) => failed(Doing::Sweep, &e),
            },
            Read::Week => match self.store.week(&self.who.stamp(moment)) {
                Ok(week) => Reply::Week(Box::new(week)),
                Err(e) => failed(Doing::Week, &e),
            },
            Read::Near { deals, rows } => {
                self.read_ahead(moment, &deals, &rows);
                return None;
            }
            Read::Changes(action) => match answers::changes(&self.store, action) {
                Ok((changes, more)) => Reply::Changes {
                    action,
                    changes,
                    more,
                },
                Err(e) => failed(Doing::Journal, &e),
            },
        })
    }
}

struct Writer {
    store: Store,
    who: Who,
    send: Send,
    follow: Option<Follow>,
    /// When the pipeline was changed, as long as the calendar does not know.
    changed: Option<Moment>,
    /// The last day that was looked after, and what others had written until then.
    tended: Option<(NaiveDate, i64)>,
    /// Rows judged or indexed since the log was written back.
    unsaved: usize,
    /// The day to which deals are being brought, and whether anything is other than before.
    renewing: Option<(NaiveDate, bool)>,
    /// Whether another program held the file too long for that; until the next order.
    is_held: bool,
    /// Whether it was said that the calendar cannot be written.
    is_told: bool,
    /// What others had written when that was last looked for. This connection's own commits do not
    /// count in it; those of an import or an export, which have connections of their own, do.
    others: i64,
    is_asked: Arc<AtomicBool>,
    /// Where the orders come from, for a thread that counts.
    orders: Sender<Order>,
    /// The thread that counts the whole file for a new day, and what stops it.
    counting: Option<(JoinHandle<()>, Interrupt)>,
}

impl Writer {
    fn run(mut self, jobs: &Receiver<Order>) {
        // Whether rows wait for the search index, and whether the log waits to be written back.
        let (mut to_index, mut to_write_back) = (false, false);
        // Whether more rows waited than one step takes.
        let mut was_behind = false;
        loop {
            let is_renewing = self.renewing.is_some() && self.counting.is_none();
            let is_behind = to_index || is_renewing;
            let is_long = self.unsaved > CATCH_UP;
            let next = if is_behind && !self.is_held {
                jobs.recv_timeout(TURN)
            } else if to_write_back {
                jobs.recv_timeout(QUIET)
            } else {
                jobs.recv().map_err(RecvTimeoutError::from)
            };
            self.is_held &= next.is_err();
            match next {
                Ok(Order::Look) => self.look(),
                Ok(Order::Keep(today, counted)) => self.keep(today, counted),
                Ok(Order::Write(moment, job)) => {
                    if self.may_move_a_date(moment, &job) {
                        self.changed = Some(moment);
                    }
                    self.answer(moment, job);
                    to_index = true;
                    to_write_back = true;
                }
                Err(RecvTimeoutError::Timeout) if self.changed.is_some() => self.follow(),
                // Far behind, the log would grow to the size of what is written.
                Err(RecvTimeoutError::Timeout) if is_behind && is_long && !self.is_held => {
                    if self.store.keep_log_short().unwrap_or(true) {
                        self.unsaved = 0;
                    }
                }
                Err(RecvTimeoutError::Timeout) if is_renewing && !self.is_held => {
                    let renewed = self.renew();
                    self.unsaved += renewed;
                    to_write_back |= renewed > 0;
                }
                Err(RecvTimeoutError::Timeout) if to_index && !self.is_held => {
                    // A failure here is one of the search index only: it is tried again after
                    // the next write, and the deals are found by their list meanwhile.
                    let indexed = self.store.index_search(SEARCH_STEP).unwrap_or(0);
                    to_index = indexed > 0;
                    self.unsaved += indexed;
                    to_write_back |= to_index;
                    was_behind |= indexed == SEARCH_STEP;
                    if !to_index && std::mem::take(&mut was_behind) {
                        // A search that is on screen may find more now.
                        (self.send)(Reply::Overtaken);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.store.checkpoint();
                    self.unsaved = 0;
                    to_write_back = false;
                }
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if let Some((thread, interrupt)) = self.counting.take() {
            interrupt.stop();
            let _ = thread.join();
        }
        self.follow();
        let _ = self.store.checkpoint();
    }

    /// Whether a date of the calendar may be another after this job. Looking after the file says
    /// so on a new day and where others wrote.
    fn may_move_a_date(&mut self, moment: Moment, job: &Write) -> bool {
        match job {
            Write::Act(_)
            | Write::Undo(_)
            | Write::UndoAction(_)
            | Write::UndoTo(_)
            | Write::Redo => true,
            Write::Remember(..) | Write::LogMessage(_) => false,
            Write::Tend => {
                let seen = self.store.data_version().ok();
                let now = seen.map(|version| (moment.today, version));
                std::mem::replace(&mut self.tended, now) != now
            }
        }
    }

    /// Brings the calendar up to what was changed. That it cannot be written is said once; it is
    /// tried again after every change, and nothing is lost.
    fn follow(&mut self) {
        let (Some(moment), Some(follow)) = (self.changed.take(), &self.follow) else {
            return;
        };
        match follow(&self.store, moment) {
            Ok(()) => self.is_told = false,
            Err((what, hint)) => {
                if !self.is_told {
                    (self.send)(Reply::Failed {
                        doing: Doing::Calendar,
                        what,
                        why: String::new(),
                        hint,
                    });
                }
                self.is_told = true;
            }
        }
    }

    /// Judges some of the deals that a new day changes, and returns how many. At the end of them it
    /// is told that there is something else to see.
    fn renew(&mut self) -> usize {
        let Some((today, is_other)) = self.renewing.take() else {
            return 0;
        };
        match self.store.renew_some(today) {
            Ok(Renewal::Judged(renewed)) => {
                self.renewing = Some((today, is_other || renewed > 0));
                return renewed;
            }
            Ok(Renewal::ToCount) => match self.count(today) {
                Ok(()) => self.renewing = Some((today, is_other)),
                Err(e) => (self.send)(failed(Doing::Facts, &e)),
            },
            Ok(Renewal::Done) if is_other => (self.send)(Reply::Overtaken),
            Ok(Renewal::Done) => {}
            // Nobody asked for it just now: it is tried again when whoever holds the file wrote.
            Err(StoreError::Locked { .. }) => {
                self.renewing = Some((today, is_other));
                self.is_held = true;
            }
            Err(e) => (self.send)(failed(Doing::Facts, &e)),
        }
        0
    }

    /// Has figures of the whole file counted on a thread of its own, which takes seconds where it
    /// is large: what is decided meanwhile is written at once.
    fn count(&mut self, today: NaiveDate) -> Result<(), StoreError> {
        let store = self.store.entrance().open()?;
        let interrupt = store.interrupt();
        let orders = self.orders.clone();
        let thread = named("counter", move || {
            // Nobody listens where the cockpit ended meanwhile.
            let _ = orders.send(Order::Keep(today, store.count(today)));
        });
        self.counting = Some((thread, interrupt));
        Ok(())
    }

    /// Keeps what was counted.
    fn keep(&mut self, today: NaiveDate, counted: Result<Counted, StoreError>) {
        self.counting = None;
        match counted.and_then(|counted| self.store.keep(counted, today)) {
            Ok(()) => {}
            // It is counted again when whoever holds the file wrote.
            Err(StoreError::Locked { .. }) => self.is_held = true,
            Err(e) => {
                self.renewing = None;
                (self.send)(failed(Doing::Facts, &e));
            }
        }
    }

    /// Tells where others wrote since the last look.
    fn look(&mut self) {
        self.is_asked.store(false, Ordering::SeqCst);
        match self.store.data_version() {
            Ok(version) if std::mem::replace(&mut self.others, version) == version => {}
            Ok(_) => (self.send)(Reply::Overtaken),
            Err(e) => (self.send)(failed(Doing::Facts, &e)),
        }
    }

    fn answer(&mut self, moment: Moment, job: Write) {
        let stamp = self.who.stamp(moment);
        let bank = self.store.judge().shared_bank();
        let (kind, done) = match job {
            Write::Act(act) => (AppliedKind::Done, self.store.act(&stamp, &act)),
            Write::Undo(reach) => (AppliedKind::Undone, self.undo(&stamp, reach)),
            Write::UndoAction(action) => {
                (AppliedKind::Undone, self.store.undo_action(&stamp, action))
            }
            Write::UndoTo(action) => (AppliedKind::Undone, self.store.undo_to(&stamp, action)),
            Write::Redo => (AppliedKind::Redone, self.store.redo(&stamp, true)),
            Write::Remember(key, value) => {
                if let Err(e) = self.store.remember(key, &value) {
                    (self.send)(failed(Doing::Place, &e));
                }
                return;
            }
            Write::LogMessage(left) => {
                let (kind, way) = (left.kind, left.way.code());
                (self.send)(match self.store.log_message(&stamp, left.deal, kind, way) {
                    // Which notes wait is told on other pages.
                    Ok(()) => Reply::Overtaken,
                    Err(e) => failed(Doing::Copy, &e),
                });
                return;
            }
            Write::Tend => {
                match self.store.take_back_unfinished() {
                    Ok(taken) => {
                        let is_other = self.renewing.is_some_and(|(_, is_other)| is_other);
                        self.renewing = Some((moment.today, is_other || taken > 0));
                    }
                    Err(e) => (self.send)(failed(Doing::Facts, &e)),
                }
                return;
            }
        };
        if !Arc::ptr_eq(&self.store.judge().shared_bank(), &bank) {
            (self.send)(Reply::BankInForce(self.store.judge().shared_bank()));
        }
        (self.send)(match done {
            Ok(done) => {
                let left = done.left.clone();
                Reply::Applied { done, kind, left }
            }
            Err(e) => failed(Doing::Write, &e),
        });
    }

    fn undo(&mut self, stamp: &Stamp, reach: Reach) -> Result<Done, StoreError> {
        match reach {
            Reach::Mine => self.store.undo(stamp),
            Reach::Any => match self.store.latest(false)? {
                Some(entry) => self.store.undo_action(stamp, entry.id),
                None => Err(StoreError::Nothing { verb: "undo" }),
            },
        }
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
