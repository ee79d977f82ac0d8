//! The thread that writes, and that looks after the file while nothing is asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::NaiveDate;

use super::{Follow, Moment, Order, Send, Who, Write, failed, named};
use crate::app::effect::Reach;
use crate::app::msg::{AppliedKind, Doing, Reply};
use crate::domain::deal::Done;
use crate::store::{Counted, Interrupt, Renewal, Stamp, Store, StoreError, TURN};

/// Deals that go into the search index in one step, so that a decision waits for it a few
/// milliseconds at most.
const SEARCH_STEP: usize = 500;

/// Rows judged or indexed after which the log is written back although nobody rests.
const CATCH_UP: usize = 5_000;

/// How long nothing must be written before the log is written back.
const QUIET: Duration = Duration::from_secs(1);

/// Writes what is asked for.
pub(super) struct Writer {
    store: Store,
    who: Who,
    send: Send,
    follow: Option<Follow>,
    /// When the pipeline was changed, as long as the calendar does not know.
    changed: Option<Moment>,
    /// The last day that was looked after, and what others had written until then.
    tended: Option<(NaiveDate, i64)>,
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
    /// Over an open pipeline; `orders` is the way to it, and `is_asked` says whether it is to look.
    ///
    /// # Errors
    ///
    /// Those of a first look at the file.
    pub(super) fn new(
        store: Store,
        who: Who,
        send: Send,
        follow: Option<Follow>,
        orders: Sender<Order>,
        is_asked: Arc<AtomicBool>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            others: store.data_version()?,
            is_asked,
            orders,
            counting: None,
            store,
            who,
            send,
            follow,
            changed: None,
            tended: None,
            renewing: None,
            is_held: false,
            is_told: false,
        })
    }

    pub(super) fn run(mut self, jobs: &Receiver<Order>) {
        // Whether rows wait for the search index, and whether the log waits to be written back.
        let (mut to_index, mut to_write_back) = (false, false);
        // Whether more rows waited than one step takes.
        let mut was_behind = false;
        // Rows judged or indexed since the log was written back.
        let mut unsaved = 0;
        loop {
            let is_renewing = self.renewing.is_some() && self.counting.is_none();
            let is_behind = to_index || is_renewing;
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
                Err(RecvTimeoutError::Timeout)
                    if is_behind && unsaved > CATCH_UP && !self.is_held =>
                {
                    if self.store.keep_log_short().unwrap_or(true) {
                        unsaved = 0;
                    }
                }
                Err(RecvTimeoutError::Timeout) if is_renewing && !self.is_held => {
                    let renewed = self.renew();
                    unsaved += renewed;
                    to_write_back |= renewed > 0;
                }
                Err(RecvTimeoutError::Timeout) if to_index && !self.is_held => {
                    // A failure here is one of the search index only: it is tried again after
                    // the next write, and the deals are found by their list meanwhile.
                    let indexed = self.store.index_search(SEARCH_STEP).unwrap_or(0);
                    to_index = indexed > 0;
                    unsaved += indexed;
                    to_write_back |= to_index;
                    was_behind |= indexed == SEARCH_STEP;
                    if !to_index && std::mem::take(&mut was_behind) {
                        // A search that is on screen may find more now.
                        (self.send)(Reply::Overtaken);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.store.checkpoint();
                    unsaved = 0;
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
