//! What rows of one deal are compared by, and what a deal takes of a row of its own.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::deal::DealRow;
use super::super::field::Field;

// As bits, in the order of FIELDS.
pub(super) const TITLE: u32 = 1;
pub(super) const ACCOUNT: u32 = 1 << 1;
pub(super) const AMOUNT: u32 = 1 << 2;
pub(super) const PRODUCT: u32 = 1 << 3;
pub(super) const NOTES: u32 = 1 << 4;
const KIND: u32 = 1 << 5;
const UPDATED: u32 = 1 << 6;
pub(super) const CONTACT: u32 = 1 << 7;
pub(super) const CURRENCY: u32 = 1 << 8;
pub(super) const CLOSE: u32 = 1 << 9;
pub(super) const STAGE: u32 = 1 << 11;

/// What the lines of one deal may differ in.
pub(super) const OF_LINES: u32 = AMOUNT | PRODUCT | NOTES | KIND | UPDATED;
/// What a row may differ in that tells of the same deal again.
pub(super) const OF_AGAIN: u32 = PRODUCT | NOTES | CONTACT;

/// How many parts there are.
const COUNT: usize = 22;

/// What the parts are.
pub(super) const FIELDS: [Field; COUNT] = [
    Field::Title,
    Field::Account,
    Field::Amount,
    Field::Product,
    Field::Notes,
    Field::DealType,
    Field::Updated,
    Field::Contact,
    Field::Currency,
    Field::ExpectedClose,
    Field::Owner,
    Field::Stage,
    Field::Pipeline,
    Field::Probability,
    Field::Status,
    Field::Created,
    Field::Closed,
    Field::LostReason,
    Field::LastActivity,
    Field::StageChanged,
    Field::NextStep,
    Field::LeadSource,
];

/// Eight bytes for each part of a deal, 0 for one of which its row says nothing.
pub(super) type Digest = [u64; COUNT];

pub(super) fn digest(deal: &DealRow) -> Digest {
    fn part(value: Option<impl Hash>) -> u64 {
        value.map_or(0, |value| hash(value) | 1)
    }
    let title = Some(&deal.title).filter(|_| deal.title_assumed.is_none());
    let amount = deal.amount.map(|amount| amount.minor);
    let currency = deal.amount.and_then(|amount| amount.currency);
    let status = Some(deal.status.code()).filter(|_| !deal.status_assumed);
    [
        part(title),
        part(deal.account.as_ref().or(deal.account_id.as_ref())),
        part(amount),
        part(deal.product.as_ref()),
        part(deal.notes.as_ref()),
        part(deal.deal_type.as_ref()),
        part(deal.updated),
        part(deal.contact.as_ref().or(deal.contact_id.as_ref())),
        part(currency),
        part(deal.expected_close),
        part(deal.owner.as_ref()),
        part(deal.stage.as_ref()),
        part(deal.pipeline.as_ref()),
        part(deal.probability.map(f64::to_bits)),
        part(status),
        part(deal.created),
        part(deal.closed),
        part(deal.lost_reason.as_ref()),
        part(deal.last_activity),
        part(deal.stage_changed),
        part(deal.next_step.as_ref()),
        part(deal.lead_source.as_ref()),
    ]
}

pub(super) fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The parts of which a row says something.
pub(super) fn said(digest: &Digest) -> u32 {
    let bits = digest.iter().enumerate();
    bits.fold(0, |bits, (at, part)| bits | u32::from(*part != 0) << at)
}

/// A deal of which nothing is said.
pub(super) fn nothing() -> DealRow {
    DealRow {
        status_assumed: true,
        ..DealRow::default()
    }
}

/// Takes, of some parts, what a row says of those of which its deal says nothing: a blank never
/// erases. An amount comes with its currency, a stage with what it means.
#[expect(clippy::wildcard_enum_match_arm, reason = "the table has no others")]
pub(super) fn take(deal: &mut DealRow, row: &DealRow, parts: u32) {
    fn fill<T: Clone>(own: &mut Option<T>, other: Option<&T>) {
        if own.is_none() {
            *own = other.cloned();
        }
    }
    for (at, field) in FIELDS.iter().enumerate() {
        if parts & 1 << at == 0 {
            continue;
        }
        match field {
            Field::Title => {
                let is_blank = deal.title.is_empty() || deal.title_assumed.is_some();
                if is_blank && row.title_assumed.is_none() && !row.title.is_empty() {
                    deal.title.clone_from(&row.title);
                    deal.title_assumed = None;
                }
            }
            Field::Account if deal.account.is_none() && deal.account_id.is_none() => {
                deal.account.clone_from(&row.account);
                deal.account_id.clone_from(&row.account_id);
            }
            Field::Contact if deal.contact.is_none() && deal.contact_id.is_none() => {
                deal.contact.clone_from(&row.contact);
                deal.contact_id.clone_from(&row.contact_id);
            }
            Field::Owner if deal.owner.is_none() => {
                deal.owner.clone_from(&row.owner);
                deal.owner_id.clone_from(&row.owner_id);
            }
            Field::Stage if deal.stage.is_none() => {
                deal.stage.clone_from(&row.stage);
                deal.phase = row.phase;
            }
            Field::NextStep if deal.next_step.is_none() => {
                deal.next_step.clone_from(&row.next_step);
                fill(&mut deal.next_step_date, row.next_step_date.as_ref());
            }
            Field::Status if deal.status_assumed => {
                deal.status = row.status;
                deal.status_assumed = row.status_assumed;
            }
            Field::Amount => fill(&mut deal.amount, row.amount.as_ref()),
            Field::Product => fill(&mut deal.product, row.product.as_ref()),
            Field::Notes => fill(&mut deal.notes, row.notes.as_ref()),
            Field::DealType => fill(&mut deal.deal_type, row.deal_type.as_ref()),
            Field::Updated => fill(&mut deal.updated, row.updated.as_ref()),
            Field::ExpectedClose => fill(&mut deal.expected_close, row.expected_close.as_ref()),
            Field::Pipeline => fill(&mut deal.pipeline, row.pipeline.as_ref()),
            Field::Probability => fill(&mut deal.probability, row.probability.as_ref()),
            Field::Created => fill(&mut deal.created, row.created.as_ref()),
            Field::Closed => fill(&mut deal.closed, row.closed.as_ref()),
            Field::LostReason => fill(&mut deal.lost_reason, row.lost_reason.as_ref()),
            Field::LastActivity => fill(&mut deal.last_activity, row.last_activity.as_ref()),
            Field::StageChanged => fill(&mut deal.stage_changed, row.stage_changed.as_ref()),
            Field::LeadSource => fill(&mut deal.lead_source, row.lead_source.as_ref()),
            _ => {}
        }
    }
}

/// A deal, while the rows are read.
#[derive(Default)]
pub(super) struct Group {
    /// The parts of which some row says something, and those of which each does.
    any: u32,
    all: u32,
    /// What is said first of each.
    first: Digest,
    /// What its rows differ in.
    differs: u32,
    pub(super) rows: u32,
    pub(super) is_dated: bool,
}

impl Group {
    pub(super) fn meet(&mut self, digest: &Digest, is_dated: bool) {
        let has = said(digest);
        if self.rows == 0 {
            (self.all, self.is_dated) = (has, true);
        }
        self.rows += 1;
        self.is_dated &= is_dated;
        self.all &= has;
        self.any |= has;
        for (at, (mine, theirs)) in self.first.iter_mut().zip(digest).enumerate() {
            if *mine == 0 {
                *mine = *theirs;
            } else if *theirs != 0 && mine != theirs {
                self.differs |= 1 << at;
            }
        }
    }

    pub(super) fn has(&self, bit: u32) -> bool {
        self.differs & bit != 0
    }

    pub(super) fn only(&self, bits: u32) -> bool {
        self.differs & !bits == 0
    }

    pub(super) fn is_one(&self) -> bool {
        self.differs == 0
    }

    /// The parts of which only some rows say something.
    pub(super) fn gaps(&self) -> u32 {
        self.any & !self.all
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::words::Status;
    use super::*;

    #[test]
    fn rows_that_differ_in_one_thing_are_not_taken_for_the_same() {
        for number in 0..100_000 {
            let row = |owner: String| {
                digest(&DealRow {
                    title: "Plant".to_owned(),
                    owner: Some(owner),
                    ..DealRow::default()
                })
            };
            let mut group = Group::default();
            group.meet(&row(format!("Ana {number}")), true);
            group.meet(&row(format!("Bo {number}")), true);

            assert!(!group.is_one(), "{number}");
        }
    }

    #[test]
    fn a_deal_takes_of_a_row_only_what_its_own_leaves_blank() {
        let mut deal = DealRow {
            title: "A1".to_owned(),
            title_assumed: Some("id"),
            owner: Some("Ana".to_owned()),
            status_assumed: true,
            ..DealRow::default()
        };
        let row = DealRow {
            title: "Plant".to_owned(),
            owner: Some("Bo".to_owned()),
            owner_id: Some("7".to_owned()),
            status: Status::Lost,
            next_step: Some("call Kim".to_owned()),
            ..DealRow::default()
        };

        take(&mut deal, &row, u32::MAX);

        let expected = DealRow {
            title: "Plant".to_owned(),
            owner: Some("Ana".to_owned()),
            status: Status::Lost,
            next_step: Some("call Kim".to_owned()),
            ..DealRow::default()
        };
        assert_eq!(deal, expected);
    }
}
