//! The thread that reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

use super::super::ahead::Ahead;
use super::super::answers;
use super::{Moment, Read, Send, Who, failed};
use crate::app::list::WHOLE;
use crate::app::msg::{Doing, Reply};
use crate::app::sweep;
use crate::domain::deal::{Detail, SweepPage};
use crate::domain::ids::DealId;
use crate::store::{Store, StoreError};

/// Actions on a page of the journal.
const PAGE: usize = 200;

/// In a pipeline of so many deals all hits of a search are found about as fast as its first ones.
const FEW: u32 = 5_000;

/// How many firings the record shows.
const RECORD: usize = 200;

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
    pub(super) fn new(
        store: Store,
        who: Who,
        send: Send,
        newest: Arc<AtomicU64>,
        building: Arc<AtomicBool>,
        ahead: Arc<Ahead>,
    ) -> Self {
        Self {
            store,
            who,
            send,
            newest,
            building,
            swept: Vec::new(),
            ahead,
        }
    }

    pub(super) fn run(mut self, jobs: &Receiver<(Moment, Read)>) {
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
                if matches!(self.store.has_at_most(FEW), Ok(false))
                    && let Ok(Some(ids)) = self.store.first_hits(&query)
                {
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
            Read::Window { request, ids } => {
                let ids: Vec<DealId> = ids.into_iter().map(DealId::from).collect();
                match self.store.rows(&ids) {
                    Ok(rows) => Reply::Window { request, rows },
                    Err(e) => failed(Doing::Window(request), &e),
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
