//! The columns of our own export: one list for what writes it and for what reads it.

use super::field::Field;

/// The source of deals that were made here, before the id of their file.
pub const SOURCE: &str = "walkaway";

/// Whether a source is that of deals that were made here.
pub(crate) fn is_own(source: &str) -> bool {
    let rest = source.strip_prefix(SOURCE);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
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
    fn no_column_is_named_twice() {
        for (at, (name, _)) in COLUMNS.iter().enumerate() {
            assert!(
                COLUMNS[..at].iter().all(|(other, _)| other != name),
                "{name}"
            );
        }
    }
}
