//! Hours and money: the bank with its plot, this week's places, what they earned, bad money.

use super::doc::{Content, Line, Plot, Role, Row, Span, Width};
use super::words::{Words, safe};
use super::{Page, head, picked};
use crate::app::hours::{HoursPage, HoursRow};
use crate::app::model::Model;
use crate::domain::deal::{EarnedRow, HoursView, Status, WeekPlan};
use crate::domain::ledger::LedgerWeek;

/// Columns that the lines take at most.
const COLUMN: u16 = 124;

/// Weeks that the table names at most.
const WEEKS: usize = 6;

/// The first row of the page.
pub fn title(model: &Model, page: &HoursPage) -> Row {
    let place = match page.data {
        Some(_) => "reclaimed hours are an estimate",
        None => "",
    };
    head::titled(model, vec![Span::new("Hours and money", Role::Head)], place)
}

/// The page.
pub fn page(model: &Model, words: &Words<'_>, page: &HoursPage) -> Page {
    let column = model.size.width.min(COLUMN);
    let mut view = View {
        model,
        words,
        page,
        wide: column >= 100,
        narrow: column < 72,
        lines: Vec::new(),
        cursor: 0,
    };
    match &page.data {
        Some(data) => view.all(data),
        None => view.lines.push(Line::words(1, "loading…", Role::Quiet)),
    }
    Page::around(model, column, view.lines, view.cursor, Vec::new())
}

struct View<'a, 'm> {
    model: &'m Model,
    words: &'a Words<'m>,
    page: &'m HoursPage,
    wide: bool,
    narrow: bool,
    lines: Vec<Line>,
    /// The line of the row under the cursor.
    cursor: usize,
}

impl View<'_, '_> {
    fn all(&mut self, data: &HoursView) {
        self.bank(data);
        self.plot(data);
        self.plans(data);
        self.weeks(data);
        self.earned(data);
        self.bad_money(data);
    }

    fn hours(&self, minutes: i64) -> String {
        format!("{} h", self.words.hours(minutes as f64 / 60.0))
    }

    fn heading(&mut self, name: &str, says: String) {
        if !self.lines.is_empty() {
            self.lines.push(Line::Blank);
        }
        let row = Row::new(1)
            .fill(Span::new(name, Role::Head))
            .fit(Span::text(says));
        self.lines.push(row.into());
    }

    fn row(&mut self, which: HoursRow, row: Row) {
        let mut row = row;
        if self.page.row() == Some(which) {
            self.cursor = self.lines.len();
            row = row.picked(picked(self.model));
        }
        self.lines.push(row.into());
    }

    fn name_width(&self) -> u16 {
        if self.wide { 26 } else { 17 }
    }

    fn bank(&mut self, data: &HoursView) {
        let bank = &data.ledger;
        self.heading(
            "The bank",
            format!("{} reclaimed", self.hours(bank.reclaimed)),
        );
        let parts = [
            ("reinvested", bank.reinvested),
            ("planned", bank.planned),
            ("own time", bank.own_time),
            ("not placed", bank.not_placed),
        ];
        let shown = tenths(bank.reclaimed, parts.map(|(_, minutes)| minutes));
        for ((name, minutes), tenths) in parts.into_iter().zip(shown) {
            let share = minutes as f64 / bank.reclaimed.max(1) as f64;
            let hours = format!("{} h", self.words.hours(tenths as f64 / 10.0));
            let row = Row::new(3)
                .fixed(14, Span::text(name))
                .cell(Width::Fill, Content::Share(share))
                .right(10, Span::text(hours));
            self.lines.push(row.into());
        }
    }

    fn plot(&mut self, data: &HoursView) {
        let weeks = &data.ledger.weeks;
        if let Some(missing) = data.missing() {
            let more = self.words.count(missing as u64, "decision", "decisions");
            let text = format!("Its course over the weeks is drawn after {more} more.");
            self.lines.push(Line::Blank);
            self.lines.push(Line::words(3, text, Role::Quiet));
            return;
        }
        let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else {
            return;
        };
        let (mut freed, mut placed) = (0, 0);
        let (mut line, mut columns) = (Vec::new(), Vec::new());
        for week in weeks {
            freed += week.reclaimed;
            placed += week.reinvested + week.planned + week.own_time;
            line.push(freed as f64 / 60.0);
            columns.push(placed as f64 / 60.0);
        }
        let top = (freed as f64 / 60.0).max(1.0);
        let says = "hours, added up by week".to_owned();
        self.heading("Freed, and given a place", says);
        let middle = &weeks[weeks.len() / 2];
        let day = |week: &LedgerWeek| self.words.day(week.monday);
        let below = match weeks.len() {
            1 => [day(first), String::new(), String::new()],
            2 => [day(first), String::new(), day(last)],
            _ => [day(first), day(middle), day(last)],
        };
        let beside = [0.0, top / 2.0, top].map(|hours| format!("{} h", self.words.hours(hours)));
        let tall = self.model.size.height;
        let height = if tall >= 50 {
            14
        } else if tall >= 34 {
            10
        } else {
            7
        };
        self.lines.push(Line::Plot(Plot {
            height,
            indent: 3,
            columns,
            line,
            below,
            beside,
            top,
        }));
        let legend = "dots: reclaimed so far · columns: reinvested, planned and own time so far · \
                      what lies between has no place";
        self.lines.push(Line::words(3, legend, Role::Quiet));
    }

    fn plans(&mut self, data: &HoursView) {
        let takes = data.plans.iter().map(WeekPlan::takes);
        let most = takes.max().unwrap_or_default().max(12 * 60);
        let keys = "+ and - give hours a place".to_owned();
        self.heading("This week", keys);
        for plan in data.plans.iter().filter(|plan| plan.deal.is_some()) {
            let (Some(deal), Some(name)) = (plan.deal, plan.name.as_ref()) else {
                continue;
            };
            let row = self.plan(self.words.name(deal, name), plan.takes(), most);
            let last = if plan.is_planned { "" } else { "not planned" };
            let row = row.fixed(2, "").fixed(12, Span::quiet(last));
            self.row(HoursRow::Plan(deal), row);
        }
        let own = data.plans.iter().filter(|plan| plan.deal.is_none());
        let own = own.map(|plan| plan.minutes).sum();
        let row = self.plan("own time".to_owned(), own, most);
        self.row(HoursRow::OwnTime, row.fixed(2, "").fixed(12, ""));
    }

    fn plan(&self, name: String, minutes: i64, most: i64) -> Row {
        Row::new(3)
            .fixed(self.name_width() - 1, Span::text(name))
            .fixed(1, "")
            .cell(
                Width::Fill,
                Content::Share(minutes as f64 / most.max(1) as f64),
            )
            .right(10, Span::text(self.hours(minutes)))
    }

    fn weeks(&mut self, data: &HoursView) {
        let weeks = &data.ledger.weeks;
        if weeks.is_empty() {
            return;
        }
        self.lines.push(Line::Blank);
        let wide: u16 = if self.wide { 14 } else { 11 };
        let names: &[&str] = if self.narrow {
            &["reclaimed", "placed", "not placed"]
        } else {
            &[
                "reclaimed",
                "reinvested",
                "planned",
                "own time",
                "not placed",
            ]
        };
        let mut head = Row::new(1).fill(Span::new("By week, in hours", Role::Head));
        for name in names {
            head = head.right(wide, Span::quiet(*name));
        }
        self.lines.push(head.into());
        for week in weeks.iter().rev().take(WEEKS) {
            let mut row = Row::new(3).fill(Span::text(self.words.day(week.monday)));
            let placed = [week.reinvested, week.planned, week.own_time];
            let mut figures = vec![week.reclaimed];
            if self.narrow {
                figures.push(placed.iter().sum());
            } else {
                figures.extend(placed);
            }
            figures.push(week.not_placed);
            for minutes in figures {
                row = row.right(wide, Span::text(self.words.hours(minutes as f64 / 60.0)));
            }
            self.lines.push(row.into());
        }
    }

    fn earned(&mut self, data: &HoursView) {
        let spent: Vec<(usize, &EarnedRow)> = data.earned.iter().enumerate().collect();
        if spent.is_empty() {
            return;
        }
        let won = spent
            .iter()
            .filter(|(_, row)| row.status == Status::Won && row.reinvested > 0);
        let won = self.words.count(won.count() as u64, "won", "won");
        self.heading("What these hours earned", won);
        for (at, row) in spent {
            let words = self.words;
            let stage = row.stage.as_deref().map(safe).unwrap_or_default();
            let came = match row.status {
                Status::Won => row.amount.map_or_else(
                    || "won".to_owned(),
                    |amount| format!("won {}", words.money(amount)),
                ),
                Status::Lost => "lost".to_owned(),
                Status::Removed => "removed".to_owned(),
                Status::Open if row.moves > 0 => {
                    let moves = words.count(row.moves as u64, "move", "moves");
                    format!("{moves}, now {stage}")
                }
                Status::Open => stage,
            };
            let role = if row.status == Status::Won {
                Role::Good
            } else {
                Role::Text
            };
            let spent = format!("{} spent", self.hours(row.reinvested));
            let planned = format!("{} planned", self.hours(row.planned));
            let name = words.name(row.deal, &row.name);
            let line = self
                .figures(name, spent, planned)
                .fill(Span::new(came, role));
            self.row(HoursRow::Earned(at), line);
        }
    }

    /// A deal with what went into it, and the second figure where there is room.
    fn figures(&self, name: String, spent: String, second: String) -> Row {
        let row = Row::new(3)
            .fixed(self.name_width() - 1, Span::text(name))
            .fixed(1, "")
            .fixed(if self.narrow { 14 } else { 18 }, Span::text(spent));
        if self.narrow {
            return row;
        }
        row.fixed(18, Span::text(second))
    }

    fn bad_money(&mut self, data: &HoursView) {
        if data.bad_money.is_empty() {
            return;
        }
        let count = self.words.count(data.bad_count as u64, "deal", "deals");
        let per_week = self.words.hours(data.bad_per_week);
        let says = format!("{count} · {per_week} h a week");
        self.heading("Money that is not good", says);
        for (at, row) in data.bad_money.iter().enumerate() {
            let words = self.words;
            let amount = row.amount.map(|amount| words.money(amount));
            let spent = format!("{} h spent", words.hours(row.spent));
            let per_week = format!("{} h a week", words.hours(row.per_week));
            let name = words.name(row.deal, &row.name);
            let line = self
                .figures(name, spent, per_week)
                .fill(Span::text(amount.unwrap_or_default()));
            self.row(HoursRow::BadMoney(at), line);
        }
    }
}

/// The parts of a sum of minutes in tenths of hours, rounded so that they add up to the tenths of
/// the sum: what is left over goes to those that lost most.
fn tenths<const N: usize>(sum: i64, parts: [i64; N]) -> [i64; N] {
    let mut shown = parts.map(|minutes| minutes / 6);
    let mut left = (sum as f64 / 6.0).round() as i64 - shown.iter().sum::<i64>();
    let mut order: [usize; N] = std::array::from_fn(|at| at);
    order.sort_by_key(|at| std::cmp::Reverse(parts[*at] % 6));
    for at in order {
        if left > 0 && parts[at] % 6 > 0 {
            shown[at] += 1;
            left -= 1;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_bank_add_up_as_they_are_shown() {
        // 0.75 and 0.45 hours of 1.2 are not 0.8 and 0.5.
        assert_eq!(tenths(72, [45, 27, 0, 0]), [8, 4, 0, 0]);
        assert_eq!(tenths(0, [0, 0]), [0, 0]);
        for sum in 0..400 {
            let parts = [
                sum / 3,
                sum / 7,
                sum / 11,
                sum - sum / 3 - sum / 7 - sum / 11,
            ];
            let shown = tenths(sum, parts);
            assert_eq!(
                shown.iter().sum::<i64>(),
                (sum as f64 / 6.0).round() as i64,
                "{sum}"
            );
            for (part, shown) in parts.into_iter().zip(shown) {
                assert!((part as f64 / 6.0 - shown as f64).abs() < 1.0, "{parts:?}");
            }
        }
    }
}
