use std::collections::BTreeSet;
use std::convert::Infallible;

use super::*;
use crate::domain::ids::DealId;
use crate::domain::shown::Name;
use crate::store::Said;

/// Stages as deals of the CRM tell them.
struct Seen(&'static [&'static str], Option<&'static str>);

impl Stages for Seen {
    type Error = Infallible;

    fn closed(&mut self, _: &str, _: Option<&str>) -> Result<Option<String>, Infallible> {
        Ok(self.1.map(str::to_owned))
    }

    fn is_known(&mut self, stage: &str) -> Result<bool, Infallible> {
        Ok(self.0.contains(&stage))
    }
}

/// A value of a field, where there may be none.
fn text<'t>(text: impl Into<Option<&'t str>>) -> Option<String> {
    text.into().map(str::to_owned)
}

/// An open deal in stage Proposal that nobody decided.
fn deal() -> Standing {
    Standing {
        id: DealId(1),
        external_id: text("8001"),
        title: Name::new("Plant"),
        account: None,
        fields: [
            ("title", text("Plant")),
            ("stage", text("Proposal")),
            ("status", text("open")),
            ("amount", text("4800050")),
            ("currency", text("EUR")),
            ("expected_close", text("2027-01-29")),
        ]
        .into(),
        imported: BTreeMap::new(),
        decision: "undecided".to_owned(),
        reasons: Vec::new(),
        hold: None,
        tripwire: None,
        decided: None,
        changed: None,
        seen: String::new(),
        said: Said::default(),
        moved: BTreeSet::new(),
    }
}

fn fired() -> Standing {
    Standing {
        decision: "fired".to_owned(),
        seen: "fired:1:".to_owned(),
        reasons: vec!["no signer".to_owned()],
        ..deal()
    }
}

fn change(crm: &str, columns: &[(Told, &str)], close_fired: bool, deal: &Standing) -> Change {
    let all = Rules::load(&[]).unwrap();
    let columns = columns
        .iter()
        .map(|(told, name)| (*told, (*name).to_owned()));
    let choices = Choices {
        columns: columns.collect(),
        site: None,
    };
    let mut seen = Seen(&["Proposal", "Demo"], None);
    let rules = Rules::find(&all, crm).unwrap();
    diff(rules, &choices, close_fired, deal, &mut seen).unwrap()
}

fn cells(change: &Change) -> Vec<(&str, &str, &str)> {
    change
        .cells
        .iter()
        .map(|cell| (&*cell.header, &*cell.value, &*cell.before))
        .collect()
}

/// The deal after the change was told.
fn after(mut deal: Standing, change: Change) -> Standing {
    deal.said.values.extend(change.told);
    deal.said.seen.clone_from(&deal.seen);
    deal
}

#[test]
fn a_deal_that_nobody_touched_has_nothing_to_tell() {
    for crm in ["hubspot", "odoo", "dynamics"] {
        let change = change(crm, &[(Told::Fired, "F")], true, &deal());

        assert!(change.is_empty() && !change.mute, "{crm} {change:?}");
    }
}

#[test]
fn a_fired_deal_without_a_column_is_mute() {
    assert!(change("hubspot", &[], false, &fired()).mute);
}

#[test]
fn closing_as_lost_takes_the_stage_or_the_status_of_the_crm() {
    assert_eq!(
        cells(&change("hubspot", &[], true, &fired())),
        [
            ("Deal Stage", "Closed Lost", "Proposal"),
            ("Closed Lost Reason", "no signer", "")
        ]
    );
    assert_eq!(
        cells(&change("pipedrive", &[], true, &fired())),
        [
            ("Deal - Status", "Lost", "Open"),
            ("Deal - Lost reason", "no signer", "")
        ]
    );
    let odoo = change("odoo", &[], true, &fired());
    assert_eq!(cells(&odoo), []);
    assert_eq!(
        odoo.hand,
        ["press Lost and pick the reason", "reason: no signer"]
    );
}

#[test]
fn what_was_told_is_not_told_again_whatever_is_chosen_now() {
    for crm in ["hubspot", "pipedrive", "odoo", "dynamics"] {
        let columns = [(Told::Fired, "F"), (Told::Reasons, "R")];
        let first = change(crm, &columns, true, &fired());
        let deal = after(fired(), first);

        for close_fired in [true, false] {
            let again = change(crm, &columns, close_fired, &deal);
            assert!(again.is_empty(), "{crm} {again:?}");
        }
    }
}

#[test]
fn a_column_named_later_is_filled_later() {
    let told = after(fired(), change("hubspot", &[], true, &fired()));

    let later = change("hubspot", &[(Told::Fired, "F")], false, &told);

    assert_eq!(cells(&later), [("F", "true", "")]);
}

#[test]
fn a_deal_taken_back_goes_back_to_its_stage() {
    let told = after(
        fired(),
        change("hubspot", &[(Told::Fired, "F")], true, &fired()),
    );
    let back = Standing {
        said: told.said,
        ..deal()
    };

    let change = change("hubspot", &[(Told::Fired, "F")], true, &back);

    assert_eq!(
        cells(&change),
        [
            ("Deal Stage", "Proposal", "Closed Lost"),
            ("F", "false", "true")
        ]
    );
}

#[test]
fn what_the_crm_moved_on_to_is_not_contradicted() {
    let mut told = after(fired(), change("hubspot", &[], true, &fired()));
    told.fields.insert("status", text("won"));
    told.fields.insert("stage", text("Closed Won"));
    told.moved = ["status".to_owned(), "stage".to_owned()].into();

    assert!(change("hubspot", &[], true, &told).is_empty());
}

#[test]
fn fields_that_a_person_changed_are_told_in_the_forms_of_the_crm() {
    let mut deal = deal();
    deal.imported = [
        ("amount".to_owned(), text("100000")),
        ("expected_close".to_owned(), text("2026-12-01")),
        ("stage".to_owned(), text("Demo")),
        ("owner".to_owned(), text("Kim")),
    ]
    .into();
    deal.fields.insert("owner", text("Ana"));

    let change = change("copper", &[], false, &deal);

    assert_eq!(
        cells(&change),
        [
            ("Value", "48000.5", "1000"),
            ("Close Date", "1/29/2027", "12/1/2026"),
            ("Stage", "Proposal", "Demo"),
        ]
    );
    assert_eq!(change.hand, ["owner: Ana"]);
}

#[test]
fn a_stage_that_never_came_from_the_crm_is_not_written() {
    let mut deal = deal();
    deal.imported.insert("stage".to_owned(), text("Demo"));
    deal.fields.insert("stage", text("Verbal yes"));

    let change = change("hubspot", &[], false, &deal);

    assert_eq!(cells(&change), []);
    assert_eq!(change.left.len(), 1);
    assert_eq!(change.hand, ["stage: Verbal yes"]);
}

#[test]
fn a_text_that_a_spreadsheet_would_run_is_left_out() {
    let mut fired = fired();
    fired.reasons = vec!["=HYPERLINK(1)".to_owned()];

    let change = change("hubspot", &[(Told::Reasons, "R")], false, &fired);

    assert_eq!(cells(&change), []);
    assert_eq!(change.left.len(), 1, "{change:?}");
}

#[test]
fn what_is_gone_is_emptied_by_hand_and_never_blank() {
    let columns = [(Told::Hold, "Until")];
    let hold = Standing {
        decision: "hold".to_owned(),
        seen: "hold:1:".to_owned(),
        hold: text("2026-12-14"),
        ..deal()
    };
    let first = change("hubspot", &columns, false, &hold);
    assert_eq!(cells(&first), [("Until", "2026-12-14", "")]);
    let over = Standing {
        said: after(hold, first).said,
        ..deal()
    };

    let change = change("hubspot", &columns, false, &over);

    assert_eq!(cells(&change), []);
    assert_eq!(change.hand, ["empty `Until`"]);
}
