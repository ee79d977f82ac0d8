//! The page of the week: what a sitting leaves behind, and what the next one opens with.

use chrono::NaiveDate;

use crate::domain::deal::{AskState, Week, WeekAsk, WeekFired, WeekPlan};
use crate::domain::ids::DealId;

/// A row that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeekRow {
    /// What was fired.
    Gone,
    /// An ask, by its number.
    Ask(i64),
    /// The hours to sell, while nobody said how many.
    Selling,
    /// The hours of a deal.
    Plan(DealId),
    /// One's own time.
    OwnTime,
    /// What falls due, by its place.
    Due(usize),
}

/// "What came back?": one ask after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameBack {
    /// The numbers of the asks to go through; never empty.
    pub asks: Vec<i64>,
    /// The place of the one on screen.
    pub at: usize,
    /// Their words, where they were typed before the key.
    pub words: Option<String>,
    /// Whether the cockpit opened with it, so that `Esc` goes to the deals.
    pub at_start: bool,
}

impl CameBack {
    /// Returns the number of the ask on screen.
    pub fn ask(&self) -> i64 {
        self.asks[self.at.min(self.asks.len() - 1)]
    }
}

/// The page of the week.
#[derive(Clone, Debug, Default)]
pub struct WeekPage {
    /// The week; `None` while it is on its way.
    pub data: Option<Week>,
    /// Whether it was asked for.
    pub loading: bool,
    /// Whether somebody wrote since, so that it is to be loaded again.
    pub stale: bool,
    /// CRMs that do not know of all decisions, each with how many.
    pub crms: Vec<(String, u64)>,
    /// The row under the cursor.
    pub cursor: usize,
    /// What came back, one by one; `None` on the week itself.
    pub back: Option<CameBack>,
}

impl WeekPage {
    /// Returns the rows that the cursor can be on, from top to bottom.
    pub fn rows(&self) -> Vec<WeekRow> {
        let Some(week) = &self.data else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        if !week.fired.is_empty() {
            rows.push(WeekRow::Gone);
        }
        rows.extend(week.asks.iter().map(|ask| WeekRow::Ask(ask.id)));
        if invests(week) {
            if week.selling_minutes.is_none() {
                rows.push(WeekRow::Selling);
            }
            let deals: Vec<_> = week.deals().filter_map(|plan| plan.deal).collect();
            let above = week.stack().above().min(deals.len());
            let (above, below) = deals.split_at(above);
            rows.extend(above.iter().copied().map(WeekRow::Plan));
            rows.push(WeekRow::OwnTime);
            rows.extend(below.iter().copied().map(WeekRow::Plan));
        }
        rows.extend((0..week.due.len()).map(WeekRow::Due));
        rows
    }

    /// The firings whose closing note has not left yet, the one that waits longest first.
    pub fn waiting_notes(&self) -> impl Iterator<Item = &WeekFired> {
        let fired = self.data.iter().flat_map(|data| data.fired.iter().rev());
        fired.filter(|fired| !fired.note_left)
    }

    /// Returns the row under the cursor.
    pub fn row(&self) -> Option<WeekRow> {
        self.rows().get(self.cursor).copied()
    }

    /// Puts the cursor on a row, where there is one like it.
    pub fn go(&mut self, row: WeekRow) {
        if let Some(at) = self.rows().iter().position(|other| *other == row) {
            self.cursor = at;
        }
    }

    /// Returns an ask by its number.
    pub fn ask(&self, id: i64) -> Option<&WeekAsk> {
        self.data.as_ref()?.asks.iter().find(|ask| ask.id == id)
    }

    /// Returns the ask that the keys are about: the one on screen, else the one under the cursor.
    pub fn current_ask(&self) -> Option<&WeekAsk> {
        match (&self.back, self.row()) {
            (Some(back), _) => self.ask(back.ask()),
            (None, Some(WeekRow::Ask(id))) => self.ask(id),
            (None, _) => None,
        }
    }

    /// Returns the plan of a deal, or of one's own time.
    pub fn plan(&self, deal: Option<DealId>) -> Option<&WeekPlan> {
        let plans = &self.data.as_ref()?.plans;
        plans.iter().find(|plan| plan.deal == deal)
    }

    /// Returns the deal that the keys are about; `None` on a row that is about none.
    pub fn deal(&self) -> Option<DealId> {
        if self.back.is_some() {
            return self.current_ask().map(|ask| ask.deal);
        }
        match self.row()? {
            WeekRow::Ask(id) => self.ask(id).map(|ask| ask.deal),
            WeekRow::Plan(deal) => Some(deal),
            WeekRow::Due(at) => self.data.as_ref()?.due.get(at).map(|due| due.deal),
            WeekRow::Gone | WeekRow::Selling | WeekRow::OwnTime => None,
        }
    }

    /// Takes the week, with the cursor on its row.
    pub fn take(&mut self, week: Week) {
        let is_first = self.data.is_none();
        let row = self.row();
        self.loading = false;
        self.data = Some(week);
        if is_first {
            self.home();
        } else if let Some(row) = row {
            self.go(row);
        }
        self.cursor = self.cursor.min(self.rows().len().saturating_sub(1));
        if let Some(back) = &self.back
            && self.ask(back.ask()).is_none()
        {
            self.next_ask();
        }
    }

    /// Puts the cursor on the first ask that waits, else on the first row.
    pub fn home(&mut self) {
        let rows = self.rows();
        let waits = |row: &WeekRow| match row {
            WeekRow::Ask(id) => self.ask(*id).is_some_and(WeekAsk::is_waiting),
            WeekRow::Gone
            | WeekRow::Selling
            | WeekRow::Plan(_)
            | WeekRow::OwnTime
            | WeekRow::Due(_) => false,
        };
        self.cursor = rows.iter().position(waits).unwrap_or(0);
    }

    /// Opens "what came back?" at the ask under the cursor; the others that wait follow.
    ///
    /// Returns whether that ask waits.
    pub fn open_back(&mut self) -> bool {
        let Some(first) = self.current_ask().filter(|ask| ask.is_waiting()) else {
            return false;
        };
        let first = first.id;
        let week = self.data.iter();
        let waiting = week.flat_map(|week| week.asks.iter().filter(|ask| ask.is_waiting()));
        let mut asks: Vec<i64> = waiting.map(|ask| ask.id).collect();
        if let Some(at) = asks.iter().position(|id| *id == first) {
            asks.rotate_left(at);
        }
        self.back = Some(CameBack {
            asks,
            at: 0,
            words: None,
            at_start: false,
        });
        true
    }

    /// Goes to the next ask that still waits, or back to the week after the last one.
    pub fn next_ask(&mut self) {
        let Some(mut back) = self.back.take() else {
            return;
        };
        let rest = back.asks.iter().enumerate().skip(back.at + 1);
        let mut waiting = rest.filter(|(_, id)| self.ask(**id).is_some_and(WeekAsk::is_waiting));
        match waiting.next().map(|(at, _)| at) {
            Some(at) => {
                back.at = at;
                back.words = None;
                self.back = Some(back);
            }
            None => self.home(),
        }
    }

    /// Goes to the ask before that still waits.
    ///
    /// Returns whether there is one.
    pub fn ask_before(&mut self) -> bool {
        let Some(back) = &self.back else { return false };
        let earlier = back.asks.iter().enumerate().take(back.at).rev();
        let mut waiting = earlier.filter(|(_, id)| self.ask(**id).is_some_and(WeekAsk::is_waiting));
        let found = waiting.next().map(|(at, _)| at);
        if let (Some(at), Some(back)) = (found, &mut self.back) {
            back.at = at;
            back.words = None;
        }
        found.is_some()
    }

    /// Notes at once what is being written of an ask, so that the next frame shows it.
    pub fn note_ask(&mut self, id: i64, state: AskState, today: NaiveDate) {
        let asks = self.data.iter_mut().flat_map(|week| &mut week.asks);
        for ask in asks.filter(|ask| ask.id == id) {
            ask.state = state;
            ask.put = match state {
                AskState::Answered | AskState::NoReply => true,
                AskState::NotAsked => false,
                AskState::Open | AskState::Dropped => ask.put,
            };
            if state == AskState::Answered {
                ask.replied = Some(today);
            }
        }
    }

    /// Notes at once the minutes that a deal, or one's own time, is to have.
    pub fn note_minutes(&mut self, deal: Option<DealId>, minutes: i64) {
        let row = self.row();
        let Some(week) = &mut self.data else { return };
        match week.plans.iter_mut().find(|plan| plan.deal == deal) {
            Some(plan) => {
                plan.minutes = minutes;
                plan.is_planned = true;
            }
            None => week.plans.push(WeekPlan {
                deal,
                name: None,
                minutes,
                is_planned: true,
                per_week: 0.0,
                next_step: None,
                next_step_due: None,
                senior: None,
            }),
        }
        // The line may move over the row under the cursor.
        if let Some(row) = row {
            self.go(row);
        }
    }
}

/// Whether the week has hours to place: in deals that go on, or hours that came back.
pub fn invests(week: &Week) -> bool {
    !week.plans.is_empty() || !week.fired.is_empty()
}

/// The minutes that one step up or down leads to, in whole hours; `None` where there is nothing
/// to take away. What was never planned starts from the hours that go into it as things are.
pub fn step(plan: Option<&WeekPlan>, up: bool) -> Option<u32> {
    const HOUR: i64 = 60;
    const WEEK: i64 = 168 * HOUR;
    let is_planned = plan.is_none_or(|plan| plan.is_planned);
    let takes = plan.map_or(0, WeekPlan::takes);
    let whole = (takes + HOUR - 1) / HOUR * HOUR;
    let minutes = match (up, is_planned) {
        (true, true) => takes / HOUR * HOUR + HOUR,
        (true, false) => whole.max(HOUR),
        (false, true) if whole == 0 => return None,
        (false, _) => (whole - HOUR).max(0),
    };
    u32::try_from(minutes.clamp(0, WEEK)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shown::{Free, Name};

    fn ask(id: i64, state: AskState) -> WeekAsk {
        WeekAsk {
            id,
            deal: DealId(id),
            name: Name::new(format!("Deal {id}")),
            question: "PWR1".to_owned(),
            signal: None,
            text: Free::new("Who signs?"),
            contact: None,
            due: None,
            state,
            put: false,
            reply: None,
            replied: None,
        }
    }

    fn plan(deal: Option<i64>, minutes: i64, per_week: f64) -> WeekPlan {
        WeekPlan {
            deal: deal.map(DealId),
            name: None,
            minutes,
            is_planned: minutes > 0,
            per_week,
            next_step: None,
            next_step_due: None,
            senior: None,
        }
    }

    fn page(asks: &[WeekAsk], plans: &[WeekPlan]) -> WeekPage {
        let mut page = WeekPage::default();
        page.take(Week {
            monday: "2026-11-23".parse().ok(),
            selling_minutes: Some(600),
            asks: asks.to_vec(),
            plans: plans.to_vec(),
            ..Week::default()
        });
        page
    }

    #[test]
    fn the_asks_that_wait_are_gone_through_from_the_one_under_the_cursor() {
        let open = |id| ask(id, AskState::Open);
        let mut page = page(
            &[open(1), open(2), open(3), ask(4, AskState::Answered)],
            &[],
        );
        page.go(WeekRow::Ask(2));

        assert!(page.open_back());
        assert_eq!(page.back.as_ref().unwrap().asks, [2, 3, 1]);
        page.note_ask(2, AskState::Answered, "2026-11-23".parse().unwrap());
        page.next_ask();
        assert_eq!(page.deal(), Some(DealId(3)));
        assert!(!page.ask_before(), "the second is answered");
        page.next_ask();
        page.next_ask();
        assert_eq!(page.back, None);
        assert_eq!(page.row(), Some(WeekRow::Ask(1)));
    }

    #[test]
    fn an_answered_ask_is_not_opened_again() {
        let mut page = page(&[ask(4, AskState::Answered)], &[]);

        assert!(!page.open_back());
    }

    #[test]
    fn what_is_below_the_line_stands_below_own_time() {
        let page = page(&[], &[plan(Some(1), 480, 0.0), plan(Some(2), 0, 3.0)]);

        let deal = |id| WeekRow::Plan(DealId(id));
        assert_eq!(page.rows(), [deal(1), WeekRow::OwnTime, deal(2)]);
    }

    #[test]
    fn the_cursor_stays_on_its_row_when_the_line_moves() {
        let mut page = page(&[], &[plan(Some(1), 480, 0.0), plan(Some(2), 60, 0.0)]);
        page.go(WeekRow::Plan(DealId(2)));

        page.note_minutes(Some(DealId(2)), 180);

        assert_eq!(page.row(), Some(WeekRow::Plan(DealId(2))));
        assert_eq!(page.cursor, 2, "below the line now");
    }

    #[test]
    fn steps_are_whole_hours_from_what_goes_into_it() {
        let planned = plan(Some(1), 150, 9.0);
        let runs = plan(Some(1), 0, 1.5);
        let little = plan(Some(1), 0, 0.1);

        assert_eq!(step(Some(&planned), true), Some(180));
        assert_eq!(step(Some(&planned), false), Some(120));
        assert_eq!(step(Some(&runs), true), Some(120));
        assert_eq!(step(Some(&runs), false), Some(60));
        assert_eq!(step(Some(&little), false), Some(0), "none, on purpose");
        let starved = WeekPlan {
            is_planned: true,
            ..little.clone()
        };
        assert_eq!(step(Some(&starved), false), None);
        assert_eq!(step(Some(&little), true), Some(60));
        assert_eq!(step(Some(&plan(Some(1), 60, 0.0)), false), Some(0));
        assert_eq!(step(None, true), Some(60));
        assert_eq!(step(None, false), None);
        let most = plan(Some(1), 168 * 60, 0.0);
        assert_eq!(step(Some(&most), true), Some(168 * 60));
    }
}
