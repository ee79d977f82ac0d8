//! The bank of hours: what firing freed, and where those hours went.
//!
//! At all times reclaimed = reinvested + planned + own time + not placed, first in first out
//! (scoring model). The bank is worked out of what is on record and never kept, so that taking
//! back a decision, a plan or a touch takes back what it did to the bank.

use std::collections::BTreeMap;

use chrono::{Datelike, Duration, NaiveDate};

use super::ids::DealId;

/// Hours that a firing freed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The deal that was fired.
    pub deal: DealId,
    /// The day.
    pub day: NaiveDate,
    /// How many minutes, an estimate; not negative.
    pub minutes: i64,
}

/// Hours of one week that were given a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The deal; `None` is one's own time.
    pub deal: Option<DealId>,
    /// The Monday of the week.
    pub week: NaiveDate,
    /// How many minutes; not negative.
    pub minutes: i64,
    /// Whether the deal still goes on, so that what is not spent yet still may be.
    pub goes_on: bool,
}

/// Time that went into a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// The deal.
    pub deal: DealId,
    /// The day.
    pub day: NaiveDate,
    /// How many minutes.
    pub minutes: i64,
}

/// What happened to the bank in one week, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerWeek {
    /// The Monday.
    pub monday: NaiveDate,
    /// Freed by firing.
    pub reclaimed: i64,
    /// Spent on the deals onto which they were planned.
    pub reinvested: i64,
    /// Planned onto deals and not spent yet.
    pub planned: i64,
    /// Given to one's own time.
    pub own_time: i64,
    /// What had no place at the end of the week, of all that was freed by then.
    pub not_placed: i64,
}

/// What a deal was given out of the bank, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The deal.
    pub deal: DealId,
    /// Spent on it.
    pub reinvested: i64,
    /// Planned onto it and not spent yet.
    pub planned: i64,
    /// The first day on which some of it was spent.
    pub since: Option<NaiveDate>,
}

/// The bank as of a day, in minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Freed by firing, an estimate.
    pub reclaimed: i64,
    /// Spent on the deals onto which they were planned.
    pub reinvested: i64,
    /// Planned onto deals and not spent yet.
    pub planned: i64,
    /// Given to one's own time.
    pub own_time: i64,
    /// Without a place.
    pub not_placed: i64,
    /// The weeks from the first firing to this one, and as far ahead as hours are planned.
    pub weeks: Vec<LedgerWeek>,
    /// What each deal was given, by its number.
    pub deals: Vec<Share>,
    /// Of each firing what is left of it, in the order in which they were freed.
    pub left: Vec<(DealId, i64)>,
}

/// Where hours are drawn to; the order is the order within a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whither {
    Reinvested(DealId),
    OwnTime,
    Planned(DealId),
}

/// Hours that are wanted out of the bank.
struct Draw {
    week: NaiveDate,
    whither: Whither,
    /// Only what was freed by this day is there to be drawn.
    day: NaiveDate,
    minutes: i64,
}

/// Returns the Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Duration::days(i64::from(day.weekday().num_days_from_monday()))
}

impl Ledger {
    /// Works the bank out as of a day.
    ///
    /// What was spent on a deal in a week counts as reinvested up to what was planned onto it for
    /// that week; what is left of the plan stays planned until the week is over, and then has no
    /// place again. One's own time keeps its place. What is placed beyond the bank is not drawn
    /// from it, nor is what was spent before it was freed.
    pub fn of(freed: &[Freed], placed: &[Placed], spent: &[Spent], today: NaiveDate) -> Self {
        let mut pots: Vec<(Freed, i64)> = freed
            .iter()
            .filter(|freed| freed.day <= today && freed.minutes > 0)
            .map(|freed| (*freed, freed.minutes))
            .collect();
        pots.sort_by_key(|(freed, _)| freed.day);
        let mut book = Book::default();
        for (freed, _) in &pots {
            book.week(monday(freed.day)).reclaimed += freed.minutes;
        }
        for draw in draws(placed, spent, today) {
            let mut left = draw.minutes;
            for (freed, pot) in &mut pots {
                if freed.day > draw.day || left == 0 {
                    break;
                }
                let taken = left.min(*pot);
                *pot -= taken;
                left -= taken;
            }
            book.enter(&draw, draw.minutes - left);
        }
        book.close(&pots, today)
    }

    /// Tells whether there is anything in it.
    pub fn is_empty(&self) -> bool {
        self.reclaimed == 0
    }

    /// Minutes that have a place.
    pub fn placed(&self) -> i64 {
        self.reinvested + self.planned + self.own_time
    }
}

/// Everything that is wanted out of the bank, in the order in which it is served.
fn draws(placed: &[Placed], spent: &[Spent], today: NaiveDate) -> Vec<Draw> {
    let mut by_deal: BTreeMap<(DealId, NaiveDate), Vec<&Spent>> = BTreeMap::new();
    for spent in spent.iter().filter(|spent| spent.day <= today) {
        let week = (spent.deal, monday(spent.day));
        by_deal.entry(week).or_default().push(spent);
    }
    let mut plans: BTreeMap<(NaiveDate, Option<DealId>), (i64, bool)> = BTreeMap::new();
    for plan in placed {
        let sum = plans.entry((plan.week, plan.deal)).or_default();
        sum.0 += plan.minutes.max(0);
        sum.1 |= plan.goes_on;
    }
    let mut draws = Vec::new();
    for ((week, deal), (minutes, goes_on)) in plans {
        let sunday = week + Duration::days(6);
        let Some(deal) = deal else {
            draws.push(Draw {
                week,
                whither: Whither::OwnTime,
                day: sunday,
                minutes,
            });
            continue;
        };
        let mut left = minutes;
        let mut touches = by_deal.remove(&(deal, week)).unwrap_or_default();
        touches.sort_by_key(|spent| spent.day);
        for spent in touches {
            let minutes = spent.minutes.clamp(0, left);
            left -= minutes;
            draws.push(Draw {
                week,
                whither: Whither::Reinvested(deal),
                day: spent.day,
                minutes,
            });
        }
        if goes_on && sunday >= today {
            draws.push(Draw {
                week,
                whither: Whither::Planned(deal),
                day: sunday,
                minutes: left,
            });
        }
    }
    draws.sort_by_key(|draw| {
        let is_spent = matches!(draw.whither, Whither::Reinvested(_));
        (
            draw.week,
            !is_spent,
            is_spent.then_some(draw.day),
            draw.whither,
        )
    });
    draws
}

/// The bank while it is worked out.
#[derive(Default)]
struct Book {
    ledger: Ledger,
    weeks: BTreeMap<NaiveDate, LedgerWeek>,
    deals: BTreeMap<DealId, Share>,
}

impl Book {
    fn week(&mut self, monday: NaiveDate) -> &mut LedgerWeek {
        self.weeks.entry(monday).or_insert(LedgerWeek {
            monday,
            reclaimed: 0,
            reinvested: 0,
            planned: 0,
            own_time: 0,
            not_placed: 0,
        })
    }

    fn share(&mut self, deal: DealId) -> &mut Share {
        self.deals.entry(deal).or_insert(Share {
            deal,
            reinvested: 0,
            planned: 0,
            since: None,
        })
    }

    fn enter(&mut self, draw: &Draw, minutes: i64) {
        if minutes == 0 {
            return;
        }
        let week = self.week(draw.week);
        match draw.whither {
            Whither::Reinvested(deal) => {
                week.reinvested += minutes;
                let share = self.share(deal);
                share.reinvested += minutes;
                share.since = share.since.or(Some(draw.day));
            }
            Whither::OwnTime => week.own_time += minutes,
            Whither::Planned(deal) => {
                week.planned += minutes;
                self.share(deal).planned += minutes;
            }
        }
    }

    fn close(mut self, pots: &[(Freed, i64)], today: NaiveDate) -> Ledger {
        self.ledger.left = pots
            .iter()
            .map(|(freed, left)| (freed.deal, *left))
            .collect();
        self.ledger.not_placed = pots.iter().map(|(_, left)| left).sum();
        let Some(first) = self.weeks.keys().next().copied() else {
            return self.ledger;
        };
        let last = self.weeks.keys().next_back().copied().unwrap_or(first);
        let last = last.max(monday(today));
        let mut at = first;
        while at <= last {
            self.week(at);
            at += Duration::days(7);
        }
        let mut balance = 0;
        let ledger = &mut self.ledger;
        for week in self.weeks.values_mut() {
            ledger.reclaimed += week.reclaimed;
            ledger.reinvested += week.reinvested;
            ledger.planned += week.planned;
            ledger.own_time += week.own_time;
            balance += week.reclaimed - week.reinvested - week.planned - week.own_time;
            week.not_placed = balance;
        }
        ledger.weeks = self.weeks.into_values().collect();
        ledger.deals = self.deals.into_values().collect();
        self.ledger
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Monday.
    fn today() -> NaiveDate {
        day("2026-11-23")
    }

    fn freed(deal: i64, on: &str, minutes: i64) -> Freed {
        Freed {
            deal: DealId(deal),
            day: day(on),
            minutes,
        }
    }

    fn placed(deal: Option<i64>, week: &str, minutes: i64) -> Placed {
        Placed {
            deal: deal.map(DealId),
            week: day(week),
            minutes,
            goes_on: true,
        }
    }

    fn spent(deal: i64, on: &str, minutes: i64) -> Spent {
        Spent {
            deal: DealId(deal),
            day: day(on),
            minutes,
        }
    }

    fn sums(ledger: &Ledger) -> [i64; 5] {
        assert_eq!(ledger.reclaimed, ledger.placed() + ledger.not_placed);
        [
            ledger.reclaimed,
            ledger.reinvested,
            ledger.planned,
            ledger.own_time,
            ledger.not_placed,
        ]
    }

    #[test]
    fn what_was_freed_has_no_place_until_it_is_given_one() {
        let freed = [freed(1, "2026-11-23", 600)];

        let bare = Ledger::of(&freed, &[], &[], today());
        assert_eq!(sums(&bare), [600, 0, 0, 0, 600]);

        let plans = [
            placed(Some(2), "2026-11-23", 180),
            placed(None, "2026-11-23", 60),
        ];
        let planned = Ledger::of(&freed, &plans, &[], today());
        assert_eq!(sums(&planned), [600, 0, 180, 60, 360]);

        let touches = [spent(2, "2026-11-23", 100), spent(3, "2026-11-23", 500)];
        let moved = Ledger::of(&freed, &plans, &touches, today());
        assert_eq!(sums(&moved), [600, 100, 80, 60, 360]);
    }

    #[test]
    fn a_week_that_is_over_keeps_what_was_spent_and_gives_back_the_rest() {
        let freed = [freed(1, "2026-11-09", 600)];
        let plans = [
            placed(Some(2), "2026-11-16", 180),
            placed(None, "2026-11-16", 60),
        ];
        let touches = [spent(2, "2026-11-18", 45), spent(2, "2026-11-24", 45)];

        let ledger = Ledger::of(&freed, &plans, &touches, today());

        assert_eq!(sums(&ledger), [600, 45, 0, 60, 495]);
        let weeks: Vec<_> = ledger.weeks.iter().map(|week| week.not_placed).collect();
        assert_eq!(weeks, [600, 495, 495]);
        assert_eq!(ledger.deals[0].since, Some(day("2026-11-18")));
    }

    #[test]
    fn what_was_freed_first_is_spent_first_and_nothing_before_it_was_freed() {
        let freed = [freed(9, "2026-11-25", 60), freed(1, "2026-11-17", 60)];
        let plans = [placed(Some(2), "2026-11-16", 300)];
        let touches = [spent(2, "2026-11-16", 60), spent(2, "2026-11-19", 40)];

        let ledger = Ledger::of(&freed, &plans, &touches, day("2026-11-26"));

        assert_eq!(ledger.left, [(DealId(1), 20), (DealId(9), 60)]);
        assert_eq!(sums(&ledger), [120, 40, 0, 0, 80]);
    }

    #[test]
    fn what_is_placed_beyond_the_bank_is_not_drawn_from_it() {
        let freed = [freed(1, "2026-11-23", 60)];
        let plans = [placed(Some(2), "2026-11-23", 180)];

        let ledger = Ledger::of(&freed, &plans, &[], today());

        assert_eq!(sums(&ledger), [60, 0, 60, 0, 0]);
    }

    #[test]
    fn a_plan_of_a_deal_that_ended_has_no_place() {
        let freed = [freed(1, "2026-11-23", 60)];
        let ended = Placed {
            goes_on: false,
            ..placed(Some(2), "2026-11-23", 180)
        };

        let ledger = Ledger::of(&freed, &[ended], &[spent(2, "2026-11-23", 20)], today());

        assert_eq!(sums(&ledger), [60, 20, 0, 0, 40]);
    }

    proptest! {
        #[test]
        fn the_bank_adds_up_at_every_day(
            freed in prop::collection::vec((1i64..4, 0i64..60, 0i64..900), 0..12),
            plans in prop::collection::vec((0i64..5, 0i64..10, 0i64..600, any::<bool>()), 0..16),
            touches in prop::collection::vec((1i64..5, 0i64..70, 0i64..300), 0..24),
            now in 0i64..70,
        ) {
            let start = day("2026-10-05");
            let on = |days: i64| start + Duration::days(days);
            let freed: Vec<Freed> = freed
                .into_iter()
                .map(|(deal, at, minutes)| Freed { deal: DealId(deal), day: on(at), minutes })
                .collect();
            let plans: Vec<Placed> = plans
                .into_iter()
                .map(|(deal, week, minutes, goes_on)| Placed {
                    deal: (deal > 0).then_some(DealId(deal)),
                    week: on(week * 7),
                    minutes,
                    goes_on,
                })
                .collect();
            let touches: Vec<Spent> = touches
                .into_iter()
                .map(|(deal, at, minutes)| Spent { deal: DealId(deal), day: on(at), minutes })
                .collect();
            let today = on(now);

            let ledger = Ledger::of(&freed, &plans, &touches, today);

            let all: i64 = freed.iter().filter(|f| f.day <= today).map(|f| f.minutes).sum();
            prop_assert_eq!(ledger.reclaimed, all);
            prop_assert_eq!(ledger.reclaimed, ledger.placed() + ledger.not_placed);
            prop_assert!(ledger.weeks.iter().all(|week| week.not_placed >= 0));
            prop_assert!(ledger.left.iter().all(|(_, left)| *left >= 0));
            if let Some(last) = ledger.weeks.last() {
                prop_assert_eq!(last.not_placed, ledger.not_placed);
            }
            let given: i64 = ledger.deals.iter().map(|deal| deal.reinvested + deal.planned).sum();
            prop_assert_eq!(given, ledger.reinvested + ledger.planned);
            let spent: i64 = touches.iter().map(|touch| touch.minutes).sum();
            prop_assert!(ledger.reinvested <= spent);
        }

        #[test]
        fn more_freed_takes_no_place_away(
            minutes in 1i64..900,
            plan in 0i64..900,
            touch in 0i64..900,
        ) {
            let plans = [placed(Some(2), "2026-11-23", plan)];
            let touches = [spent(2, "2026-11-23", touch)];
            let one = Ledger::of(&[freed(1, "2026-11-23", minutes)], &plans, &touches, today());
            let both = [freed(1, "2026-11-23", minutes), freed(3, "2026-11-23", 60)];

            let two = Ledger::of(&both, &plans, &touches, today());

            prop_assert!(two.placed() >= one.placed());
        }
    }
}
