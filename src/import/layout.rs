//! Rows of an export that are no records of their own: titles of groups, and rows that go on
//! with the record above.

use super::field::Field;
use super::reading::{Slot, cell};
use super::table::Cells;

/// Whether a row titles a group, as grouped sheets of Odoo have them: `Label (count)` in its
/// first cell, and nothing but sums beside it. A row that stands somewhere is none.
pub(crate) fn is_group_title(slots: &[Slot], cells: &Cells) -> bool {
    let label = cell(cells, 0);
    let count = label
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("));
    let Some((_, count)) = count else {
        return false;
    };
    if count.is_empty() || !count.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let mut tells = slots.iter().filter(|slot| {
        slot.at != 0 && matches!(slot.field, Field::ExternalId | Field::Stage | Field::Status)
    });
    let has_column = tells.clone().next().is_some();
    let is_told = tells.any(|slot| !cell(cells, slot.at).is_empty());
    let is_sum = |at| {
        let text = cell(cells, at);
        text.is_empty() || text.parse::<f64>().is_ok()
    };
    has_column && !is_told && (1..cells.len()).all(is_sum)
}

/// Whether a row only goes on with the record above: in exports of a record with its lines, the
/// cells of the record itself are blank in every row but its first.
pub(crate) fn continues(slots: &[Slot], cells: &Cells) -> bool {
    let is_blank = |slot: &Slot| cell(cells, slot.at).is_empty();
    let Some(title) = slots.iter().find(|slot| slot.field == Field::Title) else {
        return false;
    };
    if !is_blank(title) {
        return false;
    }
    slots.iter().all(|slot| {
        is_blank(slot)
            || matches!(
                slot.field,
                Field::Product
                    | Field::Contact
                    | Field::ContactId
                    | Field::Notes
                    | Field::NextStep
                    | Field::NextStepDate
            )
    })
}
