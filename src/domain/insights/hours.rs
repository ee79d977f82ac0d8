//! How few deals take how many of the hours.

use super::{Bar, Drawn, Facts, Plot, Series, Taken, deals};

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
