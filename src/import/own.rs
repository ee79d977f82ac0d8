//! The columns of our own export: one list for what writes it and for what reads it.

use super::field::Field;

/// The source of deals that were made here, before the id of their file.
pub const SOURCE: &str = "walkaway";

/// The start of the name of a file of updates for a CRM, where its name is ours to choose.
const STEM: &str = "walkaway-";
/// What stands in it for the updates, and for how the deals stood before them.
pub const UPDATE: &str = "-update";
/// The same of how the deals stood before.
pub const BEFORE: &str = "-before";

/// Whether a source is that of deals that were made here.
pub(crate) fn is_own(source: &str) -> bool {
    let rest = source.strip_prefix(SOURCE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// Names the files of updates of a source without their ends.
pub fn update_stem(source: &str, day: chrono::NaiveDate) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let source: String = source.chars().map(safe).collect();
    format!("{STEM}{source}-{day}")
}

/// Whether a file is one that was written for a CRM: it tells of no deals that are not here.
pub(crate) fn is_update(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let Some(stem) = name.strip_suffix(".csv") else {
        return false;
    };
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit() || "- ()".contains(c));
    stem.starts_with(STEM) && (stem.ends_with(UPDATE) || stem.ends_with(BEFORE))
}

/// The columns of our CSV in their order, each with what it is read as where the pipeline has
/// deals already. `Ignore`: what was decided there is taken into an empty pipeline only.
pub const COLUMNS: &[(&str, Field)] = &[
    ("id", Field::PublicId),
    ("source", Field::Source),
    ("external_id", Field::ExternalId),
    ("key", Field::Ignore),
    ("title", Field::Title),
    ("account", Field::Account),
    ("contact", Field::Contact),
    ("owner", Field::Owner),
    ("stage", Field::Stage),
    ("phase", Field::Ignore),
    ("pipeline", Field::Pipeline),
    ("amount", Field::Amount),
    ("currency", Field::Currency),
    ("status", Field::Status),
    ("probability", Field::Probability),
    ("created", Field::Created),
    ("expected_close", Field::ExpectedClose),
    ("closed", Field::Closed),
    ("lost_reason", Field::LostReason),
    ("last_activity", Field::LastActivity),
    ("updated", Field::Updated),
    ("stage_changed", Field::StageChanged),
    ("next_step", Field::NextStep),
    ("next_step_due", Field::NextStepDate),
    ("lead_source", Field::LeadSource),
    ("product", Field::Product),
    ("description", Field::Notes),
    ("margin", Field::Ignore),
    ("discount", Field::Ignore),
    ("decision", Field::Ignore),
    ("decided", Field::Ignore),
    ("decided_by", Field::Ignore),
    ("reasons", Field::Ignore),
    ("disposition", Field::Ignore),
    ("whom", Field::Ignore),
    ("nurture_until", Field::Ignore),
    ("waits_for", Field::Ignore),
    ("hold_until", Field::Ignore),
    ("tripwire", Field::Ignore),
    ("tripwire_due", Field::Ignore),
];

/// Members of our JSON (`list --json`) that are not named as a column of the CSV.
pub(crate) const MEMBERS: &[(&str, Field)] = &[
    ("external.source", Field::Source),
    ("external.id", Field::ExternalId),
    ("amount.minor", Field::AmountMinor),
    ("amount.currency", Field::Currency),
    ("next_step.what", Field::NextStep),
    ("next_step.due", Field::NextStepDate),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_an_update_are_known_by_their_names() {
        let stem = update_stem("hubspot:4711", "2026-11-22".parse().unwrap());

        for name in [
            format!("{stem}{UPDATE}.csv"),
            format!("some/folder/{stem}-2{UPDATE}-3.csv"),
            format!("C:\\folder\\{stem}{BEFORE}-1 (2).csv"),
        ] {
            assert!(is_update(&name), "{name}");
        }
        for name in ["walkaway-2026-11-22.csv", "my-update.csv", "update.csv"] {
            assert!(!is_update(name), "{name}");
        }
    }

    #[test]
    fn no_column_is_named_twice() {
        for (at, (name, _)) in COLUMNS.iter().enumerate() {
            assert!(
                COLUMNS[..at].iter().all(|(other, _)| other != name),
                "{name}"
            );
        }
    }
}
