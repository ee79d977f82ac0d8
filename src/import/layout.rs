//! Rows of an export that are no records of their own: titles of groups, and rows that go on
//! with the record above.

use super::field::Field;
use super::reading::{Read, Slot, cell};
use super::table::Cells;
use super::text;

/// Words before a sum at the end of a list or of a group.
const TOTALS: &[&str] = &[
    "total",
    "totals",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtsummen",
    "zwischensumme",
    "insgesamt",
    "total général",
    "totaux",
    "totaux généraux",
    "sous-total",
    "total general",
    "totales",
    "suma",
    "suma total",
    "somma",
    "totale",
    "totali",
    "totale complessivo",
    "soma",
    "totaal",
    "eindtotaal",
    "razem",
    "totalt",
    "toplam",
    "genel toplam",
    "итого",
    "всего",
    "合計",
    "総計",
    "合计",
    "总计",
];

/// Whether a text says that a sum stands beside it: `Total:`, `Gesamtsummen (14 Datensätze)`.
pub(crate) fn is_total(text: &str) -> bool {
    if text.len() > 80 {
        return false;
    }
    let text = text.trim_end_matches(':').trim_end();
    let word = text
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
        .filter(|(_, count)| count.bytes().any(|b| b.is_ascii_digit()))
        .map_or(text, |(word, _)| word.trim_end());
    let word = word.to_lowercase();
    TOTALS.contains(&word.as_str())
}

/// Whether a row has the names of the header in its cells, most of them.
pub(crate) fn is_header(headers: &[String], cells: &Cells) -> bool {
    let mut filled = 0;
    let mut same = 0;
    for (at, name) in headers.iter().enumerate() {
        let text = cell(cells, at);
        if text.is_empty() {
            continue;
        }
        filled += 1;
        // A second `Amount` is called `Amount (2)` here.
        let is_second = || {
            let rest = name.strip_prefix(text::header(text).as_str());
            rest.is_some_and(|rest| rest.starts_with(" (") && rest.ends_with(')'))
        };
        if text == name || text.len() <= 400 && (text::header(text) == *name || is_second()) {
            same += 1;
        } else {
            return false;
        }
    }
    same > 0 && filled * 2 > headers.len().min(cells.len())
}

/// Whether all that a row tells is an amount, as the sum below a group has it; where groups have
/// headers of their own, with the days of its deals beside it.
pub(crate) fn is_sum(slots: &[Slot], cells: &Cells, has_groups: bool) -> bool {
    let mut has_amount = false;
    for slot in slots {
        if cell(cells, slot.at).is_empty() {
            continue;
        }
        let is_figure = matches!(
            slot.field,
            Field::Amount | Field::Probability | Field::Currency
        );
        let is_day = has_groups && matches!(slot.read, Read::Day(_));
        if !is_figure && !is_day {
            return false;
        }
        has_amount |= slot.field == Field::Amount;
    }
    has_amount
}

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
