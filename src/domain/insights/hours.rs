//! How few deals take how many of the hours, and what came back by firing.

use chrono::{Days, NaiveDate};

use super::{Bar, Drawn, Facts, Fired, PER_PLOT, Plot, Series, Taken, deals};
use crate::domain::ledger::LedgerWeek;

/// Into how many equal groups the deals are put.
const GROUPS: usize = 10;

/// The share of all hours that each tenth of the open deals took, those with most hours first.
pub(super) fn concentration(facts: &Facts) -> Drawn {
    let mut taken = facts.taken.clone();
    if taken.len() < GROUPS {
        return Err(format!(
            "{GROUPS} open deals with hours on record are needed before this tells anything; {} so \
             far.",
            taken.len()
        ));
    }
    taken.sort_by(|a, b| b.hours.total_cmp(&a.hours).then(a.deal.cmp(&b.deal)));
    let all: f64 = taken.iter().map(|taken| taken.hours).sum();
    let group = |at: usize| -> &[Taken] {
        let end = |at: usize| at * taken.len() / GROUPS;
        &taken[end(at)..end(at + 1)]
    };
    let bars: Vec<Bar> = (0..GROUPS)
        .map(|at| {
            let group = group(at);
            let mut deals: Vec<u32> = group.iter().map(|taken| taken.deal).collect();
            deals.sort_unstable();
            Bar {
                value: 100.0 * group.iter().map(|taken| taken.hours).sum::<f64>() / all,
                deals,
            }
        })
        .collect();
    let sentence = format!(
        "A tenth of {} open with hours on record took {:.0} % of {all:.0} hours.",
        deals(taken.len()),
        bars[0].value,
    );
    Ok((
        sentence,
        Plot {
            across: "tenths of the open deals, those with most hours first",
            up: "% of the hours",
            places: (1..=GROUPS).map(|at| at.to_string()).collect(),
            series: vec![Series { name: "", bars }],
        },
    ))
}

/// The most weeks that are drawn.
const WEEKS: usize = 12;

/// The bank of hours by week: freed, spent anew, and without a place at the end of the week.
pub(super) fn bank(facts: &Facts) -> Drawn {
    if facts.decisions < PER_PLOT || facts.weeks.is_empty() {
        return Err(format!(
            "{PER_PLOT} decisions and a firing are needed before this tells anything; {} so far.",
            facts.decisions
        ));
    }
    let hours = |minutes: i64| minutes as f64 / 60.0;
    let sum = |of: fn(&LedgerWeek) -> i64| hours(facts.weeks.iter().map(of).sum());
    let sentence = format!(
        "{:.0} hours came back, an estimate; {:.0} of them went into other deals and {:.0} into \
         one's own time. {:.0} have no place yet.",
        sum(|week| week.reclaimed),
        sum(|week| week.reinvested),
        sum(|week| week.own_time),
        facts
            .weeks
            .last()
            .map_or(0.0, |week| hours(week.not_placed)),
    );
    let drawn = &facts.weeks[facts.weeks.len().saturating_sub(WEEKS)..];
    let series = |name, of: fn(&LedgerWeek) -> i64, behind: &dyn Fn(&LedgerWeek) -> Vec<u32>| {
        let bar = |week: &LedgerWeek| Bar {
            value: hours(of(week)),
            deals: if of(week) > 0 {
                behind(week)
            } else {
                Vec::new()
            },
        };
        Series {
            name,
            bars: drawn.iter().map(bar).collect(),
        }
    };
    // Firings from one day to another; both within the weeks of the bank.
    let left = |from: NaiveDate, to: NaiveDate| -> Vec<u32> {
        let within = |fired: &&Fired| (from..=to).contains(&fired.day);
        (facts.fired.iter().filter(within).map(|fired| fired.deal)).collect()
    };
    let first = facts.weeks[0].monday;
    let sunday = |week: &LedgerWeek| week.monday + Days::new(6);
    Ok((
        sentence,
        Plot {
            across: "week from",
            up: "hours",
            places: drawn.iter().map(|week| week.monday.to_string()).collect(),
            series: vec![
                series("freed", |week| week.reclaimed, &|week| {
                    left(week.monday, sunday(week))
                }),
                series("spent", |week| week.reinvested, &|_| facts.invested.clone()),
                series("no place", |week| week.not_placed, &|week| {
                    left(first, sunday(week))
                }),
            ],
        },
    ))
}
