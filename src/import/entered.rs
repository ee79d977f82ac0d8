//! Columns that say when a deal came into a stage, one column a stage: moves of stage with their
//! days, told by the row of the deal itself.

use chrono::NaiveDate;

use super::deal::DealRow;
use super::header::bare;
use super::lookup::Lookups;
use super::text::key;
use crate::store::IncomingMove;

/// The stage, and where it is told the pipeline, that a column is about which says when a deal
/// came into it: `Date entered "Proposal Sent (Sales Pipeline)"`, `hs_date_entered_contractsent`.
fn named(header: &str) -> Option<(&str, Option<&str>)> {
    let name = bare(header).unwrap_or(header);
    for start in ["hs_v2_date_entered_", "hs_date_entered_"] {
        if let Some(id) = name.strip_prefix(start) {
            return Some((id, None));
        }
    }
    let (_, rest) = name.split_once('"')?;
    let label = rest.rsplit_once('"').map_or(rest, |(label, _)| label);
    let both = label
        .strip_suffix(')')
        .and_then(|label| label.rsplit_once(" ("));
    Some(both.map_or((label, None), |(stage, pipeline)| (stage, Some(pipeline))))
}

/// Takes the days of a row, each with the header of its column, into the deal. Columns of another
/// pipeline say nothing of it; of two stages of one day the one of the earlier column was first.
pub(crate) fn take<'h>(
    deal: &mut DealRow,
    cells: impl Iterator<Item = (NaiveDate, &'h str)>,
    lookups: &Lookups,
) {
    let mut entered: Vec<(NaiveDate, String)> = Vec::new();
    for (day, header) in cells {
        let Some((stage, pipeline)) = named(header) else {
            continue;
        };
        let of_other = |own: &String| pipeline.is_some_and(|other| key(other) != key(own));
        if deal.pipeline.as_ref().is_some_and(of_other) {
            continue;
        }
        let label = lookups.stage(stage).map(|known| known.label.as_str());
        let stage = label.filter(|label| !label.is_empty()).unwrap_or(stage);
        let own = deal.stage.as_ref().filter(|own| key(own) == key(stage));
        entered.push((day, own.map_or(stage, String::as_str).to_owned()));
    }
    entered.sort_by_key(|(day, _)| *day);
    if deal.stage_changed.is_none() {
        let now = entered
            .iter()
            .rfind(|(_, stage)| Some(stage) == deal.stage.as_ref());
        deal.stage_changed = now.map(|(day, _)| *day);
    }
    deal.entered = entered;
}

/// The moves from each stage to the next one.
pub(crate) fn moves(entered: &[(NaiveDate, String)]) -> Vec<IncomingMove> {
    let pairs = entered.windows(2).filter_map(|pair| match pair {
        [(_, old), (day, new)] if old != new => Some(IncomingMove {
            field: "stage",
            day: *day,
            old: Some(old.clone()),
            new: Some(new.clone()),
        }),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_moves_of_a_deal_are_those_of_its_own_pipeline_in_the_order_of_their_days() {
        let mut deal = DealRow {
            stage: Some("Contract sent".to_owned()),
            pipeline: Some("Sales Pipeline".to_owned()),
            ..DealRow::default()
        };
        let cells = [
            (
                "2026-03-01",
                "Date entered \"Contract Sent (Sales Pipeline)\"",
            ),
            ("2026-01-05", "Date entered \"Qualified (Sales Pipeline)\""),
            ("2026-02-02", "Date entered \"Negotiation (Renewals)\""),
            ("2026-02-01", "Date entered \"Demo (Sales Pipeline)\""),
        ];

        take(
            &mut deal,
            cells.iter().map(|(on, header)| (day(on), *header)),
            &Lookups::default(),
        );
        let moves = moves(&deal.entered);

        let told: Vec<_> = moves
            .iter()
            .map(|m| (m.day.to_string(), m.old.as_deref(), m.new.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("2026-02-01".to_owned(), Some("Qualified"), Some("Demo")),
                ("2026-03-01".to_owned(), Some("Demo"), Some("Contract sent")),
            ]
        );
        assert_eq!(deal.stage_changed, Some(day("2026-03-01")));
    }

    #[test]
    fn a_column_of_a_stage_names_it_and_its_pipeline() {
        for (header, expected) in [
            (
                "Date entered \"Proposal Sent (Sales Pipeline)\"",
                ("Proposal Sent", Some("Sales Pipeline")),
            ),
            (
                "Date entered \"Offer (EUR) (Sales)\"",
                ("Offer (EUR)", Some("Sales")),
            ),
            ("Date entered \"Demo\"", ("Demo", None)),
            (
                "property_hs_date_entered_contractsent",
                ("contractsent", None),
            ),
            ("hs_v2_date_entered_123", ("123", None)),
        ] {
            assert_eq!(named(header), Some(expected), "{header}");
        }
        assert_eq!(named("Date entered"), None);
    }
}
