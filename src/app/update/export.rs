//! Exports: the form that asks as what, and what is said when it is written.

use super::{Effects, say, week};
use crate::app::effect::Effect;
use crate::app::form::{ExportAs, Form};
use crate::app::model::{Model, Overlay};
use crate::app::toast::Part;
use crate::domain::shown::{Free, Level};
use crate::domain::told::Listener;

/// Writes the list to a file that is named; without one, asks first which CRMs wait for something.
pub(super) fn open(model: &mut Model, path: Option<&str>, effects: &mut Effects) {
    if model.work.exporting {
        say::refused(model, "An export is being written already");
        return;
    }
    if let Some(path) = path {
        list(model, Some(path.to_owned()), effects);
    } else {
        model.work.exporting = true;
        model.work.export_form = true;
        load(model, effects);
    }
}

/// Asks what the CRMs do not know, unless that is on its way.
pub(super) fn load(model: &mut Model, effects: &mut Effects) {
    if !model.work.crms {
        model.work.crms = true;
        effects.push(Effect::LoadCrms);
    }
}

/// The level of the mask in force, as commands number it.
pub(super) fn mask_number(model: &Model) -> u8 {
    match model.mask.level() {
        Level::Open => 0,
        Level::Amounts => 1,
        Level::Names => 2,
    }
}

fn list(model: &mut Model, path: Option<String>, effects: &mut Effects) {
    if model.list.ids.is_empty() {
        say::refused(model, "The list is empty: v shows other views");
        return;
    }
    model.work.exporting = true;
    let mask = mask_number(model);
    let query = Box::new(model.list.query.clone());
    effects.push(Effect::WriteExport { path, query, mask });
}

/// Opens the form, unless something else was opened meanwhile.
pub(super) fn ask(model: &mut Model, crms: Vec<Listener>) {
    model.work.crms = false;
    week::take_crms(model, &crms);
    if !std::mem::take(&mut model.work.export_form) {
        return;
    }
    model.work.exporting = false;
    if model.overlays.is_empty() {
        let form = Form::export(crms, &model.locale, model.mask.hides_amounts());
        model.overlays.push(Overlay::Form(Box::new(form)));
    }
}

/// It could not be found out what the CRMs do not know.
///
/// Returns whether somebody waits for it.
pub(super) fn give_up(model: &mut Model) -> bool {
    model.work.crms = false;
    let waits = std::mem::take(&mut model.work.export_form);
    if waits {
        model.work.exporting = false;
    }
    waits
}

/// Writes what the form says.
pub(super) fn send(model: &mut Model, effects: &mut Effects) {
    let Some(Overlay::Form(form)) = model.overlays.last() else {
        return;
    };
    if model.work.exporting {
        say::refused(model, "An export is being written already");
        return;
    }
    let what = form.export_as();
    model.overlays.pop();
    match what {
        ExportAs::List { path, ending } => {
            let path = path.unwrap_or_else(|| format!("deals-{}.{ending}", model.today));
            list(model, Some(path), effects);
        }
        // It was masked while the form was open.
        ExportAs::Crm { .. } if model.mask.hides_amounts() => {
            say::refused(model, "A CRM needs what the mask hides: `:unmask` first");
        }
        ExportAs::Crm {
            source,
            choices,
            close_fired,
            path,
        } => {
            model.work.exporting = true;
            effects.push(Effect::ExportForCrm {
                source,
                choices: Box::new(choices),
                close_fired,
                path,
            });
        }
    }
}

/// Says what was written for a CRM.
pub(super) fn told(model: &mut Model, what: String, left: u64) {
    model.work.exporting = false;
    let hint = match left {
        0 => "",
        _ => "`walkaway export --for` lists what is not in the file",
    };
    say::done(model, vec![Part::Free(None, Free::new(what))], hint);
}

#[cfg(test)]
mod tests {
    use crate::app::desk::Desk;
    use crate::app::effect::Effect;
    use crate::app::form::{FieldKey, FormKind};
    use crate::app::model::Overlay;
    use crate::app::msg::Reply;
    use crate::domain::told::Told;

    fn export(desk: &mut Desk) {
        desk.press(":").type_text("export").press("Enter");
    }

    fn to_the_action(desk: &mut Desk) {
        for _ in 0..20 {
            if matches!(desk.form().focus, crate::app::form::FormFocus::Action(_)) {
                return;
            }
            desk.press("Tab");
        }
        panic!("the form has no end");
    }

    #[test]
    fn the_crm_that_waits_for_decisions_is_picked_with_its_columns() {
        let mut desk = Desk::new(3);

        export(&mut desk);

        let form = desk.form();
        assert_eq!(form.kind, FormKind::Export);
        let fired = form.field(FieldKey::Column(Told::Fired)).unwrap();
        assert_eq!(
            (fired.text().as_str(), fired.hidden),
            ("Walkaway fired", false)
        );
        to_the_action(&mut desk);
        desk.press("Enter");
        let asked = desk.effects.iter().find_map(|effect| {
            let Effect::ExportForCrm {
                source,
                choices,
                close_fired,
                path,
            } = effect
            else {
                return None;
            };
            let columns = choices.columns.len();
            Some((source.clone(), columns, *close_fired, path.clone()))
        });
        assert_eq!(asked, Some(("hubspot".to_owned(), 1, false, None)));

        desk.reply(Reply::Told {
            what: "For HubSpot: wrote 3 deals to x.csv".to_owned(),
            left: 0,
        });
        assert!(!desk.model.work.exporting);
    }

    #[test]
    fn a_list_is_written_under_a_name_with_its_ending() {
        let mut desk = Desk::new(3);
        export(&mut desk);

        desk.press("Left");
        assert!(desk.form().field(FieldKey::CloseFired).unwrap().hidden);
        to_the_action(&mut desk);
        desk.press("Enter");

        let path = desk.effects.iter().find_map(|effect| {
            let Effect::WriteExport { path, .. } = effect else {
                return None;
            };
            path.clone()
        });
        assert_eq!(path.as_deref(), Some("deals-2026-11-23.json"));
    }

    #[test]
    fn where_all_is_decided_a_crm_can_still_be_told() {
        let mut desk = Desk::new(3);
        desk.model.list.ids.clear();

        export(&mut desk);
        assert_eq!(desk.form().kind, FormKind::Export);
        desk.press("Left");
        to_the_action(&mut desk);
        desk.press("Enter");

        assert!(
            desk.toast().contains("The list is empty"),
            "{}",
            desk.toast()
        );
        assert!(!desk.model.work.exporting);
    }

    #[test]
    fn under_a_mask_no_crm_is_offered() {
        let mut desk = Desk::new(3);
        desk.press("m");

        export(&mut desk);

        assert!(desk.form().follows.crms.is_empty());
    }

    #[test]
    fn a_path_behind_the_name_asks_nothing() {
        let mut desk = Desk::new(3);

        desk.press(":").type_text("export deals.csv").press("Enter");

        assert!(!matches!(
            desk.model.overlays.last(),
            Some(Overlay::Form(_))
        ));
        assert!(desk.model.work.exporting);
    }
}
