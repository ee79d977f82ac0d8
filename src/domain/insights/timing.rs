//! How long it takes to a "no" and to a "yes", and how long a "no" stood on record unheard.

use super::{Drawn, Facts, PER_PLOT, Plot, Spread, count, deals};

/// The days at which one place of the axis ends and the next begins, both within the former.
const ENDS: [u32; 6] = [7, 30, 60, 90, 180, 365];

fn labels(ends: &[u32]) -> Vec<String> {
    let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
    let mut labels: Vec<String> = starts
        .zip(ends)
        .map(|(start, end)| {
            if start == *end {
                end.to_string()
            } else {
                format!("{start}-{end}")
            }
        })
        .collect();
    labels.push(
        ends.last()
            .map_or_else(String::new, |last| format!(">{last}")),
    );
    labels
}

fn place(ends: &[u32], days: u32) -> usize {
    ends.iter()
        .position(|end| days <= *end)
        .unwrap_or(ends.len())
}

/// Days from a deal's first day to the firing, beside those to the win.
pub(super) fn days_to_no(facts: &Facts) -> Drawn {
    let no: Vec<(u32, u32)> = (facts.fired.iter())
        .filter_map(|fired| Some((fired.deal, fired.days?)))
        .collect();
    let yes: Vec<(u32, u32)> = (facts.won.iter())
        .filter_map(|won| Some((won.deal, won.days?)))
        .collect();
    let of = |found: &[(u32, u32)]| Spread::of(found.iter().map(|(_, days)| *days));
    let (Some(to_no), Some(to_yes), true) = (
        of(&no),
        of(&yes),
        no.len() >= PER_PLOT && yes.len() >= PER_PLOT,
    ) else {
        return Err(format!(
            "{PER_PLOT} fired and {PER_PLOT} won deals with the day they were made are needed; \
             {} and {} so far.",
            no.len(),
            yes.len()
        ));
    };
    let series = [("no", no), ("yes", yes)].map(|(name, found)| {
        count(
            name,
            ENDS.len() + 1,
            found,
            |(_, days)| place(&ENDS, *days),
            |(deal, _)| *deal,
        )
    });
    let counted = |at: usize| series[at].bars.iter().map(|bar| bar.deals.len()).sum();
    let sentence = format!(
        "A no took {}, a yes {}: medians of {} fired and {} won.",
        to_no.in_days(),
        to_yes.in_days(),
        deals(counted(0)),
        deals(counted(1)),
    );
    Ok((
        sentence,
        Plot {
            across: "days from the deal's first day",
            up: "deals",
            places: labels(&ENDS),
            series: series.into(),
        },
    ))
}

/// The days at which a knock-out was known before the deal was left.
const LATE: [u32; 4] = [0, 7, 30, 90];

/// Days from the first knock-out on record to the firing, and the hours that still went in.
pub(super) fn knockout_late(facts: &Facts) -> Drawn {
    let known: Vec<_> = (facts.fired.iter())
        .filter_map(|fired| Some((fired.deal, fired.knocked?)))
        .collect();
    super::enough(known.len(), "fired deals with a knock-out on record")?;
    let minutes: u64 = (known.iter())
        .map(|(_, knocked)| u64::from(knocked.minutes))
        .sum();
    let spread = Spread::of(known.iter().map(|(_, knocked)| knocked.days));
    let sentence = format!(
        "Of {} fired, {} had a knock-out on record, for {} before we left; {:.0} hours went in \
         after it.",
        deals(facts.fired.len()),
        known.len(),
        spread.map(Spread::in_days).unwrap_or_default(),
        minutes as f64 / 60.0,
    );
    let bars = count(
        "",
        LATE.len() + 1,
        known,
        |(_, knocked)| place(&LATE, knocked.days),
        |(deal, _)| *deal,
    );
    Ok((
        sentence,
        Plot {
            across: "days from the knock-out to the firing",
            up: "deals",
            places: labels(&LATE),
            series: vec![bars],
        },
    ))
}
